import type { RecordKey } from './record-store.ts';

/**
 * All that `src/snapshot/moment-store.ts` keeps for a machine, as prefixes of keys, its list of moments first: erasing
 * the machine erases it too.
 */
export function momentKeys(machineId: string): RecordKey[] {
  return ['moments', 'moment', 'thumbnail', 'pages'].map((kind) => [kind, machineId]);
}
