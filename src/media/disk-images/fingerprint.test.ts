import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemorySource } from '../../bytes/byte-source.ts';
import { checkFingerprint, fingerprintImage, sumMore } from './fingerprint.ts';

const bytes = new Uint8Array(2_000_000).map((_, at) => (at * 31) >> 3);
const source = new MemorySource(bytes, 'base.vhd');
const time = { lastModified: 1_700_000_000_000 };

test('the same file passes, with or without a time', async () => {
  const print = await fingerprintImage(source, time);
  expect(await checkFingerprint(source, print, time)).toEqual({ isSameTime: true });
  expect(await checkFingerprint(source, structuredClone(print))).toEqual({ isSameTime: false });
  expect(await checkFingerprint(source, print, { lastModified: 1 })).toEqual({ isSameTime: false });
});

test('another size or content is refused', async () => {
  const print = await fingerprintImage(source, time);
  const changed = { code: 'image/changed', params: { name: 'base.vhd' } };
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

test('of any length much more can be summed up, within bounds', { timeout: 120_000 }, async () => {
  for (const sizeBytes of [0, 1, 2 ** 20, 2 ** 26, 2 ** 26 + 512, 127 * 2 ** 30]) {
    let read = 0;
    const endless = {
      name: 'x',
      sizeBytes,
      read: async (offset: number, length: number) => {
        expect(offset + length).toBeLessThanOrEqual(sizeBytes);
        expect(length).toBeLessThanOrEqual(2 ** 20);
        read += length;
        return new Uint8Array(length);
      },
    };
    expect(await sumMore(endless, [])).toMatch(/^[0-9a-f]{64}$/u);
    expect(read).toBe(sizeBytes <= 2 ** 26 ? sizeBytes : 2 ** 25);
  }
  expect(await sumMore(source, [])).not.toBe(await sumMore(source, [new Uint8Array(1)]));
});
