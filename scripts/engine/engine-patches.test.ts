import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { ENGINE_PATCHES, patchEngine } from './engine-patches.ts';
import { WasmBinary } from './wasm-binary.ts';

const pinned = readFileSync(createRequire(import.meta.url).resolve('v86/build/v86.wasm'));

describe('the patched engine', () => {
  it('is a module, smaller than the pinned one by what only a debugger reads', () => {
    const patched = patchEngine(pinned);
    expect(WebAssembly.validate(patched)).toBe(true);
    expect(patched.length).toBeLessThan(pinned.length - 200_000);
  });

  it('exports what the pinned one does, and what ours needs', () => {
    const names = (bytes: Uint8Array<ArrayBuffer>) =>
      WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({ name }) => name);
    expect(names(patchEngine(pinned))).toEqual([
      ...names(pinned),
      'vitrine_wrmsr_js',
      'vitrine_run_js',
      'vitrine_deliver_js',
      'vitrine_stack_js',
      'vitrine_cpuid_js',
    ]);
  });

  it('is made of the pinned engine alone', () => {
    const other = pinned.slice();
    other[other.length - 1] ^= 1;
    expect(() => patchEngine(other)).toThrow(/The engine of the package v86 has sha256/);
  });

  it.each(ENGINE_PATCHES)('has $name, which fits once', (patch) => {
    const engine = new WasmBinary(pinned);
    const before = engine.toBytes();
    patch.apply(engine);
    const after = engine.toBytes();
    expect(WebAssembly.validate(after)).toBe(true);
    expect(Buffer.compare(after, before)).not.toBe(0);
  });
});

describe('a module taken apart', () => {
  it('is the same module when nothing was changed, but for what only a debugger reads', () => {
    const again = new WasmBinary(new WasmBinary(pinned).toBytes());
    expect(Buffer.compare(again.toBytes(), new WasmBinary(pinned).toBytes())).toBe(0);
    expect(WebAssembly.validate(again.toBytes())).toBe(true);
  });

  it('finds no function by a name that is not there, or that several have', () => {
    const engine = new WasmBinary(pinned);
    expect(() => engine.functionIndex('no_such_function')).toThrow('0 functions');
    expect(() => engine.functionIndex('_reg')).toThrow(/\d\d+ functions/);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['something else', new Uint8Array(100)],
    ['a beginning', pinned.subarray(0, 1000)],
  ])('is not %s', (_, bytes) => {
    expect(() => new WasmBinary(bytes)).toThrow(Error);
  });
});
