import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemorySource } from '../../bytes/byte-source.ts';
import type { DiskExport, ExportOptions } from './disk-export.ts';
import type { ByteRange, SparseReader } from './disk-image.ts';
import type { ExportProgress } from './export-progress.ts';
import { ExportMeter } from './export-progress.ts';
import { exportQcow2 } from './export-qcow2.ts';
import { exportRaw } from './export-raw.ts';
import { exportVhd } from './export-vhd.ts';
import { openDiskImage } from './open-disk-image.ts';
import { readAll } from './testing/read-all.ts';
import { makeRandom } from './testing/sample-disk.ts';
import { run, toolMissing } from './testing/tools.ts';

/** A disk of runs of bytes at some places; the rest is empty. */
function makeDisk(sizeBytes: number, ranges: ByteRange[]): SparseReader & { bytes: Uint8Array } {
  const bytes = new Uint8Array(sizeBytes);
  const random = makeRandom(sizeBytes);
  for (const { offset, length } of ranges) {
    for (let at = offset; at < offset + length; at++) bytes[at] = random(256);
  }
  return {
    bytes,
    sizeBytes,
    read: async (offset, length) => bytes.slice(offset, offset + length),
    async *allocatedRanges() {
      yield* ranges;
    },
  };
}

async function collect({ sizeBytes, stream }: DiskExport): Promise<Uint8Array> {
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes.set(value, at);
    at += value.length;
  }
  expect(at).toBe(sizeBytes);
  return bytes;
}

type Exporter = (disk: SparseReader, options?: ExportOptions) => Promise<DiskExport>;
const EXPORTERS: [name: string, qemu: string, make: Exporter][] = [
  ['raw', 'raw', exportRaw],
  ['vhd', 'vpc', exportVhd],
  ['vhd-fixed', 'vpc', (disk, options) => exportVhd(disk, { ...options, subformat: 'fixed' })],
  ['qcow2', 'qcow2', exportQcow2],
];

const MIB = 1 << 20;

