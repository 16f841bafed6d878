import { DEFAULT_PROFILE, type MachineProfile } from '../../machine/profile.ts';
import type { PagedMemory } from '../../snapshot/memory-tracker.ts';
import { PAGE_BYTES, PageCodec } from '../../snapshot/page-codec.ts';
import type { RunningEngine } from '../guest-run.ts';
import type { MomentEngine } from '../snapshots.ts';
import type { SavedDevices } from '../v86/state/device-state.ts';

/** The smallest machine there can be; the pages that are touched are the last ones, three packs of them. */
export const PAGES = (16 + 1) * 256;
export const FIRST = PAGES - 600;

/** What such a machine is built as. */
export function profileOf(machineId: string): MachineProfile {
  return { ...DEFAULT_PROFILE, memoryMiB: 16, videoMemoryMiB: 1, machineId };
}

/**
 * A machine that is nothing but memory, one number of device state, and drives that may be at work. Contents are told as
 * stamps.
 */
export class ToyEngine implements MomentEngine, RunningEngine {
  readonly memory: PagedMemory;
  readonly hasDisc = false;
  readonly #bytes: WebAssembly.Memory;
  devices = 0;
  running = false;
  #pending = 0;
  #waiters: (() => void)[] = [];
  #generation = 0;

  constructor() {
    this.#bytes = new WebAssembly.Memory({ initial: Math.ceil((PAGES * PAGE_BYTES) / 65_536) });
    const codec = new PageCodec(this.#bytes, PAGES);
    this.memory = {
      pageCount: PAGES,
      codec,
      page: (page) => new Uint8Array(this.#bytes.buffer, page * PAGE_BYTES, PAGE_BYTES),
      // As if a region ended at every 16th page.
      run: (first, count) =>
        new Uint8Array(
          this.#bytes.buffer,
          first * PAGE_BYTES,
          Math.min(count, 16 - (first % 16)) * PAGE_BYTES,
        ),
      untouched: { from: 0, to: 0 },
      scan: (first, count) => codec.scan(first * PAGE_BYTES, first, count),
    };
  }

  async run(): Promise<void> {
    this.running = true;
  }

  async halt(): Promise<void> {
    this.running = false;
  }

  /** As a drive does: an operation that was dropped is waited for too, only nobody is told. */
  async settled(): Promise<void> {
    while (this.#pending > 0) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  forgetDrives(): void {
    this.#generation++;
  }

  /** Something that a drive has under way; `told` is left out when it was dropped meanwhile, or failed. */
  drive(operation: Promise<unknown>, told: () => void): void {
    const generation = this.#generation;
    this.#pending++;
    const end = () => {
      this.#pending--;
      for (const wake of this.#waiters.splice(0)) wake();
    };
    operation.then(() => generation === this.#generation && told()).then(end, end);
  }

  reset(): void {
    this.devices = 0;
  }

  setPage(page: number, stamp: number): void {
    new Uint32Array(this.#bytes.buffer, page * PAGE_BYTES, PAGE_BYTES / 4).fill(stamp);
  }

  pages(): number[] {
    return Array.from({ length: PAGES }, (_, page) => {
      const words = new Uint32Array(this.#bytes.buffer, page * PAGE_BYTES, PAGE_BYTES / 4);
      // A loop: this looks at millions of words for each command.
      for (let at = 1; at < words.length; at++)
        if (words[at] !== words[0]) throw new Error(`page ${page} is torn`);
      return words[0];
    });
  }

  saveDevices(): Uint8Array {
    return new Uint8Array(Uint32Array.of(this.devices).buffer);
  }

  readDevices(bytes: Uint8Array): SavedDevices {
    const stamp = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    return { floppies: [], restore: () => (this.devices = stamp) };
  }

  restoreDevices(saved: SavedDevices): null {
    (saved.restore as () => void)();
    return null;
  }

  chipTime(atMs: number): number {
    return atMs;
  }

  thumbnail(): () => Promise<Blob> {
    return () => Promise.resolve(new Blob(['picture'], { type: 'image/png' }));
  }
}
