import type { MachineCalls } from '../protocol/machine-messages.ts';
import type { MomentCalls } from '../protocol/snapshot-messages.ts';
import type { MomentKeeper } from './snapshots.ts';

type Names = keyof MomentCalls | 'takeMoment' | 'restoreMoment';
type Handlers = {
  [K in Names]: (...args: Parameters<MachineCalls[K]>) => Promise<ReturnType<MachineCalls[K]>>;
};

/** What a machine's worker answers about moments. `keeper` throws where nothing is stored. */
export function momentHandlers(keeper: () => MomentKeeper): Handlers {
  return {
    takeMoment: async (wish) => keeper().take(wish),
    restoreMoment: async (wish) => keeper().restore(wish),
    moments: async (known) => keeper().list(known),
    momentBytes: async () => keeper().bytes(),
    deleteMoment: async (id) => keeper().remove(id),
    renameMoment: async (id, label) => keeper().rename(id, label),
    pinMoment: async (id) => keeper().pinFirst(id),
  };
}
