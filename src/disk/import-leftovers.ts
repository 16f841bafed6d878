import { VitrineError } from '../lib/errors.ts';
import { momentKeys } from './moment-keys.ts';
import type { Guard, RecordKey, RecordStore } from './record-store.ts';
import { readShelf, shelfStep } from './shelf-record.ts';
import { sweepDropped, sweepPart } from './upkeep.ts';

/**
 * Layers that an import into a machine is writing and nobody reaches yet. The record is taken away by the step that
 * makes them the machine's; one that is there although nobody has the machine's lock is what a killed import left.
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

/**
 * Removes what an import that was refused, cancelled or killed had written; whoever calls has the machine's lock. Of a
 * machine that is on the shelf the pages of moments stay: its list of moments names them, and opening it removes them.
 */
export async function removeImport(store: RecordStore, machineId: string): Promise<void> {
  const layers = await readImportLayers(store, machineId);
  try {
    await dropImport(store, machineId);
  } catch (error) {
    if (!(error instanceof VitrineError && error.code === 'store/full')) throw error;
    // Not even a larger shelf has room: these steps only remove.
    for (const layer of layers) while (!(await sweepPart(store, layer)));
    await store.commit({ kind: 'sweep', guards: [], remove: [importKey(machineId)], put: [] });
  }
  const { shelf } = await readShelf(store);
  if (!shelf.machines.some(({ id }) => id === machineId))
    await store.commit({ kind: 'sweep', guards: [], remove: momentKeys(machineId), put: [] });
  await sweepDropped(store);
}

/**
 * Removes what killed imports left, of machines that nobody has open: a new machine's id is known to nobody any more, so
 * it would never be opened again. `lock` takes the lock of a machine, or gives null.
 */
export async function removeOrphans(
  store: RecordStore,
  lock: (machineId: string) => Promise<{ release(): void } | null>,
): Promise<void> {
  for (const [, machineId] of await store.keys(['import'])) {
    const held = await lock(String(machineId));
    if (!held) continue;
    try {
      await removeImport(store, String(machineId));
    } finally {
      held.release();
    }
  }
}
