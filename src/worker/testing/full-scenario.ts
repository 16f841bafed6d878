import { constant, constantFrom, integer, oneof, record, type Arbitrary } from 'fast-check';
import { MemoryRecords, MemoryRecordStore } from '../../disk/memory-record-store.ts';
import type { Step } from '../../disk/record-store.ts';
import { addMachine } from '../../disk/shelf.ts';
import { updateShelf } from '../../disk/shelf-record.ts';
import { ManualClock } from '../../disk/testing/manual-clock.ts';
import { VirtualDisk } from '../../disk/virtual-disk.ts';
import { VitrineError } from '../../lib/errors.ts';
import { nextTask } from '../../lib/next-task.ts';
import { PAGE_BYTES } from '../../snapshot/page-codec.ts';
import { BrokenMachine, GuestRun } from '../guest-run.ts';
import { shutDown, yieldMachine, type EndingMachine } from '../machine-end.ts';
import { MomentKeeper } from '../snapshots.ts';
import { Tray } from '../snapshots-tray.ts';
import { FIRST, profileOf, ToyEngine } from './toy-engine.ts';

const BLOCKS = 12;
const MACHINE = 'm';
/** A batch is full at so many blocks: more make the guest wait. */
const DIRTY_BLOCKS = 4;
/** Tasks in which anything that settles at all has settled. */
const MOST_TASKS = 3000;

type Keep = 'nothing' | 'moment';
type Room = 'enough' | 'little' | 'none';

/** What a visitor, a kiosk or another tab does, and what the guest and the browser's storage do meanwhile. */
export type FullCommand =
  /** From now on the browser has room for everything, for notes but not for data, or for nothing at all. */
  | { readonly kind: 'room'; readonly left: Room }
  /** The same, but only when so many more steps were stored: in the middle of whatever is done then. */
  | { readonly kind: 'room-ends'; readonly after: number; readonly left: Exclude<Room, 'enough'> }
  /** The guest writes, and may wait until that is durable: nobody waits for it here. */
  | { readonly kind: 'write'; readonly block: number; readonly blocks: number; readonly flush: boolean }
  | { readonly kind: 'touch'; readonly page: number }
  | { readonly kind: 'tick' | 'pause' | 'go-on' | 'export' | 'kiosk-reset' | 'take-over' }
  | { readonly kind: 'take'; readonly as: 'kept' | 'checkpoint' }
  | { readonly kind: 'go-back'; readonly which: number; readonly keep: Keep }
  | { readonly kind: 'delete' | 'pin'; readonly which: number }
  | { readonly kind: 'power-off'; readonly unsaved: 'keep' | 'drop' };

const which = integer({ min: 0, max: 4 });

export const anyFullCommand: Arbitrary<FullCommand> = oneof(
  {
    weight: 5,
    arbitrary: record({
      kind: constant('room' as const),
      left: constantFrom('enough' as const, 'little' as const, 'none' as const),
    }),
  },
  {
    weight: 9,
    arbitrary: record({
      kind: constant('write' as const),
      block: integer({ min: 0, max: BLOCKS - 1 }),
      blocks: integer({ min: 1, max: 9 }),
      flush: constantFrom(true, false),
    }),
  },
  {
    weight: 3,
    arbitrary: record({
      kind: constant('room-ends' as const),
      after: integer({ min: 0, max: 9 }),
      left: constantFrom('little' as const, 'none' as const),
    }),
  },
  { weight: 2, arbitrary: record({ kind: constant('touch' as const), page: integer({ min: 0, max: 9 }) }) },
  {
    weight: 8,
    arbitrary: record({
      kind: constantFrom('tick', 'pause', 'go-on', 'export', 'kiosk-reset', 'take-over'),
    }),
  },
  {
    weight: 3,
    arbitrary: record({ kind: constant('take' as const), as: constantFrom('kept', 'checkpoint') }),
  },
  {
    weight: 4,
    arbitrary: record({
      kind: constant('go-back' as const),
      which,
      keep: constantFrom('nothing' as const, 'moment' as const),
    }),
  },
  { weight: 2, arbitrary: record({ kind: constantFrom('delete', 'pin'), which }) },
  {
    weight: 2,
    arbitrary: record({
      kind: constant('power-off' as const),
      unsaved: constantFrom('keep' as const, 'drop' as const),
    }),
  },
);

