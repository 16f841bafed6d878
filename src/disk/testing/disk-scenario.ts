import { array, constantFrom, integer, oneof, record, constant, type Arbitrary } from 'fast-check';
import { MemorySource } from '../../bytes/byte-source.ts';
import { VitrineError } from '../../lib/errors.ts';
import type { CrashPoint, RecordStore, StepKind } from '../record-store.ts';
import { addMachine } from '../shelf.ts';
import { decodeHead } from '../segment-head.ts';
import { dataKey, headsOf, readShelf, updateShelf } from '../shelf-record.ts';
import { VirtualDisk } from '../virtual-disk.ts';
import { check, checkEqual } from './check.ts';
import { CRASH_POINTS, CrashingStore } from './crashing-store.ts';
import { ManualClock } from './manual-clock.ts';

/**
 * The disk of these scenarios: small enough to be compared whole, with segments of 4 blocks so that there are many.
 * Its content is told as one number (a "stamp") for each piece of 256 bytes; 0 is zeros.
 */
const BLOCKS = 24;
const PIECES = BLOCKS * 16;
const PIECE = 256;
const BASE_PIECES = 9 * 16 + 6;
const MACHINE = 'm';

type Stamps = readonly number[];

export type Command =
  | { readonly kind: 'write'; readonly at: number; readonly pieces: number; readonly zero: boolean }
  | { readonly kind: 'read'; readonly at: number; readonly pieces: number }
  /** Writes and reads called in one turn, without waiting for one another. */
  | { readonly kind: 'burst'; readonly writes: readonly { at: number; pieces: number; zero: boolean }[] }
  | { readonly kind: 'flush' | 'freeze' | 'discard' | 'upkeep' | 'reopen' }
  | { readonly kind: 'tick'; readonly ms: number }
  | { readonly kind: 'full'; readonly at: number; readonly pieces: number }
  | { readonly kind: 'back' | 'delete'; readonly which: number }
  /** Starts something, lets so many turns pass, and writes and reads before it has ended. */
  | {
      readonly kind: 'meanwhile';
      readonly work: 'flush' | 'freeze' | 'upkeep';
      readonly turns: number;
      readonly write: { at: number; pieces: number; zero: boolean };
    }
  /** Crashes when the point comes up, whatever comes to it. */
  | { readonly kind: 'crash'; readonly point: CrashPoint; readonly after: number }
  /** Opens again, or does upkeep, with a crash at a point of that. */
  | { readonly kind: 'crash-in-open' | 'crash-in-upkeep'; readonly point: CrashPoint };

const range = {
  at: integer({ min: 0, max: PIECES - 1 }),
  pieces: oneof(integer({ min: 1, max: 40 }), constant(16)),
};
const writeShape = { ...range, zero: oneof({ weight: 4, arbitrary: constant(false) }, constant(true)) };
const aligned = ({ at, pieces, zero }: { at: number; pieces: number; zero: boolean }) =>
  pieces === 16 ? { at: at - (at % 16), pieces, zero } : { at, pieces, zero };
const anyWrite = record(writeShape).map(aligned);

export const anyCommand: Arbitrary<Command> = oneof(
  { weight: 10, arbitrary: anyWrite.map((write) => ({ kind: 'write' as const, ...write })) },
  { weight: 4, arbitrary: record({ kind: constant('read' as const), ...range }) },
  {
    weight: 2,
    arbitrary: record({ kind: constant('burst' as const), writes: array(anyWrite, { maxLength: 5 }) }),
  },
  { weight: 8, arbitrary: record({ kind: constantFrom('flush', 'freeze', 'discard', 'upkeep', 'reopen') }) },
  {
    weight: 6,
    arbitrary: record({
      kind: constant('meanwhile' as const),
      work: constantFrom('flush', 'freeze', 'upkeep'),
      turns: integer({ min: 0, max: 40 }),
      write: anyWrite,
    }),
  },
  { weight: 2, arbitrary: record({ kind: constant('tick' as const), ms: constantFrom(100, 1000) }) },
  { weight: 1, arbitrary: record({ kind: constant('full' as const), ...range }) },
  {
    weight: 4,
    arbitrary: record({ kind: constantFrom('back', 'delete'), which: integer({ min: 0, max: 5 }) }),
  },
  {
    weight: 3,
    arbitrary: record({
      kind: constant('crash' as const),
      point: constantFrom(...CRASH_POINTS),
      after: integer({ min: 0, max: 2 }),
    }),
  },
  { weight: 1, arbitrary: anyCrashIn('crash-in-open', 'open') },
  { weight: 4, arbitrary: anyCrashIn('crash-in-upkeep', 'compact', 'merge', 'sweep', 'shelf') },
);

