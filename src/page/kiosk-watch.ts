import { isOpen, type KioskState } from '../exhibit/kiosk-clock.ts';
import { withinOr, type After } from '../lib/within.ts';
import type { KioskMachine } from './kiosk-machine.ts';

/** What the watch finds. */
export interface KioskFindings {
  broken(kind: 'machine-failed' | 'machine-hung', detail: string): void;
  /** A visitor shut the guest down. */
  ended(): void;
  /** Its worker does not answer. */
  hung(): void;
}

/** A worker that does not answer this long hangs: a commit to a slow disk takes a fraction of it. */
export const PING_TIMEOUT_MS = 30_000;
/** A guest whose processor stopped for good shows its last words this long. */
export const STOPPED_MS = 20_000;
/** A machine that is neither on nor off while people look at it, since it hangs on its way, is given this long. */
export const BETWEEN_MS = 120_000;

/** Looks after the machine of a kiosk while it ought to run. Staff may do with it what they like. */
export class KioskWatch {
  readonly #machine: KioskMachine;
  readonly #findings: KioskFindings;
  readonly #after: After;
  /** Since when it stands as it should not for long. */
  #since: { standing: 'stopped' | 'between'; at: number } | null = null;
  #pinging = false;

  constructor(machine: KioskMachine, after: After, findings: KioskFindings) {
    this.#machine = machine;
    this.#after = after;
    this.#findings = findings;
  }

  /** To be called every tick. */
  look(state: KioskState, at: number): void {
    if (!isOpen(state)) {
      this.#since = null;
      return;
    }
    const standing = this.#machine.standing();
    if (standing !== this.#since?.standing)
      this.#since = standing === 'stopped' || standing === 'between' ? { standing, at } : null;
    const ms = this.#since ? at - this.#since.at : 0;
    if (standing === 'failed') this.#findings.broken('machine-failed', this.#machine.failure());
    else if (standing === 'full') this.#findings.broken('machine-failed', 'storage is full');
    else if (standing === 'ended') this.#findings.ended();
    else if (standing === 'stopped' && ms > STOPPED_MS)
      this.#findings.broken('machine-hung', 'the processor stopped');
    else if (standing === 'between' && ms > BETWEEN_MS)
      this.#findings.broken('machine-hung', 'neither on nor off');
  }

  /** Asks the worker, one question at a time. To be called every few seconds; `state` gives the one there is now. */
  async ping(state: () => KioskState): Promise<void> {
    if (this.#pinging || !isOpen(state()) || this.#machine.standing() !== 'runs') return;
    this.#pinging = true;
    // A machine that was turned off meanwhile refuses: that is an answer too.
    const asked = this.#machine.ping().then(
      () => true,
      () => true,
    );
    const answered = await withinOr(asked, PING_TIMEOUT_MS, false, this.#after);
    this.#pinging = false;
    // One that is on its way back to its beginning meanwhile has time of its own for that.
    if (!answered && isOpen(state())) this.#findings.hung();
  }
}
