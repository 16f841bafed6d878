import type { ByteReader } from '../bytes/byte-reader.ts';

/** Where the parts of a FAT file system lie, in bytes from its start. */
export interface FatLayout {
  readonly kind: 'fat12' | 'fat16' | 'fat32';
  readonly fatOffset: number;
  readonly fatBytes: number;
  /** The root directory of FAT12 and FAT16; that of FAT32 is in clusters like any other. */
  readonly rootOffset: number;
  readonly rootBytes: number;
  /** First cluster of the root directory of FAT32. */
  readonly rootCluster: number;
  readonly dataOffset: number;
  readonly clusterBytes: number;
  /** Clusters are counted from 2 on. */
  readonly clusters: number;
}

/**
 * What the boot sector of a FAT file system says of it, null where it is none: FAT by its number of clusters (Microsoft
 * "FAT: General Overview", FAT Type Determination). Only FAT32 leaves the 16-bit size of its tables empty, which tells
 * a small one, as Linux makes them, from FAT16.
 */
export function parseFatLayout(head: ByteReader): FatLayout | null {
  const bytesPerSector = head.at(11).u16();
  const sectorsPerCluster = head.u8();
  const reserved = head.u16();
  const fats = head.u8();
  const rootEntries = head.u16();
  const sectors16 = head.u16();
  const media = head.u8();
  const fatSectors16 = head.u16();
  const sectors = sectors16 || head.at(32).u32();
  const fatSectors = fatSectors16 || head.at(36).u32();
  const isFat =
    [512, 1024, 2048, 4096].includes(bytesPerSector) &&
    sectorsPerCluster !== 0 &&
    (sectorsPerCluster & (sectorsPerCluster - 1)) === 0 &&
    reserved !== 0 &&
    (fats === 1 || fats === 2) &&
    media >= 0xf0 &&
    fatSectors !== 0;
  if (!isFat) return null;
  const rootSectors = Math.ceil((rootEntries * 32) / bytesPerSector);
  const rootSector = reserved + fats * fatSectors;
  const clusters = Math.floor((sectors - rootSector - rootSectors) / sectorsPerCluster);
  if (clusters < 1) return null;
  return {
    kind: fatSectors16 === 0 ? 'fat32' : clusters < 4085 ? 'fat12' : 'fat16',
    fatOffset: reserved * bytesPerSector,
    fatBytes: fatSectors * bytesPerSector,
    rootOffset: rootSector * bytesPerSector,
    rootBytes: rootEntries * 32,
    rootCluster: fatSectors16 === 0 ? head.at(44).u32() : 0,
    dataOffset: (rootSector + rootSectors) * bytesPerSector,
    clusterBytes: sectorsPerCluster * bytesPerSector,
    clusters,
  };
}
