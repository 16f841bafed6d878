import { MemorySource } from '../../bytes/byte-source.ts';
import type { Partition } from '../partitions-entry.ts';
import { readPartitions, type PartitionTable } from '../partitions.ts';
import type { DiskReasonCode } from './disk-reasons.ts';

const CODE_BYTES = 440;
/** Boot loaders that find their own way and need no partition marked. */
const LOADERS = ['GRUB', 'LILO', 'SYSLINUX', 'isolinux', 'ISOLINUX', 'FreeBSD', 'Plop', 'Geom'];

/** What mkfs.fat makes a disk say that is started from, and what Windows' own first sector says. */
const NOT_BOOTABLE = 'not a bootable disk';
const NEEDS_ACTIVE = 'Missing operating system';

/**
 * What a BIOS does with the first sector of a disk: null when it finds code that goes on, else the reason why
 * nothing starts. It needs the mark 55 AA and code; the code that Windows writes needs an active partition.
 */
export function judgeBoot(
  firstSector: Uint8Array,
  table: PartitionTable['kind'],
  partitions: readonly Pick<Partition, 'active' | 'logical'>[],
): DiskReasonCode | null {
  if (firstSector.every((byte) => byte === 0)) return 'disk/blank';
  const hasMark = firstSector[510] === 0x55 && firstSector[511] === 0xaa;
  const hasCode = firstSector.subarray(0, CODE_BYTES).some((byte) => byte !== 0);
  const text = new TextDecoder('latin1').decode(firstSector);
  const hasLoader = LOADERS.some((name) => text.includes(name));
  if (table === 'gpt') {
    // GRUB can start from GPT with a BIOS; Windows cannot.
    if (!hasMark || !hasCode) return 'boot/needs-efi';
    return hasLoader || partitions.some(({ active }) => active) ? null : 'boot/needs-efi';
  }
  if (!hasMark || !hasCode || text.includes(NOT_BOOTABLE)) return 'boot/none';
  if (table === 'none' && partitions.length === 0 && text.includes(NEEDS_ACTIVE)) return 'boot/no-active';
  if (table === 'none' || hasLoader || partitions.some(({ active, logical }) => active && !logical))
    return null;
  return 'boot/no-active';
}

/** Whether a BIOS finds something to start on a disk, as far as its first block tells. */
export async function startsFromBlock(firstBlock: Uint8Array): Promise<boolean> {
  const { kind, partitions } = await readPartitions(new MemorySource(firstBlock));
  return judgeBoot(firstBlock.subarray(0, 512), kind, partitions) === null;
}
