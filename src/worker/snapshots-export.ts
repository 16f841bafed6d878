import type { RecordStore } from '../disk/record-store.ts';
import { readHead } from '../disk/segment-head.ts';
import { storedSize } from '../disk/segment.ts';
import { machineOf, reachedFrom, type BaseIdentity } from '../disk/shelf.ts';
import { dataKey, headsOf, readShelf, readWriter } from '../disk/shelf-record.ts';
import { VitrineError } from '../lib/errors.ts';
import type { ArchiveProgress } from '../protocol/snapshot-messages.ts';
import {
  encodeHead,
  encodeTrailer,
  HEAD_BYTES,
  mostManifestBytes,
  sha256Of,
  TRAILER_BYTES,
} from '../snapshot/archive-format.ts';
import type { ArchiveManifest, ChunkIndex } from '../snapshot/archive-manifest.ts';
import { withoutTimes } from '../media/disk-images/image-files.ts';
import { MomentStore } from '../snapshot/moment-store.ts';
import type { PageCodec } from '../snapshot/page-codec.ts';
import { checkManifest, isManifestText } from './archive/read-manifest.ts';

/** Records that are read at once: segments and packs have up to 1 MiB. */
const READ_RECORDS = 4;

/**
 * A whole machine that is off, as the bytes of a `.vitrine` file, one chunk of up to some MiB at a time. Whoever calls
 * has the machine's lock until the end. Rejects with `archive/unreadable` when something is not there as it should be:
 * a file that could not be imported is not written to its end.
 */
export async function* exportMachine(
  store: RecordStore,
  machineId: string,
  codec: PageCodec,
  onProgress: (progress: ArchiveProgress) => void = () => undefined,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const moments = await MomentStore.open(store, machineId, codec);
  const draft = await draftOf(store, machineId, moments);
  const chunks: { length: number; sha256: string }[] = [];
  const known = new Map<string, ChunkIndex>();
  const needed = new Set(draft.moments.flatMap((moment) => moment.packs));
  const packs = Object.entries(moments.index.packs)
    .map(([pack, [bytes, pages]]) => ({ pack: Number(pack), bytes, pages }))
    .filter(({ pack }) => needed.has(pack));
  const heads = new Map<number, Uint32Array[]>();
  for (const { layer } of draft.generations)
    heads.set(layer, (await store.list(headsOf(layer))).filter(isWords));
  const segmentIds = [...heads.values()].flatMap((list) => list.flatMap(idsWithData));
  let totalBytes = packs.reduce((sum, { bytes }) => sum + bytes, 0);
  totalBytes += [...heads.values()].flat().reduce((sum, head) => sum + bytesNamedBy(head), 0);
  let doneBytes = HEAD_BYTES;

  /** The chunk's number, and its bytes when the file does not have them yet. */
  const add = async (bytes: Uint8Array<ArrayBuffer>): Promise<[ChunkIndex, Uint8Array<ArrayBuffer>[]]> => {
    const sha256 = await sha256Of(bytes);
    const before = known.get(sha256);
    if (before !== undefined) return [before, []];
    chunks.push({ length: bytes.length, sha256 });
    known.set(sha256, chunks.length - 1);
    doneBytes += bytes.length;
    onProgress({ doneBytes, totalBytes: Math.max(totalBytes, doneBytes) });
    return [chunks.length - 1, [bytes]];
  };

  yield encodeHead();
  const headChunks: { layer: number; chunk: ChunkIndex }[] = [];
  for (const [layer, list] of heads) {
    for (const head of list) {
      const [chunk, bytes] = await add(new Uint8Array(head.slice().buffer));
      headChunks.push({ layer, chunk });
      yield* bytes;
    }
  }
  const segments: { id: number; chunk: ChunkIndex }[] = [];
  for (let at = 0; at < segmentIds.length; at += READ_RECORDS) {
    const ids = segmentIds.slice(at, at + READ_RECORDS);
    for (const [i, value] of (await store.read(ids.map(dataKey))).entries()) {
      const [chunk, bytes] = await add(bytesOf(value, `segment ${ids[i]}`));
      segments.push({ id: ids[i], chunk });
      yield* bytes;
    }
  }
  const packed: { pack: number; pages: number; chunk: ChunkIndex }[] = [];
  for (let at = 0; at < packs.length; at += READ_RECORDS) {
    const part = packs.slice(at, at + READ_RECORDS);
    for (const [i, value] of (await moments.readStored(part.map(({ pack }) => pack))).entries()) {
      const { pack, pages } = part[i];
      const [chunk, bytes] = await add(bytesOf(value, `pack ${pack}`));
      packed.push({ pack, pages, chunk });
      yield* bytes;
    }
  }
  const details: { moment: string; chunk: ChunkIndex }[] = [];
  const thumbnails: { moment: string; type: string; chunk: ChunkIndex }[] = [];
  for (const { id, kind } of draft.moments) {
    const [record, thumbnail] = await moments.readRecords(id);
    if (kind !== 'disk') {
      const [chunk, bytes] = await add(bytesOf(record, `moment ${id}`));
      details.push({ moment: id, chunk });
      yield* bytes;
    }
    if (thumbnail) {
      const [chunk, bytes] = await add(thumbnail.bytes);
      thumbnails.push({ moment: id, type: thumbnail.type, chunk });
      yield* bytes;
    }
  }
  const manifest: ArchiveManifest = {
    ...draft,
    heads: headChunks,
    segments,
    packs: packed,
    details,
    thumbnails,
    chunks,
  };
  // Asked as an import would: a file without its end is no file, and one that nobody takes would be found out too late.
  const { wrong } = checkManifest(manifest);
  if (wrong !== null) throw unreadable(wrong);
  const json = new TextEncoder().encode(JSON.stringify(manifest));
  if (json.length > mostManifestBytes(doneBytes) || !isManifestText(json)) throw unreadable('the manifest');
  // What was yielded may be given away: nothing is asked of it afterwards.
  const trailer = encodeTrailer({ offset: doneBytes, length: json.length, sha256: await sha256Of(json) });
  doneBytes += json.length + TRAILER_BYTES;
  yield json;
  yield trailer;
  onProgress({ doneBytes, totalBytes: doneBytes });
}

