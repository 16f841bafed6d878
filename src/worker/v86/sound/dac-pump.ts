import type { LevelMessage } from '../../../protocol/sound-messages.ts';

/** Time as the pump needs it; tests hand in their own. */
export interface PumpClock {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Calls once after so many milliseconds; returns the function that calls it off. */
  after(ms: number, call: () => void): () => void;
}

/** What the pump does. */
export interface PumpEffects {
  /** Asks the sound card for a block; it comes through `offer` before this returns, or not at all. */
  request(): void;
  /** Sends a block to the player. */
  play(left: Float32Array, right: Float32Array, rate: number): void;
  /** Asks the player to tell when it plays. */
  ping(): void;
}

/** How much sound is on its way at most before another block is asked for: the latency is this and one block. */
export const TARGET_SECONDS = 0.06;
/** A player that reports nothing for so long, though sound waits, is not playing. */
const LISTENER_TIMEOUT_MS = 250;
/** How often sound that nobody hears is taken from the card. */
const UNHEARD_TICK_MS = 20;
/** Requests in one go: a bound for a card that would answer for ever. */
const MOST_REQUESTS = 64;

/**
 * Draws the guest's sound at the pace at which it is heard, which is what paces the guest's sound card. Where nobody
 * hears it (no click yet, the page has no sound) it is drawn at the pace of the clock and dropped: a guest that waits
 * for its card must go on, and must not have a backlog to play later.
 */
export class DacPump {
  readonly #effects: PumpEffects;
  readonly #clock: PumpClock;
  #rate = 22_050;
  #enabled = false;
  #running = false;
  /** All that was sent to the player, and what it has reported. */
  #sentSeconds = 0;
  #receivedSeconds = 0;
  #bufferedSeconds = 0;
  #heard = true;
  /** Drawn and dropped, not yet "played" by the clock, when nobody hears. */
  #unheardSeconds = 0;
  #unheardSinceMs = 0;
  #gotBlock = false;
  #cancelTimer: (() => void) | null = null;

  constructor(effects: PumpEffects, clock: PumpClock) {
    this.#effects = effects;
    this.#clock = clock;
  }

  /** `dac-tell-sampling-rate`. */
  setRate(rate: number): void {
    if (rate > 0 && Number.isFinite(rate)) this.#rate = rate;
  }

  /** `dac-enable`, `dac-disable`. Draws nothing by itself: the guest is in the midst of writing to a port. */
  setEnabled(enabled: boolean): void {
    this.#enabled = enabled;
    if (!enabled) this.#stopTimer();
  }

  /** Whether the machine runs. A block drawn from a stopped one would change a state that may be being saved. */
  setRunning(running: boolean): void {
    this.#running = running;
    if (running) this.pump();
    else this.#stopTimer();
  }

  /** `dac-send-data`: a block from the card. */
  offer(left: Float32Array, right: Float32Array): void {
    if (left.length === 0) return;
    this.#gotBlock = true;
    const seconds = left.length / this.#rate;
    if (this.#heard) {
      this.#sentSeconds += seconds;
      this.#effects.play(left, right, this.#rate);
    } else {
      this.#unheardSeconds += seconds;
    }
  }

  /** The player's report; any report means that it plays. */
  onLevel(level: LevelMessage): void {
    this.#receivedSeconds = level.receivedSeconds;
    this.#bufferedSeconds = level.bufferedSeconds;
    if (!this.#heard) {
      this.#heard = true;
      // What was dropped meanwhile never reaches the player, so nothing but its own figures counts.
      this.#sentSeconds = level.receivedSeconds;
    }
    this.#stopTimer();
    this.pump();
  }

  /** Draws blocks until enough is on its way. */
  pump(): void {
    if (!this.#enabled || !this.#running) return;
    if (!this.#heard) this.#passUnheardTime();
    for (let count = 0; count < MOST_REQUESTS && this.#waitingSeconds() < TARGET_SECONDS; count++) {
      this.#gotBlock = false;
      this.#effects.request();
      // The card has nothing: it says `dac-enable` when it has again.
      if (!this.#gotBlock) break;
    }
    if (this.#cancelTimer || this.#waitingSeconds() <= 0) return;
    const delay = this.#heard ? LISTENER_TIMEOUT_MS : UNHEARD_TICK_MS;
    this.#cancelTimer = this.#clock.after(delay, () => this.#onTimer());
  }

  /** Ends every wait. */
  dispose(): void {
    this.#enabled = false;
    this.#stopTimer();
  }

  #onTimer(): void {
    this.#cancelTimer = null;
    if (this.#heard) {
      this.#heard = false;
      this.#unheardSeconds = 0;
      this.#unheardSinceMs = this.#clock.now();
      this.#effects.ping();
    }
    this.pump();
  }

  #waitingSeconds(): number {
    if (!this.#heard) return this.#unheardSeconds;
    return this.#sentSeconds - this.#receivedSeconds + this.#bufferedSeconds;
  }

  #passUnheardTime(): void {
    const now = this.#clock.now();
    this.#unheardSeconds = Math.max(0, this.#unheardSeconds - (now - this.#unheardSinceMs) / 1000);
    this.#unheardSinceMs = now;
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }
}
