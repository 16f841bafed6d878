/**
 * Entries of the engine's function table through which the patched engine (scripts/engine) calls us. Upstream's own take
 * the first 209, those of compiled code begin at 1024 (`src/const.js`, WASM_TABLE_OFFSET).
 */
export const ENGINE_SLOTS = {
  deliver: 1000,
  cpuid: 1001,
  afterWrite: 1002,
  step: 1003,
  wrmsr: 1004,
} as const;

/** Upstream's local APIC in the engine's memory (`src/rust/cpu/apic.rs`): where it is, and byte offsets in it. */
export const LOCAL_APIC_STRUCT = {
  address: 35_496,
  bytes: 184,
  initialCount: 12,
  lint0: 40,
  tpr: 52,
  irr: 64,
  isr: 96,
  tmr: 128,
  end: 160,
  /** Words that upstream's delivery does not look at, taken for `BlockEnd`: */
  attention: 160,
  interpreterLimit: 164,
  sliceLimit: 168,
  /** Words for `SingleStep`: interrupts are held back while it is not zero; */
  heldBack: 172,
  /** and each block begins with a call of ours while this is not zero. */
  watched: 176,
} as const;

/** `src/rust/cpu/cpu.rs`, INTERPRETER_ITERATION_LIMIT and LOOP_COUNTER: in instructions. */
export const UPSTREAM_LIMITS = { interpreter: 100_001, slice: 100_003 } as const;

/**
 * Variables of the engine at fixed addresses: those of `src/rust/cpu/global_pointers.rs`, `jit_block_boundary` of `cpu.rs`, and the lock of
 * the compiler's state in `src/rust/jit.rs`, which is taken while the engine writes code for the guest.
 */
export const ENGINE_VARIABLES = {
  flags: 120,
  instructionPointer: 556,
  previousPointer: 560,
  blockBoundary: 37_376,
  compilerLock: 4_243_488,
} as const;
