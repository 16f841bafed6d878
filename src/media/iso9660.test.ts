import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { findNode, openNode, walkTree, type DiscNode } from './disc-tree.ts';
import { readElTorito } from './el-torito.ts';
import { readIso9660 } from './iso9660.ts';
import { writeIso } from './iso-writer.ts';
import { BOOT_IMAGE, isoBytes, isoSource, text } from './testing/discs.ts';

async function pathsOf(root: DiscNode): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of walkTree(root)) paths.push(path);
  return paths.sort();
}

describe('writeIso and readIso9660', () => {
  it('agree on short names in the primary tree and long ones in Joliet', async () => {
    const source = await isoSource(
      { 'Read me first.txt': 'hello', 'folder one/Überraschung.html': 'b', 'folder one/deep/x': 'c' },
      { volumeId: 'MY_DISC', publisherId: 'VITRINE' },
    );
    const volume = await readIso9660(source);
    expect(volume?.primary).toMatchObject({ volumeId: 'MY_DISC', publisherId: 'VITRINE' });
    expect(volume?.joliet?.volumeId).toBe('MY_DISC');
    expect(volume?.rockRidge).toBe(false);
    expect(volume?.primary.volumeBytes).toBe(source.sizeBytes);
    expect(await pathsOf(volume!.primary.root)).toEqual(
      ['FOLDER_O', 'FOLDER_O/DEEP', 'FOLDER_O/DEEP/X', 'FOLDER_O/_BERRASC.HTM', 'READ_ME_.TXT'].sort(),
    );
    expect(await pathsOf(volume!.joliet!.root)).toEqual(
      [
        'Read me first.txt',
        'folder one',
        'folder one/deep',
        'folder one/deep/x',
        'folder one/Überraschung.html',
      ].sort(),
    );
    const node = await findNode(volume!.joliet!.root, 'FOLDER ONE/deep/X');
    const file = await openNode(source, node!);
    expect(await file.read(0, file.sizeBytes)).toEqual(text('c'));
  });

  it('agree on any set of files', async () => {
    const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,20}[A-Za-z0-9]$/u);
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
    const entry = fc.record({ path, contents: fc.uint8Array({ maxLength: 5000 }) });
    const files = fc.uniqueArray(entry, {
      maxLength: 25,
      // No name is both a file and a folder, whatever its case.
      comparator: (a: string, b: string) =>
        a === b || `${b}/`.startsWith(`${a}/`) || `${a}/`.startsWith(`${b}/`),
      selector: (item) => item.path.toLowerCase(),
    });
    await fc.assert(
      fc.asyncProperty(files, async (list) => {
        const bytes = await isoBytes(
          Object.fromEntries(list.map((file) => [file.path, Uint8Array.from(file.contents)])),
        );
        const source = new MemorySource(bytes);
        const volume = (await readIso9660(source))!;
        for (const file of list) {
          const node = await findNode(volume.joliet!.root, file.path);
          const opened = await openNode(source, node!);
          expect(await opened.read(0, opened.sizeBytes)).toEqual(Uint8Array.from(file.contents));
        }
        const count = async (root: DiscNode): Promise<number> => (await pathsOf(root)).length;
        expect(await count(volume.primary.root)).toBe(await count(volume.joliet!.root));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps a directory of more than one sector', async () => {
    const names = Array.from({ length: 200 }, (_, number) => `file number ${number}.txt`);
    const source = await isoSource(Object.fromEntries(names.map((name) => [name, name])));
    const volume = (await readIso9660(source))!;
    expect(await pathsOf(volume.joliet!.root)).toEqual([...names].sort());
    expect(await pathsOf(volume.primary.root)).toHaveLength(200);
  });

  it('writes a file above 4 GiB in several extents and reads it as one', async () => {
    // A Blob that only says its size: nothing of it is read here.
    const huge = Object.assign(new Blob([]), {});
    Object.defineProperty(huge, 'size', { value: 5_000_000_000 });
    const { parts, sizeBytes } = writeIso([{ path: 'big.wim', contents: huge }], { volumeId: 'BIG' });
    const head = new Uint8Array(
      await new Blob(parts.filter((part) => !(part instanceof Blob))).arrayBuffer(),
    );
    const source = {
      name: 'big.iso',
      sizeBytes,
      read: async (offset: number, length: number) => head.slice(offset, offset + length),
    };
    const node = await findNode((await readIso9660(source))!.primary.root, 'BIG.WIM');
    const layout = await node!.layout();
    expect(layout.sizeBytes).toBe(5_000_000_000);
    expect(layout.extents.map(({ lengthBytes }) => lengthBytes)).toEqual([
      0xffff_f800,
      5_000_000_000 - 0xffff_f800,
    ]);
    const [first, second] = layout.extents;
    expect(second.offsetBytes).toBe(first.offsetBytes! + first.lengthBytes);
  });

  it('refuses paths that cannot be', () => {
    const contents = new Uint8Array(0);
    expect(() => writeIso([{ path: 'a//b', contents }], { volumeId: 'X' })).toThrow(RangeError);
    const twice = [
      { path: 'a', contents },
      { path: 'A', contents },
    ];
    expect(() => writeIso(twice, { volumeId: 'X' })).toThrow(RangeError);
  });
});

describe('readElTorito', () => {
  it('reads the default entry and a section for EFI', async () => {
    const floppy = new Uint8Array(1_474_560).fill(1);
    const source = await isoSource(
      { 'a.txt': 'a' },
      {
        boot: [
          { image: floppy, emulation: 'floppy-1440' },
          { image: BOOT_IMAGE, platform: 'efi' },
        ],
      },
    );
    const catalog = await readElTorito(source);
    expect(catalog).toMatchObject({ platform: 'x86', signatureOk: true, checksumOk: true });
    expect(catalog?.entries).toMatchObject([
      { isDefault: true, platform: 'x86', bootable: true, emulation: 'floppy-1440', loadSectors: 1 },
      { isDefault: false, platform: 'efi', bootable: true, emulation: 'none', loadSectors: 4 },
    ]);
    const { lba } = catalog!.entries[0];
    expect(await source.read(lba * 2048, 4)).toEqual(Uint8Array.of(1, 1, 1, 1));
  });

  it('is null without a boot record', async () => {
    expect(await readElTorito(await isoSource({}, { boot: [] }))).toBeNull();
  });
});
