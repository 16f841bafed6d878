import type { ByteSource } from '../../bytes/byte-source.ts';
import {
  checkInFile,
  checkVirtualSize,
  damaged,
  imageError,
  readU64,
  readView,
  viewOf,
} from './disk-image.ts';

/** What of a qcow2 header a reader needs, checked. */
export interface Qcow2Header {
  version: 2 | 3;
  clusterBytes: number;
  sizeBytes: number;
  l1Offset: number;
  /** Entries that the disk needs; the file may hold more. */
  l1Entries: number;
  refcountTableOffset: number;
  refcountTableBytes: number;
  compression: 'zlib' | 'zstd';
}

const V2_HEADER_BYTES = 72;
const V3_HEADER_BYTES = 104;
/** QEMU's own ceiling for the L1 table, 32 MiB: 4 Mi entries. */
const MAX_L1_ENTRIES = 4 << 20;

/** Bits of `incompatible_features`. */
const DIRTY = 1;
const CORRUPT = 2;
const EXTERNAL_DATA = 4;
const COMPRESSION_TYPE = 8;
const EXTENDED_L2 = 16;
const KNOWN_FEATURES = DIRTY | CORRUPT | EXTERNAL_DATA | COMPRESSION_TYPE | EXTENDED_L2;

export const QCOW2_MAGIC = 0x514649fb;

/**
 * Reads and checks the header (QEMU docs/interop/qcow2, "Header"). Refuses, each with its own code: version 1,
 * backing files, encryption, external data files, sub-clusters, features it does not know, and images marked dirty
 * or corrupt. Internal snapshots are left aside: the disk is the one that was current.
 */
export async function readQcow2Header(source: ByteSource): Promise<Qcow2Header> {
  const v2 = await readView(source, 0, V2_HEADER_BYTES);
  const version = v2.getUint32(4);
  if (version < 2) throw imageError(source, 'image/old-version', { format: 'qcow2', version });
  if (version !== 2 && version !== 3)
    throw imageError(source, 'image/unknown-feature', { feature: `qcow2 version ${version}` });

  const clusterBits = v2.getUint32(20);
  if (clusterBits < 9 || clusterBits > 21) throw damaged(source, `cluster_bits ${clusterBits}`);
  const clusterBytes = 2 ** clusterBits;
  // Checked before the backing file: the other fields of a corrupt image mean little.
  const compression = version === 3 ? await readVersion3(source, clusterBytes) : 'zlib';
  if (v2.getUint32(32) !== 0) throw imageError(source, 'image/encrypted');
  if (readU64(v2, 8) !== 0) {
    throw imageError(source, 'image/backing-file', { backing: await readBackingName(source, v2) });
  }

  const sizeBytes = checkVirtualSize(source, readU64(v2, 24));
  const l1Entries = Math.ceil(sizeBytes / (clusterBytes * (clusterBytes / 8)));
  if (l1Entries > MAX_L1_ENTRIES) throw imageError(source, 'image/too-large', {}, `${l1Entries} L1 entries`);
  if (v2.getUint32(36) < l1Entries) throw damaged(source, `l1_size ${v2.getUint32(36)} of ${l1Entries}`);
  const l1Offset = checkTable(source, 'L1 table', readU64(v2, 40), l1Entries * 8, clusterBytes);
  const refcountTableBytes = v2.getUint32(56) * clusterBytes;
  const refcountTableOffset = readU64(v2, 48);
  checkTable(source, 'refcount table', refcountTableOffset, refcountTableBytes, clusterBytes);
  return {
    version,
    clusterBytes,
    sizeBytes,
    l1Offset,
    l1Entries,
    refcountTableOffset,
    refcountTableBytes,
    compression,
  };
}

async function readVersion3(source: ByteSource, clusterBytes: number): Promise<'zlib' | 'zstd'> {
  const view = await readView(source, 0, V3_HEADER_BYTES);
  const high = view.getUint32(72);
  const low = view.getUint32(76);
  if (high !== 0 || (low & ~KNOWN_FEATURES) !== 0) {
    const feature = `qcow2 feature bits ${high.toString(16)}:${low.toString(16)}`;
    throw imageError(source, 'image/unknown-feature', { feature });
  }
  if ((low & CORRUPT) !== 0) throw imageError(source, 'image/corrupt');
  if ((low & DIRTY) !== 0) throw imageError(source, 'image/dirty');
  if ((low & EXTERNAL_DATA) !== 0) throw imageError(source, 'image/several-files');
  if ((low & EXTENDED_L2) !== 0) throw imageError(source, 'image/subclusters');

  const headerBytes = view.getUint32(100);
  if (headerBytes < V3_HEADER_BYTES || headerBytes > clusterBytes || headerBytes % 8 !== 0) {
    throw damaged(source, `header_length ${headerBytes}`);
  }
  if (view.getUint32(96) > 6) throw damaged(source, `refcount_order ${view.getUint32(96)}`);
  let type = 0;
  if (headerBytes > V3_HEADER_BYTES) type = (await readView(source, V3_HEADER_BYTES, 1)).getUint8(0);
  if (type > 1)
    throw imageError(source, 'image/unknown-feature', { feature: `qcow2 compression type ${type}` });
  if ((type !== 0) !== ((low & COMPRESSION_TYPE) !== 0)) throw damaged(source, `compression_type ${type}`);
  return type === 1 ? 'zstd' : 'zlib';
}

/** The name is only for the message, so what is wrong with it does not matter more than that it is there. */
async function readBackingName(source: ByteSource, header: DataView): Promise<string> {
  const offset = readU64(header, 8);
  const length = Math.min(1023, header.getUint32(16));
  if (offset + length > source.sizeBytes) return '?';
  const bytes = viewOf(await source.read(offset, length));
  return new TextDecoder().decode(bytes);
}

function checkTable(
  source: ByteSource,
  what: string,
  offset: number,
  bytes: number,
  clusterBytes: number,
): number {
  if (offset === 0 || offset % clusterBytes !== 0) throw damaged(source, `${what} at ${offset}`);
  checkInFile(source, offset, bytes, what);
  return offset;
}
