import type { Cpu, RtcDevice } from '../internals.ts';
import { PeriodicTicks } from './periodic-ticks.ts';
import {
  A,
  B,
  C,
  decodeTimeRegisters,
  encodeTimeRegister,
  nextAlarm,
  periodMs,
  RTC,
  TIME_REGISTERS,
} from './rtc-registers.ts';

/** A pause that is longer is one that the visitor made, and no lateness: a save takes some seconds on a slow computer. */
const LONGEST_PAUSE_MS = 5000;
const RTC_IRQ = 8;
const LAST_CMOS_INDEX = 0x7f;
/** Register A's divider values 6 and 7 hold the clock still. */
const DIVIDER_RESET = 0x60;
/** After the divider is let go the first second ends half a second later (data sheet, "divider control"). */
const HALF_SECOND_MS = 500;
/** The update is announced this long before the second ends. */
const UPDATE_MS = 2;
/**
 * How long a reading that began with "no update in progress" stays of one piece. The chip promises 244 µs,
 * plenty for a program; here the guest may be held between two of its reads for a whole slice.
 */
const STEADY_MS = 20;

const TIME = new Set<number>(TIME_REGISTERS);
const ALARM = new Set<number>([RTC.secondsAlarm, RTC.minutesAlarm, RTC.hoursAlarm]);

/** Where the clock gets its times from; all of it can be replaced in tests. */
export interface RtcTimes {
  /** Milliseconds since 1970 in UTC, as `Date.now`. */
  clock: () => number;
  /** Minutes from local time to UTC at a moment, as `Date.prototype.getTimezoneOffset`. */
  timezoneOffsetMinutes: (atMs: number) => number;
  /** Milliseconds that never jump, as `performance.now`. */
  monotonic: () => number;
  /** Something is due at another time than before. */
  timerSet: () => void;
}

/** What upstream's state does not hold. `latched` are the time registers of a clock that the guest holds still. */
export interface RtcState {
  offsetMs: number;
  latched: number[] | null;
}

/**
 * The PC's clock: in the visitor's local time, set by what the guest writes, with alarm, update and periodic
 * interrupts as the MC146818 has them, late periodic ticks given back, and a memory that keeps its bytes.
 * Upstream (`src/rtc.js`) runs in UTC, ignores a time that the guest sets and most of the CMOS memory, knows
 * no 12-hour mode and no "any" in the alarm, and drops periodic ticks that come late.
 *
 * The zone is asked once, at power-on and when a state is restored: a guest moves its own clock when summer
 * time begins, and must not find it moved already.
 */
export class RtcRepair {
  readonly #cpu: Cpu;
  readonly #rtc: RtcDevice;
  readonly #times: RtcTimes;
  readonly #onAlarm: () => void;
  readonly #ticks = new PeriodicTicks();
  #zoneMs = 0;
  #offsetMs: number;
  #latched: Map<number, number> | null = null;
  #steadyUntil = -Infinity;
  #steadyWall = 0;
  /** The wall second whose end was last told, and the moment of the next alarm. */
  #second = 0;
  #alarmAt: number | null = null;
  #line = false;

