import type { Cpu } from '../internals.ts';
import type { MachineTime } from '../time/machine-time.ts';

/** Places of `src/cpu.js`, get_state, that set_state does not put back. */
const LAST_RESULT = 86;
const FPU_STATUS = 87;
const MXCSR = 88;

/**
 * Restores three registers that upstream (`src/cpu.js`, set_state) forgets: it replaces the views on them by
 * the saved arrays instead of writing through. The processor then goes on with the last result, floating point
 * status and MXCSR of whatever ran before (a conditional jump may go the wrong way), and every later state
 * holds the values of the first one.
 */
export function applyCpuStateRepair(cpu: Cpu): void {
  const { last_result: lastResult, fpu_status_word: fpuStatus, mxcsr } = cpu;
  const setState = cpu.set_state.bind(cpu);
  cpu.set_state = (state) => {
    setState(state);
    cpu.last_result = lastResult;
    cpu.fpu_status_word = fpuStatus;
    cpu.mxcsr = mxcsr;
    const saved = state as (ArrayLike<number> | undefined)[];
    if (saved[LAST_RESULT]) lastResult.set(saved[LAST_RESULT]);
    if (saved[FPU_STATUS]) fpuStatus.set(saved[FPU_STATUS]);
    if (saved[MXCSR]) mxcsr.set(saved[MXCSR]);
  };
}

/** `src/rust/cpu/cpu.rs`, TSC_RATE: ticks in a millisecond. */
const TSC_PER_MS = 1_000_000;

/**
 * Sets the time stamp counter to what was asked. Upstream (`src/rust/cpu/cpu.rs`, set_tsc) computes the new
 * offset from a value that has the old one in it already: the counter of a restored guest jumps by the time
 * that the page had been open when its emulator was made, and that of a reset one starts in the past.
 */
export function applyTscRepair(cpu: Cpu, time: MachineTime): void {
  const setTsc = cpu.set_tsc.bind(cpu);
  const read = cpu.wm.exports['read_tsc'] as () => bigint;
  cpu.set_tsc = (low, high) => {
    const wanted = BigInt(low >>> 0) | (BigInt(high >>> 0) << 32n);
    const counter = BigInt.asUintN(64, read());
    const offset = BigInt(Math.floor(time.last * TSC_PER_MS)) - counter;
    const corrected = BigInt.asUintN(64, wanted - offset);
    setTsc(Number(corrected & 0xffff_ffffn), Number(corrected >> 32n));
  };
}
