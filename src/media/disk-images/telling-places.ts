import { sliceSource, type ByteSource } from '../../bytes/byte-source.ts';
import { VitrineError } from '../../lib/errors.ts';
import { detectFileSystem } from '../partitions-file-systems.ts';
import { NtfsVolume } from '../partitions-ntfs.ts';
import { readPartitions } from '../partitions.ts';

const PLACE_BYTES = 64 << 10;
const MAX_PARTITIONS = 16;
/** Files of NTFS that Windows and Linux write to as soon as they have a volume in use. */
const NTFS_FILES = ['$MFT', '$LogFile', '$Bitmap'];

/**
 * The places of a disk that any use of it changes, whatever else it does: the table of partitions, the start of each
 * (where FAT, exFAT and ext keep what is free and whether they are in use), and the log of NTFS. What of them cannot be
 * read as it stands is left out.
 */
export async function readTellingPlaces(disk: ByteSource): Promise<Uint8Array[]> {
  const places = [await startOf(disk)];
  const { partitions } = await readPartitions(disk);
  const volumes = partitions.length > 0 ? partitions : [{ offsetBytes: 0, lengthBytes: disk.sizeBytes }];
  for (const { offsetBytes, lengthBytes } of volumes.slice(0, MAX_PARTITIONS)) {
    const inside = Math.min(lengthBytes, disk.sizeBytes - offsetBytes);
    if (inside <= 0) continue;
    const volume = sliceSource(disk, offsetBytes, inside);
    places.push(await startOf(volume), ...(await placesOfNtfs(volume)));
  }
  return places;
}

async function placesOfNtfs(volume: ByteSource): Promise<Uint8Array[]> {
  const places: Uint8Array[] = [];
  try {
    if ((await detectFileSystem(volume))?.kind !== 'ntfs') return places;
    const ntfs = await NtfsVolume.open(volume);
    for (const name of NTFS_FILES) {
      const file = await ntfs.openFile([name]);
      if (file) places.push(await startOf(file));
    }
  } catch (error) {
    if (!(error instanceof VitrineError) || error.code === 'bytes/unreadable') throw error;
  }
  return places;
}

const startOf = (source: ByteSource): Promise<Uint8Array> =>
  source.read(0, Math.min(PLACE_BYTES, source.sizeBytes));
