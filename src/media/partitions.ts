import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { SECTOR_BYTES, type Partition } from './partitions-entry.ts';
import { readGptEntries } from './partitions-gpt.ts';

const ENTRIES_OFFSET = 446;
const ENTRY_BYTES = 16;
const GPT_PROTECTIVE = 0xee;
const EXTENDED_TYPES = [0x05, 0x0f, 0x85];
/** No system makes more logical drives; a longer chain is a loop or a joke. */
const MAX_LOGICAL = 128;

export type PartitionProblem = 'damaged' | 'beyond-end' | 'overlapping';

export interface PartitionTable {
  kind: 'mbr' | 'gpt' | 'none';
  /** There is a GPT as well; it is for EFI, and what a BIOS goes by is the MBR. */
  isHybrid: boolean;
  partitions: Partition[];
  /** What contradicts itself; the partitions are what could be read all the same. */
  problems: PartitionProblem[];
}

/**
 * The partitions of a disk with 512-byte sectors: the four of the MBR, the logical drives of extended partitions,
 * or the entries of a GPT behind a protective MBR (UEFI 2.10 §5.2.3: one that lists nothing else). An MBR that lists
 * partitions beside the protective entry is a hybrid, as Boot Camp makes it for Windows: a BIOS, and a Windows that
 * it starts, see the MBR's partitions. Damage is a problem in the answer, not an error; only the
 * source's own errors come through.
 */
export async function readPartitions(disk: ByteSource): Promise<PartitionTable> {
  if (disk.sizeBytes < SECTOR_BYTES) return noTable();
  const entries = parseEntries(await disk.read(0, SECTOR_BYTES));
  // The boot sector of a file system may have nothing where a table has its entries.
  if (entries === null || entries.every(({ type }) => type === 0)) return noTable();
  const problems = new Set<PartitionProblem>();
  const forBios = entries.filter(({ type }) => type !== GPT_PROTECTIVE);
  const hasProtective = forBios.length < entries.length;
  const kind = hasProtective && !forBios.some(isUsed) ? 'gpt' : 'mbr';
  const partitions =
    kind === 'gpt' ? await readGpt(disk, problems) : await readMbrPartitions(disk, forBios, problems);
  if (partitions.some(({ offsetBytes, lengthBytes }) => offsetBytes + lengthBytes > disk.sizeBytes)) {
    problems.add('beyond-end');
  }
  if (overlap(partitions)) problems.add('overlapping');
  return { kind, isHybrid: kind === 'mbr' && hasProtective, partitions, problems: [...problems] };
}

const noTable = (): PartitionTable => ({ kind: 'none', isHybrid: false, partitions: [], problems: [] });

const isUsed = ({ type, sectors }: MbrEntry): boolean => type !== 0 && sectors !== 0;

interface MbrEntry {
  active: boolean;
  type: number;
  startSector: number;
  sectors: number;
}

/** The four entries of a boot sector; null where it is no partition table but, say, the start of a file system. */
function parseEntries(sector: Uint8Array): MbrEntry[] | null {
  const reader = new ByteReader(sector);
  if (reader.at(510).u16() !== 0xaa55) return null;
  const entries: MbrEntry[] = [];
  for (let index = 0; index < 4; index++) {
    const status = reader.at(ENTRIES_OFFSET + index * ENTRY_BYTES).u8();
    // Other values are code or text: this is a boot sector of another kind.
    if ((status & 0x7f) !== 0) return null;
    const type = reader.skip(3).u8();
    const startSector = reader.skip(3).u32();
    entries.push({ active: status !== 0, type, startSector, sectors: reader.u32() });
  }
  return entries;
}

async function readMbrPartitions(
  disk: ByteSource,
  entries: MbrEntry[],
  problems: Set<PartitionProblem>,
): Promise<Partition[]> {
  const partitions: Partition[] = [];
  for (const entry of entries) {
    if (!isUsed(entry)) continue;
    if (EXTENDED_TYPES.includes(entry.type)) {
      partitions.push(...(await readLogical(disk, entry.startSector, problems)));
    } else {
      partitions.push(toPartition(entry, 0, false));
    }
  }
  return partitions;
}

/** Follows the chain of extended boot records, each of which holds one drive and the way to the next. */
async function readLogical(
  disk: ByteSource,
  firstSector: number,
  problems: Set<PartitionProblem>,
): Promise<Partition[]> {
  const partitions: Partition[] = [];
  const seen = new Set<number>();
  let sector = firstSector;
  for (;;) {
    const offset = sector * SECTOR_BYTES;
    if (seen.has(sector) || seen.size >= MAX_LOGICAL || offset + SECTOR_BYTES > disk.sizeBytes) {
      problems.add(offset + SECTOR_BYTES > disk.sizeBytes ? 'beyond-end' : 'damaged');
      return partitions;
    }
    seen.add(sector);
    const entries = parseEntries(await disk.read(offset, SECTOR_BYTES));
    if (entries === null) {
      problems.add('damaged');
      return partitions;
    }
    const [drive, next] = entries;
    // A drive is placed from its own record, the next record from the extended partition.
    if (drive.type !== 0 && drive.sectors !== 0) partitions.push(toPartition(drive, sector, true));
    if (next.type === 0 || next.sectors === 0) return partitions;
    sector = firstSector + next.startSector;
  }
}

function toPartition(entry: MbrEntry, baseSector: number, logical: boolean): Partition {
  return {
    offsetBytes: (baseSector + entry.startSector) * SECTOR_BYTES,
    lengthBytes: entry.sectors * SECTOR_BYTES,
    type: entry.type.toString(16).padStart(2, '0'),
    active: entry.active,
    logical,
  };
}

async function readGpt(disk: ByteSource, problems: Set<PartitionProblem>): Promise<Partition[]> {
  const lastSector = Math.floor(disk.sizeBytes / SECTOR_BYTES) - 1;
  // The copy at the end of the disk serves when the first is damaged.
  for (const sector of [1, lastSector]) {
    const entries = await readGptEntries(disk, sector);
    if (entries !== null) return entries;
    problems.add('damaged');
  }
  return [];
}

function overlap(partitions: Partition[]): boolean {
  const sorted = [...partitions].sort((a, b) => a.offsetBytes - b.offsetBytes);
  return sorted.some((next, index) => {
    const before = sorted[index - 1];
    return before !== undefined && before.offsetBytes + before.lengthBytes > next.offsetBytes;
  });
}
