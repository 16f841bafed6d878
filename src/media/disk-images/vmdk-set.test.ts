import type { NamedFile } from '../../bytes/named-file.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asImageFiles, inspectImageFiles, openImageFiles } from './image-files.ts';
import { inFolder } from './testing/qemu-image.ts';
import { readAll } from './testing/read-all.ts';
import { writeSampleDisk } from './testing/sample-disk.ts';
import { run, toolMissing } from './testing/tools.ts';
import { isVmdkDescriptor, parseVmdkDescriptor } from './vmdk-descriptor.ts';

const named = (name: string, bytes: Uint8Array): NamedFile => ({
  file: new File([bytes.slice()], name),
  name,
});
/** One letter a byte. */
const binary = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const SECTORS = 64;
const DISK = new Uint8Array(SECTORS * 512).map((_, at) => at * 7);

interface Spec {
  /** The name as its bytes stand in the descriptor. */
  file: Uint8Array;
  encoding?: string;
  type?: string;
  createType?: string;
  newline?: string;
  start?: string;
  extents?: string;
}

function descriptor({ file, encoding, newline = '\n', ...spec }: Spec): Uint8Array {
  const { type = 'FLAT', createType = 'monolithicFlat', start = '# Disk DescriptorFile' } = spec;
  const extents = spec.extents ?? `RW ${SECTORS} ${type} "${Buffer.from(file).toString('latin1')}" 0`;
  const lines = [
    start,
    'version=1',
    ...(encoding ? [`encoding="${encoding}"`] : []),
    'CID=fffffffe',
    'parentCID=ffffffff',
    `createType="${createType}"`,
    '',
    '# Extent description',
    extents,
    '',
    '# The Disk Data Base',
    'ddb.adapterType = "ide"',
    '',
  ];
  return binary(lines.join(newline));
}

/** What becomes of files that are brought together: the bytes of the disk, or why it is none. */
async function bring(...files: NamedFile[]): Promise<{ bytes: Uint8Array } | { code: string; says: string }> {
  const image = await asImageFiles(files);
  if (!image) return { code: 'not one image', says: '' };
  const { verdict, reasons } = await inspectImageFiles(image);
  if (verdict === 'not-a-disk') return { code: reasons[0].code, says: reasons[0].message };
  return { bytes: await readAll(await openImageFiles(image)) };
}

const opened = { bytes: DISK };

