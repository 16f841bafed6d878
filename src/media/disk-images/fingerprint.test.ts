import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemorySource } from '../../bytes/byte-source.ts';
import { checkFingerprint, fingerprintImage } from './fingerprint.ts';

const bytes = new Uint8Array(2_000_000).map((_, at) => (at * 31) >> 3);
const source = new MemorySource(bytes, 'base.vhd');
const time = { lastModified: 1_700_000_000_000 };

test('the same file passes, with or without a time', async () => {
  const print = await fingerprintImage(source, time);
  await expect(checkFingerprint(source, print, time)).resolves.toBeUndefined();
  await expect(checkFingerprint(source, structuredClone(print))).resolves.toBeUndefined();
});

test('another size, time or content is refused', async () => {
  const print = await fingerprintImage(source, time);
  const changed = { code: 'image/changed', params: { name: 'base.vhd' } };
  await expect(checkFingerprint(source, print, { lastModified: 1 })).rejects.toMatchObject(changed);
  const longer = new MemorySource(new Uint8Array([...bytes, 0]), 'base.vhd');
  await expect(checkFingerprint(longer, print, time)).rejects.toMatchObject(changed);
  for (const at of [0, 511, 65_535, bytes.length - 1, bytes.length - 60_000]) {
    const other = bytes.slice();
    other[at] ^= 1;
    await expect(checkFingerprint(new MemorySource(other, 'base.vhd'), print, time)).rejects.toMatchObject(
      changed,
    );
  }
});

test('any length can be fingerprinted, reading little', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(2 ** 46), async (sizeBytes) => {
      let read = 0;
      const endless = {
        name: 'x',
        sizeBytes,
        read: async (offset: number, length: number) => {
          expect(offset + length).toBeLessThanOrEqual(sizeBytes);
          read += length;
          return new Uint8Array(length);
        },
      };
      await fingerprintImage(endless);
      expect(read).toBeLessThan(400_000);
    }),
  );
});
