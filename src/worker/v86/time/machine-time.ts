import type { Cpu } from '../internals.ts';
import { SmoothClock } from './smooth-clock.ts';
import { WallClock } from './wall-clock.ts';

/** The import by which the engine reads the time (`src/browser/starter.js`, `src/rust/cpu/cpu.rs`): a double, milliseconds. */
const ENGINE_CLOCK = 'microtick';

/** Timers count ticks: one that is asked at the very moment may find the tick not over. */
const MARGIN_MS = 1e-3;
const LATE_MS = 1;
/** While a timer has late ticks to give, no more time than this passes before it is asked again. */
const LATE_TICK_MS = 1;

/**
 * The one time of a machine: its time stamp counter, which the engine makes of it, and all the timers and clocks of
 * `../repairs` and `../interrupts` read it. Made before the engine, which imports it.
 */
export class MachineTime {
  readonly #clock: SmoothClock;
  readonly #wall: WallClock;
  #instructions: () => number = () => 0;
  #onHeld: () => void = () => {};

  constructor(source = () => performance.now(), utc = () => Date.now()) {
    this.#clock = new SmoothClock({
      source,
      instructions: () => this.#instructions(),
      held: () => this.#onHeld(),
    });
    this.#wall = new WallClock({ source, utc, now: () => this.#clock.now() });
  }

  /** Milliseconds that never jump while the guest runs. */
  readonly now = (): number => this.#clock.now();

  /** Milliseconds since 1970 in UTC, as long as those of `now`. */
  readonly utc = (): number => this.#wall.now();

  /** What the engine imports, with this time for its own. Throws an Error where it takes its time from elsewhere. */
  replaceIn(imports: WebAssembly.Imports): WebAssembly.Imports {
    const { env } = imports;
    if (typeof env?.[ENGINE_CLOCK] !== 'function') {
      throw new Error(`v86 imports no ${ENGINE_CLOCK}; compare src/browser/starter.js.`);
    }
    return { ...imports, env: { ...env, [ENGINE_CLOCK]: this.now } };
  }

  /**
   * Lets the time follow the work of a processor, and stop where a timer is due. `endBlock` brings the processor to where its timers are
   * looked at.
   */
  follow(cpu: Cpu, endBlock: () => void): void {
    this.#instructions = () => cpu.instruction_counter[0];
    this.#onHeld = endBlock;
  }

  /** The processor runs until `leave`; whether it is halted at the beginning. */
  enter(halted: boolean): void {
    this.#clock.enter(halted);
  }

  leave(): void {
    this.#clock.leave();
  }

  /** A timer was set: the time stands until `askTimers`, which is soon. */
  readonly timerSet = (): void => {
    this.#clock.waitFor(this.#clock.last);
    this.#onHeld();
  };

  /** Whether the guest's time waits for a timer, and the guest is behind by more than a little. */
  get isLate(): boolean {
    return this.#clock.isHeld && this.#clock.behindMs > LATE_MS;
  }

  /** Time of the last reading: no later than the one of an instruction that just read the time stamp counter. */
  get last(): number {
    return this.#clock.last;
  }

  /**
   * Asks timers, at one time, for what is due, and for the milliseconds until the next. Gives the milliseconds of the visitor's
   * time until then.
   */
  askTimers(timers: () => number): number {
    const wait = this.#clock.during(timers);
    this.#clock.waitFor(this.#clock.last + (wait > 0 ? wait : LATE_TICK_MS) + MARGIN_MS);
    return Math.max(0, wait - this.#clock.behindMs);
  }
}
