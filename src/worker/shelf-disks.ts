import { keepBase } from '../disk/keep-base.ts';
import { VirtualDisk } from '../disk/virtual-disk.ts';
import { VitrineError } from '../lib/errors.ts';
import type { BaseWish, DiskExportWish, ShelfDiskCalls } from '../protocol/disk-messages.ts';
import type { ArchiveProgress, ShelfCallName } from '../protocol/snapshot-messages.ts';
import { momentOf } from '../snapshot/moment-index.ts';
import { MomentStore } from '../snapshot/moment-store.ts';
import { PageCodec } from '../snapshot/page-codec.ts';
import { IdbRecordStore } from '../store/idb-record-store.ts';
import { takeMachineLock, type MachineLock } from '../store/machine-lock.ts';
import { openBase } from './base-image.ts';
import { DiskExporter, type OpenDisk } from './disk-exporter.ts';

const NAMES: readonly string[] = [
  'keepBase',
  'beginDiskExport',
  'diskExportNext',
  'endDiskExport',
] satisfies (keyof ShelfDiskCalls)[];

/** The disks of machines that are off: their export, and the copy of the image that one stands on. */
export class ShelfDisks {
  readonly #exporters = new Map<string, DiskExporter>();

  static answers(name: ShelfCallName): name is keyof ShelfDiskCalls {
    return NAMES.includes(name);
  }

  async answer(
    machineId: string,
    name: keyof ShelfDiskCalls,
    args: unknown[],
    options: { signal: AbortSignal; onProgress(progress: ArchiveProgress): void },
  ): Promise<unknown> {
    const exporter = this.#exporters.get(machineId) ?? new DiskExporter();
    this.#exporters.set(machineId, exporter);
    switch (name) {
      case 'beginDiskExport': {
        const [wish, base] = args as Parameters<ShelfDiskCalls['beginDiskExport']>;
        return exporter.begin(wish.id, wish.format, () => openDisk(machineId, wish, base));
      }
      case 'diskExportNext':
        return exporter.next((args as Parameters<ShelfDiskCalls['diskExportNext']>)[0]);
      case 'endDiskExport':
        return exporter.end((args as Parameters<ShelfDiskCalls['endDiskExport']>)[0]);
      case 'keepBase':
        return keep(machineId, (args as Parameters<ShelfDiskCalls['keepBase']>)[0], options);
    }
  }
}

async function keep(
  machineId: string,
  base: BaseWish,
  options: { signal: AbortSignal; onProgress(progress: ArchiveProgress): void },
): Promise<void> {
  const { store, release } = await takeStore(machineId);
  try {
    await keepBase(store, machineId, await openBase(base), {
      ...options,
      fingerprint: base.fingerprint,
    });
  } finally {
    await release();
  }
}

/** A machine that is off writes nothing, so its disk is exported as it stands, unfrozen. */
async function openDisk(
  machineId: string,
  { momentId }: DiskExportWish,
  wish: BaseWish | null,
): Promise<OpenDisk> {
  const { store, release } = await takeStore(machineId);
  try {
    const base = wish && (await openBase(wish));
    const kept =
      momentId !== null && (await MomentStore.open(store, machineId, PageCodec.standalone())).index;
    const disk = await VirtualDisk.open(store, {
      machineId,
      base,
      baseFingerprint: wish?.fingerprint ?? null,
    });
    const generation = kept ? momentOf(kept, momentId).generation : disk.topGeneration;
    if (generation === null) throw new VitrineError('disk/no-generation');
    return {
      disk,
      base,
      generation,
      async release() {
        await disk.close();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function takeStore(
  machineId: string,
): Promise<{ store: IdbRecordStore; release(this: void): Promise<void> }> {
  const lock: MachineLock | null = await takeMachineLock(machineId, { kind: 'if-free' }, () => undefined);
  if (!lock) throw new VitrineError('store/machine-in-use', { name: machineId });
  try {
    const store = await IdbRecordStore.open();
    const release = async () => {
      lock.release();
      await store.close();
    };
    return { store, release };
  } catch (error) {
    lock.release();
    throw error;
  }
}