describe('a VMDK in two files', () => {
  const NAMES: [why: string, spec: Spec, fileName: string][] = [
    ['ASCII', { file: utf8('pc-flat.vmdk') }, 'pc-flat.vmdk'],
    ['UTF-8', { file: utf8('Übung-flat.vmdk') }, 'Übung-flat.vmdk'],
    ['UTF-8, as it says', { file: utf8('Übung-flat.vmdk'), encoding: 'UTF-8' }, 'Übung-flat.vmdk'],
    [
      'UTF-8, though it says something else',
      { file: utf8('虚拟机-flat.vmdk'), encoding: 'windows-1252' },
      '虚拟机-flat.vmdk',
    ],
    ['windows-1252', { file: binary('\xdcbung-flat.vmdk'), encoding: 'windows-1252' }, 'Übung-flat.vmdk'],
    ['windows-1252 without a word', { file: binary('\xdcbung-flat.vmdk') }, 'Übung-flat.vmdk'],
    ['ISO-8859-1', { file: binary('\xdcbung-flat.vmdk'), encoding: 'ISO-8859-1' }, 'Übung-flat.vmdk'],
    ['GBK', { file: binary('\xd0\xe9\xc4\xe2\xbb\xfa-flat.vmdk'), encoding: 'GBK' }, '虚拟机-flat.vmdk'],
    [
      'Windows code page 936',
      { file: binary('\xd0\xe9\xc4\xe2\xbb\xfa-flat.vmdk'), encoding: 'windows-936' },
      '虚拟机-flat.vmdk',
    ],
    [
      // The second byte of 表 is a backslash.
      'Shift_JIS with a backslash inside a letter',
      { file: binary('\x95\x5c-flat.vmdk'), encoding: 'Shift_JIS' },
      '表-flat.vmdk',
    ],
    ['windows-1251', { file: binary('\xcf\xca-flat.vmdk'), encoding: 'windows-1251' }, 'ПК-flat.vmdk'],
    ['EUC-KR', { file: binary('\xb0\xa1-flat.vmdk'), encoding: 'EUC-KR' }, '가-flat.vmdk'],
    ['an encoding nobody knows', { file: utf8('Übung-flat.vmdk'), encoding: 'x-none' }, 'Übung-flat.vmdk'],
    ['letters that macOS took apart', { file: utf8('Übung-flat.vmdk') }, 'Übung-flat.vmdk'.normalize('NFD')],
    ['letters put together again', { file: utf8('é-flat.vmdk'.normalize('NFD')) }, 'é-flat.vmdk'],
    ['capitals', { file: utf8('PC-FLAT.VMDK') }, 'pc-flat.vmdk'],
    ['capitals with accents, apart', { file: utf8('ÜBUNG-flat.vmdk') }, 'übung-flat.vmdk'.normalize('NFD')],
    ['folders of Windows', { file: binary('C:\\VMs\\pc\\pc-flat.vmdk') }, 'pc-flat.vmdk'],
    ['folders of Unix', { file: utf8('/vmfs/volumes/one/pc-flat.vmdk') }, 'pc-flat.vmdk'],
    ['a server’s disk', { file: utf8('pc-flat.vmdk'), type: 'VMFS', createType: 'vmfs' }, 'pc-flat.vmdk'],
    ['lines of Windows', { file: utf8('pc-flat.vmdk'), newline: '\r\n' }, 'pc-flat.vmdk'],
    [
      'empty lines first',
      { file: utf8('pc-flat.vmdk'), start: '\n\r\n # Disk DescriptorFile' },
      'pc-flat.vmdk',
    ],
    [
      'a comment first',
      { file: utf8('pc-flat.vmdk'), start: '# Mine\n# Disk DescriptorFile' },
      'pc-flat.vmdk',
    ],
    ['no comment at all', { file: utf8('pc-flat.vmdk'), start: '' }, 'pc-flat.vmdk'],
    [
      'a byte order mark',
      { file: utf8('Übung-flat.vmdk'), start: '\xef\xbb\xbf# Disk DescriptorFile' },
      'Übung-flat.vmdk',
    ],
  ];

  it.each(NAMES)('opens in either order: %s', async (_, spec, fileName) => {
    const [text, disk] = [named('pc.vmdk', descriptor(spec)), named(fileName, DISK)];
    expect(await bring(text, disk)).toEqual(opened);
    expect(await bring(disk, text)).toEqual(opened);
  });

  it('opens when an editor made UTF-16 of its text', async () => {
    const text = `\ufeff${Buffer.from(descriptor({ file: utf8('pc-flat.vmdk') })).toString('latin1')}`;
    const little = new Uint8Array(Buffer.from(text.replace('pc-', 'Übung-'), 'utf16le'));
    expect(await bring(named('pc.vmdk', little), named('Übung-flat.vmdk', DISK))).toEqual(opened);
  });

  it('says which file is missing, in letters that can be read', async () => {
    const gbk = { file: binary('\xd0\xe9-flat.vmdk'), encoding: 'GBK' };
    const alone = await bring(named('pc.vmdk', descriptor(gbk)));
    expect(alone).toMatchObject({ code: 'image/second-file', says: expect.stringContaining('虚-flat.vmdk') });
    const other = await bring(named('pc.vmdk', descriptor(gbk)), named('else-flat.vmdk', DISK));
    expect(other).toEqual(alone);
  });

  it.each([
    ['VMFSRDM', 'pc-rdm.vmdk', 'image/on-a-drive'],
    ['VMFSRAW', '/dev/sda', 'image/on-a-drive'],
    ['FLAT', '\\\\.\\PhysicalDrive0', 'image/on-a-drive'],
    ['VMFSSPARSE', 'pc-delta.vmdk', 'image/other-format'],
    ['SESPARSE', 'pc-sesparse.vmdk', 'image/other-format'],
    ['NEW', 'pc.new', 'image/unknown-feature'],
  ])('tells what %s is', async (type, file, code) => {
    const brought = [named('pc.vmdk', descriptor({ file: utf8(file), type })), named('pc-rdm.vmdk', DISK)];
    expect(await bring(...brought)).toMatchObject({ code });
    expect(await bring(brought[0])).toMatchObject({ code });
  });

  it('leaves out what else lies in the folder of the machine', async () => {
    const pair = [named('pc-flat.vmdk', DISK), named('pc.vmdk', descriptor({ file: utf8('pc-flat.vmdk') }))];
    const rest = ['pc.vmx', 'vmware.log', 'PC.NVRAM'].map((name) => named(name, utf8('.encoding = "UTF-8"')));
    expect(await bring(...rest, ...pair)).toEqual(opened);
    expect(await bring(...pair, named('data.iso', DISK))).toMatchObject({ code: 'not one image' });
    expect(await bring(rest[0], named('data.iso', DISK))).toMatchObject({ code: 'not one image' });
    expect(await bring(rest[0], pair[0])).toEqual(opened);
    const changes = Buffer.from(descriptor({ file: utf8('pc-000001.vmdk') })).toString('latin1');
    const snapshot = named(
      'pc-000001.vmdk',
      utf8(changes.replace('parentCID=ffffffff', 'parentCID=12345678')),
    );
    expect(await bring(...pair, snapshot)).toMatchObject({ code: 'image/differencing' });
  });
});

