import type { Cpu } from './internals.ts';

type TableFunction = (...values: number[]) => number | void;

/**
 * Puts a function of ours into the engine's table, where the patched engine calls it (engine-slots.ts). A table takes only functions of
 * WebAssembly, so it goes through a module that imports and exports it.
 */
export function callFromEngine(
  cpu: Cpu,
  slot: number,
  parameters: number,
  results: 0 | 1,
  call: TableFunction,
): void {
  const i32 = 0x7f;
  const type = [
    0x60,
    parameters,
    ...Array<number>(parameters).fill(i32),
    results,
    ...Array<number>(results).fill(i32),
  ];
  const section = (id: number, bytes: number[]) => [id, bytes.length, ...bytes];
  const name = [1, 'f'.charCodeAt(0)];
  const code = Uint8Array.from([
    // The magic number and the version.
    0x00,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    ...section(1, [1, ...type]),
    ...section(2, [1, ...name, ...name, 0, 0]),
    ...section(7, [1, ...name, 0, 0]),
  ]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { f: { f: call } });
  cpu.wm.wasm_table.set(slot, exports['f']);
}

/** What only the patched engine exports. Throws an Error where the engine is another. */
export function engineExport(cpu: Cpu, name: string): unknown {
  const found = cpu.wm.exports[name];
  if (!found) throw new Error(`The engine has no ${name}: it is not the patched one (scripts/engine).`);
  return found;
}
