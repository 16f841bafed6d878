import { array, boolean, sample } from 'fast-check';
import { checkEqual, codeOf } from '../../src/disk/testing/check.ts';
import { anyCommand, runScenario } from '../../src/disk/testing/disk-scenario.ts';
import { RECORD_STORE_CONTRACT } from '../../src/disk/testing/record-store-contract.ts';
import { VirtualDisk } from '../../src/disk/virtual-disk.ts';
import { Catalog } from '../../src/store/catalog.ts';
import { DISKS_DATABASE, IdbRecordStore } from '../../src/store/idb-record-store.ts';
import { openMachineDisk, type MachineDisk } from '../../src/store/machine-disk.ts';
import { renewLog } from '../../src/store/renew-log.ts';
import { readStorageRoom } from '../../src/store/storage-room.ts';
import { openStrictStore } from '../../src/store/strict-store.ts';

const MIB = 0x10_0000;
const SECTOR = 512;
const MACHINE = 'm';

/** One case of the contract, on databases of its own. */
async function runContract(index: number): Promise<void> {
  await RECORD_STORE_CONTRACT[index].run((name) => IdbRecordStore.open(`contract-${index}-${name}`));
}

/** Scenarios as in the property test, from a seed. */
async function runScenarios(seed: number, count: number): Promise<number> {
  let crashes = 0;
  const scenarios = sample(array(anyCommand, { maxLength: 40, size: 'max' }), { seed, numRuns: count });
  const bases = sample(boolean(), { seed, numRuns: count });
  for (const [i, commands] of scenarios.entries()) {
    const open = () => IdbRecordStore.open(`scenario-${seed}-${i}`);
    crashes += (await runScenario({ open, setFull: null }, bases[i], commands)).size;
  }
  return crashes;
}

let opened: MachineDisk | null = null;
const log: string[] = [];

/** Makes the machine if there is none, and opens its disk as a worker would. */
async function open(takeOver = false): Promise<'opened' | 'in-use'> {
  const catalog = await Catalog.open();
  if ((await catalog.list()).length === 0)
    await catalog.create({ name: 'M', id: MACHINE, sizeBytes: 2048 * MIB });
  await catalog.close();
  const result = await openMachineDisk({
    machineId: MACHINE,
    ifInUse: takeOver ? { kind: 'take-over', patienceMs: 10_000 } : { kind: 'if-free' },
    onState: ({ phase }) => log.push(phase),
    onTakenOver: async () => void log.push('asked to let go'),
  });
  if (result === 'in-use') return 'in-use';
  opened = result;
  return 'opened';
}

function disk(): VirtualDisk {
  if (!opened) throw new Error('The disk is not open.');
  return opened.disk;
}

/** A sector that tells its number and the round it was written in. */
function sectorOf(number: number, round: number): Uint8Array {
  return new Uint8Array(new Uint32Array(SECTOR / 4).map((_, i) => (i % 2 === 0 ? number : round)).buffer);
}

/**
 * Writes rounds without end, sectors all over the disk, and says after each flush which round is durable. The n-th
 * write of a round goes where only the round decides, so that afterwards one can tell which writes are there.
 */
async function writeForever(sectors: number, durable: (round: number) => Promise<void>): Promise<never> {
  for (let round = (await lastRound(sectors)) + 1; ; round++) {
    for (let n = 0; n < sectors; n++) await disk().write(placeOf(n), sectorOf(n, round));
    if (round % 3 !== 0) continue;
    await disk().flush();
    await durable(round);
  }
}

/** Scattered over 512 MiB; four sectors to a block of 4 KiB, the rest of which stays as it was. */
function placeOf(n: number): number {
  return Math.floor(n / 4) * 331_776 + (n % 4) * 2 * SECTOR;
}

async function readRounds(sectors: number): Promise<number[]> {
  const rounds: number[] = [];
  for (let n = 0; n < sectors; n++) {
    const bytes = await disk().read(placeOf(n), SECTOR);
    const [number, round] = new Uint32Array(bytes.slice().buffer);
    const expected = round === 0 ? new Uint8Array(SECTOR) : sectorOf(n, round);
    checkEqual([...bytes], [...expected], `sector ${n} (says ${number}, ${round})`);
    rounds.push(round);
  }
  return rounds;
}

async function lastRound(sectors: number): Promise<number> {
  return Math.max(...(await readRounds(sectors)));
}

async function writePattern(offset: number, length: number, fill: number): Promise<void> {
  await disk().write(offset, new Uint8Array(length).fill(fill));
}

async function firstByte(offset: number): Promise<number> {
  return (await disk().read(offset, SECTOR))[0];
}

/** Noise that cannot be made smaller, in writes of 64 KiB. */
async function writeNoise(fromMiB: number, toMiB: number): Promise<void> {
  const noise = new Uint8Array(65_536);
  for (let at = fromMiB * MIB; at < toMiB * MIB; at += noise.length) {
    crypto.getRandomValues(noise);
    await disk().write(at, noise);
  }
}

/** Writes of 4 KiB, each at another place, all over 2 GiB. */
async function writeScattered(from: number, to: number): Promise<void> {
  const noise = new Uint8Array(4096);
  for (let i = from; i < to; i++) {
    crypto.getRandomValues(noise);
    await disk().write(((i * 262_147) % 524_288) * 4096, noise);
  }
}

/** Flips a bit in every stored segment, as bad storage would. */
async function damageSegments(): Promise<number> {
  const store = await openStrictStore(DISKS_DATABASE);
  const damaged = await store.use('readwrite', async (records) => {
    const range = IDBKeyRange.bound(['data'], ['data', []]);
    const keys = await request(records.getAllKeys(range));
    for (const key of keys) {
      const bytes = await request<Uint8Array>(records.get(key));
      bytes[100] ^= 1;
      await request(records.put(bytes, key));
    }
    return keys.length;
  });
  await store.close();
  return damaged;
}

function request<T>(from: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    from.onsuccess = () => resolve(from.result);
    from.onerror = () => reject(from.error ?? new Error('request failed'));
  });
}

const storePage = {
  contractNames: RECORD_STORE_CONTRACT.map(({ name }) => name),
  runContract,
  runScenarios,
  open,
  close: async () => opened?.close(),
  abandon: async () => opened?.abandon(),
  stats: () => disk().stats(),
  state: () => disk().state.phase,
  flush: () => disk().flush(),
  retry: () => codeOf(disk().retry()),
  readCode: (offset: number) => codeOf(disk().read(offset, SECTOR)),
  flushCode: () => codeOf(disk().flush()),
  log,
  writePattern,
  firstByte,
  writeNoise,
  writeScattered,
  writeForever,
  readRounds,
  damageSegments,
  renewLog,
  room: readStorageRoom,
};

export type StorePage = typeof storePage;
declare global {
  interface Window {
    storePage: StorePage;
    /** Given by the test: writes down which round is durable, outside of the browser. */
    noteDurable(round: number): Promise<void>;
  }
}
window.storePage = storePage;
