import type { IoApicState } from './io-apic.ts';
import type { LocalApicState } from './local-apic.ts';

/** What a moment keeps of the APICs. */
export interface ApicState {
  local: LocalApicState;
  io: IoApicState;
}
