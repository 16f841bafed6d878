import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENGINE_SLOTS, LOCAL_APIC_STRUCT, UPSTREAM_LIMITS } from '../../src/worker/v86/engine-slots.ts';
import { bodyOf, code, WasmBinary } from './wasm-binary.ts';

const require = createRequire(import.meta.url);

/** The engine that package.json pins, and what the patches make of it. */
export const PINNED_SHA256 = 'aa0d0e149d6b60063b85de4871e78505637ce92821e14a9f9802c4008ba2336e';
export const PATCHED_SHA256 = '72e8db341aad9e259b87a529090f2734195a838a4268a1ed78bedbd704815b68';

/** One change of the pinned engine. What it does in the machine is in src/worker/v86/repairs/table.ts. */
export interface EnginePatch {
  readonly name: string;
  /** Where upstream has what is changed. */
  readonly upstreamFile: string;
  apply(engine: WasmBinary): void;
}

const LOCAL_APIC = 0xfee0_0000 | 0;
const IO_APIC = 0xfec0_0000 | 0;
const APIC_BASE_ENABLED = 0x800;
const APIC_BASE_BOOTSTRAP = 0x100;
const CR4 = { pse: 0x10, pae: 0x20 } as const;
const LVT_MASKED = 0x1_0000;

export const ENGINE_PATCHES: readonly EnginePatch[] = [
  {
    // Reads and double-word writes of both register ranges go to the handlers of memory-mapped devices (`io.mmap_register`), as
    // all other widths do already; and no write calls `handle_irqs` in the middle of a compiled block.
    name: 'apic-registers',
    upstreamFile: 'src/rust/cpu/memory.rs',
    apply: (engine) => {
      const read = engine.importIndex('mmap_read32');
      for (const [name, base] of [
        ['3cpu4apic6read32', LOCAL_APIC],
        ['3cpu6ioapic6read32', IO_APIC],
      ] as const) {
        engine.setBody(
          engine.functionIndex(name),
          bodyOf(code.get(0), code.constant(base), code.add, code.call(read)),
        );
      }
      const write = engine.functionIndex('6memory12mmap_write32');
      // Compared with an address whose low bits are masked: never equal.
      replaceConstant(engine, write, LOCAL_APIC, 1);
      replaceConstant(engine, write, IO_APIC, 1);
    },
  },
  {
    name: 'apic-base-msr',
    upstreamFile: 'src/rust/cpu/instructions_0f.rs',
    apply: (engine) => {
      const rdmsr = engine.functionIndex('instr_0F32');
      for (const enabled of [0, APIC_BASE_ENABLED]) {
        replaceConstant(engine, rdmsr, LOCAL_APIC | enabled, LOCAL_APIC | enabled | APIC_BASE_BOOTSTRAP);
      }
    },
  },
  {
    // The 8259s' interrupts pass the local APIC's LINT0, which can be masked (Intel SDM 3A §10.5.1).
    name: 'lint0-mask',
    upstreamFile: 'src/rust/cpu/pic.rs',
    apply: (engine) => {
      const acknowledge = engine.functionIndex('3pic19pic_acknowledge_irq');
      const original = engine.addFunction(acknowledge, engine.body(acknowledge));
      const lint0 = LOCAL_APIC_STRUCT.address + LOCAL_APIC_STRUCT.lint0;
      engine.setBody(
        acknowledge,
        bodyOf(
          // An Option of a byte: the first says whether there is one.
          code.get(0),
          code.constant(0),
          code.storeByte,
          code.load(lint0),
          code.constant(LVT_MASKED),
          code.and,
          code.isZero,
          code.when(code.get(0), code.call(original)),
        ),
      );
    },
  },
  {
    // Upstream panics, or recurses for ever, where the delivery of a fault faults; src/worker/v86/repairs/faults.ts takes it from here.
    name: 'fault-delivery',
    upstreamFile: 'src/rust/cpu/cpu.rs',
    apply: (engine) => {
      const deliver = engine.functionIndex('3cpu21call_interrupt_vector');
      const original = throughTable(engine, deliver, 4, ENGINE_SLOTS.deliver);
      engine.exportFunction('vitrine_deliver_js', original);
      engine.exportGlobal('vitrine_stack_js', 0);
    },
  },
  {
    // Compiled code can be left after a write to a device, with all its registers: where that made an interrupt due.
    name: 'leave-after-write',
    upstreamFile: 'src/rust/cpu/cpu.rs',
    apply: (engine) => {
      const write = engine.functionIndex('safe_write32_slow_jit');
      const original = engine.addFunction(write, engine.body(write));
      const type = engine.typeIndex('127,127:127');
      const attention = LOCAL_APIC_STRUCT.address + LOCAL_APIC_STRUCT.attention;
      engine.setBody(
        write,
        bodyOf(
          code.get(0),
          code.get(1),
          code.get(2),
          code.call(original),
          code.set(0),
          code.load(attention),
          code.when(code.get(0), code.get(2), code.callTable(type, ENGINE_SLOTS.afterWrite), code.set(0)),
          code.get(0),
        ),
      );
    },
  },
  {
    // How long the interpreter stays in a page, and how long a slice is, can be changed while they run.
    name: 'slice-limits',
    upstreamFile: 'src/rust/cpu/cpu.rs',
    apply: (engine) => {
      const loop = engine.functionIndex('main_loop');
      const { address, interpreterLimit, sliceLimit } = LOCAL_APIC_STRUCT;
      for (const [limit, cell] of [
        [UPSTREAM_LIMITS.interpreter, address + interpreterLimit],
        [UPSTREAM_LIMITS.slice, address + sliceLimit],
      ] as const) {
        replaceOnce(engine, loop, code.constant(limit), code.load(cell));
      }
    },
  },
  {
    // With PAE an entry of the page directory is a large page by its own bit alone; upstream asks for CR4.PSE as well (Intel SDM 3A table 4-1).
    name: 'pae-large-pages',
    upstreamFile: 'src/rust/cpu/cpu.rs',
    apply: (engine) => {
      const test = (bits: number) => [...code.get(8), ...code.constant(bits), ...code.and, ...code.isZero];
      replaceOnce(engine, engine.functionIndex('3cpu12do_page_walk'), test(CR4.pse), test(CR4.pse | CR4.pae));
    },
  },
  {
    name: 'cpuid',
    upstreamFile: 'src/rust/cpu/instructions_0f.rs',
    apply: (engine) => {
      const original = throughTable(engine, engine.functionIndex('instr_0FA2'), 0, ENGINE_SLOTS.cpuid);
      engine.exportFunction('vitrine_cpuid_js', original);
    },
  },
];

