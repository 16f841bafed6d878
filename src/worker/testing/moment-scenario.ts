import { array, constant, constantFrom, integer, oneof, record, type Arbitrary } from 'fast-check';
import { MemoryRecords, MemoryRecordStore } from '../../disk/memory-record-store.ts';
import type { RecordKey, RecordStore, Step } from '../../disk/record-store.ts';
import { addMachine } from '../../disk/shelf.ts';
import { updateShelf } from '../../disk/shelf-record.ts';
import { CrashingStore } from '../../disk/testing/crashing-store.ts';
import { ManualClock } from '../../disk/testing/manual-clock.ts';
import { VirtualDisk } from '../../disk/virtual-disk.ts';
import { VitrineError } from '../../lib/errors.ts';
import { decodeDetail } from '../../snapshot/moment-detail.ts';
import type { MomentIndex } from '../../snapshot/moment-index.ts';
import { bundleOf, spansOf } from '../../snapshot/pack-bundles.ts';
import { PAGE_BYTES, PageCodec } from '../../snapshot/page-codec.ts';
import { GuestRun } from '../guest-run.ts';
import { MomentKeeper } from '../snapshots.ts';
import { Tray } from '../snapshots-tray.ts';
import { FIRST, PAGES, profileOf, ToyEngine } from './toy-engine.ts';

const BLOCKS = 12;
const MACHINE = 'm';

/** A store that has no room for one step, once. */
class FillingStore implements RecordStore {
  readonly #inner: RecordStore;
  #full: { at: FullStep; after: number } | null = null;

  constructor(inner: RecordStore) {
    this.#inner = inner;
  }

  /** There is no room for the step of this kind after `after` others. */
  fill(at: FullStep, after: number): void {
    this.#full = { at, after };
  }

  makeRoom(): void {
    this.#full = null;
  }

  read(keys: readonly RecordKey[]): Promise<unknown[]> {
    return this.#inner.read(keys);
  }

  list(prefix: RecordKey, limit?: number): Promise<unknown[]> {
    return this.#inner.list(prefix, limit);
  }

  async keys(prefix: RecordKey): Promise<RecordKey[]> {
    return this.#inner.keys(prefix);
  }

