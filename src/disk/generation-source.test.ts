import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { DiskLayers } from './disk-layers.ts';
import { LOOK_BLOCKS } from './generation-source.ts';
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

/** Reads a whole disk of so many blocks as an export does, and counts how often a block is looked up for it. */
async function stepsFor(blocks: number, onImage: boolean): Promise<number> {
  const { disk, sizeBytes } = await diskOf(blocks, onImage);
  if (!onImage)
    for (let block = 0; block < blocks; block += 64)
      await disk.write(block * BLOCK, new Uint8Array(64 * BLOCK).fill(1));
  const source = await disk.openGeneration(await disk.freezeTop());
  const locate = vi.spyOn(DiskLayers.prototype, 'locate');
  const reader = new WindowReader(source, undefined, 64 * BLOCK);
  for (let at = 0; at < sizeBytes; at += 64 * BLOCK) await reader.read(at, 64 * BLOCK);
  const steps = locate.mock.calls.length;
  locate.mockRestore();
  source.close();
  await disk.close();
  return steps;
}

afterEach(() => vi.restoreAllMocks());

describe('finding what is stored of a disk', () => {
  it.each([true, false])(
    'takes steps that grow with the disk, not with its square (on an image: %s)',
    async (onImage) => {
      const few = await stepsFor(512, onImage);
      expect(few).toBeGreaterThanOrEqual(512);
      expect(await stepsFor(4096, onImage)).toBeLessThan(8.5 * few);
    },
  );

  it('looks at a bounded number of blocks in one turn, whatever is there', async () => {
    for (const has of [() => true, () => false, (block: number) => block % 2 === 0]) {
      const { disk, sizeBytes } = await diskOf(3 * LOOK_BLOCKS + 5, true);
      const source = await disk.openGeneration(await disk.freezeTop());
      const locate = vi.spyOn(DiskLayers.prototype, 'locate');
      let at = 0;
      while (at < sizeBytes) {
        locate.mockClear();
        const stretch = source.nextExtent(at, has);
        expect(locate.mock.calls.length).toBeLessThanOrEqual(LOOK_BLOCKS);
        if (!stretch) break;
        expect(stretch.offsetBytes + stretch.lengthBytes).toBeGreaterThan(at);
        at = stretch.offsetBytes + stretch.lengthBytes;
        // One block each is enough to see it.
        if (has(1) !== has(2) && at > LOOK_BLOCKS * BLOCK) break;
      }
      locate.mockRestore();
      await disk.close();
    }
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
          for await (const { offsetBytes, lengthBytes } of source.stretches(0, (block) =>
            held.includes(block),
          ))
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
