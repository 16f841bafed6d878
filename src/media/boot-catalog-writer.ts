import { ByteWriter } from '../bytes/byte-writer.ts';
import type { BootEmulation } from './el-torito.ts';
import { SECTOR_BYTES } from './volume-descriptors.ts';

/** A program to start a disc with, and how firmware is to take it. */
export interface BootImage {
  readonly image: Uint8Array<ArrayBuffer>;
  readonly emulation?: Exclude<BootEmulation, 'unknown'>;
  readonly platform?: 'x86' | 'efi';
  /** 512-byte sectors that firmware loads; left out: the whole image without emulation, else one. */
  readonly loadSectors?: number;
  readonly loadSegment?: number;
}

const EMULATIONS: readonly BootEmulation[] = [
  'none',
  'floppy-1200',
  'floppy-1440',
  'floppy-2880',
  'hard-disk',
];
const PLATFORMS = { x86: 0, efi: 0xef } as const;

/** The boot record volume descriptor (El Torito figure 7). */
export function bootRecord(catalogSector: number): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(SECTOR_BYTES);
  writer.u8(0).ascii('CD001').u8(1).ascii('EL TORITO SPECIFICATION', 32);
  return writer.at(0x47).u32(catalogSector).bytes;
}

/** A boot catalog of one sector: the first image is the default entry, each further one has a section of its own. */
export function bootCatalog(
  images: readonly (BootImage & { readonly sector: number })[],
  id = '',
): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(SECTOR_BYTES);
  images.forEach((image, index) => {
    const platform = PLATFORMS[image.platform ?? 'x86'];
    if (index === 0) {
      writer.u8(1).u8(platform).u16(0).ascii(id, 24).u16(0).u8(0x55).u8(0xaa);
    } else {
      writer
        .u8(index === images.length - 1 ? 0x91 : 0x90)
        .u8(platform)
        .u16(1)
        .ascii('', 28);
    }
    const emulation = EMULATIONS.indexOf(image.emulation ?? 'none');
    const loadSectors = image.loadSectors ?? (emulation === 0 ? Math.ceil(image.image.length / 512) : 1);
    writer
      .u8(0x88)
      .u8(emulation)
      .u16(image.loadSegment ?? 0)
      .u8(0)
      .u8(0)
      .u16(loadSectors);
    writer.u32(image.sector).ascii('', 20);
  });
  // The sixteen words of the validation entry add up to zero (El Torito figure 2).
  const view = new DataView(writer.bytes.buffer);
  let sum = 0;
  for (let at = 0; at < 32; at += 2) sum += view.getUint16(at, true);
  writer.at(28).u16(-sum & 0xffff);
  return writer.bytes;
}
