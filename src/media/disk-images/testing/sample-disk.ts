import { closeSync, openSync, truncateSync, writeSync } from 'node:fs';

/** Small numbers without a pattern, the same on every run. */
export function makeRandom(seed: number): (limit: number) => number {
  let state = seed | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/**
 * Writes a raw disk with everything that a format treats in its own way: text that compresses, noise that does
 * not, written zeros, holes, and data at the first and last sector.
 */
export function writeSampleDisk(path: string, sizeBytes: number, seed = 1): void {
  const random = makeRandom(seed);
  const file = openSync(path, 'w');
  truncateSync(path, sizeBytes);
  const put = (offset: number, length: number, kind: number): void => {
    const bytes = Buffer.alloc(Math.min(length, sizeBytes - offset));
    for (let at = 0; at < bytes.length; at++) {
      if (kind === 0) bytes[at] = random(256);
      else if (kind === 1) bytes[at] = 32 + ((at * 7 + (at >> 5)) % 64);
    }
    writeSync(file, bytes, 0, bytes.length, offset);
  };
  put(0, 4096, 0);
  put(sizeBytes - 512, 512, 0);
  for (let at = 0; at < sizeBytes; at += 64 * 1024 + random(700 * 1024)) {
    put(at - (at % 512), 512 * (1 + random(300)), random(3));
  }
  closeSync(file);
}