/** The pinned engine with the patches in it. Throws an Error for any other engine, and where the result is another than was tested. */
export function patchEngine(pinned: Uint8Array): Uint8Array<ArrayBuffer> {
  expectHash('The engine of the package v86', pinned, PINNED_SHA256);
  const engine = new WasmBinary(pinned);
  for (const patch of ENGINE_PATCHES) patch.apply(engine);
  const patched = engine.toBytes();
  expectHash('The patched engine', patched, PATCHED_SHA256);
  return patched;
}

/** Where the build takes the engine from. */
const PATCHED_FILE = fileURLToPath(new URL('../../node_modules/.cache/vitrine/v86.wasm', import.meta.url));

/** Makes the engine that is shipped, unless it is there already; gives its path. */
export function writePatchedEngine(): string {
  if (existsSync(PATCHED_FILE) && hashOf(readFileSync(PATCHED_FILE)) === PATCHED_SHA256) return PATCHED_FILE;
  mkdirSync(dirname(PATCHED_FILE), { recursive: true });
  // Another process may read it while this one writes.
  const part = `${PATCHED_FILE}.${process.pid}`;
  writeFileSync(part, readPatchedEngine());
  renameSync(part, PATCHED_FILE);
  return PATCHED_FILE;
}

/** The engine as it is shipped. */
export function readPatchedEngine(): Uint8Array<ArrayBuffer> {
  return patchEngine(readFileSync(require.resolve('v86/build/v86.wasm')));
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function expectHash(what: string, bytes: Uint8Array, expected: string): void {
  const actual = hashOf(bytes);
  if (actual !== expected) {
    throw new Error(`${what} has sha256 ${actual}, expected ${expected}. Install again with npm ci.`);
  }
}

/** Replaces the load of one constant in a function. */
function replaceConstant(engine: WasmBinary, index: number, from: number, to: number): void {
  replaceOnce(engine, index, code.constant(from), code.constant(to));
}

/** Replaces instructions that must be exactly once in a function. */
function replaceOnce(
  engine: WasmBinary,
  index: number,
  from: readonly number[],
  to: readonly number[],
): void {
  const body = engine.body(index);
  const places: number[] = [];
  for (let at = 0; at + from.length <= body.length; at++) {
    if (from.every((byte, i) => body[at + i] === byte)) places.push(at);
  }
  const [place] = places;
  if (place === undefined || places.length > 1) {
    throw new Error(`Function ${index} has ${places.length} times what is to be replaced.`);
  }
  const rest = body.subarray(place + from.length);
  engine.setBody(index, Uint8Array.from([...body.subarray(0, place), ...to, ...rest]));
}

/** Sends the callers of a function to an entry of the table; gives the index at which it is found itself from now on. */
function throughTable(engine: WasmBinary, index: number, parameters: number, slot: number): number {
  const original = engine.addFunction(index, engine.body(index));
  const args = Array.from({ length: parameters }, (_, i) => code.get(i));
  engine.setBody(index, bodyOf(...args, code.callTable(engine.typeIndexOf(index), slot)));
  return original;
}
