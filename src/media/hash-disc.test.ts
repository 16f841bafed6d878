import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import type { Progress } from '../lib/progress-meter.ts';
import { hashDisc } from './hash-disc.ts';
import { find32BitDisc, findDiscByLabel, findDiscBySum, PUBLISHED_DISCS } from './windows7-discs.ts';

const BYTES = Uint8Array.from({ length: 9_000_001 }, (_, at) => (at * 31 + (at >> 9)) & 0xff);
const SUM = createHash('sha1').update(BYTES).digest('hex');

describe('hashDisc', () => {
  it('equals the SHA-1 of the whole file, of nothing too, and tells its progress', async () => {
    const seen: Progress[] = [];
    const { sha1, match } = await hashDisc(new MemorySource(BYTES), {
      onProgress: (progress) => seen.push(progress),
    });
    expect([sha1, match]).toEqual([SUM, null]);
    expect(seen[0]).toEqual({
      doneBytes: 0,
      totalBytes: BYTES.length,
      bytesPerSecond: null,
      msLeft: null,
    });
    expect(seen.at(-1)).toMatchObject({ doneBytes: BYTES.length, msLeft: 0 });
    expect((await hashDisc(new MemorySource(new Uint8Array(0)))).sha1).toBe(
      'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    );
  });

  it('stops when it is told to, and reads no further', async () => {
    const stop = new AbortController();
    let reads = 0;
    const source = {
      name: 'disc.iso',
      sizeBytes: 5_000_000_000,
      async read(_: number, length: number) {
        if (++reads === 3) stop.abort();
        return new Uint8Array(length);
      },
    };
    await expect(hashDisc(source, { signal: stop.signal })).rejects.toMatchObject({
      code: 'media/hash-cancelled',
    });
    expect(reads).toBeLessThanOrEqual(4);
  });

  it('says what happened when the file goes away', async () => {
    const source = {
      name: 'disc.iso',
      sizeBytes: 50_000_000,
      async read(offset: number, length: number) {
        if (offset > 0) throw new VitrineError('bytes/unreadable', { name: 'disc.iso' });
        return new Uint8Array(length);
      },
    };
    await expect(hashDisc(source)).rejects.toMatchObject({ code: 'bytes/unreadable' });
  });
});

describe('the table of published discs', () => {
  it('is whole: sums are SHA-1 sums and differ, sizes are whole sectors', () => {
    const sums = PUBLISHED_DISCS.flatMap(({ sha1 }) => (sha1 === null ? [] : [sha1]));
    expect(sums).toHaveLength(63);
    expect(new Set(sums).size).toBe(63);
    expect(sums.every((sum) => /^[0-9a-f]{40}$/u.test(sum))).toBe(true);
    expect(PUBLISHED_DISCS.every(({ sizeBytes }) => sizeBytes === null || sizeBytes % 2048 === 0)).toBe(true);
  });

  it('finds a disc by its sum, in capitals too, and another one not', () => {
    const found = findDiscBySum('D89937DF3A9BC2EC1A1486195FD308CD3DADE928');
    expect(found?.file).toBe('en_windows_7_professional_with_sp1_x86_dvd_u_677056.iso');
    expect(findDiscBySum(SUM)).toBeNull();
  });

  it('finds discs by label and size, and the 32-bit twin of a 64-bit label', () => {
    expect(findDiscByLabel('GSP1RMCENXVOL_EN_DVD', 3_182_604_288)?.arch).toBe('x64');
    expect(findDiscByLabel('GSP1RMCENXVOL_EN_DVD', 1)).toBeNull();
    expect(find32BitDisc('GSP1RMCENXVOL_EN_DVD').volumeId).toBe('GSP1RMCENVOL_EN_DVD');
    expect(find32BitDisc('GRMCULXFRER_EN_DVD').volumeId).toBe('GRMCULFRER_EN_DVD');
    expect(find32BitDisc('?', ['ru-RU']).volumeId).toBe('GSP1RMCULFRER_RU_DVD');
    expect(find32BitDisc('?', ['xx-XX']).volumeId).toBe('GSP1RMCPRFRER_EN_DVD');
  });
});
