import { VitrineError } from '../lib/errors.ts';
import type { RecordKey, RecordStore, Step, StepKind, Versioned } from './record-store.ts';
import { EMPTY_SHELF, type Shelf } from './shelf.ts';
import { xxh32 } from './xxh32.ts';

/**
 * The layout of the whole store, version 1:
 *
 *     ['shelf']                 ShelfRecord: machines and generations
 *     ['writer', machine id]    WriterRecord: who may write, and the last commit
 *     ['head', layer, segment]  Uint32Array (segment-head.ts)
 *     ['data', segment]         Uint8Array (segment.ts); absent when the segment has no slots
 *     ['disc', machine id]      the disc that was last in the drive, kept as given
 *     ['base', fingerprint]     how to have an image again that disks began as, kept as given
 *     ['keeping', machine id]   KeepingRecord (keep-base.ts): an image that is being copied in
 *     ['import', machine id]    number[] (import-leftovers.ts): layers of an import that is not done
 *
 * and of what stands beside the disk, in the layout of `src/snapshot/moment-store.ts` (moment-keys.ts):
 *
 *     ['moments', machine id]              the list of its moments
 *     ['moment', machine id, moment id]    places of the memory's pages, and the devices
 *     ['thumbnail', machine id, moment id] the picture of its screen
 *     ['pages', machine id, first pack]    packs of pages of memory
 *
 * A store whose shelf has a higher format is refused before anything is written.
 */
export const FORMAT = 1;

export const SHELF_KEY: RecordKey = ['shelf'];
export const writerKey = (machineId: string): RecordKey => ['writer', machineId];
export const headKey = (layer: number, segment: number): RecordKey => ['head', layer, segment];
export const headsOf = (layer: number): RecordKey => ['head', layer];
export const dataKey = (segment: number): RecordKey => ['data', segment];
export const discKey = (machineId: string): RecordKey => ['disc', machineId];
export const baseKey = (fingerprint: string): RecordKey => ['base', fingerprint];
export const keepingKey = (machineId: string): RecordKey => ['keeping', machineId];

interface ShelfRecord extends Versioned {
  readonly format: number;
  readonly json: string;
  readonly checksum: number;
}

/**
 * The commit record of a machine. Its version names the session that may write and counts its commits: a step of an
 * older session is a conflict, and so is taking over what was committed to meanwhile.
 */
export interface WriterRecord extends Versioned {
  /** Milliseconds since the epoch of the last commit of guest writes; 0 before the first. */
  readonly committedAt: number;
  /** Bytes stored by layer, of the layers that this machine has had open, as of that commit. */
  readonly layerBytes: Readonly<Record<number, number>>;
}

/** A shelf with the version it was read at. */
export interface ReadShelf {
  readonly shelf: Shelf;
  readonly version: number;
}

export async function readShelf(store: RecordStore): Promise<ReadShelf> {
  const [record] = await store.read([SHELF_KEY]);
  if (record === undefined) return { shelf: EMPTY_SHELF, version: 0 };
  const format = isObject(record) ? record['format'] : undefined;
  if (typeof format === 'number' && format > FORMAT) throw new VitrineError('store/newer-format', { format });
  if (!isShelfRecord(record) || checksumOf(record.json) !== record.checksum) {
    throw new VitrineError('store/damaged', {}, { detail: 'the shelf does not match its checksum' });
  }
  const shelf: Shelf = JSON.parse(record.json);
  return { shelf, version: record.version };
}

/** The commit record of a machine, or null before it was ever opened. */
export async function readWriter(store: RecordStore, machineId: string): Promise<WriterRecord | null> {
  const [record] = await store.read([writerKey(machineId)]);
  if (record === undefined) return null;
  if (!isWriterRecord(record)) throw new VitrineError('store/damaged', {}, { detail: 'a commit record' });
  return record;
}

/** The part of a step that replaces the shelf read at `version`. */
export function shelfStep(kind: StepKind, shelf: Shelf, version: number): Step {
  const json = JSON.stringify(shelf);
  const record: ShelfRecord = { version: version + 1, format: FORMAT, json, checksum: checksumOf(json) };
  return { kind, guards: [{ key: SHELF_KEY, version }], put: [[SHELF_KEY, record]], remove: [] };
}

/**
 * Replaces the shelf by what `change` makes of it, again and again from the newest one while others are quicker.
 * `change` may be called several times and may throw to call it off.
 */
export async function updateShelf(store: RecordStore, change: (shelf: Shelf) => Shelf): Promise<ReadShelf> {
  for (;;) {
    const { shelf, version } = await readShelf(store);
    const next = change(shelf);
    if ((await store.commit(shelfStep('shelf', next, version))) === 'done')
      return { shelf: next, version: version + 1 };
  }
}

function checksumOf(json: string): number {
  const bytes = new TextEncoder().encode(json);
  const words = new Uint32Array(Math.ceil(bytes.length / 4));
  new Uint8Array(words.buffer).set(bytes);
  return xxh32(words, bytes.length);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isShelfRecord(value: unknown): value is ShelfRecord {
  return (
    isObject(value) &&
    value['format'] === FORMAT &&
    typeof value['version'] === 'number' &&
    typeof value['json'] === 'string' &&
    typeof value['checksum'] === 'number'
  );
}

function isWriterRecord(value: unknown): value is WriterRecord {
  return (
    isObject(value) &&
    typeof value['version'] === 'number' &&
    typeof value['committedAt'] === 'number' &&
    isObject(value['layerBytes'])
  );
}
