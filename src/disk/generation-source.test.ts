import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { nextTask } from '../lib/next-task.ts';
import { BlockRanges } from './block-ranges.ts';
import { LOOK_BLOCKS, type Stretch } from './generation-source.ts';
import { Layer } from './layer.ts';
import { MemoryRecords, MemoryRecordStore } from './memory-record-store.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { newMachine } from './testing/new-machine.ts';
import { VirtualDisk } from './virtual-disk.ts';
import { WindowReader } from './window-reader.ts';

const BLOCK = 4096;

/** A disk of `blocks` blocks that stands on an image of as many, or on none. */
async function diskOf(blocks: number, onImage: boolean) {
  const records = new MemoryRecords();
  const sizeBytes = blocks * BLOCK;
  const base = onImage ? { name: 'base.img', sizeBytes, fingerprint: 'f' } : null;
  await newMachine(new MemoryRecordStore(records), 'a', { sizeBytes, base });
  const image = {
    name: 'base.img',
    sizeBytes,
    read: (_: number, length: number) => Promise.resolve(new Uint8Array(length)),
  };
  const disk = await VirtualDisk.open(new MemoryRecordStore(records), {
    machineId: 'a',
    clock: new ManualClock(),
    base: onImage ? image : null,
    baseFingerprint: onImage ? 'f' : null,
  });
  return { disk, sizeBytes };
}

/** What is stored of a disk of `blocks` blocks, and in how many steps it was found: parts of layers that were asked for. */
async function found(blocks: number, onImage: boolean, written: readonly number[], held?: BlockRanges) {
  const { disk, sizeBytes } = await diskOf(blocks, onImage);
  for (const block of written) await disk.write(block * BLOCK, new Uint8Array(BLOCK).fill(1));
  const source = await disk.openGeneration(await disk.freezeTop());
  const asked = vi.spyOn(Layer.prototype, 'findPart');
  const stretches: Stretch[] = [];
  for await (const stretch of source.stretches(0, held)) stretches.push(stretch);
  const steps = asked.mock.calls.length;
  asked.mockRestore();
  source.close();
  await disk.close();
  return { stretches, steps, sizeBytes };
}

const GIB = 2 ** 30 / BLOCK;

afterEach(() => vi.restoreAllMocks());

describe('finding what is stored of a disk', () => {
  it('takes steps that grow with its extents, not with its size', async () => {
    const extents = (count: number) =>
      Array.from({ length: count }, (_, i) => [i * 1000, i * 1000 + 1]).flat();
    const few = await found(GIB, true, extents(8));
    expect(few.steps).toBeLessThan(200);
    for (const size of [16, 127]) expect((await found(size * GIB, true, extents(8))).steps).toBe(few.steps);
    const many = await found(127 * GIB, true, extents(64));
    expect(many.steps).toBeLessThan(8.5 * few.steps);
    // A raw image that nothing was written on is one extent.
    const raw = await found(127 * GIB, true, []);
    expect(raw.stretches).toEqual([{ offsetBytes: 0, lengthBytes: raw.sizeBytes }]);
    expect(raw.steps).toBeLessThan(10);
    const alone = await found(127 * GIB, false, extents(8));
    expect(alone.stretches).toHaveLength(8);
    expect(alone.steps).toBeLessThan(100);
  });

  it('looks at a written disk part by part, and at each block of a part once', async () => {
    const blocks = Array.from({ length: 4096 }, (_, i) => i);
    const { stretches, steps, sizeBytes } = await found(4096, false, blocks);
    expect(stretches).toEqual([{ offsetBytes: 0, lengthBytes: sizeBytes }]);
    expect(steps).toBeLessThan(2 * 3 * (4096 / 256));
  });

  it('is no dearer for whoever reads window by window', async () => {
    const { disk } = await diskOf(4096, false);
    for (let block = 0; block < 4096; block++) await disk.write(block * BLOCK, new Uint8Array(BLOCK).fill(1));
    const source = await disk.openGeneration(await disk.freezeTop());
    const asked = vi.spyOn(Layer.prototype, 'findPart');
    const reader = new WindowReader(source, undefined, 256 * BLOCK);
    for (let at = 0; at < 4096; at += 256) await reader.read(at * BLOCK, 256 * BLOCK);
    expect(asked.mock.calls.length).toBeLessThan(2 * 3 * (4096 / 256));
    source.close();
    await disk.close();
  });

  it('gives its worker back now and then, whatever is there', async () => {
    const held = new BlockRanges();
    for (let block = 0; block < 4 * LOOK_BLOCKS; block += 2) held.add(block, block + 1);
    const other = { turns: 0, isOver: false };
    const others = (async () => {
      for (; !other.isOver; other.turns++) await nextTask();
    })();
    const { stretches } = await found(4 * LOOK_BLOCKS, true, [], held);
    other.isOver = true;
    await others;
    expect(stretches).toHaveLength(2 * LOOK_BLOCKS);
    expect(other.turns).toBeGreaterThanOrEqual(3);
  });

  it('gives no more at once than is asked for', async () => {
    const { disk } = await diskOf(100, true);
    const source = await disk.openGeneration(await disk.freezeTop());
    const lengths: number[] = [];
    for await (const { lengthBytes } of source.stretches(0, undefined, () => 30))
      lengths.push(lengthBytes / BLOCK);
    expect(lengths).toEqual([30, 30, 30, 10]);
    await disk.close();
  });

  it('finds every block that holds anything, and no other', async () => {
    const content = new Uint8Array(40 * BLOCK);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(39), { maxLength: 30 }),
        fc.uniqueArray(fc.nat(39), { maxLength: 30 }),
        async (written, held) => {
          const image = new MemorySource(content, 'base.img');
          const records = new MemoryRecords();
          const base = { name: 'base.img', sizeBytes: 40 * BLOCK, fingerprint: 'f' };
          await newMachine(new MemoryRecordStore(records), 'a', { sizeBytes: base.sizeBytes, base });
          const disk = await VirtualDisk.open(new MemoryRecordStore(records), {
            machineId: 'a',
            clock: new ManualClock(),
            segmentBlocks: 4,
            base: image,
            baseFingerprint: 'f',
          });
          for (const block of written) await disk.write(block * BLOCK, new Uint8Array(BLOCK).fill(1));
          const source = await disk.openGeneration(await disk.freezeTop());
          const found = new Set<number>();
          const ranges = new BlockRanges();
          for (const block of held.toSorted((a, b) => a - b)) ranges.add(block, block + 1);
          for await (const { offsetBytes, lengthBytes } of source.stretches(0, ranges))
            for (let at = offsetBytes; at < offsetBytes + lengthBytes; at += BLOCK) found.add(at / BLOCK);
          const expected = new Set([...written, ...held]);
          expect([...found].sort((a, b) => a - b)).toEqual([...expected].sort((a, b) => a - b));
          await disk.close();
        },
      ),
      { numRuns: 40 },
    );
  });
});
