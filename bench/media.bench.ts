import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSource } from '../src/bytes/byte-source.ts';
import { openFileSource } from '../src/media/disk-images/testing/file-source.ts';
import { hashDisc } from '../src/media/hash-disc.ts';
import { inspectDisc } from '../src/media/inspect-disc.ts';
import { mapDisc } from '../src/media/map-disc.ts';
import { windowsDisc } from '../src/media/testing/discs.ts';
import { windows7Images } from '../src/media/testing/wim-builder.ts';

/**
 * What knowing a disc costs: the report and the map of a disc of 5 GB (a file with holes, so that it takes no room),
 * and the SHA-1 of a file against `sha1sum` of the same file in the same run. One line of JSON for each figure.
 */
const DISC_BYTES = 5_000_000_000;
const HASHED_BYTES = 512 * 1024 * 1024;
const ROUNDS = 5;

function print(name: string, value: number, unit: string, target: string): void {
  console.log(JSON.stringify({ name, value: Number(value.toPrecision(4)), unit, target }));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** A thousand file entries, as a Windows disc has, beside the images. */
async function writeDisc(path: string): Promise<void> {
  const files = Array.from({ length: 1000 }, (_, number) => ({
    path: `sources/folder ${number % 40}/component ${number}.dll`,
    contents: new Uint8Array(5000).fill(number & 0xff),
  }));
  await windowsDisc({
    files,
    install: { sizeBytes: 4_200_000_000, images: windows7Images() },
    bootWim: { sizeBytes: 150_000_000, images: windows7Images().slice(0, 1) },
    volumeBytes: DISC_BYTES,
  }).writeTo(path);
}

/** Bytes that differ everywhere, so that no file system takes them for a hole. */
async function writeNoise(path: string): Promise<void> {
  const block = new Uint32Array(1024 * 1024);
  let state = 1;
  const file = await open(path, 'w');
  try {
    for (let done = 0; done < HASHED_BYTES; done += block.byteLength) {
      for (let i = 0; i < block.length; i++)
        block[i] = state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      await file.write(new Uint8Array(block.buffer));
    }
  } finally {
    await file.close();
  }
}

/** Read as a file, not as a Blob: Node 20 gives a Blob above 4 GiB the wrong size. */
async function withFile<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const source = await openFileSource(path);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

async function benchReport(path: string): Promise<void> {
  const startedAt = performance.now();
  const first = await withFile(path, inspectDisc);
  const cold = performance.now() - startedAt;
  if (first.verdict !== 'runs') throw new Error(`the disc is judged ${first.verdict}`);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push((await withFile(path, inspectDisc)).elapsedMs);
  const map = await withFile(path, mapDisc);
  if (!map.isComplete) throw new Error('the map is not complete');
  print('disc report, 5 GB, first', cold, 'ms', '<= 300');
  print('disc report, 5 GB, median', median(times), 'ms', '<= 300');
  print('disc report, 5 GB, bytes read', first.bytesRead / 1e6, 'MB', '<= 4');
  print('disc map, 5 GB, 1000 files, bytes read', map.bytesRead / 1e6, 'MB', '<= 4');
}

/** Alternating, so that a busy moment of the machine falls on both. */
async function benchSum(path: string): Promise<void> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    const { stdout, status } = spawnSync('sha1sum', [path]);
    theirs.push(performance.now() - startedAt);
    const { sha1, elapsedMs } = await withFile(path, (source) => hashDisc(source));
    ours.push(elapsedMs);
    if (status !== 0 || !stdout.toString().startsWith(sha1)) throw new Error(`the sums differ: ${sha1}`);
  }
  const rate = (ms: number): number => HASHED_BYTES / 1e6 / (ms / 1000);
  print('SHA-1, this product', rate(median(ours)), 'MB/s', '');
  print('SHA-1, sha1sum', rate(median(theirs)), 'MB/s', '');
  print('SHA-1, this product / sha1sum', median(theirs) / median(ours), 'ratio', '>= 0.8');
}

const folder = mkdtempSync(join(tmpdir(), 'vitrine-bench-'));
try {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < 2 * HASHED_BYTES) throw new Error(`${folder} has no room for the file to sum`);
  await writeDisc(join(folder, 'disc.iso'));
  await benchReport(join(folder, 'disc.iso'));
  await writeNoise(join(folder, 'noise.bin'));
  await benchSum(join(folder, 'noise.bin'));
} finally {
  rmSync(folder, { recursive: true });
}
