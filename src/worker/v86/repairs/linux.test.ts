import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { guestPath } from '../../../lib/testing/guests.ts';
import { MemoryDrive, RealMachine } from '../testing/real-machine.ts';

const linux = guestPath('linux-live.iso');
if (!linux) console.warn('linux-live.iso is not here (VITRINE_GUESTS): a real Linux is not tried.');

class Disk extends MemoryDrive {
  flushes = 0;

  async flush(): Promise<void> {
    this.flushes++;
  }
}

it.runIf(linux)(
  'a real Linux with ACPI keeps its devices, hears no SCI, flushes, and turns the machine off',
  async () => {
    const disk = new Disk(new Uint8Array(64 << 20));
    const machine = await RealMachine.build({
      memoryMiB: 128,
      disc: readFileSync(linux!),
      disk,
      repairs: { jit: { enabled: true, maxPages: 1 } },
    });
    let commands = 0;
    const shell = (line: string) => {
      const mark = `END${++commands}`;
      return machine.command(`${line}; echo E""ND${commands}\n`, mark);
    };
    await machine.emulator.run();
    await machine.untilSerial('GUEST END');
    const found = machine.serial.slice(machine.serial.indexOf('GUEST READY'));
    expect(found.match(/^PCI .*$/gm)?.map((line) => line.trim())).toEqual([
      'PCI 8086:1237 060000',
      'PCI 8086:7000 060100',
      'PCI 8086:7113 068000',
      'PCI 1234:1111 030000',
      'PCI 8086:7010 010180',
    ]);
    expect(found).toMatch(/BLK sda sectors=131072 cache='write back'/);
    expect(found).toContain('BLK sr0');
    expect(found).toContain('CDROM linux-live');

    await machine.untilSerial('/ # ');
    const log = await shell('dmesg');
    expect(log).toContain('pnp: PnP ACPI: found 7 devices');
    expect(log).toContain('ACPI: PM: (supports S0 S5)');
    expect(log).toContain('Using IOAPIC for interrupt routing');
    expect(log).not.toMatch(/ACPI (Error|BIOS Error|Exception)|nobody cared|exception Emask|lost interrupt/);
    expect(await shell('cat /sys/firmware/acpi/interrupts/sci')).toMatch(/^\s*0\s*$/m);

    const before = disk.flushes;
    await shell('dd if=/dev/urandom of=/dev/sda bs=4k count=100 conv=fsync');
    expect(disk.flushes).toBeGreaterThan(before);

    machine.emulator.serial0_send('poweroff -f\n');
    await machine.untilEvent('power-off');
    expect(machine.events).toEqual(['power-off']);
    await machine.dispose();
  },
  240_000,
);

const memtest = guestPath('memtest.iso');
if (!memtest) console.warn('memtest.iso is not here (VITRINE_GUESTS): it is not tried.');

it.runIf(memtest)(
  'memtest86+ tests, where large pages need PAE alone',
  async () => {
    const machine = await RealMachine.build({
      memoryMiB: 32,
      acpi: false,
      disc: readFileSync(memtest!),
      repairs: { jit: { enabled: true, maxPages: 1 } },
    });
    await machine.emulator.run();
    await Promise.race([machine.untilScreen(/Test #?\s*\d.*[\s\S]*\[PAE\]/), machine.untilEvent('fatal')]);
    expect(machine.textScreen()).toContain('Errors: 0');
    expect(machine.events).toEqual([]);
    await machine.dispose();
  },
  240_000,
);