  async commit(step: Step): Promise<'done' | 'conflict'> {
    if (this.#full?.at === step.kind && this.#full.after-- === 0) {
      this.#full = null;
      throw new VitrineError('store/full');
    }
    return this.#inner.commit(step);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

export interface State {
  readonly pages: readonly number[];
  readonly devices: number;
  readonly blocks: readonly number[];
}

export const MOMENT_POINTS = [
  'before-pages',
  'after-pages',
  'before-moment',
  'after-moment',
  'before-shelf',
  'after-shelf',
  'before-sweep',
  'after-sweep',
] as const;
type Point = (typeof MOMENT_POINTS)[number];
type Keep = 'nothing' | 'moment' | 'disk' | 'disk-if-written';
type FullStep = 'pages' | 'moment';

export type MomentCommand =
  | { readonly kind: 'touch'; readonly pages: readonly number[]; readonly zero: boolean }
  | { readonly kind: 'fill'; readonly from: number }
  | { readonly kind: 'write'; readonly block: number }
  | { readonly kind: 'take'; readonly as: 'kept' | 'checkpoint'; readonly running: boolean }
  | { readonly kind: 'restore'; readonly which: number; readonly keep: Keep }
  | { readonly kind: 'delete'; readonly which: number }
  | { readonly kind: 'reopen' }
  /** Rounds of compaction until nothing is left to do. */
  | { readonly kind: 'compact' }
  /** There is no room at the next step of this kind. */
  | { readonly kind: 'full'; readonly at: FullStep; readonly after: number }
  | { readonly kind: 'crash'; readonly point: Point; readonly after: number };

export const anyMomentCommand: Arbitrary<MomentCommand> = oneof(
  {
    weight: 5,
    arbitrary: record({
      kind: constant('touch' as const),
      pages: array(integer({ min: FIRST, max: PAGES - 1 }), { minLength: 1, maxLength: 30 }),
      zero: oneof({ weight: 4, arbitrary: constant(false) }, constant(true)),
    }),
  },
  {
    weight: 2,
    arbitrary: record({ kind: constant('fill' as const), from: integer({ min: FIRST, max: PAGES }) }),
  },
  {
    weight: 3,
    arbitrary: record({ kind: constant('write' as const), block: integer({ min: 0, max: BLOCKS - 1 }) }),
  },
  {
    weight: 5,
    arbitrary: record({
      kind: constant('take' as const),
      as: constantFrom('kept' as const, 'checkpoint' as const),
      running: constantFrom(true, false),
    }),
  },
  {
    weight: 4,
    arbitrary: record({
      kind: constant('restore' as const),
      which: integer({ min: 0, max: 6 }),
      keep: constantFrom('nothing', 'moment', 'disk', 'disk-if-written'),
    }),
  },
  { weight: 3, arbitrary: record({ kind: constant('delete' as const), which: integer({ min: 0, max: 6 }) }) },
  { weight: 2, arbitrary: constant({ kind: 'reopen' as const }) },
  { weight: 3, arbitrary: constant({ kind: 'compact' as const }) },
  {
    weight: 1,
    arbitrary: record({
      kind: constant('full' as const),
      at: constantFrom('pages' as const, 'moment' as const),
      after: integer({ min: 0, max: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: record({
      kind: constant('crash' as const),
      point: constantFrom(...MOMENT_POINTS),
      after: integer({ min: 0, max: 3 }),
    }),
  },
);

/** Does commands on a real `MomentKeeper` and a real disk, beside a model that knows what each moment must hold. */
export class MomentScenario {
  readonly records = new MemoryRecords();
  readonly expected = new Map<string, State>();
  crashes = 0;
  /** Steps that were refused for want of room. */
  refusals = 0;
  #store!: CrashingStore<Point>;
  #room!: FillingStore;
  #engine!: ToyEngine;
  #guest!: GuestRun;
  #disk!: VirtualDisk;
  #keeper!: MomentKeeper;
  #stamp = 0;
  #begun = false;

  async begin(): Promise<void> {
    await updateShelf(new MemoryRecordStore(this.records), (shelf) =>
      addMachine(
        shelf,
        { id: MACHINE, name: '', sizeBytes: BLOCKS * PAGE_BYTES, base: null, profile: {} },
        0,
      ),
    );
    this.#begun = true;
    await this.#open();
  }

  async do(command: MomentCommand): Promise<void> {
    switch (command.kind) {
      case 'touch':
        this.#stamp++;
        for (const page of command.pages) this.#engine.setPage(page, command.zero ? 0 : this.#stamp);
        this.#engine.devices = this.#stamp;
        return;
      case 'fill':
        this.#stamp++;
        for (let page = command.from; page < PAGES; page++)
          this.#engine.setPage(page, this.#stamp + page * 65_536);
        return;
      case 'write':
        this.#stamp++;
        await this.#surviving(() => this.#writeBlock(command.block));
        return;
      case 'take':
        if (command.running) await this.#guest.run();
        else await this.#guest.stop();
        await this.#surviving(() =>
          command.as === 'kept'
            ? this.#keeper.take({ kind: 'kept', label: 'x' })
            : this.#keeper.takeCheckpoint(),
        );
        return;
      case 'restore':
        return this.#restore(command.which, command.keep);
      case 'delete': {
        const id = await this.#pick(command.which);
        if (id !== null) await this.#surviving(() => this.#keeper.remove(id));
        return;
      }
      case 'reopen':
        await this.#disk.flush();
        return this.#reopen(await this.#state());
      case 'compact':
        await this.#surviving(async () => {
          while (await this.#keeper.compact());
          this.#checkWaste();
        });
        return;
      case 'full':
        this.#room.fill(command.at, command.after);
        return;
      case 'crash':
        this.#store.arm(command.point, command.after);
    }
  }

  /** Every moment is as it was, in a new machine, and nothing is stored that no moment needs. */
  async checkAll(): Promise<void> {
    this.#room.makeRoom();
    await this.#disk.flush();
    await this.#reopen(await this.#state());
    for (const { id, kind } of await this.#keeper.list()) {
      await this.#keeper.restore({ id, keep: 'nothing' });
      compare(await this.#state(), this.expected.get(id)!, `moment ${id}`, kind === 'disk');
    }
    await this.checkRoom();
  }

  /** For what is asked of it alone. */
  get keeper(): MomentKeeper {
    return this.#keeper;
  }

  /** Ends while it saves a checkpoint, and nothing is opened after it. Whether it came that far. */
  async dieSaving(point: Point, after: number): Promise<boolean> {
    await this.#keeper.leave('running');
    this.#store.arm(point, after);
    await this.#keeper.takeCheckpoint().catch(() => undefined);
    return this.#store.crashedAt !== null;
  }

  /** Saves all and lets the records be: for whoever reads them directly. Gives the disk's contents. */
  async settle(): Promise<readonly number[]> {
    if (!this.#begun) return [];
    await this.#disk.flush();
    const { blocks } = await this.#state();
    return blocks;
  }

  /** Goes on over records that were written from outside, which must hold these moments. Gives the disk's contents. */
  async adopt(expected: ReadonlyMap<string, State>): Promise<readonly number[]> {
    this.expected.clear();
    for (const [id, state] of expected) this.expected.set(id, state);
    await this.#open();
    const listed = (await this.#keeper.list()).map(({ id }) => id);
    if (String(listed) !== String([...expected.keys()])) throw new Error(`the moments are ${String(listed)}`);
    return blocksOf(this.#disk);
  }

  async #restore(which: number, keep: Keep): Promise<void> {
    const id = await this.#pick(which);
    if (id === null) return;
    const target = this.expected.get(id)!;
    const { kind } = (await this.#keeper.list()).find((info) => info.id === id)!;
    const end = await this.#surviving(() => this.#keeper.restore({ id, keep }), target);
    if (end === 'done') compare(await this.#state(), target, `went back to ${id}`, kind === 'disk');
  }

  /**
   * Does something that may crash. What is listed afterwards and was not before holds what the machine was; the disk of
   * a machine that crashed is what it was, or `other`'s.
   */
  async #surviving(work: () => Promise<unknown>, other?: State): Promise<'done' | 'crashed' | 'refused'> {
    await this.#disk.flush().catch(() => undefined);
    const before = this.#store.crashedAt ? null : await this.#state();
    let failure: unknown = null;
    try {
      await work();
    } catch (error) {
      failure = error;
    }
    const state = before ?? (await this.#stateOfRecords());
    if (!this.#store.crashedAt) {
      const isRefused = failure instanceof VitrineError && failure.code === 'store/full';
      if (failure && !isRefused) throw failure;
      if (isRefused) {
        this.refusals++;
        compare(await this.#state(), state, 'refused for want of room');
      }
      await this.#learn(state);
      return isRefused ? 'refused' : 'done';
    }
    this.crashes++;
    await this.#reopen(state, other);
    return 'crashed';
  }

  async #writeBlock(block: number): Promise<void> {
    await this.#disk.write(
      block * PAGE_BYTES,
      new Uint8Array(new Uint32Array(1024).fill(this.#stamp).buffer),
    );
    await this.#disk.flush();
  }

  async #pick(which: number): Promise<string | null> {
    const ids = [...this.expected.keys()];
    return ids.length === 0 ? null : ids[which % ids.length];
  }

  async #state(): Promise<State> {
    return { pages: this.#engine.pages(), devices: this.#engine.devices, blocks: await blocksOf(this.#disk) };
  }

  async #stateOfRecords(): Promise<State> {
    return { pages: this.#engine.pages(), devices: this.#engine.devices, blocks: [] };
  }

  async #reopen(state: State, other?: State): Promise<void> {
    await this.#open();
    const blocks = await blocksOf(this.#disk);
    const known = [state.blocks, other?.blocks].some((expected) => String(expected) === String(blocks));
    // A write that crashed may be there or not; everything else leaves the disk as it was or as it was going to be.
    if (!known && state.blocks.filter((stamp, i) => stamp !== blocks[i]).length > 1) {
      throw new Error(`the disk is ${String(blocks)} after a crash, not ${String(state.blocks)}`);
    }
    await this.#learn(state);
    await this.checkRoom();
  }

  /** The list is the model's, but for what the last command added or took away. */
  async #learn(state: State): Promise<void> {
    const listed = (await this.#keeper.list()).map(({ id }) => id);
    for (const id of listed) if (!this.expected.has(id)) this.expected.set(id, state);
    for (const id of this.expected.keys()) if (!listed.includes(id)) this.expected.delete(id);
  }

  /** Does all the disk's work behind. */
  upkeep(): Promise<void> {
    return this.#disk.upkeep();
  }

  /** Alters what is stored: one byte of the pages of a pack, or of the record of a moment. Gives what the packs are. */
  async damage(kind: 'pages' | 'moment', number: number): Promise<readonly number[]> {
    const { packs, bundles = {} } = this.#keeper.index;
    if (kind === 'pages') {
      const first = bundleOf(bundles).get(number)!;
      const { offset, length } = spansOf(first, bundles[first]).find(({ pack }) => pack === number)!;
      const record = this.#record('pages', first);
      const bytes = new Uint8Array(await (record.value as Blob).arrayBuffer());
      bytes[offset + length - 1] ^= 1;
      record.value = new Blob([bytes]);
    } else {
      const bytes = this.#record('moment', `m${number}`).value as Uint8Array;
      bytes[bytes.length - 1] ^= 1;
    }
    return Object.keys(packs).map(Number);
  }

  #record(kind: string, id: number | string) {
    return [...this.records.values.values()].find(({ key }) => key[0] === kind && key[2] === id)!;
  }

  /** What kinds of moments there are, in order. */
  async kinds(): Promise<string[]> {
    return (await this.#keeper.list()).map(({ kind }) => kind);
  }

  /** Notes how the machine is left, or that it runs. */
  async leave(leaving: 'running' | 'left' | 'off'): Promise<void> {
    await this.#keeper.leave(leaving);
  }

  /** Pages in all packs. */
  get storedPages(): number {
    return Object.values(this.#keeper.index.packs).reduce((sum, [, pages]) => sum + pages, 0);
  }

  /** Nothing is stored that no moment needs; unless it is just opened, but for what is noted to be removed. */
  async checkRoom(isOpened = true): Promise<void> {
    this.#room.makeRoom();
    const store: RecordStore = new MemoryRecordStore(this.records);
    const records = await store.list(['pages', MACHINE]);
    const moments = (await store.list(['moment', MACHINE])).length;
    const stored = records.reduce<number>((sum, record) => sum + (record as Blob).size, 0);
    const all = await this.#keeper.list();
    const listed = all.filter(({ kind }) => kind !== 'disk');
    const { index } = this.#keeper;
    const needed = new Set(index.moments.flatMap((moment) => moment.packs));
    const neededBytes = [...needed].reduce((sum, pack) => sum + index.packs[pack][0], 0);
    if (moments !== listed.length) throw new Error(`${moments} records for ${listed.length} moments`);
    // A fifth of a bundle may be what nobody needs any more.
    if ((isOpened && stored > neededBytes / 0.8) || stored < neededBytes)
      throw new Error(`${stored} bytes of packs are stored, ${neededBytes} are needed`);
    const generations = this.#disk.generations().length;
    if (isOpened && generations !== all.length)
      throw new Error(`${generations} generations for ${all.length} moments`);
  }

  /** After compaction little more is stored than what moments need; of a damaged moment nobody can tell that. */
  #checkWaste(): void {
    const { packs, moments } = this.#keeper.index;
    const stored = Object.values(packs).reduce((sum, [, pages]) => sum + pages, 0);
    const needed = neededPages(this.records, moments);
    if (needed !== null && stored > 1.3 * needed)
      throw new Error(`${stored} pages are stored for ${needed} that are needed`);
  }

  async #open(): Promise<void> {
    this.#room = new FillingStore(new MemoryRecordStore(this.records));
    this.#store = new CrashingStore<Point>(this.#room);
    this.#engine = new ToyEngine();
    this.#guest = new GuestRun(this.#engine);
    this.#disk = await VirtualDisk.open(this.#store, {
      machineId: MACHINE,
      clock: new ManualClock(),
      segmentBlocks: 4,
    });
    this.#keeper = await MomentKeeper.open({
      engine: this.#engine,
      guest: this.#guest,
      disk: this.#disk,
      tray: new Tray(null),
      profile: profileOf(MACHINE),
      records: this.#store,
    });
  }
}

async function blocksOf(disk: VirtualDisk): Promise<number[]> {
  const bytes = await disk.read(0, BLOCKS * PAGE_BYTES);
  return Array.from({ length: BLOCKS }, (_, block) =>
    new DataView(bytes.buffer, bytes.byteOffset).getUint32(block * PAGE_BYTES, true),
  );
}

/** Places that any moment names, each once: counted from the records themselves. */
function neededPages(records: MemoryRecords, moments: MomentIndex['moments']): number | null {
  const codec = PageCodec.standalone();
  const places = new Set<number>();
  for (const { id, kind } of moments) {
    if (kind === 'disk') continue;
    const value = [...records.values.values()].find(({ key }) => key[0] === 'moment' && key[2] === id)?.value;
    const detail = decodeDetail(codec, value, PAGES);
    if (!detail) return null;
    for (const place of detail.places) if (place !== 0) places.add(place);
  }
  return places.size;
}

/** `fromDisk`: the machine was started from its disk, so its memory is nobody's. */
function compare(state: State, expected: State, what: string, fromDisk = false): void {
  if (String(state.blocks) !== String(expected.blocks)) throw new Error(`${what}: the disk differs`);
  if (fromDisk) return;
  if (state.devices !== expected.devices) throw new Error(`${what}: the devices differ`);
  const page = state.pages.findIndex((stamp, i) => stamp !== expected.pages[i]);
  if (page >= 0)
    throw new Error(`${what}: page ${page} is ${state.pages[page]}, not ${expected.pages[page]}`);
}