function anyCrashIn(kind: 'crash-in-open' | 'crash-in-upkeep', ...steps: StepKind[]): Arbitrary<Command> {
  const points = CRASH_POINTS.filter((point) => steps.some((step) => point.endsWith(step)));
  return record({ kind: constant(kind), point: constantFrom(...points) });
}

/** Where a scenario's records are. */
export interface ScenarioGround {
  /** A store on the same records each time. */
  open(): Promise<RecordStore>;
  /** Makes the records refuse whatever needs room; null where that cannot be done. */
  readonly setFull: ((full: boolean) => void) | null;
}

/** Runs commands on a fresh machine and throws at the first thing that is not as `BlockDevice` and the model say. */
export async function runScenario(
  ground: ScenarioGround,
  withBase: boolean,
  commands: readonly Command[],
): Promise<ReadonlySet<CrashPoint>> {
  const run = new Scenario(ground, withBase);
  await run.begin();
  for (const command of commands) await run.step(command);
  await run.end();
  return run.crashes;
}

class Scenario {
  readonly crashes = new Set<CrashPoint>();
  readonly #ground: ScenarioGround;
  readonly #base: MemorySource | null;
  readonly #baseStamps: Stamps;
  readonly #kept = new Map<number, Stamps>();
  /** The disk as it is, and as it may be after a crash now: as after any write since the last one known durable. */
  #now: Stamps;
  #possible: Stamps[];
  /** What going back to the last frozen moment gives; null when that is not kept any more, or there was none. */
  #parent: number | null = null;
  /** Generations that a crash left unknown whether they are kept: with what they hold. */
  #unsure: { id: number | null; stamps: Stamps } | null = null;
  #stamp = 1000;
  #disk!: VirtualDisk;
  #store!: CrashingStore;
  #clock!: ManualClock;

  constructor(ground: ScenarioGround, withBase: boolean) {
    this.#ground = ground;
    this.#baseStamps = Array.from({ length: PIECES }, (_, i) => (withBase && i < BASE_PIECES ? i + 1 : 0));
    this.#base = withBase ? new MemorySource(toBytes(this.#baseStamps.slice(0, BASE_PIECES)), 'base') : null;
    this.#now = this.#baseStamps;
    this.#possible = [this.#now];
  }

  async begin(): Promise<void> {
    const store = await this.#ground.open();
    const base = this.#base && { name: 'base', sizeBytes: this.#base.sizeBytes, fingerprint: 'f' };
    const machine = { id: MACHINE, name: 'M', sizeBytes: PIECES * PIECE, base, profile: {} };
    await updateShelf(store, (shelf) => addMachine(shelf, machine, 0));
    await store.close();
    await this.#open();
  }

