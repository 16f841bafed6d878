import type { Cpu, PitDevice } from '../internals.ts';
import type { MachineTime } from '../time/machine-time.ts';

/** What upstream's state does not hold. */
export interface PitState {
  /** Port 61h: the gate of counter 2 and the speaker's. */
  port61: number;
}

/** `src/pit.js`, OSCILLATOR_FREQ: ticks in a millisecond. */
export const PIT_TICKS_PER_MS = 1193.1816666;
const COUNTERS = [0, 1, 2] as const;
const INTERRUPTING_COUNTER = 0;
const SPEAKER_COUNTER = 2;
/** A count of zero, the largest there is. */
const LARGEST_COUNT = 0x1_0000;
/** Read/write modes, 8254 data sheet, "Control Word Format". */
const RW = { low: 1, high: 2, both: 3 } as const;
/** Counter modes, ibid. */
const MODE = {
  terminalCount: 0,
  oneShot: 1,
  rate: 2,
  square: 3,
  softwareStrobe: 4,
  hardwareStrobe: 5,
} as const;
const PERIODIC: ReadonlySet<number> = new Set([MODE.rate, MODE.square]);
/** They begin when the gate opens, and not when a count is written. */
const TRIGGERED: ReadonlySet<number> = new Set([MODE.oneShot, MODE.hardwareStrobe]);
const CONTROL = { readBack: 3, noCount: 0x20, noStatus: 0x10 } as const;
const PORT61 = { gate: 0x01, kept: 0x03, refresh: 0x10, output: 0x20 } as const;
/** Places in upstream's state. */
const STATE = { reload: 6, startValue: 8 } as const;
/** Upstream's number of bytes that a latched count still has: the low one comes next, or the high one. */
const LATCH = { none: 0, high: 1, low: 2 } as const;

/**
 * The 8254 timer as its data sheet has it, and port 61h. Upstream (`src/pit.js`) has no read-back command, counts 65535 for a count of zero,
 * latches one less than the count, gives two bytes where one was asked for, ticks on in the modes that count once, and forgets the bits
 * of port 61h.
 */
export class PitRepair {
  readonly #pit: PitDevice;
  readonly #time: Pick<MachineTime, 'now' | 'timerSet'>;
  #port61 = 0;
  #refresh = false;
  /** Latched status bytes, and counters that have a mode and no count yet. */
  readonly #status: (number | null)[] = [null, null, null];
  readonly #waiting = [false, false, false];

  constructor({ io, devices: { pit } }: Cpu, time: Pick<MachineTime, 'now' | 'timerSet'>) {
    this.#pit = pit;
    this.#time = time;
    // Wide enough for the largest count; a state has it as the chip does, as zero.
    this.#widen();
    const getState = pit.get_state.bind(pit);
    const setState = pit.set_state.bind(pit);
    pit.get_state = () => {
      const state = getState();
      state[STATE.reload] = Uint16Array.from(pit.counter_reload);
      state[STATE.startValue] = Uint16Array.from(pit.counter_start_value);
      return state;
    };
    pit.set_state = (state) => {
      setState(state);
      this.#widen();
      this.reset();
    };
    pit.get_counter_value = (counter, time) => this.#count(counter, time);
    pit.counter_read = (counter) => this.#read(counter);
    pit.counter_write = (counter, value) => this.#write(counter, value);
    io.register_write(0x43, pit, (value) => this.#control(value));
    const { write8: speaker } = io.ports[0x61];
    io.register_read(0x61, pit, () => this.#readPort61());
    io.register_write(0x61, pit, (value) => {
      speaker.call(pit, value);
      if (value & ~this.#port61 & PORT61.gate) this.#openGate();
      this.#port61 = value & PORT61.kept;
    });
  }

  /** As after a hardware reset, once upstream's state is in place. */
  reset(): void {
    this.#port61 = 0;
    this.#status.fill(null);
    this.#waiting.fill(false);
  }

  getState(): PitState {
    return { port61: this.#port61 };
  }

  /** After upstream's state; `undefined`: of a moment that was saved before this was kept. */
  setState(state: PitState | undefined): void {
    this.#port61 = (state?.port61 ?? 0) & PORT61.kept;
  }

  #widen(): void {
    const pit = this.#pit;
    const isLargest = Array.from(
      pit.counter_reload,
      (count, i) => count === 0 && pit.counter_enabled[i] !== 0,
    );
    const widen = (counts: ArrayLike<number>) =>
      Uint32Array.from(counts, (count, i) => (count === 0 && isLargest[i] ? LARGEST_COUNT : count));
    pit.counter_start_value = widen(pit.counter_start_value);
    pit.counter_reload = widen(pit.counter_reload);
  }

  #control(value: number): void {
    const counter = value >> 6;
    if (counter === CONTROL.readBack) {
      for (const i of COUNTERS) {
        if ((value & (2 << i)) === 0) continue;
        if ((value & CONTROL.noCount) === 0) this.#latch(i);
        if ((value & CONTROL.noStatus) === 0) this.#status[i] ??= this.#statusOf(i);
      }
    } else if ((value & 0x30) === 0) {
      this.#latch(counter);
    } else {
      this.#pit.port43_write(value);
      this.#pit.counter_latch[counter] = LATCH.none;
      this.#status[counter] = null;
      this.#waiting[counter] = true;
    }
  }

  /** A count that is latched already stays until it is read. */
  #latch(counter: number): void {
    const pit = this.#pit;
    if (pit.counter_latch[counter] !== LATCH.none) return;
    pit.counter_latch_value[counter] = this.#count(counter, this.#time.now());
    pit.counter_latch[counter] = pit.counter_read_mode[counter] === RW.high ? LATCH.high : LATCH.low;
  }

  #read(counter: number): number {
    const pit = this.#pit;
    const status = this.#status[counter];
    if (status !== null) {
      this.#status[counter] = null;
      return status;
    }
    const both = pit.counter_read_mode[counter] === RW.both;
    const latched = pit.counter_latch[counter];
    if (latched !== LATCH.none) {
      pit.counter_latch[counter] = both && latched === LATCH.low ? LATCH.high : LATCH.none;
      const value = pit.counter_latch_value[counter];
      return latched === LATCH.low ? value & 0xff : value >> 8;
    }
    const low = this.#lowIsNext(counter);
    if (both) pit.counter_next_low[counter] ^= 1;
    const value = this.#count(counter, this.#time.now());
    return (low ? value : value >> 8) & 0xff;
  }

