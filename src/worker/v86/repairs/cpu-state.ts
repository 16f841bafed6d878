import type { Cpu } from '../internals.ts';

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