describe('a VMDK whose descriptor lists several parts', () => {
  const EXTENTS = [
    `RW 16 FLAT "pc-f001.vmdk" 0`,
    `RW 8 ZERO`,
    `RW 24 FLAT "pc-f002.vmdk" 8`,
    `RW 16 FLAT "pc-f001.vmdk" 16`,
  ].join('\n');
  const text = named('pc.vmdk', descriptor({ file: utf8(''), extents: EXTENTS }));
  const first = named('pc-f001.vmdk', DISK.slice(0, 32 * 512));
  const second = named('pc-f002.vmdk', DISK.slice(0, 32 * 512));

  it('is read across its parts', async () => {
    const expected = new Uint8Array(64 * 512);
    expected.set(DISK.subarray(0, 16 * 512), 0);
    expected.set(DISK.subarray(8 * 512, 32 * 512), 24 * 512);
    expected.set(DISK.subarray(16 * 512, 32 * 512), 48 * 512);
    expect(await bring(second, text, first)).toEqual({ bytes: expected });
  });

  it('says what is missing', async () => {
    expect(await bring(text)).toMatchObject({
      code: 'image/only-described',
      says: expect.stringContaining('2 other files: pc-f001.vmdk, pc-f002.vmdk'),
    });
    expect(await bring(second, text)).toMatchObject({
      code: 'image/parts-missing',
      says: expect.stringContaining('some are missing: pc-f001.vmdk'),
    });
    expect(await bring(second)).toMatchObject({
      code: 'image/part-alone',
      says: expect.stringContaining('and pc.vmdk, which describes them'),
    });
    expect(await bring(second, first)).toMatchObject({ code: 'image/part-alone' });
  });

  it('names the part that is cut off', async () => {
    const cut = named('pc-f002.vmdk', DISK.slice(0, 31 * 512));
    expect(await bring(text, first, cut)).toMatchObject({
      code: 'image/cut',
      says: expect.stringContaining('pc-f002.vmdk'),
    });
  });

  it('of hundreds of parts names a few', async () => {
    const many = Array.from({ length: 200 }, (_, part) => `RW 16 SPARSE "pc-s${part}.vmdk"`).join('\n');
    const { says } = (await bring(named('pc.vmdk', descriptor({ file: utf8(''), extents: many })))) as {
      says: string;
    };
    expect(says).toContain('200 other files: pc-s0.vmdk,');
    expect(says).toContain('and 194 more');
  });
});

describe.skipIf(toolMissing('qemu-img'))('a VMDK that qemu-img split', () => {
  for (const kind of ['Sparse', 'Flat']) {
    it(`opens whatever order its parts come in: twoGbMaxExtent${kind}`, { timeout: 240_000 }, async () => {
      await inFolder(async (folder) => {
        const inFolder = (name: string): string => join(folder, name);
        writeSampleDisk(inFolder('raw'), 4 << 20);
        const options = ['-O', 'vmdk', '-o', `subformat=twoGbMaxExtent${kind}`];
        run('qemu-img', ['convert', '-f', 'raw', ...options, inFolder('raw'), inFolder('split.vmdk')]);
        const names = readdirSync(folder).filter((name) => name.startsWith('split'));
        const files = names.map((name) => named(name, readFileSync(inFolder(name))));
        expect(files).toHaveLength(2);
        const raw = new Uint8Array(readFileSync(inFolder('raw')));
        for (const order of [files, files.toReversed()]) {
          const found = (await bring(...order)) as { bytes: Uint8Array };
          expect(Buffer.compare(found.bytes, raw)).toBe(0);
        }
      });
    });
  }

  it('says of one sparse part alone, and of the descriptor alone, what they are', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'split.vmdk');
      run('qemu-img', ['create', '-f', 'vmdk', '-o', 'subformat=twoGbMaxExtentSparse', path, '5G']);
      run('qemu-io', [
        '-f',
        'vmdk',
        '-c',
        'write -P 7 2147482624 4096',
        '-c',
        'write -P 9 5368708096 1k',
        path,
      ]);
      const files = readdirSync(folder).map((name) => named(name, readFileSync(join(folder, name))));
      expect(files.map(({ name }) => name).sort()).toEqual([
        'split-s001.vmdk',
        'split-s002.vmdk',
        'split-s003.vmdk',
        'split.vmdk',
      ]);
      const find = (name: string): NamedFile => files.find((file) => file.name === name)!;
      expect(await bring(find('split-s001.vmdk'))).toMatchObject({
        code: 'image/part-alone',
        says: expect.stringContaining('and split.vmdk, which describes them'),
      });
      expect(await bring(find('split.vmdk'))).toMatchObject({
        code: 'image/only-described',
        says: expect.stringContaining('3 other files: split-s001.vmdk, split-s002.vmdk, split-s003.vmdk'),
      });
      expect(await bring(find('split.vmdk'), find('split-s002.vmdk'))).toMatchObject({
        code: 'image/parts-missing',
        says: expect.stringContaining('split-s001.vmdk, split-s003.vmdk'),
      });
      const image = await openImageFiles((await asImageFiles(files.toReversed()))!);
      expect([image.sizeBytes, image.variant]).toEqual([5 * 2 ** 30, 'sparse, 3 files']);
      // Across the border of two parts, and at the end.
      const border = await image.read(2147482624 - 512, 5120);
      expect([border[511], border[512], border[512 + 4095], border[512 + 4096]]).toEqual([0, 7, 7, 0]);
      expect((await image.read(5368708096, 1024)).every((byte) => byte === 9)).toBe(true);
      const ranges = [];
      for await (const range of image.allocatedRanges()) ranges.push(range);
      expect(ranges.map(({ offset, length }) => [offset, offset + length])).toEqual([
        [2147418112, 2147483648],
        [2147483648, 2147549184],
        [5368643584, 5368709120],
      ]);
    });
  });
});

