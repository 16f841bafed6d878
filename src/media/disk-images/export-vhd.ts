import { VitrineError } from '../../lib/errors.ts';
import type { BitSet } from './bit-set.ts';
import {
  exportedSize,
  readAllocation,
  readPadded,
  streamParts,
  type DiskExport,
  type ExportOptions,
} from './disk-export.ts';
import { SECTOR_BYTES, viewOf, type SparseReader } from './disk-image.ts';
import { rawParts } from './export-raw.ts';
import {
  makeVhdDynamicHeader,
  makeVhdFooter,
  VHD_DYNAMIC_HEADER_BYTES,
  VHD_FOOTER_BYTES,
  VHD_UNALLOCATED,
} from './vhd-footer.ts';

/** The largest disk that the format allows. */
export const VHD_MAX_BYTES = 2040 * 2 ** 30;
const BLOCK_BYTES = 2 << 20;
/** One bit for each of a block's sectors: one sector. */
const BITMAP_BYTES = BLOCK_BYTES / SECTOR_BYTES / 8;

export interface VhdExportOptions extends ExportOptions {
  /** `dynamic` (the default) leaves out blocks without data; `fixed` is the raw disk and a footer. */
  subformat?: 'dynamic' | 'fixed';
  /** For tests; otherwise random and the present. */
  id?: Uint8Array;
  createdAt?: Date;
}

/**
 * The disk as a VHD (Microsoft "Virtual Hard Disk Image Format Specification"). Rejects with `export/too-large`
 * above 2040 GiB.
 */
export async function exportVhd(disk: SparseReader, options: VhdExportOptions = {}): Promise<DiskExport> {
  const diskBytes = exportedSize(disk);
  if (diskBytes > VHD_MAX_BYTES) throw new VitrineError('export/too-large', { format: 'VHD' });
  const diskType = options.subformat ?? 'dynamic';
  const id = options.id ?? crypto.getRandomValues(new Uint8Array(16));
  const createdAt = options.createdAt ?? new Date();
  const footer = makeVhdFooter({ sizeBytes: diskBytes, diskType, id, createdAt });
  if (diskType === 'fixed') {
    return streamParts(diskBytes + VHD_FOOTER_BYTES, fixedParts(disk, diskBytes, footer), options);
  }
  const blocks = await readAllocation(disk, BLOCK_BYTES, options);
  const tables = makeTables(footer, blocks, Math.ceil(diskBytes / BLOCK_BYTES));
  const sizeBytes = tables.length + blocks.size * (BITMAP_BYTES + BLOCK_BYTES) + VHD_FOOTER_BYTES;
  return streamParts(sizeBytes, dynamicParts(disk, tables, blocks, footer), options);
}

function* fixedParts(
  disk: SparseReader,
  diskBytes: number,
  footer: Uint8Array,
): Generator<() => Promise<Uint8Array>> {
  yield* rawParts(disk, diskBytes);
  yield async () => footer;
}

function* dynamicParts(
  disk: SparseReader,
  tables: Uint8Array,
  blocks: BitSet,
  footer: Uint8Array,
): Generator<() => Promise<Uint8Array>> {
  yield async () => tables;
  for (const block of blocks) {
    yield async () => {
      const bytes = new Uint8Array(BITMAP_BYTES + BLOCK_BYTES);
      bytes.fill(0xff, 0, BITMAP_BYTES);
      bytes.set(await readPadded(disk, block * BLOCK_BYTES, BLOCK_BYTES), BITMAP_BYTES);
      return bytes;
    };
  }
  yield async () => footer;
}

/** Footer copy, dynamic header and block allocation table. */
function makeTables(footer: Uint8Array, blocks: BitSet, entries: number): Uint8Array {
  const tableOffset = VHD_FOOTER_BYTES + VHD_DYNAMIC_HEADER_BYTES;
  const tableBytes = Math.ceil((entries * 4) / SECTOR_BYTES) * SECTOR_BYTES;
  const bytes = new Uint8Array(tableOffset + tableBytes).fill(0xff, tableOffset);
  bytes.set(footer);
  bytes.set(makeVhdDynamicHeader(entries, BLOCK_BYTES), VHD_FOOTER_BYTES);
  const view = viewOf(bytes);
  let sector = bytes.length / SECTOR_BYTES;
  for (let block = 0; block < entries; block++) {
    const allocated = blocks.has(block);
    view.setUint32(tableOffset + block * 4, allocated ? sector : VHD_UNALLOCATED);
    if (allocated) sector += (BITMAP_BYTES + BLOCK_BYTES) / SECTOR_BYTES;
  }
  return bytes;
}
