import { LOCAL_APIC_STRUCT as STRUCT } from '../engine-slots.ts';
import type { Cpu } from '../internals.ts';
import type { ApicState } from './apic-state.ts';
import { LAPIC } from './apic-registers.ts';

/** Upstream's LVT bit for "masked", which the patched engine looks at before it asks the 8259s. */
const MASKED = 0x1_0000;

/** Words of upstream's local APIC (`src/rust/cpu/apic.rs`) that a state from its time is taken over from, and the registers they are. */
const LEGACY_REGISTERS: readonly [word: number, register: number][] = [
  [0, LAPIC.id],
  [1, LAPIC.divide],
  [3, LAPIC.initialCount],
  [8, LAPIC.timer],
  [9, LAPIC.performance],
  [10, LAPIC.lint0],
  [11, LAPIC.lint1],
  [12, LAPIC.error],
  [13, LAPIC.tpr],
  [14, LAPIC.icrLow],
  [15, LAPIC.icrHigh],
  [40, LAPIC.spurious],
  [41, LAPIC.destinationFormat],
  [42, LAPIC.logicalDestination],
  [45, LAPIC.thermal],
];
const LEGACY_CURRENT_COUNT_WORD = 4;
const LEGACY_LAST_TICK_BYTE = 24;
const LEGACY_TIMER_PERIODIC = 0x2_0000;
/** `src/rust/cpu/ioapic.rs`: entries' low words, their high words, and then these. */
const LEGACY_IO = { high: 24, select: 48, id: 49, requests: 50, lines: 51 } as const;
const LEGACY_TIMER_PIN = 0;

/**
 * Upstream's local APIC, of which only its place in the engine is left: the engine takes an interrupt from it wherever it
 * looks for one. The one vector that is due is put there, and that it is gone says that the processor took it.
 */
export class LetterBox {
  readonly #cpu: Cpu;
  #words = new Uint32Array(0);
  #offered = -1;

  /** Throws an Error where upstream's local APIC is not at the place that the engine is patched for. */
  constructor(cpu: Cpu) {
    this.#cpu = cpu;
    if (cpu.get_apic_addr() !== STRUCT.address) {
      throw new Error(`v86's local APIC has moved to ${cpu.get_apic_addr()}; compare src/rust/cpu/apic.rs.`);
    }
  }

  /** The vector that the processor took since, or -1. */
  collect(): number {
    const vector = this.#offered;
    if (vector < 0) return -1;
    const words = this.#view();
    if (words[STRUCT.irr / 4 + (vector >> 5)] & (1 << (vector & 31))) return -1;
    words.fill(0, STRUCT.isr / 4, STRUCT.isr / 4 + 8);
    this.#offered = -1;
    return vector;
  }

  /** Puts a vector in place of the last one; -1 for none. */
  offer(vector: number): void {
    if (vector === this.#offered) return;
    const words = this.#view();
    words.fill(0, STRUCT.irr / 4, STRUCT.irr / 4 + 8);
    if (vector >= 0) words[STRUCT.irr / 4 + (vector >> 5)] = 1 << (vector & 31);
    this.#offered = vector;
  }

  /** Nothing is in it, and nothing holds an offered vector back. */
  empty(): void {
    this.#view()[STRUCT.tpr / 4] = 0;
    this.#view().fill(0, STRUCT.irr / 4, STRUCT.end / 4);
    // The timer is ours.
    this.#view().fill(0, STRUCT.initialCount / 4, STRUCT.initialCount / 4 + 2);
    this.#offered = -1;
  }

  holdBackPic(held: boolean): void {
    this.#view()[STRUCT.lint0 / 4] = held ? MASKED : 0;
  }

  /** `now` is in the time of upstream's last tick. */
  legacyState(now: number): ApicState {
    const words = this.#view();
    const set = (from: number) => [...words.subarray(from / 4, from / 4 + 8)];
    const lastTick = new DataView(this.#cpu.wasm_memory.buffer).getFloat64(
      STRUCT.address + LEGACY_LAST_TICK_BYTE,
      true,
    );
    const io = new Uint32Array(this.#cpu.wasm_memory.buffer, this.#cpu.get_ioapic_addr(), 52);
    return {
      local: {
        registers: LEGACY_REGISTERS.map(([word, register]) => [register, words[word]]),
        irr: set(STRUCT.irr),
        isr: set(STRUCT.isr),
        tmr: set(STRUCT.tmr),
        timerAgeMs: now - lastTick,
        timerFired: words[LEGACY_CURRENT_COUNT_WORD] === 0 && (words[8] & LEGACY_TIMER_PERIODIC) === 0,
        latchedErrors: 0,
      },
      io: {
        select: io[LEGACY_IO.select] & 0xff,
        id: io[LEGACY_IO.id] << 24,
        low: [...io.subarray(0, LEGACY_IO.high)],
        high: [...io.subarray(LEGACY_IO.high, LEGACY_IO.select)],
        lines: io[LEGACY_IO.lines],
        requests: io[LEGACY_IO.requests],
        timerPin: LEGACY_TIMER_PIN,
      },
    };
  }

  /** Anew where the engine's memory grew. */
  #view(): Uint32Array {
    if (this.#words.buffer !== this.#cpu.wasm_memory.buffer) {
      this.#words = new Uint32Array(this.#cpu.wasm_memory.buffer, STRUCT.address, STRUCT.bytes / 4);
    }
    return this.#words;
  }
}