  #write(counter: number, value: number): void {
    const pit = this.#pit;
    const mode = pit.counter_read_mode[counter];
    const low = this.#lowIsNext(counter);
    // A byte that is not written is zero.
    const other = mode === RW.both ? pit.counter_reload[counter] & (low ? 0xff00 : 0x00ff) : 0;
    const count = other | (low ? value : value << 8);
    if (mode === RW.both) pit.counter_next_low[counter] ^= 1;
    if (mode === RW.both && low) {
      pit.counter_reload[counter] = count;
      return;
    }
    pit.counter_reload[counter] = count || LARGEST_COUNT;
    this.#waiting[counter] = false;
    this.#start(counter, !TRIGGERED.has(pit.counter_mode[counter]));
  }

  #start(counter: number, runs: boolean): void {
    const pit = this.#pit;
    pit.counter_start_value[counter] = pit.counter_reload[counter];
    pit.counter_start_time[counter] = this.#time.now();
    pit.counter_enabled[counter] = runs ? 1 : 0;
    if (counter === INTERRUPTING_COUNTER) this.#time.timerSet();
  }

  #lowIsNext(counter: number): boolean {
    const { counter_read_mode: modes, counter_next_low: next } = this.#pit;
    if (modes[counter] === RW.both) return next[counter] !== 0;
    return modes[counter] === RW.low;
  }

  #left(counter: number, time: number): number {
    const { counter_start_time: times, counter_start_value: values } = this.#pit;
    return values[counter] - Math.floor(PIT_TICKS_PER_MS * (time - times[counter]));
  }

  /** From 1 to the whole count while it repeats; one that does not goes on below zero. */
  #count(counter: number, time: number): number {
    const pit = this.#pit;
    if (!pit.counter_enabled[counter]) return 0;
    const left = this.#left(counter, time);
    if (!PERIODIC.has(pit.counter_mode[counter])) return left & 0xffff;
    const reload = pit.counter_reload[counter] || LARGEST_COUNT;
    return left > 0 ? left : reload - (-left % reload);
  }

  #output(counter: number): boolean {
    const pit = this.#pit;
    const mode = pit.counter_mode[counter];
    if (this.#waiting[counter]) return mode !== MODE.terminalCount;
    if (!pit.counter_enabled[counter]) return true;
    const time = this.#time.now();
    const count = this.#count(counter, time);
    switch (mode) {
      case MODE.rate:
        return count !== 1;
      case MODE.square:
        return count > pit.counter_reload[counter] / 2;
      case MODE.terminalCount:
      case MODE.oneShot:
        return this.#left(counter, time) <= 0;
      default:
        return this.#left(counter, time) !== 0;
    }
  }

  #statusOf(counter: number): number {
    const { counter_mode: mode, counter_read_mode: readMode } = this.#pit;
    return (
      (this.#output(counter) ? 0x80 : 0) |
      (this.#waiting[counter] ? 0x40 : 0) |
      (readMode[counter] << 4) |
      (mode[counter] << 1)
    );
  }

  #openGate(): void {
    const mode = this.#pit.counter_mode[SPEAKER_COUNTER];
    if (this.#waiting[SPEAKER_COUNTER] || this.#pit.counter_reload[SPEAKER_COUNTER] === 0) return;
    if (TRIGGERED.has(mode) || PERIODIC.has(mode)) this.#start(SPEAKER_COUNTER, true);
  }

  /** The refresh bit turns with each read, as in QEMU: the browser's clock is too coarse for its 15 µs. */
  #readPort61(): number {
    this.#refresh = !this.#refresh;
    return (
      this.#port61 |
      (this.#refresh ? PORT61.refresh : 0) |
      (this.#output(SPEAKER_COUNTER) ? PORT61.output : 0)
    );
  }
}
