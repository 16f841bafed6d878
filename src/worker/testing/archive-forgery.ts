import { xxh32 } from '../../disk/xxh32.ts';
import {
  encodeHead,
  encodeTrailer,
  HEAD_BYTES,
  sha256Of,
  TRAILER_BYTES,
} from '../../snapshot/archive-format.ts';
import type { ArchiveManifest } from '../../snapshot/archive-manifest.ts';

/** A `.vitrine` file taken apart, to be put together again with other contents and sums that are right. */
export interface ArchiveParts {
  readonly chunks: Uint8Array<ArrayBuffer>[];
  /** Any JSON; for a file that was taken apart an `ArchiveManifest`. */
  readonly manifest: unknown;
}

export function takeApart(bytes: Uint8Array<ArrayBuffer>): ArchiveParts & { manifest: ArchiveManifest } {
  const end = bytes.length - TRAILER_BYTES;
  const manifestAt = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(end + 16, true));
  const json = new TextDecoder().decode(bytes.subarray(manifestAt, end));
  const manifest = JSON.parse(json) as ArchiveManifest;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let at = HEAD_BYTES;
  for (const { length } of manifest.chunks) {
    chunks.push(bytes.slice(at, at + length));
    at += length;
  }
  return { chunks, manifest };
}

/** `rewrite` has the last word on the manifest's text. Lengths and sums of the chunks are put right where there is a table. */
export async function putTogether(
  { chunks, manifest }: ArchiveParts,
  rewrite: (json: string) => string | Uint8Array<ArrayBuffer> = (json) => json,
): Promise<Uint8Array<ArrayBuffer>> {
  const table = await Promise.all(
    chunks.map(async (bytes) => ({ length: bytes.length, sha256: await sha256Of(bytes) })),
  );
  const written = rewrite(JSON.stringify({ ...(manifest as object), chunks: table }));
  const json = typeof written === 'string' ? new TextEncoder().encode(written) : written;
  const offset = chunks.reduce((sum, { length }) => sum + length, HEAD_BYTES);
  const trailer = encodeTrailer({ offset, length: json.length, sha256: await sha256Of(json) });
  return new Uint8Array(await new Blob([encodeHead(), ...chunks, json, trailer]).arrayBuffer());
}

/** A copy of a JSON value with what stands at `path` ("moments.0.id") replaced; undefined takes it away. */
export function withValue<T>(whole: T, path: string, value: unknown): T {
  const copy = structuredClone(whole);
  const steps = path.split('.');
  const holder = steps.slice(0, -1).reduce<unknown>((at, step) => Reflect.get(at as object, step), copy);
  const last = steps.at(-1)!;
  if (value === undefined) Reflect.deleteProperty(holder as object, last);
  else Reflect.set(holder as object, last, value);
  return copy;
}

/** A segment head (segment-head.ts) of these runs, whatever they say, with the checksum that belongs to it. */
export function forgeHead(head: {
  id: number;
  order?: number;
  blocks: readonly (readonly [first: number, length: number])[];
  zeros: readonly (readonly [first: number, length: number])[];
}): Uint8Array<ArrayBuffer> {
  const runs = [...head.blocks, ...head.zeros].flat();
  const split = (value: number) => [value % 2 ** 32, Math.floor(value / 2 ** 32)];
  const counts = [head.blocks.length, head.zeros.length];
  const words = Uint32Array.from([
    1,
    ...split(head.id),
    ...split(head.order ?? head.id),
    ...counts,
    ...runs,
    0,
  ]);
  words[words.length - 1] = xxh32(words.subarray(0, -1), 1);
  return new Uint8Array(words.buffer);
}
