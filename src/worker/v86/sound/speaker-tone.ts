/** The clock of the PC's timer in hertz (Intel 8254, a twelfth of the NTSC crystal). */
const TIMER_HERTZ = 14_318_180 / 12;
/** The timer's mode that makes a square wave. */
const SQUARE_WAVE_MODE = 3;
/** What is above is for dogs: guests silence the speaker so, or tell time by it. */
const HIGHEST_HERTZ = 18_000;

/** The PC speaker: what its gate and timer 2 make together. */
export class SpeakerTone {
  #gate = false;
  #mode = 0;
  #reload = 0;

  /** `pcspeaker-enable`, `pcspeaker-disable`. */
  setGate(open: boolean): void {
    this.#gate = open;
  }

  /** `pcspeaker-update`: the mode and the reload value of timer 2; a reload of 0 counts 65536. */
  setTimer(mode: number, reload: number): void {
    this.#mode = mode;
    this.#reload = reload || 0x10000;
  }

  /** The tone to be heard in hertz; 0 is silence. */
  get hertz(): number {
    if (!this.#gate || this.#mode !== SQUARE_WAVE_MODE) return 0;
    const hertz = TIMER_HERTZ / this.#reload;
    return hertz <= HIGHEST_HERTZ ? hertz : 0;
  }
}