describe.skipIf(toolMissing('qemu-img'))('a VMDK in parts that is hostile', () => {
  it('gives a report, and a disk that can be read or is refused', { timeout: 240_000 }, async () => {
    const [text, ...parts] = inFolder((folder) => {
      const path = join(folder, 'pc.vmdk');
      run('qemu-img', ['create', '-f', 'vmdk', '-o', 'subformat=twoGbMaxExtentSparse', path, '3G']);
      run('qemu-io', ['-f', 'vmdk', '-c', 'write -P 7 2147482624 4096', path]);
      return ['pc.vmdk', 'pc-s001.vmdk', 'pc-s002.vmdk'].map((name) => readFileSync(join(folder, name)));
    });
    const inText = fc.record({
      at: fc.nat(text.length - 1),
      put: fc.string({ maxLength: 6 }),
      cut: fc.nat(9),
    });
    const place = fc.oneof(fc.nat(511), fc.nat(parts[0].length - 9));
    const value = fc.oneof(fc.constantFrom(0, 1, 0xffffffff), fc.nat(300), fc.nat(0xffffffff));
    const inPart = fc.record({ part: fc.nat(1), at: place, value });
    await fc.assert(
      fc.asyncProperty(
        fc.array(inText, { maxLength: 2 }),
        fc.array(inPart, { maxLength: 4 }),
        fc.nat(3 * 2 ** 30),
        async (changes, damages, offset) => {
          let words = text.toString('latin1');
          for (const { at, put, cut } of changes) words = words.slice(0, at) + put + words.slice(at + cut);
          const bad = parts.map((part) => Buffer.from(part));
          for (const { part, at, value } of damages)
            bad[part].writeUInt32LE(value, Math.min(at, bad[part].length - 4));
          const files = await asImageFiles([
            named('pc.vmdk', binary(words)),
            ...bad.map((part, index) => named(`pc-s00${index + 1}.vmdk`, part)),
          ]);
          if (files === null) return;
          await inspectImageFiles(files);
          try {
            const image = await openImageFiles(files);
            if (offset + 4096 <= image.sizeBytes) await image.read(offset, 4096);
            await image.read(Math.max(0, Math.min(2147482624, image.sizeBytes - 512)), 512);
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/^image\//u) });
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('the text of a descriptor', () => {
  it('is not what any other file begins with', () => {
    for (const other of [
      '',
      'KDMV',
      '<?xml version="1.0"?>',
      '[CloneCD]\nVersion=3',
      'ISO',
      '\0# Disk DescriptorFile',
    ])
      expect(isVmdkDescriptor(binary(other)), other).toBe(false);
  });

  it('keeps what it can of lines that are no lines of a descriptor', () => {
    const parse = (text: string) => parseVmdkDescriptor(binary(text));
    expect(parse('RW\nRW x\nRW 5\nRW 5 FLAT\nRW 5 FLAT "a\nRW 5 FLAT "b" x').extents).toMatchObject([
      { sectors: 5, type: 'FLAT', fileNames: [''] },
      { fileNames: [''] },
      { fileNames: ['b'], startSector: Number.NaN },
    ]);
    expect(parse('createType = "x" \n=\n"=\nparentCID=12').hasParent).toBe(true);
    expect(parse('encryption.keySafe = "vmware:key/"').encrypted).toBe(true);
  });
});
