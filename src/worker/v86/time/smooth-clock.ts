/** Where a clock gets its time and learns how the guest gets on. */
export interface ClockSources {
  /** Milliseconds that never go back, perhaps in steps, as `performance.now`. */
  readonly source: () => number;
  /** Instructions that the guest has executed: 32 bits that come round. It may stand still while compiled code runs. */
  readonly instructions: () => number;
  /** The time has reached `due` and waits there. */
  readonly held?: () => void;
}

/** How long an instruction and a reading of the clock take before it was measured. */
const FIRST_INSTRUCTION_MS = 5e-6;
const FIRST_READING_MS = 5e-4;
/** More than this were never executed between two readings: the engine was reset, and counts from 0. */
const MOST_INSTRUCTIONS = 0x8000_0000;
/** No engine is faster, and none that a guest is seen to run in is slower. */
const INSTRUCTION_MS = { least: 2e-7, most: 3e-4 } as const;
/** A reading leaves the engine, and does no more than that: what takes longer is something else. */
const READING_MS = { least: 5e-5, most: 5e-3 } as const;
/** Work is measured over this much time at least. */
const SAMPLE_MS = 0.5;
/** Measurements of this much time count; what the computer did elsewhere meanwhile is in them, so that the guest keeps up. */
const MEMORY_MS = 30;
/** A guest that is behind catches up so many times as fast as it works, once more for each so many milliseconds, and with each reading. */
const CATCH_UP = { least: 2, perMs: 1 / 50, readingMs: 0.003 } as const;
/** Where the guest is further behind than this, which it is on a computer that has no time for it, the time jumps. */
const LONGEST_LAG_MS = 2000;
/** After a silence longer than this, the computer slept or the tab was frozen, and the time jumps. */
const LONGEST_SILENCE_MS = 1000;
/** So far the time advances with an instruction and with a reading at most: two clocks are read one after the other. */
const MOST = { instructionMs: INSTRUCTION_MS.most, readingMs: 6e-3 } as const;
/** Of the browsers that there are. */
const LARGEST_STEP_MS = 100;
/** Two readings are never the same nanosecond, in which the time stamp counter counts. */
const LEAST_MS = 2e-6;

/**
 * The guest's time, in milliseconds: one that is smooth where the browser's is not. Firefox and Safari show theirs in steps of 1 ms, Chromium
 * in steps of 0.1 ms, browsers that resist fingerprinting in steps of up to 100 ms; and every worker is taken away from
 * the processor now and then.
 *
 * While the guest runs, the time advances by the work that it does, as fast as work was measured to go: never further than the
 * source's next step, and where it is behind, a little faster instead of at once. So two clocks that a guest reads one after the other
 * agree, however coarse the source. The time stops at `due` until what is due there was done: to the guest, a timer that is looked at late
 * interrupts in time.
 *
 * While the guest does not run, the time is the source's.
 */
export class SmoothClock {
  readonly #sources: ClockSources;
  #time: number;
  #raw: number;
  /** The smallest step of the source that was seen; 0 before the first. */
  #step = 0;
  #instructionMs = FIRST_INSTRUCTION_MS;
  #readingMs = FIRST_READING_MS;
  #lastInstructions = 0;
  #readingsOfCount = 0;
  /** Where the measurement under way began, NaN until the source's next step, and what was done since. */
  #sampleRaw = NaN;
  #sampleInstructions = 0;
  #sampleReadings = 0;
  /** Measured time of late, and what it would have been by the measure. */
  #tookMs = 0;
  #expectedMs = 0;
  #isRunning = false;
  #wasHalted = false;
  #wasSilent = false;
  #isStill = false;
  #due = Infinity;
  #isHeld = false;

  constructor(sources: ClockSources) {
    this.#sources = sources;
    this.#raw = sources.source();
    this.#time = this.#raw;
  }

