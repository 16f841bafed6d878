import { expect, it } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { mediumOf, tellFileKind } from './file-kind.ts';

const MIB = 2 ** 20;
const latin1 = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

function file(name: string, sizeBytes: number, parts: [offset: number, text: string][] = []): MemorySource {
  const bytes = new Uint8Array(sizeBytes);
  for (const [offset, text] of parts) bytes.set(latin1(text), offset);
  return new MemorySource(bytes, name);
}

const MARK: [number, string] = [510, '\x55\xaa'];
const ISO: [number, string] = [0x8000, '\x01CD001\x01'];
/** One entry of a partition table: active, FAT16, at sector 63, 1000 sectors. */
const TABLE: [number, string] = [446, '\x80\x01\x01\x00\x06\x00\x00\x00\x3f\0\0\0\xe8\x03\0\0'];
/** The boot sector of a FAT volume of so many sectors. */
const fat = (sectors: number): [number, string][] => [
  [0, '\xeb\x3c\x90MSDOS5.0\0\x02\x01\x01\0\x02\xe0\0'],
  [19, String.fromCharCode(sectors & 0xff, sectors >> 8)],
  [21, '\xf0\x09\0'],
  MARK,
];
const NOISE: [number, string] = [700, '\x01\x02\x03'];

it.each([
  ['disk', file('Windows 7.QCOW2', 0)],
  ['disk', file('xp.vhdx', 100)],
  ['disk', file('windows7.iso', 4 * MIB, [MARK])],
  ['disk', file('windows7.iso', 4 * MIB, [[0, 'QFI\xfb']])],
  ['disk', file('old.iso', 4 * MIB, [[4 * MIB - 511, 'conectix']])],
  ['floppy', file('answers.img', 1474560)],
  ['floppy', file('odd.img', 1000)],
  ['disk', file('disk.img', 4 * MIB, [MARK])],
  ['disk', file('small.img', 2 * MIB, [MARK, TABLE])],
  ['disk', file('small.bin', 2880 * 1024, [MARK, TABLE])],
  ['disk', file('superfloppy.img', 4 * MIB, fat(8192))],
  ['disk', file('blank.img', 4 * MIB)],
  ['disk', file('noise.raw', 4 * MIB, [NOISE])],
  ['disc', file('debian.img', 4 * MIB, [MARK, ISO])],
  ['disc', file('debian.raw', 4 * MIB, [ISO])],
  ['disc', file('debian.vmdk', 4 * MIB, [ISO])],
  ['disk', file('no-name', 4 * MIB, [MARK])],
  ['disk', file('no-name', 4096, [[0, 'QFI\xfb']])],
  ['disk', file('no-name', 300, [[0, '\n# Disk DescriptorFile\nversion=1\n'.padEnd(300)]])],
  ['disk', file('no-name', 4096, [[0, '# saved by an editor\n\n# Disk DescriptorFile\nversion=1\n']])],
  ['disk', new MemorySource(Buffer.from('\ufeff# Disk DescriptorFile\nversion=1\n', 'utf16le'), 'no-name')],
  ['disc', file('settings.ini', 300, [[0, 'version=10\n'.padEnd(300)]])],
  ['disc', file('no-name', 4 * MIB, [ISO])],
  ['disc', file('page.vhd', 300, [[0, '<html>404'.padEnd(300)]])],
  ['disc', file('letter.txt', 300)],
  ['disc', file('empty', 0)],
  ...[160, 180, 320, 360, 720, 1200, 1440, 1680, 1722, 2880].flatMap((kib) => [
    ['floppy', file('blank.img', kib * 1024)] as const,
    ['floppy', file('dos.iso', kib * 1024, fat(kib * 2))] as const,
    ['floppy', file('no-name', kib * 1024, [MARK, NOISE])] as const,
  ]),
  ['floppy', file('cut.img', 700 * 1024, fat(2880))],
] as const)('takes for a %s: %o', async (medium, source) => {
  expect(mediumOf(await tellFileKind(source), source)).toBe(medium);
});

it('tells how large a floppy was before it was cut off', async () => {
  expect(await tellFileKind(file('cut.img', 700 * 1024, fat(2880)))).toMatchObject({ cutFromBytes: 1474560 });
});

it.each([
  [
    'media/track-list',
    ['win7.bin'],
    'FILE "win7.bin" BINARY\n  TRACK 01 MODE1/2352\n    INDEX 01 00:00:00\n',
  ],
  ['media/track-list', ['a.bin', 'b c.wav'], '\ufeffREM x\r\nFILE a.bin BINARY\r\nFILE "b c.wav" WAVE\r\n'],
  ['media/track-list', [], '[CloneCD]\r\nVersion=3\r\n'],
  ['media/track-list', ['x.bin'], 'CD_ROM\n\nTRACK MODE1_RAW\nDATAFILE "x.bin" 04:00:00\n'],
  [
    'media/machine-description',
    ['win7-disk001.vmdk'],
    '<?xml version="1.0"?>\n<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1">\n<File ovf:href="win7-disk001.vmdk"/>',
  ],
  [
    'media/machine-description',
    ['w.vmdk'],
    '.encoding = "UTF-8"\nvirtualHW.version = "9"\nscsi0:0.fileName = "w.vmdk"\n',
  ],
  ['media/text', [], 'A FILE "x" of text, and <html>'],
])('reads a text that is %s and names %o', async (code, names, text) => {
  const source = new MemorySource(new TextEncoder().encode(text), 'some.iso');
  expect(await tellFileKind(source)).toMatchObject({ medium: null, code, names });
});