/** Records of a browser that may have little room: for the lists, and not for what is in them. */
class RoomyRecords extends MemoryRecords {
  left: Room = 'enough';
  /** What will be left after so many more steps. */
  ending: { after: number; left: Room } | null = null;
}

class RoomyStore extends MemoryRecordStore {
  readonly #room: RoomyRecords;

  constructor(records: RoomyRecords) {
    super(records);
    this.#room = records;
  }

  override async commit(step: Step): Promise<'done' | 'conflict'> {
    const { ending } = this.#room;
    if (ending && ending.after-- === 0) {
      this.#room.left = ending.left;
      this.#room.ending = null;
    }
    const { left } = this.#room;
    // Nothing can be stored until something is removed, in a step of its own.
    if (left === 'none' && step.put.length === 0) {
      const before = this.#room.values.size;
      const outcome = await super.commit(step);
      if (this.#room.values.size < before) this.#room.left = 'little';
      return outcome;
    }
    const isData = step.kind === 'batch' || step.kind === 'pages' || step.kind === 'compact';
    this.#room.full = left === 'none' || (left === 'little' && isData);
    return super.commit(step);
  }
}

interface State {
  readonly pages: string;
  readonly blocks: string;
}

type End = 'done' | 'refused' | 'broken';

/**
 * One machine whose browser may run out of room at any time, with I/O of its guest under way. Whatever is done, in
 * whatever order, settles; the machine ends on, or off, or refused and as it was; and its disk is as after some batch,
 * never older than what the guest was told is durable.
 */
export class FullScenario {
  readonly records = new RoomyRecords();
  readonly #moments = new Map<string, State>();
  /** What the disk may be after the power went now, oldest first; the last one is what it is. */
  #possible: string[] = [String(Array(BLOCKS).fill(0))];
  /** What it was when it was frozen last. */
  #frozen = this.#possible[0];
  #stamp = 0;
  #engine!: ToyEngine;
  #guest!: GuestRun;
  #disk!: VirtualDisk;
  #keeper!: MomentKeeper;
  #clock!: ManualClock;
  #exports: (() => Promise<void>)[] = [];
  /** What was refused or given up for want of room, by command. */
  readonly met = new Set<string>();

  async begin(): Promise<void> {
    const entry = { id: MACHINE, name: '', sizeBytes: BLOCKS * PAGE_BYTES, base: null, profile: {} };
    await updateShelf(new RoomyStore(this.records), (shelf) => addMachine(shelf, entry, 0));
    await this.#open();
  }

