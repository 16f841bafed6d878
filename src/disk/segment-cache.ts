/** A unit of cached bytes: a stored segment, or a chunk of the base image. */
export interface CachedUnit {
  readonly bytes: Uint8Array;
}

/**
 * Units that can be read again from where they came, the least recently used thrown away first. `ceilingBytes` is
 * asked at each turn, because the room for clean units is what dirty ones leave.
 */
export class SegmentCache<Unit extends CachedUnit> {
  readonly #units = new Map<number, Unit>();
  readonly #loading = new Map<number, Promise<Unit | 'damaged'>>();
  readonly #ceilingBytes: () => number;
  #sizeBytes = 0;

  constructor(ceilingBytes: () => number) {
    this.#ceilingBytes = ceilingBytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get(id: number): Unit | undefined {
    const unit = this.#units.get(id);
    if (unit) {
      this.#units.delete(id);
      this.#units.set(id, unit);
    }
    return unit;
  }

  /** Whether the unit is here or on its way. */
  expects(id: number): boolean {
    return this.#units.has(id) || this.#loading.has(id);
  }

  /** The unit, from here or by `read`, which is called at once and once for all who wait. Failures are not kept. */
  load(id: number, read: () => Promise<Unit | 'damaged'>): Promise<Unit | 'damaged'> {
    const here = this.get(id);
    if (here) return Promise.resolve(here);
    let loading = this.#loading.get(id);
    if (!loading) {
      loading = read()
        .finally(() => this.#loading.delete(id))
        .then((unit) => {
          if (unit !== 'damaged') this.put(id, unit);
          return unit;
        });
      this.#loading.set(id, loading);
    }
    return loading;
  }

  /** Whether `bytes` more can be kept without throwing anything away. */
  hasRoomFor(bytes: number): boolean {
    return this.#sizeBytes + bytes <= this.#ceilingBytes();
  }

  put(id: number, unit: Unit): void {
    this.#drop(id);
    this.#units.set(id, unit);
    this.#sizeBytes += unit.bytes.length;
    this.trim();
  }

  #drop(id: number): void {
    const unit = this.#units.get(id);
    if (!unit) return;
    this.#units.delete(id);
    this.#sizeBytes -= unit.bytes.length;
  }

  /** Throws away until the ceiling is kept. */
  trim(): void {
    const ceiling = this.#ceilingBytes();
    for (const id of this.#units.keys()) {
      if (this.#sizeBytes <= ceiling) return;
      this.#drop(id);
    }
  }
}
