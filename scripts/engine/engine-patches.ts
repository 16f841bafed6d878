import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ENGINE_SLOTS,
  ENGINE_VARIABLES,
  LOCAL_APIC_STRUCT,
  UPSTREAM_LIMITS,
} from '../../src/worker/v86/engine-slots.ts';
import { bodyOf, code, jumpTable, readJumpTable, WasmBinary } from './wasm-binary.ts';

const require = createRequire(import.meta.url);

/** The engine that package.json pins, and what the patches make of it. */
export const PINNED_SHA256 = 'aa0d0e149d6b60063b85de4871e78505637ce92821e14a9f9802c4008ba2336e';
export const PATCHED_SHA256 = '17e7bdd2d4addd3b8c51d7c7416692f28fa4797aaaa03f0289924dbfe4d45f4d';

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
/** Where the 8259s keep their registers 4D0h and 4D1h (`src/rust/cpu/pic.rs`, Pic0.elcr). */
const EDGE_OR_LEVEL = { master: 35_419, slave: 35_432 } as const;
const TRAP_FLAG = 0x100;
const INTERRUPT_FLAG = 0x200;
const OPCODE = { bound: 0x62, int3: 0xcc, int: 0xcd, int1: 0xf1 } as const;
const TRAP_FLAG_BIT = 8;
const LONGEST_INSTRUCTION = 15;
const HELD_BACK = LOCAL_APIC_STRUCT.address + LOCAL_APIC_STRUCT.heldBack;
/** One-byte opcodes with an operand size of 16 bits, and then those of 32. */
const OPCODES = 512;

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
      const original = throughTable(engine, engine.functionIndex('instr_0F30'), 0, ENGINE_SLOTS.wrmsr);
      engine.exportFunction('vitrine_wrmsr_js', original);
    },
  },
  {
    // The 8259s' interrupts pass the local APIC's LINT0, which can be masked (Intel SDM 3A §10.5.1).
    name: 'lint0-mask',
    upstreamFile: 'src/rust/cpu/pic.rs',
    apply: (engine) => {
      const lint0 = LOCAL_APIC_STRUCT.address + LOCAL_APIC_STRUCT.lint0;
      acknowledgeOnlyWhere(
        engine,
        '3pic19pic_acknowledge_irq',
        code.load(lint0),
        code.constant(LVT_MASKED),
        code.and,
        code.load(HELD_BACK),
        code.or,
        code.isZero,
      );
    },
  },
  {
    // Between an instruction and its single-step trap no interrupt comes (Intel SDM 3A §6.9).
    name: 'held-back-interrupts',
    upstreamFile: 'src/rust/cpu/apic.rs',
    apply: (engine) => {
      acknowledgeOnlyWhere(engine, '3cpu4apic15acknowledge_irq', code.load(HELD_BACK), code.isZero);
    },
  },
  {
    // The lines of timer, keyboard, cascade, clock and coprocessor are always edges (82371AB data sheet §4.2.6, ELCR1 and ELCR2).
    name: 'elcr-mask',
    upstreamFile: 'src/rust/cpu/pic.rs',
    apply: (engine) => {
      const write = engine.functionIndex('3cpu3cpu14io_port_write8');
      for (const [address, mask] of [
        [EDGE_OR_LEVEL.master, 0xf8],
        [EDGE_OR_LEVEL.slave, 0xde],
      ] as const) {
        const store = [0x3a, 0x00, ...longNumber(address)];
        replaceOnce(engine, write, store, [...code.constant(mask), ...code.and, ...store]);
      }
    },
  },
  {
    // Upstream takes the trap flag away wherever it is loaded. Here it stays, ends the block that loads it, and the next one begins in
    // src/worker/v86/repairs/single-step.ts.
    name: 'trap-flag',
    upstreamFile: 'src/rust/cpu/cpu.rs',
    apply: (engine) => {
      const { flags, blockBoundary } = ENGINE_VARIABLES;
      const keep = engine.addFunction(
        engine.functionIndex('3cpu4apic6read32'),
        bodyOf(
          code.constant(blockBoundary),
          code.loadByte(blockBoundary),
          code.get(0),
          code.constant(TRAP_FLAG_BIT),
          code.shiftRight,
          code.constant(1),
          code.and,
          code.or,
          code.storeByte,
          code.get(0),
        ),
      );
      for (const [name, times] of [
        ['instr16_9D', 1],
        ['instr32_9D', 1],
        ['3cpu3cpu4iret', 2],
        ['14do_task_switch', 1],
        ['update_eflags', 1],
      ] as const) {
        replaceEach(
          engine,
          engine.functionIndex(name),
          [...code.constant(~TRAP_FLAG), ...code.and],
          Array.from({ length: times }, () => code.call(keep)),
        );
      }
      // Compiled code is left behind a POPF after which an interrupt may come: also where the flag was set before, and with the trap flag.
      replaceEach(engine, engine.functionIndex('16jit_instructions8gen_popf'), wideConstant(INTERRUPT_FLAG), [
        wideConstant(0),
        wideConstant(INTERRUPT_FLAG | TRAP_FLAG),
      ]);
      engine.exportFunction('vitrine_run_js', engine.functionIndex('3gen11interpreter3run'));
      const { address, watched } = LOCAL_APIC_STRUCT;
      const blockBegins = [0x02, 0x40, 0x02, 0x40];
      const instructionPointer = [0x41, 0x00, 0x28, 0x02, 0xac, 0x04, 0x22, 0x07, 0x41, 0x0c, 0x76];
      const step = engine.typeIndexOf(engine.functionIndex('instr_0FA2'));
      replaceOnce(
        engine,
        engine.functionIndex('main_loop'),
        [...blockBegins, ...instructionPointer],
        [
          ...blockBegins,
          ...code.load(flags),
          ...code.constant(TRAP_FLAG),
          ...code.and,
          ...code.load(address + watched),
          ...code.or,
          // Out of this, and out of both blocks: the engine looks whether the slice is over.
          ...code.when(code.callTable(step, ENGINE_SLOTS.step), code.leave(2)),
          ...instructionPointer,
        ],
      );
    },
  },
  {
    // Upstream does nothing for BOUND and INT1. They come to src/worker/v86/repairs/faults.ts as software interrupts: BOUND as INT n with its
    // operand for n (compiled code calls ours), INT1 as INT3.
    name: 'bound-and-int1',
    upstreamFile: 'gen/x86_table.js',
    apply: (engine) => {
      const interpreter = engine.functionIndex('3gen11interpreter3run');
      redirectOpcode(engine, interpreter, OPCODE.bound, OPCODE.int);
      redirectOpcode(engine, interpreter, OPCODE.int1, OPCODE.int3);
      redirectOpcode(engine, engine.functionIndex('3gen8analyzer8analyzer'), OPCODE.int1, OPCODE.int3);
      redirectOpcode(engine, engine.functionIndex('3gen3jit3jit'), OPCODE.int1, OPCODE.int3);
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
    // An instruction of more than fifteen bytes is a general protection fault (Intel SDM 3A §6.15, interrupt 13). Upstream takes one prefix
    // in another, each with six kilobytes of the engine's stack, until that runs over into its tables.
    name: 'instruction-length',
    upstreamFile: 'src/rust/cpu/cpu.rs',
    apply: (engine) => {
      const { instructionPointer, previousPointer } = ENGINE_VARIABLES;
      const run = engine.functionIndex('3gen11interpreter3run');
      const checked = engine.addFunction(
        run,
        bodyOf(
          code.load(instructionPointer),
          code.load(previousPointer),
          code.subtract,
          code.constant(LONGEST_INSTRUCTION),
          code.isGreater,
          code.when(code.constant(0), code.call(engine.functionIndex('3cpu3cpu10trigger_gp')), code.return),
          code.get(0),
          code.call(run),
        ),
      );
      for (const name of ['17segment_prefix_op', '22run_prefix_instruction']) {
        replaceOnce(engine, engine.functionIndex(name), [0x10, ...longNumber(run)], code.call(checked));
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
  replaceEach(engine, index, from, [to]);
}

/** Replaces instructions that must be exactly as many times in a function as there are others for them, in their order. */
function replaceEach(
  engine: WasmBinary,
  index: number,
  from: readonly number[],
  to: readonly (readonly number[])[],
): void {
  const body = engine.body(index);
  const places: number[] = [];
  for (let at = 0; at + from.length <= body.length; at++) {
    if (from.every((byte, i) => body[at + i] === byte)) places.push(at);
  }
  if (places.length !== to.length) {
    throw new Error(`Function ${index} has ${places.length} times what is to be replaced.`);
  }
  const parts: number[] = [];
  let done = 0;
  for (const [i, place] of places.entries()) {
    parts.push(...body.subarray(done, place), ...to[i]);
    done = place + from.length;
  }
  parts.push(...body.subarray(done));
  engine.setBody(index, Uint8Array.from(parts));
}

/** An address or an index as the linker left it: in five bytes, whatever it is. */
function longNumber(value: number): readonly number[] {
  return [0, 7, 14, 21, 28].map((shift) => ((value >>> shift) & 0x7f) | (shift < 28 ? 0x80 : 0));
}

/** The load of a constant of 64 bits, which is how the compiler of the guest's code spells the constants that it writes. */
function wideConstant(value: number): readonly number[] {
  const [, ...digits] = code.constant(value);
  return [0x42, ...digits];
}

/** Lets one opcode do what another does, in a function that goes by a jump table of all of them. */
function redirectOpcode(engine: WasmBinary, index: number, from: number, to: number): void {
  const body = engine.body(index);
  for (let at = 0; at < body.length; at++) {
    const table = readJumpTable(body, at, OPCODES);
    if (!table) continue;
    const labels = table.labels.slice();
    for (const size of [0, OPCODES / 2]) labels[size + from] = labels[size + to];
    const rest = body.subarray(at + table.bytes);
    engine.setBody(
      index,
      Uint8Array.from([...body.subarray(0, at), ...jumpTable(labels, table.otherwise), ...rest]),
    );
    return;
  }
  throw new Error(`Function ${index} has no jump table of ${OPCODES} opcodes.`);
}

/** An interrupt controller gives the processor its interrupt only where the number that the parts compute is not zero. */
function acknowledgeOnlyWhere(
  engine: WasmBinary,
  name: string,
  ...condition: readonly (readonly number[])[]
): void {
  const acknowledge = engine.functionIndex(name);
  const original = engine.addFunction(acknowledge, engine.body(acknowledge));
  engine.setBody(
    acknowledge,
    bodyOf(
      // An Option of a byte: the first says whether there is one.
      code.get(0),
      code.constant(0),
      code.storeByte,
      ...condition,
      code.when(code.get(0), code.call(original)),
    ),
  );
}

/** Sends the callers of a function to an entry of the table; gives the index at which it is found itself from now on. */
function throughTable(engine: WasmBinary, index: number, parameters: number, slot: number): number {
  const original = engine.addFunction(index, engine.body(index));
  const args = Array.from({ length: parameters }, (_, i) => code.get(i));
  engine.setBody(index, bodyOf(...args, code.callTable(engine.typeIndexOf(index), slot)));
  return original;
}
