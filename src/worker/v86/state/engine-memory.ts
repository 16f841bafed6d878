import type { PagedMemory } from '../../../snapshot/memory-tracker.ts';
import { PAGE_BYTES, PageCodec } from '../../../snapshot/page-codec.ts';
import type { Cpu } from '../internals.ts';

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

  /** Before the guest's first instruction: the emulator's memory grows by a few MiB. */
  constructor(cpu: Cpu) {
    this.#memory = cpu.wasm_memory;
    this.#ram = regionOf(cpu.mem8);
    this.#video = regionOf(cpu.devices.vga.svga_memory);
    this.pageCount = this.#ram.pages + this.#video.pages;
    this.codec = new PageCodec(this.#memory, this.pageCount);
  }

  page(page: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, this.#addressOf(page), PAGE_BYTES);
  }

  scan(first: number, count: number): { looked: number; changed: Uint32Array } {
    const { pages } = this.#ram;
    const most = first < pages ? pages - first : this.pageCount - first;
    return this.codec.scan(this.#addressOf(first), first, Math.min(count, most));
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
