import type { PinHash } from '../exhibit/kiosk-settings.ts';
import { hashPin, isPin, PIN_SHAPE, pinWait } from './kiosk-pin.ts';
import type { LocalMemory } from './local-memory.ts';

/**
 * Who may open the staff menu: whoever knows the PIN. One that was set on this device counts before the exhibit file's.
 * Wrong ones cost time, over reloads too.
 */
export class StaffAccess {
  readonly #memory: LocalMemory;
  readonly #filed: PinHash | null;
  readonly #now: () => number;

  constructor(memory: LocalMemory, filed: PinHash | null, now: () => number) {
    this.#memory = memory;
    this.#filed = filed;
    this.#now = now;
  }

  /** Whether there is a PIN at all; without one the first thing staff do is to set it. */
  get hasPin(): boolean {
    return this.pin !== null;
  }

  /** For the exhibit file; never the PIN itself. */
  get pin(): PinHash | null {
    const { pin } = this.#memory.load();
    return isPinHash(pin) ? pin : this.#filed;
  }

  /** Milliseconds until the next try. */
  get wait(): number {
    const { wrong, wrongAt } = this.#memory.load();
    if (typeof wrong !== 'number' || typeof wrongAt !== 'number') return 0;
    return Math.max(0, wrongAt + pinWait(wrong) - this.#now());
  }

  async set(pin: string): Promise<void> {
    if (!PIN_SHAPE.test(pin)) throw new RangeError('A PIN is 4 to 12 digits.');
    this.#save({ pin: await hashPin(pin), wrong: 0 });
  }

  /** False for a wrong one, and for any while `wait` is not over. */
  async enter(pin: string): Promise<boolean> {
    const known = this.pin;
    if (!known || this.wait > 0) return false;
    const right = await isPin(pin, known);
    const { wrong } = this.#memory.load();
    this.#save(
      right ? { wrong: 0 } : { wrong: (typeof wrong === 'number' ? wrong : 0) + 1, wrongAt: this.#now() },
    );
    return right;
  }

  #save(part: object): void {
    this.#memory.save({ ...this.#memory.load(), ...part });
  }
}

function isPinHash(value: unknown): value is PinHash {
  return (
    typeof value === 'object' &&
    value !== null &&
    'salt' in value &&
    typeof value.salt === 'string' &&
    'hash' in value &&
    typeof value.hash === 'string' &&
    'iterations' in value &&
    typeof value.iterations === 'number'
  );
}
