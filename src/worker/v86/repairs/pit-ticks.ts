import type { Cpu, PitDevice } from '../internals.ts';
import { PIT_TICKS_PER_MS } from './pit.ts';

/** A silence longer than this is no lateness: the tab slept, or the computer did. */
const LONGEST_LATENESS_MS = 1000;
const RATE_GENERATOR = 2;
const SQUARE_WAVE = 3;
const TIMER_IRQ = 0;
/** How long upstream's loop waits where nothing is due. */
const IDLE_MS = 100;
/** Ticks given back between two that are due, at most: the guest must get on with its work as well. */
const GIVEN_BACK_PER_TICK = 8;

/**
 * The interrupts of the timer's counter 0, and late ones given back. Upstream (`src/pit.js`, timer) loses whole periods, up to 4 % of a
 * thousand a second, and of each period what is left of a tick. `answered` says that the guest is done with the last one, or
 * null where it hears none.
 */
export class PitTicks {
  readonly #cpu: Cpu;
  readonly #pit: PitDevice;
  readonly #answered: () => boolean | null;
  #backlog = 0;
  #givenBack = 0;
  #mode = -1;
  #reload = -1;

  constructor(cpu: Cpu, answered: () => boolean | null) {
    this.#cpu = cpu;
    this.#pit = cpu.devices.pit;
    this.#answered = answered;
    this.#pit.timer = (now, noIrq) => (noIrq ? IDLE_MS : this.#timer(now));
  }

  /** Ticks that the guest still has to get. */
  get backlog(): number {
    return this.#backlog;
  }

  #timer(now: number): number {
    const answered = this.#answered();
    this.#watchProgramme(answered);
    this.#cpu.device_lower_irq(TIMER_IRQ);
    const due = this.#end(now);
    if (due > 0) {
      this.#givenBack = 0;
      if (answered !== false) this.#cpu.device_raise_irq(TIMER_IRQ);
      if (answered !== null) this.#backlog += answered ? due - 1 : due;
    } else if (answered && this.#owesOne) {
      this.#backlog--;
      this.#givenBack++;
      this.#cpu.device_raise_irq(TIMER_IRQ);
    }
    return this.#owesOne ? 0 : this.#msToEnd(now);
  }

  get #owesOne(): boolean {
    return this.#backlog > 0 && this.#givenBack < GIVEN_BACK_PER_TICK;
  }

  /** Periods that are over; the one that runs now began when the last of them ended, however late that is noticed. */
  #end(now: number): number {
    const pit = this.#pit;
    if (!pit.counter_enabled[0]) return 0;
    const gone = now - pit.counter_start_time[0];
    const over = Math.floor(gone * PIT_TICKS_PER_MS) - pit.counter_start_value[0];
    if (over < 0) return 0;
    const mode = pit.counter_mode[0];
    if (mode !== RATE_GENERATOR && mode !== SQUARE_WAVE) {
      pit.counter_enabled[0] = 0;
      return 1;
    }
    const reload = pit.counter_reload[0];
    const more = Math.floor(over / reload);
    pit.counter_start_time[0] += (pit.counter_start_value[0] + more * reload) / PIT_TICKS_PER_MS;
    pit.counter_start_value[0] = reload;
    return gone > LONGEST_LATENESS_MS ? 1 : more + 1;
  }

  #msToEnd(now: number): number {
    const { counter_enabled: enabled, counter_start_time: times, counter_start_value: values } = this.#pit;
    if (!enabled[0]) return IDLE_MS;
    return Math.max(0, times[0] + values[0] / PIT_TICKS_PER_MS - now);
  }

  /** What was owed of another rate, or to a guest that no longer listens, is owed no more. */
  #watchProgramme(answered: boolean | null): void {
    const { counter_mode: mode, counter_reload: reload } = this.#pit;
    if (mode[0] === this.#mode && reload[0] === this.#reload && answered !== null) return;
    this.#mode = mode[0];
    this.#reload = reload[0];
    this.#backlog = 0;
  }
}
