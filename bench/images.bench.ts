import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSource } from '../src/bytes/byte-source.ts';
import type { DiskExport } from '../src/media/disk-images/disk-export.ts';
import type { DiskImage } from '../src/media/disk-images/disk-image.ts';
import { exportQcow2 } from '../src/media/disk-images/export-qcow2.ts';
import { exportRaw } from '../src/media/disk-images/export-raw.ts';
import { exportVhd } from '../src/media/disk-images/export-vhd.ts';
import { fingerprintImage } from '../src/media/disk-images/fingerprint.ts';
import { inspectDiskImage } from '../src/media/disk-images/inspect-disk-image.ts';
import { openDiskImage } from '../src/media/disk-images/open-disk-image.ts';
import { openFileSource } from '../src/media/disk-images/testing/file-source.ts';

/**
 * What a disk image costs: attaching one of 20 GB (the report, the fingerprint and the opened disk), reading through
 * each format against the raw file in the same run, and exporting into a file. One line of JSON for each figure.
 */
const ATTACHED = '20G';
const DISK_BYTES = 384 * 1024 * 1024;
const READ_BYTES = 64 * 1024;
const READS = 1500;
const ROUNDS = 7;
/** Reads by turns, so that what else the computer does in the meantime meets both sides. */
const TURN = 50;

function print(name: string, value: number, unit: string, target: string): void {
  console.log(JSON.stringify({ name, value: Number(value.toPrecision(4)), unit, target }));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function qemuImg(...args: string[]): void {
  const done = spawnSync('qemu-img', args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`qemu-img ${args.join(' ')}: ${done.stderr}`);
}

const FORMATS: [name: string, args: string[]][] = [
  ['qcow2', ['-O', 'qcow2']],
  ['vhd', ['-O', 'vpc', '-o', 'force_size=on']],
  ['vdi', ['-O', 'vdi']],
  ['vmdk', ['-O', 'vmdk']],
];

async function benchAttach(folder: string): Promise<void> {
  const images: [name: string, args: string[]][] = [
    ['raw', ['-f', 'raw']],
    ['qcow2', ['-f', 'qcow2']],
    ['qcow2, all tables there', ['-f', 'qcow2', '-o', 'preallocation=metadata']],
    ['vhd', ['-f', 'vpc', '-o', 'force_size=on']],
    ['vdi', ['-f', 'vdi']],
    ['vmdk', ['-f', 'vmdk']],
  ];
  for (const [name, args] of images) {
    const path = join(folder, 'large');
    qemuImg('create', '-q', ...args, path, ATTACHED);
    const startedAt = performance.now();
    const source = await openFileSource(path);
    await inspectDiskImage(source);
    await fingerprintImage(source);
    await openDiskImage(source);
    print(`attach 20 GB, ${name}`, performance.now() - startedAt, 'ms', '<= 300');
    await source.close();
    rmSync(path);
  }
}

/** Bytes that no format leaves out. */
async function writeNoise(path: string): Promise<void> {
  const block = new Uint32Array(1024 * 1024);
  let state = 1;
  const file = await open(path, 'w');
  for (let done = 0; done < DISK_BYTES; done += block.byteLength) {
    for (let at = 0; at < block.length; at++)
      block[at] = state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    await file.write(new Uint8Array(block.buffer));
  }
  await file.close();
}

/** The same places for both sides: half in order, as files are read, half anywhere. */
function readPlaces(round: number): number[] {
  let state = round + 1;
  return Array.from({ length: READS }, (_, index) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const slots = DISK_BYTES / READ_BYTES;
    return ((index >> 5) % 2 === 0 ? (index * 7 + round) % slots : state % slots) * READ_BYTES;
  });
}

async function timeReads(disk: ByteSource, places: readonly number[]): Promise<number> {
  const startedAt = performance.now();
  for (const place of places) await disk.read(place, READ_BYTES);
  return performance.now() - startedAt;
}

/** How fast the disk is read, as a part of the speed of the raw file. */
async function compareReads(raw: ByteSource, disk: ByteSource): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const places = readPlaces(round);
    let rawMs = 0;
    let diskMs = 0;
    for (let start = 0; start < READS; start += TURN) {
      const turn = places.slice(start, start + TURN);
      const first = (start / TURN) % 2 === 0;
      if (first) rawMs += await timeReads(raw, turn);
      diskMs += await timeReads(disk, turn);
      if (!first) rawMs += await timeReads(raw, turn);
    }
    ratios.push(rawMs / diskMs);
  }
  return median(ratios);
}

async function benchReads(folder: string, rawPath: string): Promise<void> {
  const raw = await openFileSource(rawPath);
  for (const [name, args] of FORMATS) {
    const path = join(folder, name);
    qemuImg('convert', '-f', 'raw', ...args, rawPath, path);
    const source = await openFileSource(path);
    print(
      `reads through ${name}, of raw`,
      await compareReads(raw, await openDiskImage(source)),
      '×',
      '>= 0.8',
    );
    await source.close();
    rmSync(path);
  }
  await raw.close();
}

async function writeExport(made: DiskExport, path: string): Promise<void> {
  const file = createWriteStream(path);
  const finished = new Promise<void>((resolve, reject) => {
    file.once('finish', resolve);
    file.once('error', reject);
  });
  for (const reader = made.stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!file.write(value)) await new Promise<void>((resolve) => file.once('drain', () => resolve()));
  }
  file.end();
  await finished;
}

async function benchExports(folder: string, rawPath: string): Promise<void> {
  const exporters: [name: string, make: (disk: DiskImage) => Promise<DiskExport>][] = [
    ['raw', exportRaw],
    ['vhd', exportVhd],
    ['qcow2', exportQcow2],
  ];
  const source = await openFileSource(rawPath);
  const disk = await openDiskImage(source);
  for (const [name, make] of exporters) {
    const rates: number[] = [];
    const path = join(folder, 'export');
    for (let round = 0; round < 3; round++) {
      const startedAt = performance.now();
      await writeExport(await make(disk), path);
      rates.push(DISK_BYTES / 1e6 / ((performance.now() - startedAt) / 1000));
      rmSync(path);
    }
    print(`export as ${name}`, median(rates), 'MB/s', '>= 100');
  }
  await source.close();
}

if (spawnSync('which', ['qemu-img']).status === 0) {
  const folder = mkdtempSync(join(tmpdir(), 'images-bench-'));
  try {
    await benchAttach(folder);
    const rawPath = join(folder, 'raw');
    await writeNoise(rawPath);
    await benchReads(folder, rawPath);
    await benchExports(folder, rawPath);
  } finally {
    rmSync(folder, { recursive: true });
  }
} else {
  console.log('Disk images: skipped, for qemu-img is not installed.');
}