  constructor(cpu: Cpu, times: RtcTimes, on: { alarm: () => void; offsetMs?: number | undefined }) {
    this.#cpu = cpu;
    this.#rtc = cpu.devices.rtc;
    this.#times = times;
    this.#onAlarm = on.alarm;
    this.#offsetMs = on.offsetMs ?? 0;
    const rtc = this.#rtc;
    rtc.timer = () => this.#tick();
    const setState = rtc.set_state.bind(rtc);
    rtc.set_state = (state) => {
      setState(state);
      this.#afterRestore();
    };
    this.#afterRestore();
    const { io } = cpu;
    io.register_write(
      0x70,
      this,
      (value) => this.#select(value),
      (value) => {
        this.#select(value & 0xff);
        this.#write(value >> 8);
      },
    );
    io.register_read(0x71, this, () => this.#read());
    io.register_write(0x71, this, (value) => this.#write(value));
  }

  /** What the guest's clock is ahead of the visitor's, in ms: worth keeping from one power-on to the next. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** What the clock says, or said, at a time: as set now, in the zone of then. */
  timeAt(atMs: number): number {
    return atMs - this.#times.timezoneOffsetMinutes(atMs) * 60_000 + this.#offsetMs;
  }

  /** Ticks of the periodic interrupt that the guest still has to get. */
  get backlog(): number {
    return this.#ticks.backlog;
  }

  /**
   * After a pause: the time is right by itself. The ticks, the second's end and the alarm of a short one, as each saving makes, are late
   * and come: a guest that counts time by its ticks would lose minutes a day. What was missed in a long one is given up.
   */
  resume(pausedMs = Infinity): void {
    if (pausedMs <= LONGEST_PAUSE_MS) {
      this.#ticks.afterPause(this.#times.monotonic());
      return;
    }
    this.#ticks.restart(this.#times.monotonic());
    this.#second = Math.floor(this.#wall() / 1000);
    this.#planAlarm();
  }

  /** As after a hardware reset: the battery keeps time and memory, the interrupt enables are cleared. */
  reset(): void {
    const rtc = this.#rtc;
    rtc.cmos_b &= ~(B.set | B.periodic | B.alarm | B.updateEnded);
    rtc.cmos_c = 0;
    rtc.nmi_disabled = 0;
    rtc.cmos_index = 0;
    // The interrupt controllers were reset as well.
    this.#line = false;
    this.#release();
    this.#planPeriodic();
    this.#updateLine();
  }

  getState(): RtcState {
    return {
      offsetMs: this.#offsetMs,
      latched: this.#latched && TIME_REGISTERS.map((r) => this.#latched!.get(r)!),
    };
  }

  /** After upstream's state. */
  setState(state: RtcState): void {
    this.#offsetMs = state.offsetMs;
    this.#latched = state.latched && new Map(TIME_REGISTERS.map((r, i) => [r, state.latched![i]]));
    this.#afterRestore();
  }

  #wall(): number {
    return this.#times.clock() - this.#zoneMs + this.#offsetMs;
  }

  #afterRestore(): void {
    this.#zoneMs = this.#times.timezoneOffsetMinutes(this.#times.clock()) * 60_000;
    this.#steadyUntil = -Infinity;
    // The state's interrupt controllers know the line; a flag that still stands keeps it up.
    this.#line = (this.#rtc.cmos_c & C.request) !== 0;
    this.#planPeriodic();
    this.resume();
  }

