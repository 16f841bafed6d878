import type { PagedMemory } from '../../../snapshot/memory-tracker.ts';
import { PAGE_BYTES, PageCodec } from '../../../snapshot/page-codec.ts';
import type { Cpu } from '../internals.ts';

const FIRST_MIB_PAGES = 256;

interface Region {
  readonly address: number;
  readonly pages: number;
}

/** RAM and video memory of a machine as pages, where they are in the emulator's own memory. */
export class EngineMemory implements PagedMemory {
  readonly pageCount: number;
  readonly codec: PageCodec;
  readonly #memory: WebAssembly.Memory;
  readonly #ram: Region;
  readonly #video: Region;

  /** Whether the guest ever ran. */
  readonly #hasRun: () => boolean;

  /** Before the guest's first instruction: the emulator's memory grows by a few MiB. */
  constructor(cpu: Cpu, hasRun: () => boolean) {
    this.#hasRun = hasRun;
    this.#memory = cpu.wasm_memory;
    this.#ram = regionOf(cpu.mem8);
    this.#video = regionOf(cpu.devices.vga.svga_memory);
    this.pageCount = this.#ram.pages + this.#video.pages;
    this.codec = new PageCodec(this.#memory, this.pageCount);
  }

  /** Upstream's loading (`src/cpu.js`, load_bios and init) writes the first MiB of the RAM only, and in the video memory. */
  get untouched(): { from: number; to: number } {
    return this.#hasRun() ? { from: 0, to: 0 } : { from: FIRST_MIB_PAGES, to: this.#ram.pages };
  }

  page(page: number): Uint8Array {
    return this.run(page, 1);
  }

  run(first: number, count: number): Uint8Array {
    const together = Math.min(count, this.#pagesTogether(first));
    return new Uint8Array(this.#memory.buffer, this.#addressOf(first), together * PAGE_BYTES);
  }

  scan(first: number, count: number): { looked: number; changed: Uint32Array } {
    const together = Math.min(count, this.#pagesTogether(first));
    return this.codec.scan(this.#addressOf(first), first, together);
  }

  /** From a page on to the end of what it is in. */
  #pagesTogether(first: number): number {
    const { pages } = this.#ram;
    return (first < pages ? pages : this.pageCount) - first;
  }

  #addressOf(page: number): number {
    const { address, pages } = this.#ram;
    return page < pages ? address + page * PAGE_BYTES : this.#video.address + (page - pages) * PAGE_BYTES;
  }
}

/** Upstream's allocator aligns both to pages (`src/rust/cpu/memory.rs`). */
function regionOf(view: Uint8Array): Region {
  return { address: view.byteOffset, pages: view.length / PAGE_BYTES };
}
