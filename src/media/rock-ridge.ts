import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { SECTOR_BYTES } from './volume-descriptors.ts';

/** Most continuation areas followed for one record: a real name needs one. */
const MAX_CONTINUATIONS = 4;

/** One System Use entry (SUSP 1.12 §4.1): signature, payload after the four bytes of its head. */
interface SystemUseEntry {
  readonly signature: string;
  readonly data: Uint8Array;
}

/**
 * Whether the tree under `root` carries Rock Ridge: the root's own record must begin with an SP entry (SUSP §5.3),
 * whose last byte is how many bytes of every system use field belong to somebody else, and hold RR, ER, PX or NM.
 * Null where it does not, the damaged included: plain names are then used.
 */
export async function findRockRidge(
  source: ByteSource,
  root: { offsetBytes: number; sizeBytes: number },
): Promise<{ skip: number } | null> {
  const bytes = Math.min(root.sizeBytes, SECTOR_BYTES);
  if (bytes < 34 || root.offsetBytes + bytes > source.sizeBytes) return null;
  const sector = await source.read(root.offsetBytes, bytes);
  const recordLength = sector[0];
  // The record of the directory itself has a one-byte name, so its system use field begins at 34.
  if (recordLength < 41 || recordLength > bytes || sector[32] !== 1) return null;
  const systemUse = sector.subarray(34, recordLength);
  const sp = new ByteReader(systemUse);
  if (!sp.startsWith('SP') || systemUse[4] !== 0xbe || systemUse[5] !== 0xef) return null;
  const signatures = new Set<string>();
  for await (const { signature } of systemUseEntries(source, systemUse)) signatures.add(signature);
  const isRockRidge = ['RR', 'ER', 'PX', 'NM'].some((signature) => signatures.has(signature));
  return isRockRidge ? { skip: systemUse[6] } : null;
}

/** The Rock Ridge name (RRIP §4.1.4, NM entries joined) of a system use field, null where it has none. */
export async function readRockRidgeName(source: ByteSource, systemUse: Uint8Array): Promise<string | null> {
  const parts: Uint8Array[] = [];
  for await (const { signature, data } of systemUseEntries(source, systemUse)) {
    if (signature === 'NM' && data.length > 1) parts.push(data.subarray(1));
  }
  if (parts.length === 0) return null;
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return new TextDecoder().decode(joined);
}

/** Entries in order, through continuation areas (CE, SUSP §5.1); ends quietly at the first that is malformed. */
async function* systemUseEntries(source: ByteSource, field: Uint8Array): AsyncGenerator<SystemUseEntry> {
  let area: Uint8Array | null = field;
  for (let hops = 0; area && hops <= MAX_CONTINUATIONS; hops++) {
    let next: { offsetBytes: number; lengthBytes: number } | null = null;
    for (let at = 0; at + 4 <= area.length;) {
      const length: number = area[at + 2];
      if (length < 4 || at + length > area.length) break;
      const signature = String.fromCharCode(area[at], area[at + 1]);
      const data = area.subarray(at + 4, at + length);
      if (signature === 'ST') break;
      if (signature === 'CE' && data.length >= 24) {
        const reader = new ByteReader(data);
        const block = reader.u32();
        next = { offsetBytes: block * SECTOR_BYTES + reader.at(8).u32(), lengthBytes: reader.at(16).u32() };
      }
      yield { signature, data };
      at += length;
    }
    const reachable =
      next && next.lengthBytes <= SECTOR_BYTES && next.offsetBytes + next.lengthBytes <= source.sizeBytes;
    area = reachable ? await source.read(next!.offsetBytes, next!.lengthBytes) : null;
  }
}