async function draftOf(
  store: RecordStore,
  machineId: string,
  moments: MomentStore,
): Promise<ArchiveManifest> {
  const { shelf } = await readShelf(store);
  const { name, sizeBytes, base, profile, createdAt, top, kept } = machineOf(shelf, machineId);
  const { index } = moments;
  return {
    // The image itself is not in the file: it has to be brought where the machine goes, and has another time there.
    machine: { name, sizeBytes, base: base && withoutTime(base), profile, createdAt, top, kept },
    committedAt: (await readWriter(store, machineId))?.committedAt ?? 0,
    generations: reachedFrom(shelf, [...kept, top]),
    heads: [],
    segments: [],
    moments: index.moments,
    current: index.current,
    leaving: index.leaving === 'off' ? 'off' : 'left',
    details: [],
    thumbnails: [],
    packs: [],
    chunks: [],
  };
}

function withoutTime(base: BaseIdentity): BaseIdentity {
  return { ...base, fingerprint: withoutTimes(base.fingerprint) };
}

function isWords(value: unknown): value is Uint32Array {
  if (value instanceof Uint32Array && readHead(value)) return true;
  throw unreadable('a segment head');
}

function idsWithData(words: Uint32Array): number[] {
  const { id, blockCount } = readHead(words)!;
  return blockCount > 0 ? [id] : [];
}

function bytesNamedBy(words: Uint32Array): number {
  return words.byteLength + storedSize(readHead(words)!.blockCount);
}

function bytesOf(value: unknown, what: string): Uint8Array<ArrayBuffer> {
  if (value instanceof Uint8Array)
    return value.buffer instanceof ArrayBuffer ? (value as Uint8Array<ArrayBuffer>) : value.slice();
  throw unreadable(what);
}

function unreadable(what: string): VitrineError {
  return new VitrineError('archive/unreadable', {}, { detail: what });
}