  /** The time now; while the guest runs greater than at the last reading, unless it was told to stand. */
  now(): number {
    if (this.#isStill) return this.#time;
    const raw = this.#sources.source();
    const instructions = this.#sources.instructions();
    const more = (instructions - this.#lastInstructions) >>> 0;
    const counted = more < MOST_INSTRUCTIONS ? more : 0;
    this.#lastInstructions = instructions;
    // What compiled code executed is counted when it ends; its readings are a part each.
    this.#readingsOfCount++;
    const executed = counted / this.#readingsOfCount;
    if (counted > 0) this.#readingsOfCount = 0;
    this.#observe(raw, executed);
    this.#time = this.#isRunning
      ? Math.max(this.#next(raw, executed), this.#time + LEAST_MS)
      : Math.max(raw, this.#time);
    return this.#time;
  }

  /** What `now` gave last. */
  get last(): number {
    return this.#time;
  }

  /** How far the time was behind the source at the last reading. */
  get behindMs(): number {
    return Math.max(0, this.#raw - this.#time);
  }

  /** Whether the time waits for what is due. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** The guest runs from now on; `halted`: it did nothing since `leave`, and misses nothing if the time jumps to what is due next. */
  enter(halted: boolean): void {
    this.#isRunning = true;
    if (!halted) return;
    this.#wasHalted = true;
    this.#sampleRaw = NaN;
  }

  /** The guest does not run, until `enter`. */
  leave(): void {
    this.#isRunning = false;
    this.#wasHalted = false;
  }

  /** Lets the time stand while work is done that should see one time: what is due at it. */
  during<T>(work: () => T): T {
    this.#isStill = true;
    try {
      return work();
    } finally {
      this.#isStill = false;
    }
  }

  /** When something is due next; Infinity: nothing is. */
  waitFor(due: number): void {
    this.#due = due;
    this.#isHeld = false;
  }

  /** Learns the source's step and, over some of them, how long a piece of work takes. */
  #observe(raw: number, executed: number): void {
    this.#sampleInstructions += executed;
    this.#sampleReadings++;
    const passed = raw - this.#raw;
    if (passed <= 0) return;
    this.#raw = raw;
    this.#wasSilent = passed > LONGEST_SILENCE_MS;
    this.#step = Math.min(this.#step || LARGEST_STEP_MS, passed);
    const sampleMs = raw - this.#sampleRaw;
    if (sampleMs < SAMPLE_MS) return;
    if (this.#isRunning && !Number.isNaN(sampleMs)) this.#learn(sampleMs);
    this.#sampleRaw = raw;
    this.#sampleInstructions = 0;
    this.#sampleReadings = 0;
  }

  /** Corrects the measure of what most of the work was. */
  #learn(sampleMs: number): void {
    const executedMs = this.#sampleInstructions * this.#instructionMs;
    const readMs = this.#sampleReadings * this.#readingMs;
    const kept = Math.exp(-sampleMs / MEMORY_MS);
    this.#tookMs = this.#tookMs * kept + sampleMs;
    this.#expectedMs = this.#expectedMs * kept + executedMs + readMs;
    const change = this.#tookMs / this.#expectedMs;
    this.#expectedMs = this.#tookMs;
    // Where readings take as long as they may, what is left over was taken by the rest.
    const isOfWork = executedMs > readMs || (change > 1 && this.#readingMs === READING_MS.most);
    if (isOfWork) this.#instructionMs = bounded(this.#instructionMs * change, INSTRUCTION_MS);
    else this.#readingMs = bounded(this.#readingMs * change, READING_MS);
  }

  #next(raw: number, executed: number): number {
    const behind = raw - this.#time;
    if (this.#wasSilent || behind > LONGEST_LAG_MS + this.#step) {
      this.#wasSilent = false;
      return raw;
    }
    const next = this.#wasHalted ? raw : this.#worked(raw, executed);
    this.#wasHalted = false;
    if (next < this.#due) return next;
    if (!this.#isHeld) {
      this.#isHeld = true;
      this.#sources.held?.();
    }
    return this.#due;
  }

  #worked(raw: number, executed: number): number {
    const workedMs = executed * this.#instructionMs + this.#readingMs;
    const behind = raw - this.#time;
    const fast = workedMs * (CATCH_UP.least + behind * CATCH_UP.perMs) + CATCH_UP.readingMs;
    const most = executed * MOST.instructionMs + MOST.readingMs;
    const advance = Math.min(behind > workedMs ? Math.min(behind, fast) : workedMs, most);
    return Math.min(this.#time + advance, raw + this.#step);
  }
}

function bounded(value: number, { least, most }: { least: number; most: number }): number {
  return Math.min(Math.max(value, least), most);
}
