import type { Cpu } from '../internals.ts';

/** Entries of the table that are the engine's own (`src/const.js`, WASM_TABLE_OFFSET); compiled code comes after. */
const FIRST_COMPILED_ENTRY = 1024;

/** A module of the guest's hot code, written and not yet compiled: what `codegen_finalize` is called with. */
interface WrittenModule {
  index: number;
  start: number;
  stateFlags: number;
  address: number;
  length: number;
}

/**
 * Takes over the last step of compiling the guest's hot code, and gives the function that does it; call that when
 * none of the engine's own frames is on the stack.
 *
 * Upstream (`src/cpu.js`, codegen_finalize) has the browser compile beside the running guest. Under a guest that keeps
 * its thread busy each module then takes 38 ms to come back, of which the compilation itself is less than one; and
 * the engine (`src/rust/jit.rs`) writes one module at a time, so that everything else that is hot is interpreted
 * meanwhile. At once, from inside, is no way either: the engine is in the midst of its own books.
 */
export function takeOverCompiling(cpu: Cpu): () => void {
  let written: WrittenModule | null = null;
  cpu.codegen_finalize = (index, start, stateFlags, address, length) => {
    written = { index, start, stateFlags, address: address >>> 0, length: length >>> 0 };
  };
  return () => {
    if (!written) return;
    const { index, start, stateFlags, address, length } = written;
    written = null;
    // The engine writes the next one only after it was told that this one is there: the bytes are still these.
    const code = new Uint8Array(cpu.wasm_memory.buffer, address, length);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { e: cpu.jit_imports });
    cpu.wm.wasm_table.set(FIRST_COMPILED_ENTRY + index, exports['f']);
    cpu.codegen_finalize_finished(index, start, stateFlags);
  };
}
