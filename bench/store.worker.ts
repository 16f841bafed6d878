import { createStore, getMany, setMany } from 'idb-keyval';
import { Catalog } from '../src/store/catalog.ts';
import { openMachineDisk, type MachineDisk } from '../src/store/machine-disk.ts';

const MIB = 0x10_0000;
const KIB = 1024;

/** Bytes that do not compress, another part of them for each write. */
const noise = new Uint8Array(17 * MIB);
for (let at = 0; at < noise.length; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536));
const noiseAt = (i: number, length: number) =>
  noise.subarray((i * 512) % (16 * MIB), ((i * 512) % (16 * MIB)) + length);

async function mibPerSecond(mib: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return mib / ((performance.now() - start) / 1000);
}

/** What everything is compared with: idb-keyval itself, values of 1 MiB, 16 of them in a transaction. */
async function raw(run: number, mib: number) {
  const store = createStore(`raw-${run}`, 'values');
  const batches = Array.from({ length: mib / 16 }, (_, batch) =>
    Array.from({ length: 16 }, (_, i) => batch * 16 + i),
  );
  const write = await mibPerSecond(mib, async () => {
    for (const keys of batches)
      await setMany(
        keys.map((key) => [key, noiseAt(key, MIB).slice()]),
        store,
      );
  });
  const read = await mibPerSecond(mib, async () => {
    for (const keys of batches) await getMany(keys, store);
  });
  return { write, read };
}

async function newDisk(name: string, sizeMiB: number): Promise<MachineDisk> {
  const catalog = await Catalog.open();
  await catalog.create({ name, id: name, sizeBytes: sizeMiB * MIB });
  await catalog.close();
  return openDisk(name);
}

async function openDisk(machineId: string): Promise<MachineDisk> {
  const opened = await openMachineDisk({ machineId });
  if (opened === 'in-use') throw new Error(`${machineId} is in use`);
  return opened;
}

/** As a guest copies a file: 64 KiB after 64 KiB, and a flush; then read again from a disk that was just opened. */
async function sequential(run: number, mib: number) {
  const name = `sequential-${run}`;
  const machine = await newDisk(name, mib);
  const { disk } = machine;
  const write = await mibPerSecond(mib, async () => {
    for (let i = 0; i < mib * 16; i++) await disk.write(i * 64 * KIB, noiseAt(i, 64 * KIB));
    await disk.flush();
  });
  await machine.close();
  const cold = await openDisk(name);
  const read = await mibPerSecond(mib, async () => {
    for (let i = 0; i < mib * 16; i++) {
      const offset = i * 64 * KIB;
      const bytes = cold.disk.readCached(offset, 64 * KIB) ?? (await cold.disk.read(offset, 64 * KIB));
      if (bytes[5] !== noiseAt(i, 64 * KIB)[5]) throw new Error(`wrong bytes at ${offset}`);
    }
  });
  await cold.close();
  return { write, read };
}

/** As Windows writes: 4 KiB here and there over four times the room, a third of it again; then upkeep. */
async function random(run: number, mib: number) {
  const name = `random-${run}`;
  const blocks = mib * 256;
  const machine = await newDisk(name, mib * 4);
  const { disk } = machine;
  // A step that shares no factor with the number of places meets each place once.
  const place = (i: number) => ((i * 40_503) % (blocks * 4)) * 4096;
  let most = 0;
  const write = await mibPerSecond((mib * 4) / 3, async () => {
    for (let i = 0; i < blocks; i++) {
      await disk.write(place(i), noiseAt(i, 4096));
      if (i % 3 === 0) await disk.write(place(Math.floor(i / 2)), noiseAt(i + 1, 4096));
      if (i % 512 === 0) most = Math.max(most, disk.stats().cacheBytes);
    }
    await disk.flush();
  });
  await disk.upkeep();
  const { storedBytes } = disk.stats();
  await machine.close();
  return { write, storedRatio: storedBytes / (blocks * 4096), mostCachedMiB: most / MIB };
}

const largeName = (gib: number) => `large-${gib}`;

/** A machine with much stored, written in places of 64 KiB in no order. */
async function fillLarge(gib: number) {
  const places = gib * 16_384;
  const machine = await newDisk(largeName(gib), gib * 1024);
  const { disk } = machine;
  for (let i = 0; i < places; i++) {
    await disk.write(((i * 40_503) % places) * 64 * KIB, noiseAt(i, 64 * KIB));
  }
  await disk.flush();
  const { storedBytes, indexBytes } = disk.stats();
  await machine.close();
  return { storedGiB: storedBytes / 1024 ** 3, indexMiB: indexBytes / MIB };
}

/** How long it takes to open that and to read its first block; to be asked of a worker that has opened nothing yet. */
async function openLarge(gib: number) {
  const start = performance.now();
  const machine = await openDisk(largeName(gib));
  await machine.disk.read(0, 4096);
  const openMs = performance.now() - start;
  await machine.close();
  return openMs;
}

/** Small flushes, one after the other: 4 KiB each. */
async function flushes(count: number) {
  const machine = await newDisk(`flushes`, 256);
  const { disk } = machine;
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await disk.write(((i * 40_503) % 65_536) * 4096, noiseAt(i, 4096));
    await disk.flush();
    times.push(performance.now() - start);
  }
  await machine.close();
  times.sort((a, b) => a - b);
  return { p50: times[count >> 1], p95: times[Math.floor(count * 0.95)] };
}

const storeBench = { raw, sequential, random, fillLarge, openLarge, flushes };
export type StoreBench = typeof storeBench;

self.addEventListener(
  'message',
  ({ data }: MessageEvent<{ name: keyof StoreBench; args: [number, number] }>) => {
    storeBench[data.name](...data.args).then(
      (result) => self.postMessage({ result }),
      (error: unknown) => self.postMessage({ error: String(error) }),
    );
  },
);
