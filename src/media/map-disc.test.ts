import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { guestPath } from '../lib/testing/guests.ts';
import type { DiscMap } from './disc-map.ts';
import { layStretches, type Claim } from './disc-stretches.ts';
import { mapDisc } from './map-disc.ts';
import { openFile } from './testing/blob-file.ts';
import { isoSource, windowsDisc } from './testing/discs.ts';
import { SparseImage } from './testing/sparse-image.ts';
import { buildUdfDisc } from './testing/udf-builder.ts';
import { windows7Images } from './testing/wim-builder.ts';

function expectWhole({ stretches, volumeBytes }: Pick<DiscMap, 'stretches' | 'volumeBytes'>): void {
  let at = 0;
  for (const { offsetBytes, sizeBytes } of stretches) {
    expect(offsetBytes).toBe(at);
    expect(sizeBytes).toBeGreaterThan(0);
    at += sizeBytes;
  }
  expect(at).toBe(volumeBytes);
}

describe('mapDisc', () => {
  it('shows the parts of a Windows disc in proportion', async () => {
    const disc = windowsDisc({
      install: { sizeBytes: 2_000_000_000, images: windows7Images() },
      bootWim: { sizeBytes: 150_000_000, images: [] },
      volumeBytes: 2_500_000_000,
    });
    const map = await mapDisc(disc);
    expectWhole(map);
    expect(map).toMatchObject({ fileSystem: 'udf', isComplete: true, fileCount: 7, directoryCount: 2 });
    expect(map.biggestFiles.slice(0, 2).map(({ path }) => path)).toEqual([
      'sources/install.wim',
      'sources/boot.wim',
    ]);
    const install = map.stretches.find(({ name }) => name === 'sources/install.wim')!;
    expect(install).toMatchObject({ kind: 'file', file: { sizeBytes: 2_000_000_000, alsoAs: [] } });
    expect(install.sizeBytes).toBeGreaterThanOrEqual(2_000_000_000);
    expect(map.stretches.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining([
        'start',
        'descriptors',
        'boot-catalog',
        'boot-image',
        'small-files',
        'directory',
        'unused',
      ]),
    );
    expect(map.stretches.length).toBeLessThan(40);
    expect(map.bytesRead).toBeLessThan(4_000_000);
  });

  it('shows one stretch for two names of the same bytes', async () => {
    const contents = new Uint8Array(400_000).fill(7);
    const files = [
      { path: 'a/one.dll', contents },
      { path: 'b/two.dll', contents, sameAs: 'a/one.dll' },
    ];
    const map = await mapDisc(buildUdfDisc({ label: 'SAME', files }));
    expectWhole(map);
    const shown = map.stretches.filter(({ kind }) => kind === 'file');
    expect(shown).toMatchObject([{ name: 'a/one.dll', file: { alsoAs: ['b/two.dll'] } }]);
  });

  it('shows every piece of a file in pieces', async () => {
    const files = [{ path: 'big.bin', contents: new Uint8Array(200_000).fill(7) }];
    const map = await mapDisc(buildUdfDisc({ label: 'PIECES', files, extentSectors: 25 }));
    expectWhole(map);
    expect(map.stretches.filter(({ name }) => name === 'big.bin')).toHaveLength(4);
  });

  it('shows what is missing of a cut-off disc', async () => {
    const bytes = windowsDisc({ bootWim: { sizeBytes: 2_000_000, images: [] } }).bytes();
    const map = await mapDisc(new MemorySource(bytes.subarray(0, 1_000_000)));
    expectWhole(map);
    expect(map.volumeBytes).toBe(bytes.length);
    expect(map.stretches.at(-1)).toMatchObject({ kind: 'missing', sizeBytes: bytes.length - 1_000_000 });
  });

  it('says that it is not complete where directories are damaged', async () => {
    const source = await isoSource({ 'folder/file.bin': 'x' });
    const bytes = await source.read(0, source.sizeBytes);
    // Sectors 21 and 22 of the writer are the path tables of the primary tree, 25 on those of Joliet and directories.
    for (let sector = 23; sector < 32; sector++)
      if (bytes[sector * 2048] === 34) bytes[sector * 2048 + 68] = 20;
    const map = await mapDisc(new MemorySource(bytes));
    expectWhole(map);
    expect(map.isComplete).toBe(false);
  });

  it('is one unused stretch for anything else', async () => {
    const map = await mapDisc(new MemorySource(new Uint8Array(100_000).fill(3)));
    expect(map).toMatchObject({
      fileSystem: null,
      fileCount: 0,
      stretches: [{ kind: 'unused', sizeBytes: 100_000 }],
    });
    expect((await mapDisc(new MemorySource(new Uint8Array(0)))).stretches).toEqual([]);
  });

  it('takes the names of Joliet where it is there', async () => {
    const map = await mapDisc(await isoSource({ 'A long name.bin': 'x'.repeat(50_000) }));
    expect(map).toMatchObject({
      fileSystem: 'joliet',
      biggestFiles: [{ path: 'A long name.bin', sizeBytes: 50_000 }],
    });
  });

  it('covers a real disc laid out like Microsoft’s', async (ctx) => {
    const path = guestPath('win7-x86-udf.iso') ?? ctx.skip('win7-x86-udf.iso is not on this computer');
    const map = await mapDisc(await openFile(path));
    expectWhole(map);
    expect(map).toMatchObject({ fileSystem: 'udf', isComplete: true });
    expect(map.biggestFiles[0]).toEqual({ path: 'boot/boot.sdi', sizeBytes: 3_170_304 });
  });
});

it('gives up where files have more pieces than any disc, and says that it is not complete', async () => {
  const disc = buildUdfDisc({
    label: 'PIECES',
    extentSectors: 1,
    descriptorsPerBlock: 200,
    files: Array.from({ length: 60 }, (_, i) => ({
      path: `f${i}`,
      contents: new SparseImage(2000 * 2048),
      sameAs: 'f0',
    })),
  });
  const map = await mapDisc(disc);
  expectWhole(map);
  expect(map.isComplete).toBe(false);
  expect(map.fileCount).toBeLessThan(60);
});

describe('layStretches', () => {
  it('covers any disc without gap or overlap, whatever is claimed', () => {
    const kinds = [
      'start',
      'descriptors',
      'boot-catalog',
      'boot-image',
      'directory',
      'file',
      'small-files',
    ] as const;
    const claim: fc.Arbitrary<Claim> = fc.record({
      kind: fc.constantFrom(...kinds),
      name: fc.constantFrom('a', 'b', 'c'),
      offset: fc.integer({ min: -5, max: 100 }).map((sector) => sector * 2048),
      size: fc.nat(60_000),
    });
    fc.assert(
      fc.property(
        fc.array(claim, { maxLength: 20 }),
        fc.nat(180_000),
        fc.nat(50_000),
        (claims, sizeBytes, missing) => {
          const volumeBytes = sizeBytes + missing;
          expectWhole({ stretches: layStretches(claims, sizeBytes, volumeBytes), volumeBytes });
        },
      ),
    );
  });
});