  async do(command: FullCommand): Promise<void> {
    switch (command.kind) {
      case 'room':
        this.records.left = command.left;
        this.records.ending = null;
        return;
      case 'room-ends':
        this.records.ending = { after: command.after, left: command.left };
        return;
      case 'write':
        return this.#write(command);
      case 'touch':
        this.#engine.setPage(FIRST + command.page, ++this.#stamp);
        return;
      case 'tick':
        this.#clock.advance(1000);
        for (let i = 0; i < 20; i++) await nextTask();
        return;
      case 'pause':
        await this.#deed(command.kind, () => this.#guest.stop());
        return;
      case 'go-on':
        if ((await this.#deed(command.kind, () => this.#disk.retry())) === 'done') {
          await this.#guest.run();
          // What the guest waited for came, all of it.
          await this.#settles('the drives after a full storage', this.#engine.settled());
        }
        return;
      case 'export':
        await this.#deed(command.kind, async () => {
          if (this.#disk.state.phase === 'full') throw new VitrineError('store/full');
          const generation = await this.#disk.freezeTop();
          this.#exports.push(() => this.#disk.deleteGeneration(generation));
          this.#frozen = this.#possible.at(-1)!;
        });
        return;
      case 'take':
        await this.#deed(command.kind, () => this.#keeper.take({ kind: command.as, label: '' }));
        return;
      case 'delete':
      case 'pin': {
        const id = this.#pick(command.which);
        if (id === null) return;
        const change = () => (command.kind === 'pin' ? this.#keeper.pinFirst(id) : this.#keeper.remove(id));
        await this.#deed(command.kind, change);
        return;
      }
      case 'go-back':
        return this.#goBack(command.kind, this.#pick(command.which), command.keep);
      case 'kiosk-reset': {
        const first = this.#keeper.index.moments.find(({ isFirst }) => isFirst);
        if (first) return this.#goBack(command.kind, first.id, 'nothing');
        return this.#powerOff(command.kind, 'drop');
      }
      case 'power-off':
        return this.#powerOff(command.kind, command.unsaved);
      case 'take-over':
        return this.#takeOver();
    }
  }

  /** With room again nothing is missing: the disk, and every moment. */
  async checkAll(): Promise<void> {
    await this.do({ kind: 'room', left: 'enough' });
    await this.do({ kind: 'go-on' });
    await this.#powerOff('the end', 'keep');
    for (const [id, state] of this.#moments) {
      await this.#settles(`moment ${id}`, this.#keeper.restore({ id, keep: 'nothing' }));
      this.#same(await this.#state(), state, `moment ${id}`);
    }
  }

  #write({ block, blocks, flush }: { block: number; blocks: number; flush: boolean }): void {
    // A guest that stands asks for nothing.
    if (!this.#engine.running) return;
    const stamp = ++this.#stamp;
    const before = (this.#possible.at(-1) ?? '').split(',');
    for (let at = block; at < Math.min(block + blocks, BLOCKS); at++) {
      before[at] = String(stamp);
      const bytes = new Uint8Array(new Uint32Array(PAGE_BYTES / 4).fill(stamp).buffer);
      this.#possible.push(String(before));
      this.#engine.drive(this.#disk.write(at * PAGE_BYTES, bytes), () => {});
    }
    if (!flush) return;
    const written = this.#possible.at(-1)!;
    this.#engine.drive(this.#disk.flush(), () => this.#isDurable(written));
  }

  /** The guest was told so: nothing older may come back. */
  #isDurable(blocks: string): void {
    const at = this.#possible.lastIndexOf(blocks);
    if (at > 0) this.#possible = this.#possible.slice(at);
  }

  async #goBack(what: string, id: string | null, keep: Keep): Promise<void> {
    if (id === null) return;
    const target = this.#moments.get(id)!;
    const before = this.#possible;
    // A machine that dies of it may have come so far.
    this.#possible = [target.blocks, ...(keep === 'nothing' ? [this.#frozen] : []), ...before];
    const end = await this.#deed(what, () => this.#keeper.restore({ id, keep }), target);
    if (end === 'broken') return this.#reopen(what);
    this.#possible = before;
    if (end === 'refused') return;
    this.#possible = [target.blocks];
    this.#frozen = target.blocks;
    await this.#guest.run();
  }

  async #powerOff(what: string, unsaved: 'keep' | 'drop'): Promise<void> {
    const end = await this.#deed(what, () => shutDown(this.#ending, unsaved));
    if (end === 'refused') {
      if (unsaved === 'drop') throw new Error(`${what}: power-off was refused`);
      return;
    }
    // Whoever turned it off without wanting to lose anything lost nothing.
    if (unsaved === 'keep') this.#possible = this.#possible.slice(-1);
    await this.#reopen(what);
  }

  async #takeOver(): Promise<void> {
    let allSaved = false;
    await this.#deed('take-over', async () => (allSaved = await yieldMachine(this.#ending)));
    if (this.#disk.state.phase !== 'closed') throw new Error('the machine was not let go of');
    if (allSaved) this.#possible = this.#possible.slice(-1);
    await this.#reopen('take-over');
  }