  /** One command, and recovery if the process died of it. */
  async step(command: Command): Promise<void> {
    try {
      await this.#do(command);
    } catch (error) {
      if (!this.#store.crashedAt) throw error;
      await this.#recover();
    }
  }

  async end(): Promise<void> {
    await this.step({ kind: 'reopen' });
    // Opened again without a crash set up: from here on everything goes well.
    await this.#do({ kind: 'upkeep' });
    await this.#checkRoom();
    await this.#do({ kind: 'reopen' });
    await this.#checkAll();
    await this.#disk.abandon();
  }

  async #do(command: Command): Promise<void> {
    const disk = this.#disk;
    switch (command.kind) {
      case 'write':
        return this.#write(command);
      case 'read':
        return this.#checkRead(command.at, Math.min(command.pieces, PIECES - command.at));
      case 'burst':
        await Promise.all(
          command.writes.flatMap((write) => [this.#write(write), this.#checkRead(0, PIECES)]),
        );
        return;
      case 'flush':
        await disk.flush();
        this.#possible = [this.#now];
        return;
      case 'tick':
        this.#clock.advance(command.ms);
        return;
      case 'upkeep':
        return disk.upkeep();
      case 'reopen':
        await disk.close();
        this.#possible = [this.#now];
        await this.#open();
        return;
      case 'crash':
        this.#store.arm(command.point, command.after);
        return;
      case 'meanwhile':
        return this.#runMeanwhile(command);
      case 'crash-in-upkeep':
        this.#store.arm(command.point, 0);
        return disk.upkeep();
      case 'crash-in-open':
        await disk.close();
        this.#possible = [this.#now];
        await this.#open(command.point);
        return;
      case 'full':
        return this.#runFull(command);
      default:
        return this.#move(command);
    }
  }

  /** The commands that change the tree of generations. */
  async #move(command: Command): Promise<void> {
    const disk = this.#disk;
    const ids = [...this.#kept.keys()];
    switch (command.kind) {
      case 'freeze': {
        this.#unsure = { id: null, stamps: this.#now };
        const id = await disk.freezeTop();
        this.#kept.set(id, this.#now);
        this.#parent = id;
        this.#possible = [this.#now];
        break;
      }
      case 'discard': {
        if (this.#parent === null) return;
        const stamps = this.#kept.get(this.#parent)!;
        this.#possible.push(stamps);
        await disk.discardTop();
        this.#settle(stamps);
        break;
      }
      case 'back': {
        const id = ids[command.which] ?? null;
        const stamps = id === null ? this.#baseStamps : this.#kept.get(id)!;
        this.#possible.push(stamps);
        await disk.newTopOn(id);
        this.#parent = id;
        this.#settle(stamps);
        break;
      }
      case 'delete': {
        const id = ids[command.which];
        if (id === undefined) return;
        this.#unsure = { id, stamps: this.#kept.get(id)! };
        this.#kept.delete(id);
        if (this.#parent === id) this.#parent = null;
        await disk.deleteGeneration(id);
        break;
      }
    }
    this.#unsure = null;
    await this.#checkAll();
  }

  #settle(stamps: Stamps): void {
    this.#now = stamps;
    this.#possible = [stamps];
  }

  #write({ at, pieces, zero }: { at: number; pieces: number; zero: boolean }): Promise<void> {
    const count = Math.min(pieces, PIECES - at);
    const stamps = Array.from({ length: count }, () => (zero ? 0 : this.#stamp++));
    this.#now = [...this.#now.slice(0, at), ...stamps, ...this.#now.slice(at + count)];
    this.#possible.push(this.#now);
    const bytes = toBytes(stamps);
    const taken = this.#disk.write(at * PIECE, bytes);
    // The device has copied them: what the controller does with its buffer now must not matter.
    bytes.fill(0xee);
    // With little time between writes and no waiting for room, batches of all sizes come about.
    return Promise.race([taken, Promise.resolve()]);
  }

  async #runFull({ at, pieces }: { at: number; pieces: number }): Promise<void> {
    const { setFull } = this.#ground;
    if (!setFull) return;
    setFull(true);
    try {
      await this.#write({ at, pieces, zero: false });
      const flushed = this.#disk.flush();
      flushed.catch(() => undefined);
      await this.#disk.retry().then(
        () => check(false, 'a full store takes no batch'),
        (error: unknown) => {
          if (!(error instanceof VitrineError) || error.code !== 'store/full') throw error;
        },
      );
      checkEqual(this.#disk.state.phase, 'full', 'phase');
      await this.#checkRead(0, PIECES);
      setFull(false);
      await this.#disk.retry();
      await flushed;
      checkEqual(this.#disk.state.phase, 'saved', 'phase');
      this.#possible = [this.#now];
    } finally {
      setFull(false);
    }
  }

  async #runMeanwhile({ work, turns, write }: Extract<Command, { kind: 'meanwhile' }>): Promise<void> {
    const before = this.#now;
    if (work === 'freeze') this.#unsure = { id: null, stamps: before };
    const start = {
      flush: () => this.#disk.flush(),
      freeze: () => this.#disk.freezeTop(),
      upkeep: () => this.#disk.upkeep(),
    };
    const working = start[work]();
    // Awaited below; until then a crash may come up in what is awaited first.
    working.catch(() => undefined);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    await Promise.all([this.#checkRead(0, PIECES), this.#write(write), this.#checkRead(0, PIECES)]);
    const frozen = await working;
    if (work !== 'upkeep') this.#possible = this.#possible.slice(this.#possible.indexOf(before));
    if (typeof frozen === 'number') {
      this.#kept.set(frozen, before);
      this.#parent = frozen;
      this.#unsure = null;
    }
  }

  async #recover(): Promise<void> {
    this.crashes.add(this.#store.crashedAt!);
    await this.#open();
    const stamps = toStamps(await this.#disk.read(0, PIECES * PIECE));
    const found = this.#possible.some((possible) => isSame(possible, stamps));
    check(
      found,
      `after a crash ${[...this.crashes].at(-1)} the disk is as it never was since it was durable`,
    );
    this.#settle(stamps);
    await this.#recoverKept();
    await this.#checkAll();
  }

  /** A move that was under way happened wholly or not at all. */
  async #recoverKept(): Promise<void> {
    const unsure = this.#unsure;
    this.#unsure = null;
    for (const { id } of this.#disk.generations()) {
      if (this.#kept.has(id)) continue;
      check(unsure !== null && (unsure.id ?? id) === id, `generation ${id} came from nowhere`);
      this.#kept.set(id, unsure.stamps);
    }
    // Which moment the top stands on is not told: going back is tried from a fresh one.
    this.#parent = null;
  }

  async #open(crashAt: CrashPoint | null = null): Promise<void> {
    this.#clock = new ManualClock();
    this.#store = new CrashingStore(await this.#ground.open());
    if (crashAt) this.#store.arm(crashAt, 0);
    this.#disk = await VirtualDisk.open(this.#store, {
      machineId: MACHINE,
      base: this.#base,
      baseFingerprint: 'f',
      clock: this.#clock,
      segmentBlocks: 4,
      dirtyBytes: 10 * 4096,
      cacheBytes: 24 * 4096,
    });
  }

  async #checkAll(): Promise<void> {
    await this.#checkRead(0, PIECES);
    const ids = (entries: Iterable<number>) => [...entries].sort((a, b) => a - b);
    checkEqual(ids(this.#disk.generations().map(({ id }) => id)), ids(this.#kept.keys()), 'kept generations');
    for (const [id, stamps] of this.#kept) {
      const source = await this.#disk.openGeneration(id);
      const bytes = new Uint8Array(PIECES * PIECE);
      for await (const { offsetBytes, lengthBytes } of source.stretches(0))
        bytes.set(await source.read(offsetBytes, lengthBytes), offsetBytes);
      source.close();
      checkSame(toStamps(bytes), stamps, `generation ${id}`);
    }
  }

  async #checkRead(at: number, pieces: number): Promise<void> {
    const expected = this.#now.slice(at, at + pieces);
    const cached = this.#disk.readCached(at * PIECE, pieces * PIECE);
    if (cached) checkSame(toStamps(cached), expected, `cached bytes at ${at}`);
    checkSame(toStamps(await this.#disk.read(at * PIECE, pieces * PIECE)), expected, `bytes at ${at}`);
    const { cacheBytes } = this.#disk.stats();
    check(
      cacheBytes <= (24 + 10 + 16) * 4200,
      `${cacheBytes} bytes in memory are more than the ceiling and a batch`,
    );
  }

  /** After upkeep little more is stored than what counts. */
  async #checkRoom(): Promise<void> {
    const { storedBytes, liveBytes } = this.#disk.stats();
    check(storedBytes <= 1.3 * liveBytes + 1000, `${storedBytes} bytes are stored for ${liveBytes}`);
    const { shelf } = await readShelf(this.#store);
    checkEqual(shelf.dropped, [], 'layers left to sweep');
    const ids: number[] = [];
    for (const { layer } of shelf.generations) {
      for (const value of await this.#store.list(headsOf(layer))) {
        const head = decodeHead(value);
        check(head !== null, 'a head is damaged');
        if (head.blocks.length > 0) ids.push(head.id);
      }
    }
    const heads = (await this.#store.list(['head']))
      .map(decodeHead)
      .filter((head) => head!.blocks.length > 0);
    checkEqual(ids.length, heads.length, 'heads of layers that are there');
    const data = await this.#store.read(ids.map(dataKey));
    check(
      data.every((bytes) => bytes instanceof Uint8Array),
      'a segment is missing',
    );
    checkEqual((await this.#store.list(['data'])).length, ids.length, 'segments that have a head');
  }
}

function toBytes(stamps: Stamps): Uint8Array {
  const words = new Uint32Array((stamps.length * PIECE) / 4);
  for (const [i, stamp] of stamps.entries()) words.fill(stamp, (i * PIECE) / 4, ((i + 1) * PIECE) / 4);
  return new Uint8Array(words.buffer);
}

/** Back from bytes; a piece that does not hold one stamp throughout was torn. */
function toStamps(bytes: Uint8Array): Stamps {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const perPiece = PIECE / 4;
  for (let i = 0; i < words.length; i++) {
    if (words[i] !== words[i - (i % perPiece)])
      throw new Error(`piece ${i / perPiece} holds parts of different writes`);
  }
  return Array.from({ length: bytes.length / PIECE }, (_, i) => words[i * perPiece]);
}

function isSame(a: Stamps, b: Stamps): boolean {
  if (a === b) return true;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}

function checkSame(actual: Stamps, expected: Stamps, what: string): void {
  if (isSame(actual, expected)) return;
  const at = actual.findIndex((stamp, i) => stamp !== expected[i]);
  check(false, `${what}: piece ${at} is ${actual[at]}, expected ${expected[at]}`);
}