  #select(value: number): void {
    this.#rtc.cmos_index = value & LAST_CMOS_INDEX;
    this.#rtc.nmi_disabled = value >> 7;
  }

  #read(): number {
    const rtc = this.#rtc;
    const index = rtc.cmos_index === RTC.centuryPs2 ? RTC.century : rtc.cmos_index;
    if (TIME.has(index)) {
      return this.#latched?.get(index) ?? encodeTimeRegister(index, this.#steadyTime(), rtc.cmos_b);
    }
    switch (index) {
      case RTC.a:
        return rtc.cmos_a | (this.#updateInProgress() ? A.updateInProgress : 0);
      case RTC.b:
        return rtc.cmos_b;
      case RTC.c:
        return this.#readFlags();
      case RTC.d:
        return 0x80;
      case RTC.diagnostics:
        return rtc.cmos_diag_status;
      default:
        return rtc.cmos_data[index];
    }
  }

  #updateInProgress(): boolean {
    if (this.#latched) return false;
    const wall = this.#wall();
    if (wall - Math.floor(wall / 1000) * 1000 >= 1000 - UPDATE_MS) return true;
    this.#steadyWall = wall;
    this.#steadyUntil = this.#times.monotonic() + STEADY_MS;
    return false;
  }

  #steadyTime(): number {
    return this.#times.monotonic() < this.#steadyUntil ? this.#steadyWall : this.#wall();
  }

  #readFlags(): number {
    this.#collect();
    const rtc = this.#rtc;
    const flags = rtc.cmos_c & C.flags;
    rtc.cmos_c = 0;
    this.#updateLine();
    if (flags & B.periodic && this.#ticks.answer()) {
      rtc.cmos_c |= B.periodic;
      this.#updateLine();
    }
    return flags | (flags & rtc.cmos_b ? C.request : 0);
  }

  #write(value: number): void {
    const rtc = this.#rtc;
    const index = rtc.cmos_index === RTC.centuryPs2 ? RTC.century : rtc.cmos_index;
    if (TIME.has(index)) this.#writeTime(index, value);
    else if (index === RTC.a) this.#writeA(value);
    else if (index === RTC.b) this.#writeB(value);
    else if (index === RTC.diagnostics) rtc.cmos_diag_status = value;
    else if (index !== RTC.c && index !== RTC.d) rtc.cmos_data[index] = value;
    if (ALARM.has(index)) this.#planAlarm();
    if (index <= RTC.b) this.#times.timerSet();
  }

  #writeTime(register: number, value: number): void {
    if (this.#latched) {
      this.#latched.set(register, value);
      return;
    }
    // Without holding the clock: this one unit changes, the rest runs on.
    this.#hold();
    this.#latched!.set(register, value);
    this.#release();
  }

  #writeA(value: number): void {
    const wasReset = (this.#rtc.cmos_a & DIVIDER_RESET) === DIVIDER_RESET;
    this.#rtc.cmos_a = value & ~A.updateInProgress;
    this.#planPeriodic();
    if (this.#held()) this.#hold();
    else this.#release(wasReset ? HALF_SECOND_MS : undefined);
  }

  #writeB(value: number): void {
    const rtc = this.#rtc;
    // The clock is latched in the format that it had, and set in the one that it gets.
    if (value & B.set && !this.#latched) this.#hold();
    rtc.cmos_b = value & B.set ? value & ~B.updateEnded : value;
    if (!this.#held()) this.#release();
    this.#planPeriodic();
    this.#planAlarm();
    this.#updateLine();
  }

  #held(): boolean {
    return (this.#rtc.cmos_b & B.set) !== 0 || (this.#rtc.cmos_a & DIVIDER_RESET) === DIVIDER_RESET;
  }

  #hold(): void {
    if (this.#latched) return;
    const wall = this.#wall();
    this.#latched = new Map(TIME_REGISTERS.map((r) => [r, encodeTimeRegister(r, wall, this.#rtc.cmos_b)]));
  }

  /** Lets the clock go on from what its registers hold; the fraction of the second runs on unless given. */
  #release(fractionMs?: number): void {
    const latched = this.#latched;
    if (!latched) return;
    this.#latched = null;
    const wall = this.#wall();
    const fraction = fractionMs ?? wall - Math.floor(wall / 1000) * 1000;
    const set = decodeTimeRegisters((register) => latched.get(register)!, this.#rtc.cmos_b);
    if (!Number.isNaN(set)) this.#offsetMs += set + fraction - wall;
    this.#steadyUntil = -Infinity;
    this.#second = Math.floor(this.#wall() / 1000);
    this.#planAlarm();
  }

  #planPeriodic(): void {
    const { cmos_a: a, cmos_b: b } = this.#rtc;
    this.#ticks.configure(periodMs(a), (b & B.periodic) !== 0, this.#times.monotonic());
  }

  #planAlarm(): void {
    const data = this.#rtc.cmos_data;
    const alarm = {
      seconds: data[RTC.secondsAlarm],
      minutes: data[RTC.minutesAlarm],
      hours: data[RTC.hoursAlarm],
    };
    this.#alarmAt = nextAlarm(this.#wall(), alarm, this.#rtc.cmos_b);
  }

  /** Sets the flags of what has happened by now, whether or not the guest wants an interrupt for it. */
  #collect(): void {
    const unanswered = (this.#rtc.cmos_c & B.periodic) !== 0;
    if (this.#ticks.advance(this.#times.monotonic(), unanswered)) this.#rtc.cmos_c |= B.periodic;
    if (this.#latched) return;
    const wall = this.#wall();
    const second = Math.floor(wall / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#rtc.cmos_c |= B.updateEnded;
    }
    if (this.#alarmAt !== null && wall >= this.#alarmAt) {
      this.#rtc.cmos_c |= B.alarm;
      this.#planAlarm();
      if (this.#rtc.cmos_b & B.alarm) this.#onAlarm();
    }
  }

  #tick(): number {
    this.#collect();
    this.#updateLine();
    return this.#msToNext();
  }

  #msToNext(): number {
    const b = this.#rtc.cmos_b;
    let wait = 100;
    const next = this.#ticks.next;
    if (next !== null) wait = Math.min(wait, next - this.#times.monotonic());
    const wall = this.#wall();
    if (b & B.updateEnded) wait = Math.min(wait, (this.#second + 1) * 1000 - wall);
    if (b & B.alarm && this.#alarmAt !== null) wait = Math.min(wait, this.#alarmAt - wall);
    return Math.max(0, wait);
  }

  #updateLine(): void {
    const rtc = this.#rtc;
    const wanted = (rtc.cmos_c & rtc.cmos_b & C.flags) !== 0;
    rtc.cmos_c = (rtc.cmos_c & C.flags) | (wanted ? C.request : 0);
    if (wanted === this.#line) return;
    this.#line = wanted;
    if (wanted) this.#cpu.device_raise_irq(RTC_IRQ);
    else this.#cpu.device_lower_irq(RTC_IRQ);
  }
}