  get #ending(): EndingMachine {
    return {
      guest: this.#guest,
      disk: this.#disk,
      exporter: { end: async () => void (await Promise.all(this.#exports.splice(0).map((end) => end()))) },
      moments: this.#keeper,
      checkpoints: {
        leave: async () => {
          await this.#keeper.take({ kind: 'checkpoint', label: '' });
          await this.#keeper.leave('left');
        },
      },
      tell: () => {},
    };
  }

  /** Does something that may be refused for want of room, and then leaves the machine as it was. */
  async #deed(what: string, work: () => Promise<unknown>, target?: State): Promise<End> {
    const before = await this.#state();
    let end: End = 'done';
    try {
      await this.#settles(what, work());
    } catch (thrown) {
      const error = thrown instanceof BrokenMachine ? thrown.cause : thrown;
      if (!(error instanceof VitrineError && error.code === 'store/full')) throw thrown;
      end = thrown instanceof BrokenMachine ? 'broken' : 'refused';
      this.met.add(`${what} ${end}`);
    }
    const { phase } = this.#disk.state;
    if (phase === 'full' && this.#engine.running) throw new Error(`${what}: it runs with a full storage`);
    if (phase === 'failed') throw new Error(`${what}: the disk failed`);
    if (phase !== 'closed' && end !== 'broken')
      this.#same(await this.#state(), end === 'done' && target ? target : before, what);
    const moments = this.#moments.size;
    this.#learn(before);
    if (this.#moments.size > moments) this.#frozen = before.blocks;
    if (phase === 'saved') this.#possible = this.#possible.slice(-1);
    return end;
  }

  /** What settles does so within some thousand tasks, for nothing here waits for a clock. */
  async #settles<T>(what: string, work: Promise<T>): Promise<T> {
    const settled = work.then((value) => ({ value }));
    settled.catch(() => undefined);
    for (let task = 0; task < MOST_TASKS; task++) {
      const done = await Promise.race([settled, nextTask()]);
      if (done) return done.value;
    }
    throw new Error(`${what} never settles; the disk is ${this.#disk.state.phase}`);
  }

  #learn(state: State): void {
    const listed = this.#keeper.index.moments.map(({ id }) => id);
    for (const id of listed) if (!this.#moments.has(id)) this.#moments.set(id, state);
    for (const id of this.#moments.keys()) if (!listed.includes(id)) this.#moments.delete(id);
  }

  #pick(place: number): string | null {
    const ids = [...this.#moments.keys()];
    return ids.length === 0 ? null : ids[place % ids.length];
  }

  async #state(): Promise<State> {
    const pages = this.#engine.pages().slice(FIRST);
    const bytes = await this.#disk.read(0, BLOCKS * PAGE_BYTES);
    const words = new DataView(bytes.buffer, bytes.byteOffset);
    const blocks = Array.from({ length: BLOCKS }, (_, block) => words.getUint32(block * PAGE_BYTES, true));
    return { pages: String(pages), blocks: String(blocks) };
  }

  #same(actual: State, expected: State, what: string): void {
    if (actual.blocks !== expected.blocks)
      throw new Error(`${what}: the disk is ${actual.blocks}, not ${expected.blocks}`);
    if (actual.pages !== expected.pages) throw new Error(`${what}: the memory differs`);
  }

  /** The machine is gone; it is turned on again when there is room for that. */
  async #reopen(what: string): Promise<void> {
    const { left, ending } = this.records;
    await this.do({ kind: 'room', left: 'enough' });
    this.#exports = [];
    await this.#open();
    const { blocks } = await this.#state();
    if (!this.#possible.includes(blocks))
      throw new Error(`${what}: the disk is ${blocks}, which is none of ${this.#possible.join(' | ')}`);
    this.#possible = [blocks];
    const listed = this.#keeper.index.moments.map(({ id }) => id);
    if (String(listed) !== String([...this.#moments.keys()]))
      throw new Error(`${what}: the moments are ${String(listed)}`);
    this.records.left = left;
    this.records.ending = ending;
  }

  async #open(): Promise<void> {
    this.#clock = new ManualClock();
    this.#engine = new ToyEngine();
    const guest = new GuestRun(this.#engine);
    this.#guest = guest;
    this.#disk = await VirtualDisk.open(new RoomyStore(this.records), {
      machineId: MACHINE,
      clock: this.#clock,
      segmentBlocks: 4,
      dirtyBytes: DIRTY_BLOCKS * PAGE_BYTES,
      onState: ({ phase }) => void (phase === 'full' && guest.block(new VitrineError('store/full'))),
    });
    this.#keeper = await MomentKeeper.open({
      engine: this.#engine,
      guest,
      disk: this.#disk,
      tray: new Tray(null),
      profile: profileOf(MACHINE),
      records: new RoomyStore(this.records),
      pause: nextTask,
    });
    await this.#keeper.leave('running');
    await guest.run();
  }
}
