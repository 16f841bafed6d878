import { describe, expect, it } from 'vitest';
import { linuxFacts } from './facts.ts';
import { Initramfs } from './initramfs.ts';
import { dumpedTables } from './tables.ts';
import { gunzipSync } from 'node:zlib';

const serial = (...lines: string[]) => ['PROBE BEGIN 1', ...lines, 'PROBE END', ''].join('\r\n');
const facts = (...lines: string[]) =>
  Object.fromEntries(
    [...linuxFacts(serial(...lines))].map(([key, answer]) => [
      key,
      answer.kind === 'fact' ? answer.value : [answer.value, answer.due],
    ]),
  );

const LSPCI = [
  '=== lspci',
  '00:01.1 Class [0101]: Device [8086:7010] (prog-if 80 [Master])',
  '\tLatency: 64',
  '00: 86 80 10 70',
  '',
];

describe('what a Linux found', () => {
  it('is none where it did not come to its end, which says how far it came', () => {
    expect(() => linuxFacts('PROBE BEGIN 1\r\n=== dma\r\n 2: floppy\r\n')).toThrow('2: floppy');
  });

  it('is a fact for each label, sentence, interrupt, range and word', () => {
    expect(
      facts(
        '=== interrupts',
        '           CPU0',
        '  8:          1   IO-APIC   8-edge      rtc0',
        'ERR:          0',
        '=== ioports',
        '0000-0cf7 : PCI Bus 0000:00',
        '  0060-0060 : keyboard',
        '  0064-0064 : keyboard',
        '=== identify dev1.0',
        '0040 3fff',
        '=== cpuinfo',
        'cpu MHz\t\t: 999.998',
        'bogomips\t: 2000.00',
        'model\t\t: 7',
      ),
    ).toEqual({
      'interrupts.8': 'IO-APIC 8-edge rtc0',
      'interrupts.ERR': '',
      'ioports.PCI Bus 0000:00': '0000-0cf7',
      'ioports.keyboard': '0060-0060 0064-0064',
      'identify-dev1.0.word000': '0040',
      'identify-dev1.0.word001': '3fff',
      'clock.tsc-mhz': [999.998, 1000],
      'cpuinfo.model': '7',
    });
  });

  it('names functions by vendor and device, and takes numbers, times and what comes by chance out of sentences', () => {
    expect(
      facts(
        ...LSPCI,
        '=== dmesg',
        '[    2.043686] pci 0000:00:01.1: BAR 0 [io  0x01f0-0x01f7]: legacy IDE quirk',
        '[    2.043896] pci 0000:00:01.1: BAR 2 [io  0x0170-0x0177]: legacy IDE quirk',
        '[    2.1] no time of the kernel’s',
        '[    3.304165] tsc: Refined TSC clocksource calibration: 2596.094 MHz',
        '[    3.395851] 00:04: ttyS0 at I/O 0x3f8 (irq = 4, base_baud = 115200) is a 16550A',
      ),
    ).toEqual({
      'lspci.pci_8086_7010.place': '00:01.1',
      'lspci.pci_8086_7010.kind': 'Class [0101]: Device (prog-if 80 [Master])',
      'lspci.pci_8086_7010.Latency': '64',
      'lspci.pci_8086_7010.x00': '86 80 10 70',
      'dmesg.pci pci_8086_7010: BAR N [io N-N]: legacy IDE quirk': '0 0x01f0 0x01f7; 2 0x0170 0x0177',
      'dmesg.[ N] no time of the kernel’s': '2.1',
      'dmesg.: ttyS0 at I/O N (irq = N, base_baud = N) is a 16550A': '0x3f8 4 115200',
    });
  });

  it('has the firmware’s tables, whole', () => {
    const dump = [
      'FACP @ 0x0000000000000000',
      '    0000: 46 41 43 50 01  FACP.',
      '',
      'SSDT @ 0x00',
      '    0000: AA  .',
    ];
    expect(
      [...dumpedTables([...dump, 'SSDT @ 0x10', '    0000: BB  .'])].map(([name, bytes]) => [
        name,
        [...bytes],
      ]),
    ).toEqual([
      ['FACP', [0x46, 0x41, 0x43, 0x50, 1]],
      ['SSDT', [0xaa]],
      ['SSDT2', [0xbb]],
    ]);
  });
});

describe('the file system it starts from', () => {
  it('is cpio’s new format: folders before what is in them, every part on 4 bytes, a trailer', () => {
    const bytes = gunzipSync(
      new Initramfs()
        .device('dev/console', 5, 1)
        .file('bin/ask', Buffer.from('abc'), true)
        .link('bin/sh', 'ask')
        .bytes(),
    ).toString('latin1');
    const names: string[] = [];
    for (let at = 0; at < bytes.length;) {
      expect(bytes.slice(at, at + 6)).toBe('070701');
      const field = (index: number) =>
        Number.parseInt(bytes.slice(at + 6 + index * 8, at + 14 + index * 8), 16);
      const nameEnd = at + 110 + field(11);
      names.push(`${field(1).toString(8)} ${bytes.slice(at + 110, nameEnd - 1)} ${field(6)}`);
      at = Math.ceil((Math.ceil(nameEnd / 4) * 4 + field(6)) / 4) * 4;
    }
    expect(names).toEqual([
      '40755 dev 0',
      '20600 dev/console 0',
      '40755 bin 0',
      '100755 bin/ask 3',
      '120777 bin/sh 3',
      '0 TRAILER!!! 0',
    ]);
    expect(() => new Initramfs().file('a', Buffer.alloc(0)).file('a', Buffer.alloc(0))).toThrow('already');
  });
});
