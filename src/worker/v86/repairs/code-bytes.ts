import type { Cpu } from '../internals.ts';

const PAGE_BYTES = 0x1000;

/**
 * The bytes of the instruction at a linear address whose page is there. Of a next page that is not there, which the processor
 * did not have to look at so far, zeros.
 */
export function codeBytes(cpu: Cpu, start: number): (offset: number) => number {
  const first = cpu.translate_address_system_read(start);
  let next: number | null | undefined;
  return (offset) => {
    const place = (start & (PAGE_BYTES - 1)) + offset;
    if (place < PAGE_BYTES) return cpu.read8(first + offset);
    if (next === undefined) next = pageBehind(cpu, start);
    return next === null ? 0 : cpu.read8(next + place - PAGE_BYTES);
  };
}

function pageBehind(cpu: Cpu, start: number): number | null {
  const stack = cpu.wm.exports['vitrine_stack_js'] as WebAssembly.Global;
  const before = stack.value as number;
  try {
    return cpu.translate_address_system_read(((start | (PAGE_BYTES - 1)) + 1) | 0);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    // The engine panics where there is no page, and leaves its own stack where it was.
    stack.value = before;
    return null;
  }
}
