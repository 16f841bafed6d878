import type { NamedFile } from '../../bytes/named-file.ts';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  asImageFiles,
  checkImageFiles,
  fingerprintImageFiles,
  inspectImageFiles,
  openImageFiles,
  renewTimes,
  withoutTimes,
} from './image-files.ts';
import { isSameImage } from '../../lib/image-fingerprint.ts';
import { run, toolMissing } from './testing/tools.ts';

const named = (name: string, bytes: Uint8Array<ArrayBuffer>, lastModified = 1000): NamedFile => ({
  file: new File([bytes], name, { lastModified }),
  name,
});

describe('the fingerprint of an image', () => {
  const bytes = new Uint8Array(4096).fill(7);

  it('is that of the same file, wherever it is read', async () => {
    const known = await fingerprintImageFiles([named('a.img', bytes)]);
    await checkImageFiles([named('renamed.img', bytes.slice())], known);
    // A Blob has no time to compare.
    await checkImageFiles([{ file: new Blob([bytes]), name: 'a.img' }], known);
  });

  it('is that of the same bytes at another time, and of a copy under another name', async () => {
    const known = await fingerprintImageFiles([named('a.img', bytes)]);
    expect(await checkImageFiles([named('a.img', bytes)], known)).toEqual({ isSameTime: true });
    for (const copy of [named('a.img', bytes, 1000 + 3_600_000), named('a - Copy.img', bytes, 2000)]) {
      expect(await checkImageFiles([copy], known)).toEqual({ isSameTime: false });
      const renewed = await renewTimes([copy], known);
      expect(await checkImageFiles([copy], renewed)).toEqual({ isSameTime: true });
      expect(isSameImage(known, renewed)).toBe(true);
    }
  });

  it('of a file of another time is compared by more than samples', async () => {
    const large = new Uint8Array(3 << 20).fill(7);
    const known = await fingerprintImageFiles([named('a.img', large)]);
    // In none of the samples: nothing but its time tells that it was written to.
    large[1_000_003] ^= 1;
    await checkImageFiles([named('a.img', large)], known);
    const later = checkImageFiles([named('a.img', large, 2000)], known);
    await expect(later).rejects.toMatchObject({ code: 'image/changed' });
    // Fingerprints of before say nothing more than samples.
    const before = known.split(':').slice(0, 3).join(':');
    expect(await checkImageFiles([named('a.img', large, 2000)], before)).toEqual({ isSameTime: false });
    expect((await renewTimes([named('a.img', large, 2000)], before)).split(':')).toHaveLength(4);
  });

  it.each<[string, NamedFile]>([
    ['size', named('a.img', new Uint8Array(8192).fill(7))],
    ['content', named('a.img', new Uint8Array(4096).fill(8))],
  ])('is not that of a file of another %s', async (_, file) => {
    const known = await fingerprintImageFiles([named('a.img', bytes)]);
    await expect(checkImageFiles([file], known)).rejects.toMatchObject({ code: 'image/changed' });
  });

  it('without its time is that of a copy made later, and of no other file', async () => {
    const known = withoutTimes(await fingerprintImageFiles([named('a.img', bytes)]));
    await checkImageFiles([named('a.img', bytes, 2000)], known);
    const other = checkImageFiles([named('a.img', new Uint8Array(4096))], known);
    await expect(other).rejects.toMatchObject({ code: 'image/changed' });
  });

  it('of two files is not that of one of them, nor of three', async () => {
    const both = [named('a.vmdk', bytes), named('a-flat.vmdk', bytes)] as const;
    const known = await fingerprintImageFiles(both);
    await checkImageFiles(both, known);
    await expect(checkImageFiles([both[1]], known)).rejects.toMatchObject({ code: 'image/incomplete' });
    const three = checkImageFiles([...both, both[1]], known);
    await expect(three).rejects.toMatchObject({ code: 'image/changed' });
  });

  it('that is damaged fits nothing', async () => {
    for (const known of ['', 'x', '4096', '4096:1000:']) {
      const check = checkImageFiles([named('a.img', bytes)], known);
      await expect(check, known).rejects.toMatchObject({ code: 'image/changed' });
    }
  });
});

describe('an image in several files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-files-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is none where no file describes the other', async () => {
    const files = [named('a.img', new Uint8Array(512)), named('b.img', new Uint8Array(512))];
    expect(await asImageFiles(files)).toBeNull();
    expect(await asImageFiles([])).toBeNull();
    expect(await asImageFiles([...files, files[0]])).toBeNull();
  });

  it.skipIf(toolMissing('qemu-img'))('is a flat VMDK in whatever order it is brought', async () => {
    const raw = new Uint8Array(2 << 20).map((_, at) => at * 31);
    writeFileSync(join(folder, 'raw.img'), raw);
    const disk = join(folder, 'disk.vmdk');
    const options = ['-O', 'vmdk', '-o', 'subformat=monolithicFlat'];
    run('qemu-img', ['convert', '-f', 'raw', ...options, join(folder, 'raw.img'), disk]);
    const [descriptor, extent] = ['disk.vmdk', 'disk-flat.vmdk'].map((name) =>
      named(name, new Uint8Array(readFileSync(join(folder, name)))),
    );
    for (const brought of [
      [descriptor, extent],
      [extent, descriptor],
    ]) {
      const files = await asImageFiles(brought);
      expect(files?.map(({ name }) => name)).toEqual(['disk.vmdk', 'disk-flat.vmdk']);
      expect(await inspectImageFiles(files!)).toMatchObject({ format: 'vmdk', variant: 'flat' });
      const image = await openImageFiles(files!);
      expect(Buffer.compare(await image.read(0, raw.length), raw)).toBe(0);
    }
    const alone = (await inspectImageFiles([descriptor])).reasons;
    expect(alone[0].code).toBe('image/second-file');
  });
});
