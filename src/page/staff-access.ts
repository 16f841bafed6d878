import type { PinHash } from '../exhibit/kiosk-settings.ts';
import { hashPin, isPin, LEAST_FILED_DIGITS, PIN_SHAPE, pinWait } from './kiosk-pin.ts';
import type { LocalMemory } from './local-memory.ts';

export interface StaffAccessOptions {
  memory: LocalMemory;
  /** The exhibit file's PIN. */
  filed: PinHash | null;
  /** Whether the page was opened by staff to set the kiosk up, who may choose its first PIN. */
  isSetup: boolean;
  /** Milliseconds that only go up. */
  now: () => number;
  /** The computer's clock: what is kept over reloads has no other. */
  date: () => Date;
}

/**
 * Who may open the staff menu: whoever knows the PIN. One that was set on this device counts before the exhibit file's.
 * Without any nobody may, but for whoever set the kiosk up: a PIN that could not be read is not taken for none. Wrong
 * ones cost time, over reloads too. One for each page, since a browser may keep nothing.
 */
export class StaffAccess {
  readonly #memory: LocalMemory;
  readonly #filed: PinHash | null;
  readonly #now: () => number;
  readonly #date: () => Date;
  #isSetup: boolean;
  /** As it was read or set here, should the browser's memory be emptied meanwhile. */
  #pin: PinHash | null;
  /** Whether it may stand in a file; null until somebody entered it. */
  #isLong: boolean | null;
  #wrong: number;
  /** Nobody may try before this time of `now`. */
  #until: number;

  constructor({ memory, filed, isSetup, now, date }: StaffAccessOptions) {
    this.#memory = memory;
    this.#filed = filed;
    this.#isSetup = isSetup;
    this.#now = now;
    this.#date = date;
    const { pin, isLong, wrong, wrongAt } = memory.load();
    this.#pin = isPinHash(pin) ? pin : null;
    this.#isLong = this.#pin !== null && typeof isLong === 'boolean' ? isLong : null;
    this.#wrong = isCount(wrong) ? wrong : 0;
    const wait = pinWait(this.#wrong);
    // A clock that was put back or forward makes nobody wait for longer than that.
    const since = typeof wrongAt === 'number' ? date().getTime() - wrongAt : 0;
    this.#until = now() + (since < 0 ? wait : Math.max(0, wait - since));
  }

  /** What stands before the menu: the PIN; the choice of a first one; or nothing that opens. */
  get door(): 'pin' | 'first-pin' | 'closed' {
    if (this.pin) return 'pin';
    return this.#isSetup ? 'first-pin' : 'closed';
  }

  /** The salted hash; never the PIN itself. */
  get pin(): PinHash | null {
    return this.#pin ?? this.#filed;
  }

  /**
   * What may stand in the exhibit file, for those who are in. Null for a PIN that is too short for that: everybody can
   * read the file, and find it out.
   */
  get forFile(): PinHash | null {
    return this.#isLong === true ? this.pin : null;
  }

  /** Whether the PIN that opened the menu is one of a file, and too short for one. */
  get isShortInFile(): boolean {
    return this.#pin === null && this.#isLong === false;
  }

  /** Milliseconds until the next try. */
  get wait(): number {
    return Math.max(0, this.#until - this.#now());
  }

  /** Who set the kiosk up has gone: whoever comes next is anybody. */
  endSetup(): void {
    this.#isSetup = false;
  }

  /** To be called by those who are in. False where the browser does not keep it beyond this page. */
  async set(pin: string): Promise<boolean> {
    if (!PIN_SHAPE.test(pin)) throw new RangeError('A PIN is 4 to 12 digits.');
    const hashed = await hashPin(pin);
    this.#pin = hashed;
    this.#isLong = pin.length >= LEAST_FILED_DIGITS;
    this.#isSetup = false;
    this.#wrong = 0;
    this.#until = this.#now();
    this.#save();
    const kept = this.#memory.load()['pin'];
    return isPinHash(kept) && kept.hash === hashed.hash;
  }

  /** False for a wrong one, and for any while `wait` is not over. */
  async enter(pin: string): Promise<boolean> {
    const known = this.pin;
    if (!known || this.wait > 0) return false;
    // Counted before it is looked at: the page may be loaded again meanwhile.
    this.#wrong++;
    this.#until = this.#now() + pinWait(this.#wrong);
    this.#save();
    if (!(await isPin(pin, known))) return false;
    this.#isLong = pin.length >= LEAST_FILED_DIGITS;
    this.#wrong = 0;
    this.#until = this.#now();
    this.#save();
    return true;
  }

  #save(): void {
    this.#memory.save({
      ...(this.#pin && { pin: this.#pin, ...(this.#isLong !== null && { isLong: this.#isLong }) }),
      wrong: this.#wrong,
      wrongAt: this.#date().getTime(),
    });
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isPinHash(value: unknown): value is PinHash {
  if (typeof value !== 'object' || value === null) return false;
  const { salt, hash, iterations } = value as Record<string, unknown>;
  return isHex(salt) && isHex(hash) && isCount(iterations) && iterations > 0;
}

function isHex(value: unknown): value is string {
  return typeof value === 'string' && /^([0-9a-f]{2}){8,64}$/.test(value);
}
