import { VitrineError } from '../../lib/errors.ts';
import type { BitSet } from './bit-set.ts';
import {
  EXPORT_CHUNK_BYTES,
  exportedSize,
  readAllocation,
  readPadded,
  streamParts,
  unitRuns,
  type DiskExport,
  type ExportOptions,
} from './disk-export.ts';
import { MAX_DISK_BYTES, viewOf, type SparseReader } from './disk-image.ts';
import { QCOW2_MAGIC } from './qcow2-header.ts';

const CLUSTER_BITS = 16;
const CLUSTER_BYTES = 2 ** CLUSTER_BITS;
const ENTRIES = CLUSTER_BYTES / 8;
const L2_SPAN = ENTRIES * CLUSTER_BYTES;
/** 16-bit reference counts. */
const REFCOUNTS_PER_BLOCK = CLUSTER_BYTES / 2;
const HEADER_BYTES = 112;
/** "This cluster has one reference": set in every entry of an image without snapshots. */
const COPIED = 0x80000000;

/** Where everything of the file lies, in clusters. */
interface Layout {
  refcountTable: number;
  refcountTableClusters: number;
  refcountBlocks: number;
  refcountBlockCount: number;
  l1: number;
  l1Entries: number;
  l2: number;
  data: number;
  total: number;
}

/**
 * The disk as a qcow2 image, version 3, 64 KiB clusters, uncompressed (QEMU docs/interop/qcow2). Clusters without
 * data are left out. All tables come before the data, so they can be written in one stream; they are made as they
 * are written.
 */
export async function exportQcow2(disk: SparseReader, options: ExportOptions = {}): Promise<DiskExport> {
  const diskBytes = exportedSize(disk);
  if (diskBytes > MAX_DISK_BYTES) throw new VitrineError('export/too-large', { format: 'qcow2' });
  const clusters = await readAllocation(disk, CLUSTER_BYTES, options);
  const tables = countTables(clusters);
  const layout = planLayout(diskBytes, tables.length, clusters.size);
  return streamParts(
    layout.total * CLUSTER_BYTES,
    qcow2Parts(disk, diskBytes, clusters, tables, layout),
    options,
  );
}

/** For each L2 table that is needed: which it is, and how many data clusters come before its own. */
function countTables(clusters: BitSet): { index: number; dataBefore: number }[] {
  const tables: { index: number; dataBefore: number }[] = [];
  let seen = 0;
  for (const cluster of clusters) {
    const index = Math.floor(cluster / ENTRIES);
    if (tables.at(-1)?.index !== index) tables.push({ index, dataBefore: seen });
    seen++;
  }
  return tables;
}

function planLayout(diskBytes: number, l2Tables: number, dataClusters: number): Layout {
  const l1Entries = Math.ceil(diskBytes / L2_SPAN);
  const l1Clusters = Math.ceil((l1Entries * 8) / CLUSTER_BYTES);
  // The counts cover themselves, so they grow until they are enough.
  let refcountBlockCount = 1;
  let refcountTableClusters = 1;
  for (;;) {
    const total = 1 + refcountTableClusters + refcountBlockCount + l1Clusters + l2Tables + dataClusters;
    const blocks = Math.ceil(total / REFCOUNTS_PER_BLOCK);
    const table = Math.ceil((blocks * 8) / CLUSTER_BYTES);
    if (blocks === refcountBlockCount && table === refcountTableClusters) {
      const refcountBlocks = 1 + refcountTableClusters;
      const l1 = refcountBlocks + refcountBlockCount;
      const l2 = l1 + l1Clusters;
      return {
        refcountTable: 1,
        refcountTableClusters,
        refcountBlocks,
        refcountBlockCount,
        l1,
        l1Entries,
        l2,
        data: l2 + l2Tables,
        total,
      };
    }
    refcountBlockCount = blocks;
    refcountTableClusters = table;
  }
}

function* qcow2Parts(
  disk: SparseReader,
  diskBytes: number,
  clusters: BitSet,
  tables: { index: number; dataBefore: number }[],
  layout: Layout,
): Generator<() => Promise<Uint8Array>> {
  yield async () => makeHeader(diskBytes, layout);
  yield async () => {
    const bytes = new Uint8Array(layout.refcountTableClusters * CLUSTER_BYTES);
    const view = viewOf(bytes);
    for (let block = 0; block < layout.refcountBlockCount; block++) {
      setOffset(view, block * 8, layout.refcountBlocks + block, 0);
    }
    return bytes;
  };
  for (let block = 0; block < layout.refcountBlockCount; block++) {
    yield async () => {
      const bytes = new Uint8Array(CLUSTER_BYTES);
      const used = Math.min(REFCOUNTS_PER_BLOCK, layout.total - block * REFCOUNTS_PER_BLOCK);
      for (let index = 0; index < used; index++) bytes[index * 2 + 1] = 1;
      return bytes;
    };
  }
  yield async () => {
    const bytes = new Uint8Array((layout.l2 - layout.l1) * CLUSTER_BYTES);
    const view = viewOf(bytes);
    tables.forEach(({ index }, nth) => setOffset(view, index * 8, layout.l2 + nth, COPIED));
    return bytes;
  };
  for (const { index, dataBefore } of tables) {
    yield async () => makeL2(clusters, index, layout.data + dataBefore);
  }
  for (const { first, count } of unitRuns(clusters, EXPORT_CHUNK_BYTES / CLUSTER_BYTES)) {
    yield () => readPadded(disk, first * CLUSTER_BYTES, count * CLUSTER_BYTES);
  }
}

function makeL2(clusters: BitSet, index: number, firstDataCluster: number): Uint8Array {
  const bytes = new Uint8Array(CLUSTER_BYTES);
  const view = viewOf(bytes);
  let next = firstDataCluster;
  for (let entry = 0; entry < ENTRIES; entry++) {
    if (clusters.has(index * ENTRIES + entry)) setOffset(view, entry * 8, next++, COPIED);
  }
  return bytes;
}

function makeHeader(diskBytes: number, layout: Layout): Uint8Array {
  const bytes = new Uint8Array(CLUSTER_BYTES);
  const view = viewOf(bytes);
  view.setUint32(0, QCOW2_MAGIC);
  view.setUint32(4, 3);
  view.setUint32(20, CLUSTER_BITS);
  view.setBigUint64(24, BigInt(diskBytes));
  view.setUint32(36, layout.l1Entries);
  setOffset(view, 40, layout.l1, 0);
  setOffset(view, 48, layout.refcountTable, 0);
  view.setUint32(56, layout.refcountTableClusters);
  view.setUint32(96, 4);
  view.setUint32(100, HEADER_BYTES);
  return bytes;
}

function setOffset(view: DataView, at: number, cluster: number, flags: number): void {
  const offset = cluster * CLUSTER_BYTES;
  view.setUint32(at, (Math.floor(offset / 2 ** 32) | flags) >>> 0);
  view.setUint32(at + 4, offset % 2 ** 32);
}
