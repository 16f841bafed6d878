import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealMachine } from '../../src/worker/v86/testing/real-machine.ts';
import { GuestConsole } from './guest-console.ts';
import type { GuestMachine } from './machines.ts';

const END = /GUEST END/;
const TROUBLE =
  /Kernel panic|nobody cared|lost interrupt|exception Emask|ACPI (?:BIOS )?Error|I\/O error|BUG:/;
const BLANK_BYTES = 64 << 20;
const SYSTEM_BYTES = 32 << 20;

/**
 * A hard disk that starts the disc's Linux: FAT with SYSLINUX, made with xorriso, mtools and syslinux. Null where one
 * of them is not installed.
 */
export function linuxDisk(isoPath: string): Uint8Array | null {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-guests-'));
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { cwd: folder, stdio: 'pipe' });
  try {
    run('xorriso', '-osirrox', 'on', '-indev', isoPath, '-extract', '/isolinux', 'files');
    writeFileSync(join(folder, 'disk.img'), new Uint8Array(SYSTEM_BYTES));
    run('mformat', '-i', 'disk.img', '-h', '4', '-s', '16', '-t', String(SYSTEM_BYTES / 512 / 64), '::');
    const config = readFileSync(join(folder, 'files/isolinux.cfg'));
    writeFileSync(join(folder, 'syslinux.cfg'), config);
    run('mcopy', '-i', 'disk.img', 'files/vmlinuz', 'files/initrd.gz', 'syslinux.cfg', '::');
    run('syslinux', '--install', 'disk.img');
    return readFileSync(join(folder, 'disk.img'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As far as the shell, without a word of trouble in the kernel's log; then reads from every drive. */
export async function bootLinux(
  { acpi, apic, from, disk, disc }: GuestMachine,
  media: { iso: Uint8Array; system: Uint8Array | null },
): Promise<number> {
  const hard = from === 'disk' ? media.system!.slice() : new Uint8Array(BLANK_BYTES);
  const machine = await RealMachine.build({
    memoryMiB: 128,
    acpi,
    ...(disk && { disk: hard }),
    ...(disc && { disc: media.iso }),
    bootFrom: from,
    repairs: { apic, jit: { enabled: true, maxPages: 1 } },
  });
  try {
    const guest = new GuestConsole(machine);
    await machine.emulator.run();
    await guest.serial(END, TROUBLE);
    const { seconds } = guest;
    await guest.serial(/\/ # /, TROUBLE);
    const drives = [...(disk ? ['sda'] : []), ...(disc ? ['sr0'] : [])];
    for (const drive of drives) {
      const at = machine.serial.length;
      machine.emulator.serial0_send(
        `dd if=/dev/${drive} of=/dev/null bs=64k count=16; echo ${drive} d""one $?\n`,
      );
      await guest.serial(new RegExp(`${drive} done 0`), TROUBLE, at);
    }
    const at = machine.serial.length;
    machine.emulator.serial0_send('dmesg; echo d""one\n');
    await guest.serial(/\ndone/, TROUBLE, at);
    return seconds;
  } finally {
    await machine.dispose();
  }
}
