import type { ByteSource } from '../bytes/byte-source.ts';

export type MediumKind = 'disc' | 'floppy' | 'disk';

const DISK_ENDINGS = ['.qcow2', '.qcow', '.vhd', '.vhdx', '.vmdk', '.vdi', '.raw', '.hdd', '.qed'];
const DISC_ENDINGS = ['.iso', '.udf', '.cdr'];
/** What may be a floppy, a hard disk or even a disc: size and content tell. */
const UNSURE_ENDINGS = ['.img', '.ima', '.vfd', '.flp', '.dsk', '.bin'];
/** A 2.88 MB disk. */
const LARGEST_FLOPPY_BYTES = 2880 * 1024;

/** First bytes of disk images that say what they are. */
const DISK_STARTS = ['QFI\xfb', 'KDMV', '# Disk DescriptorFile', 'conectix', 'vhdxfile', 'QED\0', '<<< '];
const DISC_DESCRIPTOR_OFFSET = 0x8000;

/**
 * Into which drive of the PC a file belongs: by its name where that tells, else by its content. What tells nothing is
 * taken for a disc, whose report will say that it is none. Reads two sectors at most.
 */
export async function tellMediumKind(file: ByteSource): Promise<MediumKind> {
  const name = file.name.toLowerCase();
  const endsIn = (endings: readonly string[]) => endings.some((ending) => name.endsWith(ending));
  if (endsIn(DISK_ENDINGS)) return 'disk';
  if (endsIn(DISC_ENDINGS)) return 'disc';
  const isUnsure = endsIn(UNSURE_ENDINGS);
  if (isUnsure && file.sizeBytes <= LARGEST_FLOPPY_BYTES) return 'floppy';
  const head = latin1(await file.read(0, Math.min(512, file.sizeBytes)));
  if (DISK_STARTS.some((start) => head.startsWith(start))) return 'disk';
  if (file.sizeBytes >= DISC_DESCRIPTOR_OFFSET + 2048) {
    const id = latin1(await file.read(DISC_DESCRIPTOR_OFFSET + 1, 5));
    // Discs that also start from a USB stick have a partition table as well.
    if (id === 'CD001' || id === 'BEA01') return 'disc';
  }
  const hasMark = head.length === 512 && head.endsWith('\x55\xaa');
  return isUnsure || hasMark ? 'disk' : 'disc';
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
