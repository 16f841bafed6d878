import type { Cpu, PitDevice } from '../internals.ts';

/** `src/pit.js`, OSCILLATOR_FREQ: ticks in a millisecond. */
const PIT_TICKS_PER_MS = 1193.1816666;
/** A silence longer than this is no lateness: the tab slept, or the computer did. */
const LONGEST_LATENESS_MS = 1000;
const RATE_GENERATOR = 2;
const SQUARE_WAVE = 3;
const TIMER_IRQ = 0;
/** Ticks given back between two that are due, at most: the guest must get on with its work as well. */
const GIVEN_BACK_PER_TICK = 8;

/**
 * Gives late ticks of the timer back. Upstream (`src/pit.js`, timer) keeps the phase and loses whole periods: up to 4 % of a thousand a second.
 * `answered` says that the guest is done with the last tick, or null where it hears none.
 */
export class PitTicks {
  readonly #cpu: Cpu;
  readonly #pit: PitDevice;
  readonly #upstream: PitDevice['timer'];
  readonly #answered: () => boolean | null;
  #backlog = 0;
  #givenBack = 0;
  #mode = -1;
  #reload = -1;

  constructor(cpu: Cpu, answered: () => boolean | null) {
    this.#cpu = cpu;
    this.#pit = cpu.devices.pit;
    this.#answered = answered;
    this.#upstream = this.#pit.timer.bind(this.#pit);
    this.#pit.timer = (now, noIrq) => this.#timer(now, noIrq);
  }

  /** Ticks that the guest still has to get. */
  get backlog(): number {
    return this.#backlog;
  }

  #timer(now: number, noIrq: boolean): number {
    const answered = this.#answered();
    this.#watchProgramme(answered);
    const due = this.#due(now);
    const next = this.#upstream(now, noIrq);
    if (due > 0 && answered !== null) {
      this.#givenBack = 0;
      this.#backlog += answered ? due - 1 : due;
    } else if (this.#backlog > 0 && answered && this.#givenBack < GIVEN_BACK_PER_TICK) {
      this.#backlog--;
      this.#givenBack++;
      this.#cpu.device_lower_irq(TIMER_IRQ);
      this.#cpu.device_raise_irq(TIMER_IRQ);
    }
    return this.#backlog > 0 && this.#givenBack < GIVEN_BACK_PER_TICK ? 0 : next;
  }

  /** Periods that are over, as upstream counts them. */
  #due(now: number): number {
    const pit = this.#pit;
    const mode = pit.counter_mode[0];
    if (!pit.counter_enabled[0] || (mode !== RATE_GENERATOR && mode !== SQUARE_WAVE)) return 0;
    const gone = now - pit.counter_start_time[0];
    const over = Math.floor(gone * PIT_TICKS_PER_MS) - pit.counter_start_value[0];
    if (over <= 0) return 0;
    return gone > LONGEST_LATENESS_MS ? 1 : Math.floor(over / pit.counter_reload[0]) + 1;
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