describe.each(EXPORTERS)('%s', (name, qemu, make) => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'export-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.skipIf(toolMissing('qemu-img'))(
    'qemu-img reads back the same disk and finds nothing wrong',
    { timeout: 240_000 },
    async () => {
      const shapes: [number, ByteRange[]][] = [
        [512, [{ offset: 0, length: 512 }]],
        [5 * MIB, []],
        [9 * MIB + 512 * 3, [{ offset: 0, length: 9 * MIB + 512 * 3 }]],
        [
          530 * MIB,
          [
            { offset: 100, length: 1000 },
            { offset: 3 * MIB - 10, length: 20 },
            { offset: 512 * MIB - 70000, length: 3 * MIB },
            { offset: 530 * MIB - 512, length: 512 },
          ],
        ],
      ];
      // Only where holes are left out is a disk with two tables cheap to write.
      if (name !== 'qcow2' && name !== 'vhd') shapes.pop();
      for (const [sizeBytes, ranges] of shapes) {
        const disk = makeDisk(sizeBytes, ranges);
        const raw = join(folder, 'raw');
        const path = join(folder, 'image');
        writeFileSync(raw, disk.bytes);
        const image = await collect(await make(disk));
        writeFileSync(path, image);
        const info = run('qemu-img', ['info', '-f', qemu, '--output=json', path]);
        expect(info).toContain(`"virtual-size": ${sizeBytes},`);
        run('qemu-img', ['compare', '-f', 'raw', '-F', qemu, raw, path]);
        if (sizeBytes < 16 * MIB) {
          run('qemu-img', ['convert', '-f', qemu, '-O', 'raw', path, `${path}.back`]);
          expect(Buffer.compare(readFileSync(`${path}.back`), disk.bytes)).toBe(0);
        }
        if (name === 'qcow2') {
          expect(run('qemu-img', ['check', '-f', 'qcow2', path])).toContain('No errors were found');
          // A guest may write to it, which needs counts and flags to be right.
          run('qemu-io', ['-f', 'qcow2', '-c', `write -P 9 0 ${Math.min(sizeBytes, 100_352)}`, path]);
          expect(run('qemu-img', ['check', '-f', 'qcow2', path])).toContain('No errors were found');
        }
        if (sizeBytes === 530 * MIB && (name === 'vhd' || name === 'qcow2')) {
          expect(image.length).toBeLessThan(14 * MIB);
        }
      }
    },
  );

  test('our own reader reads back any disk, with the same holes', async () => {
    const disks = fc
      .tuple(
        fc.integer({ min: 1, max: 12_000 }),
        fc.array(fc.tuple(fc.nat(12_000), fc.nat(900)), { maxLength: 8 }),
      )
      .map(([sectors, parts]) => {
        const ranges: ByteRange[] = [];
        let end = 0;
        for (const [start, count] of parts.sort(([a], [b]) => a - b)) {
          const from = Math.max(end, Math.min(start, sectors));
          end = Math.min(sectors, from + count);
          if (end > from) ranges.push({ offset: from * 512, length: (end - from) * 512 });
        }
        return makeDisk(sectors * 512, ranges);
      });
    await fc.assert(
      fc.asyncProperty(disks, fc.boolean(), async (disk, findZeros) => {
        const bytes = await collect(await make(disk, { findZeros }));
        const image = await openDiskImage(new MemorySource(bytes, 'image'));
        expect(Buffer.compare(await readAll(image), disk.bytes)).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  test('progress ends at the file size, and cancelling ends the stream', async () => {
    const disk = makeDisk(20 * MIB, [{ offset: 0, length: 20 * MIB }]);
    const steps: ExportProgress[] = [];
    const bytes = await collect(await make(disk, { onProgress: (progress) => steps.push(progress) }));
    const last = steps.at(-1)!;
    expect(last).toMatchObject({ phase: 'writing', doneBytes: bytes.length, totalBytes: bytes.length });
    let before = 0;
    for (const { phase, doneBytes, totalBytes } of steps.filter(({ phase }) => phase === 'writing')) {
      expect(phase).toBe('writing');
      expect(doneBytes).toBeGreaterThan(before);
      expect(totalBytes).toBe(bytes.length);
      before = doneBytes;
    }

    const cancel = new AbortController();
    const reader = (await make(disk, { signal: cancel.signal })).stream.getReader();
    await reader.read();
    cancel.abort();
    await expect(reader.read()).rejects.toMatchObject({ code: 'export/cancelled' });
    await expect(make(disk, { signal: cancel.signal })).rejects.toMatchObject({ code: 'export/cancelled' });
  });

  test('a disk that cannot be read ends the stream with its error', async () => {
    const failing: SparseReader = {
      ...makeDisk(8 * MIB, [{ offset: 0, length: 8 * MIB }]),
      read: async (offset) => {
        if (offset >= 4 * MIB) throw new Error('the medium failed');
        return new Uint8Array(2 * MIB);
      },
    };
    const made = await make(failing);
    await expect(collect(made)).rejects.toThrow('the medium failed');
  });

  test('no more than two chunks are read ahead of the reader', async () => {
    const disk = makeDisk(40 * MIB, [{ offset: 0, length: 40 * MIB }]);
    let readBytes = 0;
    const counted: SparseReader = {
      ...disk,
      read: (offset, length) => {
        readBytes += length;
        return disk.read(offset, length);
      },
    };
    const reader = (await make(counted)).stream.getReader();
    let taken = 0;
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      taken += chunk.value.length;
      expect(readBytes).toBeLessThanOrEqual(taken + 4 * MIB);
    }
    expect(readBytes).toBe(40 * MIB);
  });
});

test('zeros are left out on request', async () => {
  const disk = makeDisk(10 * MIB, [{ offset: 5 * MIB, length: 100 }]);
  const dense: SparseReader = {
    ...disk,
    async *allocatedRanges() {
      yield { offset: 0, length: 10 * MIB };
    },
  };
  expect((await exportQcow2(dense)).sizeBytes).toBeGreaterThan(10 * MIB);
  expect((await exportQcow2(dense, { findZeros: true })).sizeBytes).toBe(6 * 65536);
  expect((await exportVhd(dense, { findZeros: true })).sizeBytes).toBeLessThan(2.1 * MIB);
});

test('a disk beyond the format is refused before anything is read', async () => {
  const endless: SparseReader = {
    sizeBytes: 2 ** 41,
    read: () => Promise.reject(new Error('not to be read')),
    allocatedRanges: () => {
      throw new Error('not to be asked');
    },
  };
  await expect(exportVhd(endless)).rejects.toMatchObject({ code: 'export/too-large' });
  await expect(exportQcow2({ ...endless, sizeBytes: 2 ** 47 })).rejects.toMatchObject({
    code: 'export/too-large',
  });
});

test('rate and time left follow from what was done', () => {
  let now = 0;
  const seen: ExportProgress[] = [];
  const meter = new ExportMeter(
    'writing',
    1000,
    (progress) => seen.push(progress),
    () => now,
  );
  meter.add(100);
  now = 500;
  meter.add(100);
  expect(seen).toMatchObject([
    { doneBytes: 100, bytesPerSecond: null, msLeft: null },
    { doneBytes: 200, bytesPerSecond: 400, msLeft: 2000 },
  ]);
});
