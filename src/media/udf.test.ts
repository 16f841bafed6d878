import { describe, expect, it } from 'vitest';
import { MemorySource, type ByteSource } from '../bytes/byte-source.ts';
import { findNode, openNode, walkTree } from './disc-tree.ts';
import { SparseImage } from './testing/sparse-image.ts';
import { buildUdfDisc, type UdfSpec } from './testing/udf-builder.ts';
import { crcBitwise } from './testing/udf-tags.ts';
import { crc16 } from './udf-descriptor.ts';
import { readUdf } from './udf.ts';

const pattern = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * seed + (at >> 7)) & 0xff);

const FILES = [
  { path: 'empty.txt', contents: new Uint8Array(0) },
  { path: 'small.txt', contents: pattern(100, 3) },
  { path: 'sources/big.bin', contents: pattern(50_000, 5) },
  { path: 'sources/en-us/deep/file with a long name.dat', contents: pattern(2048, 7) },
  { path: 'sources/日本語.txt', contents: pattern(3000, 11) },
];

async function readAll(source: ByteSource): Promise<Map<string, Uint8Array>> {
  const volume = await readUdf(source);
  const found = new Map<string, Uint8Array>();
  for await (const { path, node } of walkTree(volume!.root)) {
    if (node.isDirectory) continue;
    const file = await openNode(source, node);
    found.set(path, await file.read(0, file.sizeBytes));
  }
  return found;
}

describe('readUdf', () => {
  const kinds: [string, Partial<UdfSpec>][] = [
    ['short allocation descriptors', { allocation: 'short' }],
    ['long ones', { allocation: 'long' }],
    ['embedded contents', { allocation: 'embedded' }],
    ['extended entries of UDF 2.00', { allocation: 'short', extended: true, revision: 0x200 }],
    ['extended entries of UDF 2.01', { allocation: 'long', extended: true, revision: 0x201 }],
    ['extended entries with embedded contents', { allocation: 'embedded', extended: true }],
    ['files in pieces', { allocation: 'short', extentSectors: 3 }],
    ['a chain of short descriptors', { allocation: 'short', extentSectors: 1, descriptorsPerBlock: 4 }],
    [
      'a chain of long descriptors',
      { allocation: 'long', extentSectors: 1, descriptorsPerBlock: 2, extended: true },
    ],
    ['its anchor at the end only', { anchors: ['last'] }],
    ['its anchor 256 sectors before the end', { anchors: ['last-256'], volumeBytes: 2_000_000 }],
    ['a damaged main sequence', { breakMainSequence: true }],
    ['a sequence behind a pointer', { chainSequence: true }],
    ['no ISO 9660 side', { iso: false }],
  ];
  it.each(kinds)('reads every file of a disc with %s', async (_, kind) => {
    const spec = { label: 'GRMCPRFRER_EN_DVD', files: FILES, ...kind };
    const image = buildUdfDisc(spec);
    const found = await readAll(image);
    expect([...found.keys()].sort()).toEqual(spec.files.map(({ path }) => path).sort());
    for (const { path, contents } of spec.files) expect(found.get(path), path).toEqual(contents);
    const volume = await readUdf(image);
    expect(volume).toMatchObject({ label: 'GRMCPRFRER_EN_DVD' });
    if (kind.revision) expect(volume?.revision).toBe(kind.revision === 0x200 ? '2.00' : '2.01');
  });

  it('joins extents that lie side by side, and sums those above 2^30 bytes', async () => {
    const contents = new SparseImage(3_000_000_000).put(2_999_999_999, Uint8Array.of(42));
    const image = buildUdfDisc({ label: 'BIG', files: [{ path: 'install.wim', contents }] });
    const node = await findNode((await readUdf(image))!.root, 'INSTALL.WIM');
    const layout = await node!.layout();
    expect(layout.sizeBytes).toBe(3_000_000_000);
    expect(layout.extents).toHaveLength(1);
    expect(await (await openNode(image, node!)).read(2_999_999_999, 1)).toEqual(Uint8Array.of(42));
  });

  it('shows several names of the same extents', async () => {
    const contents = pattern(5000, 9);
    const files = [
      { path: 'a/one.dll', contents },
      { path: 'b/two.dll', contents, sameAs: 'a/one.dll' },
    ];
    const image = buildUdfDisc({ label: 'SAME', files });
    const root = (await readUdf(image))!.root;
    const [one, two] = [await findNode(root, 'a/one.dll'), await findNode(root, 'b/two.dll')];
    expect((await one!.layout()).extents).toEqual((await two!.layout()).extents);
    expect((await readAll(image)).get('b/two.dll')).toEqual(contents);
  });

  it('is null where no UDF is announced', async () => {
    expect(await readUdf(new MemorySource(new Uint8Array(600_000)))).toBeNull();
  });

  it('says that the descriptors are damaged where UDF is announced and no anchor leads to them', async () => {
    const image = buildUdfDisc({ label: 'BROKEN', files: FILES, anchors: [] });
    await expect(readUdf(image)).rejects.toMatchObject({ code: 'media/malformed' });
  });

  it('refuses a directory that was cut, a size without a place, and a virtual partition', async () => {
    const places = new Map<string, number>();
    const spec: UdfSpec = { label: 'X', files: FILES, onLayout: (what, at) => places.set(what, at) };
    const damage = async (what: string, at: number, value: number): Promise<unknown> => {
      const bytes = buildUdfDisc(spec).bytes();
      const start = places.get(what)!;
      bytes[start + at] = value;
      // The tag is made right again, so that the value itself is what is judged.
      const view = new DataView(bytes.buffer, start);
      view.setUint16(8, crcBitwise(bytes.subarray(start + 16, start + 16 + view.getUint16(10, true))), true);
      bytes[start + 4] = 0;
      bytes[start + 4] = bytes.subarray(start, start + 16).reduce((sum, byte) => (sum + byte) & 0xff, 0);
      return readAll(new MemorySource(bytes)).catch((error: unknown) => error);
    };
    expect(await damage('entry sources', 56, 0xff)).toMatchObject({ code: 'media/malformed' });
    expect(await damage('entry small.txt', 57, 0x10)).toMatchObject({ code: 'media/malformed' });
    expect(await damage('entry small.txt', 63, 0x80)).toMatchObject({ code: 'bytes/too-large' });
    expect(await damage('entry small.txt', 34, 2)).toMatchObject({ code: 'media/unsupported' });
    expect(await damage('entry small.txt', 20, 1)).toMatchObject({ code: 'media/unsupported' });
    expect(await damage('logical volume at 34', 440, 2)).not.toBeInstanceOf(Map);
  });
});

describe('crc16', () => {
  it('is the CRC of ECMA-167', () => {
    // 3/7.2.6: the example of the standard.
    expect(crc16(Uint8Array.of(0x70, 0x6a, 0x77))).toBe(0x3299);
    expect(crcBitwise(Uint8Array.of(0x70, 0x6a, 0x77))).toBe(0x3299);
  });
});
