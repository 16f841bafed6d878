import type { Internals } from '../internals.ts';
import type { MachineTime } from '../time/machine-time.ts';
import { takeOverCompiling } from './compiler.ts';
import { isPanic, TripleFault, type Faults } from './faults.ts';

export interface SchedulerEvents {
  /**
   * The guest can answer no fault any more. A PC resets here; so must the handler, for the loop goes on.
   */
  tripleFault(): void;
  /** The engine failed; the loop has ended for good. `error` is what it threw. */
  trap(error: unknown): void;
}

/** Calls back as soon as the thread has done what waits already. */
export type Defer = (callback: () => void) => void;

/** By a MessageChannel, which no browser holds back as it does timers. `close` ends it. */
export function channelDefer(): { defer: Defer; close: () => void } {
  const { port1, port2 } = new MessageChannel();
  let next: (() => void) | undefined;
  port1.onmessage = () => next?.();
  return {
    defer: (callback) => {
      next = callback;
      port2.postMessage(null);
    },
    close: () => port1.close(),
  };
}

/**
 * So long slices of a millisecond follow each other before the thread does what waits for it: a key, a finished read,
 * the next picture. In a profile of a busy guest, giving the thread away after each slice took 3 to 4 % of the time.
 */
const TURN_MS = 4;

/**
 * So often the engine may reach outside of its memory at one place before this counts as a fault of its own. A panic counts never: whatever the
 * guest did, it gets its fault for it, as often as it does it.
 */
const REACHES_AT_ONE_PLACE = 100;

/**
 * The loop that lets the guest run: turn after turn as `defer` calls back, and by a timer while the guest idles.
 * After each slice the hot code that it found is compiled. Upstream (`src/main.js`) sends each slice through a worker
 * made from a blob, which costs a sixth to a third of the speed, and loses an exception out of the processor:
 * the loop stops and nothing says so.
 *
 * A guest that hangs is not noticed: a processor in an endless loop looks like one at work.
 */
export class Scheduler {
  readonly #internals: Internals;
  readonly #defer: Defer;
  readonly #events: SchedulerEvents;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #inside = false;
  /** While a slice runs: what it asked to be called back with at once. */
  #inSlice = false;
  #next: (() => void) | null = null;
  #dead = false;
  readonly #faults: Faults;
  readonly #time: MachineTime;
  #reaches = { place: 0, count: 0 };

  constructor(
    internals: Internals,
    { faults, time, defer }: { faults: Faults; time: MachineTime; defer: Defer },
    events: SchedulerEvents,
  ) {
    this.#internals = internals;
    this.#faults = faults;
    this.#time = time;
    this.#defer = defer;
    this.#events = events;
    const { core, cpu } = internals;
    core.unregister_yield();
    core.yield = (delayMs, tick) => this.#yield(delayMs, tick);
    const tick = core.do_tick.bind(core);
    const compile = takeOverCompiling(cpu);
    core.do_tick = () => this.#enter(() => this.#runTurn(tick, compile));
    // Devices enter the processor from outside the loop as well.
    const raise = cpu.device_raise_irq.bind(cpu);
    const lower = cpu.device_lower_irq.bind(cpu);
    cpu.device_raise_irq = (irq) => this.#enter(() => raise(irq));
    cpu.device_lower_irq = (irq) => this.#enter(() => lower(irq));
  }

  /** Ends the loop for good, from inside it or outside: the engine is not entered again. */
  kill(): void {
    if (this.#dead) return;
    this.#dead = true;
    clearTimeout(this.#timer);
    const { core } = this.#internals;
    core.tick_counter++;
    if (!core.running) return;
    core.running = false;
    core.stopping = false;
    core.bus.send('emulator-stopped');
  }

  /** Slices until the guest idles, the machine stops or the turn is over. */
  #runTurn(slice: () => void, compile: () => void): void {
    const { in_hlt: halted } = this.#internals.cpu;
    const end = performance.now() + TURN_MS;
    do {
      this.#next = null;
      this.#inSlice = true;
      this.#time.enter(halted[0] !== 0);
      try {
        slice();
      } finally {
        this.#inSlice = false;
        this.#time.leave();
      }
      // A slice may end with the engine's death, without an exception.
      if (this.#dead) return;
      compile();
    } while (this.#next && performance.now() < end);
    if (this.#next) this.#defer(this.#next);
  }

  #yield(delayMs: number, tick: number): void {
    clearTimeout(this.#timer);
    this.#next = null;
    if (this.#dead) return;
    // Only the latest tick counts; upstream drops the others by their number.
    const run = () => this.#internals.core.yield_callback(tick);
    if (delayMs < 1 && this.#inSlice) this.#next = run;
    else if (delayMs < 1) this.#defer(run);
    // Not straight from the timer: one that is set out of a timer again and again is held back to 4 ms.
    else this.#timer = setTimeout(() => this.#defer(run), delayMs);
  }

  /**
   * Runs something that enters the processor. What it throws is caught where the entry began, never between
   * two of the engine's own frames: those must all be left.
   */
  #enter(action: () => void): void {
    if (this.#dead) return;
    if (this.#inside) {
      action();
      return;
    }
    this.#inside = true;
    const { stackPointer } = this.#faults;
    try {
      action();
    } catch (error) {
      // None of the engine's own frames is left.
      this.#faults.stackPointer = stackPointer;
      this.#fail(error);
    } finally {
      this.#inside = false;
    }
  }

  #fail(error: unknown): void {
    // Already dead: `kill` was called inside, and this is the exception that left the engine's frames.
    if (this.#dead) return;
    const { core } = this.#internals;
    if (this.#isAnswered(error)) {
      if (core.running) core.next_tick(0);
      return;
    }
    this.kill();
    this.#events.trap(error);
  }

  /** Whether the machine goes on after what the engine threw. */
  #isAnswered(error: unknown): boolean {
    if (error instanceof TripleFault) {
      this.#events.tripleFault();
      return true;
    }
    const { cpu } = this.#internals;
    if (!isPanic(error)) {
      const place = cpu.instruction_pointer[0];
      this.#reaches = { place, count: this.#reaches.place === place ? this.#reaches.count + 1 : 1 };
      if (this.#reaches.count > REACHES_AT_ONE_PLACE) return false;
    }
    try {
      return this.#faults.answer(error);
    } catch (second) {
      if (!(second instanceof TripleFault)) return false;
      this.#events.tripleFault();
      return true;
    }
  }
}
