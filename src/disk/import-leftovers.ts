import { readShelf, shelfStep } from './shelf-record.ts';
import type { Guard, RecordKey, RecordStore } from './record-store.ts';

/**
 * Layers that an import into a machine is writing and nobody reaches yet. The record is taken away by the step that
 * makes them the machine's; one that is still there when the machine is opened or erased is what a killed import left.
 */
export const importKey = (machineId: string): RecordKey => ['import', machineId];

/** For the step that replaces the machine: holds while nobody has given the layers to the sweepers. */
export const importGuard = (machineId: string): Guard => ({ key: importKey(machineId), version: -1 });

export async function readImportLayers(store: RecordStore, machineId: string): Promise<number[]> {
  const [layers] = await store.read([importKey(machineId)]);
  return Array.isArray(layers) ? (layers as number[]) : [];
}

/** Gives what a killed import left to the sweepers, in one step; an import that is not dead after all fails. */
export async function dropImport(store: RecordStore, machineId: string): Promise<void> {
  for (;;) {
    const layers = await readImportLayers(store, machineId);
    if (layers.length === 0) return;
    const { shelf, version } = await readShelf(store);
    const step = shelfStep('shelf', { ...shelf, dropped: [...shelf.dropped, ...layers] }, version);
    if ((await store.commit({ ...step, remove: [importKey(machineId)] })) === 'done') return;
  }
}
