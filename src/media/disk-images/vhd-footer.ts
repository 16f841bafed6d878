import { viewOf } from './disk-image.ts';

export const VHD_FOOTER_BYTES = 512;
export const VHD_DYNAMIC_HEADER_BYTES = 1024;
export const VHD_UNALLOCATED = 0xffffffff;
/** "conectix", the cookie of a footer, and "cxsparse", that of a dynamic header, as two big-endian numbers each. */
const FOOTER_COOKIE = [0x636f6e65, 0x63746978] as const;
const DYNAMIC_COOKIE = [0x63787370, 0x61727365] as const;
const CHECKSUM_OFFSET = 64;
const DYNAMIC_CHECKSUM_OFFSET = 36;

export type VhdDiskType = 'fixed' | 'dynamic' | 'differencing';
const DISK_TYPES: Record<number, VhdDiskType> = { 2: 'fixed', 3: 'dynamic', 4: 'differencing' };

export interface VhdFooter {
  diskType: VhdDiskType | null;
  typeNumber: number;
  version: number;
  dataOffset: [high: number, low: number];
  currentSize: [high: number, low: number];
  savedState: boolean;
}

export function hasVhdCookie(view: DataView, offset = 0): boolean {
  return view.getUint32(offset) === FOOTER_COOKIE[0] && view.getUint32(offset + 4) === FOOTER_COOKIE[1];
}

export function hasVhdDynamicCookie(view: DataView): boolean {
  return view.getUint32(0) === DYNAMIC_COOKIE[0] && view.getUint32(4) === DYNAMIC_COOKIE[1];
}

/** The fields of a footer (Microsoft "Virtual Hard Disk Image Format Specification", Hard Disk Footer Format). */
export function parseVhdFooter(view: DataView): VhdFooter {
  return {
    diskType: DISK_TYPES[view.getUint32(60)] ?? null,
    typeNumber: view.getUint32(60),
    version: view.getUint32(12),
    dataOffset: [view.getUint32(16), view.getUint32(20)],
    currentSize: [view.getUint32(48), view.getUint32(52)],
    savedState: view.getUint8(84) !== 0,
  };
}

/** One's complement of the sum of all bytes but the checksum's own four. */
export function vhdChecksum(view: DataView, checksumOffset: number): number {
  let sum = 0;
  for (let at = 0; at < view.byteLength; at++) {
    if (at < checksumOffset || at >= checksumOffset + 4) sum += view.getUint8(at);
  }
  return ~sum >>> 0;
}

export const isVhdFooterSound = (view: DataView): boolean =>
  hasVhdCookie(view) && view.getUint32(CHECKSUM_OFFSET) === vhdChecksum(view, CHECKSUM_OFFSET);

export const isVhdDynamicHeaderSound = (view: DataView): boolean =>
  hasVhdDynamicCookie(view) &&
  view.getUint32(DYNAMIC_CHECKSUM_OFFSET) === vhdChecksum(view, DYNAMIC_CHECKSUM_OFFSET);

/** Cylinders, heads and sectors for a size, by the appendix "CHS Calculation" of the specification. */
export function vhdGeometry(sizeBytes: number): {
  cylinders: number;
  heads: number;
  sectorsPerTrack: number;
} {
  const total = Math.min(sizeBytes / 512, 65535 * 16 * 255);
  let sectorsPerTrack = 255;
  let heads = 16;
  let cylinderTimesHeads = Math.floor(total / sectorsPerTrack);
  if (total < 65536 * 16 * 63) {
    sectorsPerTrack = 17;
    cylinderTimesHeads = Math.floor(total / 17);
    heads = Math.max(4, Math.floor((cylinderTimesHeads + 1023) / 1024));
    if (cylinderTimesHeads >= heads * 1024 || heads > 16) {
      sectorsPerTrack = 31;
      heads = 16;
      cylinderTimesHeads = Math.floor(total / 31);
    }
    if (cylinderTimesHeads >= heads * 1024) {
      sectorsPerTrack = 63;
      heads = 16;
      cylinderTimesHeads = Math.floor(total / 63);
    }
  }
  return { cylinders: Math.floor(cylinderTimesHeads / heads), heads, sectorsPerTrack };
}

/**
 * A footer for a disk of `sizeBytes`. The creator is given as "win " because readers choose by it whether the size
 * field or the geometry counts: with that one it is the size field everywhere, so no sector is lost.
 */
export function makeVhdFooter(options: {
  sizeBytes: number;
  diskType: 'fixed' | 'dynamic';
  id: Uint8Array;
  createdAt: Date;
}): Uint8Array {
  const bytes = new Uint8Array(VHD_FOOTER_BYTES);
  const view = viewOf(bytes);
  FOOTER_COOKIE.forEach((half, index) => view.setUint32(index * 4, half));
  view.setUint32(8, 2);
  view.setUint32(12, 0x00010000);
  const dynamic = options.diskType === 'dynamic';
  view.setUint32(16, dynamic ? 0 : 0xffffffff);
  view.setUint32(20, dynamic ? VHD_FOOTER_BYTES : 0xffffffff);
  view.setUint32(24, Math.max(0, Math.floor((options.createdAt.getTime() - Date.UTC(2000, 0, 1)) / 1000)));
  bytes.set(new TextEncoder().encode('win '), 28);
  view.setUint32(32, 0x000a0000);
  bytes.set(new TextEncoder().encode('Wi2k'), 36);
  view.setBigUint64(40, BigInt(options.sizeBytes));
  view.setBigUint64(48, BigInt(options.sizeBytes));
  const { cylinders, heads, sectorsPerTrack } = vhdGeometry(options.sizeBytes);
  view.setUint16(56, cylinders);
  view.setUint8(58, heads);
  view.setUint8(59, sectorsPerTrack);
  view.setUint32(60, dynamic ? 3 : 2);
  bytes.set(options.id.subarray(0, 16), 68);
  view.setUint32(CHECKSUM_OFFSET, vhdChecksum(view, CHECKSUM_OFFSET));
  return bytes;
}

/** The header of a dynamic disk whose block allocation table follows it at once. */
export function makeVhdDynamicHeader(entries: number, blockBytes: number): Uint8Array {
  const bytes = new Uint8Array(VHD_DYNAMIC_HEADER_BYTES);
  const view = viewOf(bytes);
  DYNAMIC_COOKIE.forEach((half, index) => view.setUint32(index * 4, half));
  view.setUint32(8, 0xffffffff);
  view.setUint32(12, 0xffffffff);
  view.setUint32(20, VHD_FOOTER_BYTES + VHD_DYNAMIC_HEADER_BYTES);
  view.setUint32(24, 0x00010000);
  view.setUint32(28, entries);
  view.setUint32(32, blockBytes);
  view.setUint32(DYNAMIC_CHECKSUM_OFFSET, vhdChecksum(view, DYNAMIC_CHECKSUM_OFFSET));
  return bytes;
}
