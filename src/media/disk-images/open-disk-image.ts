import type { ByteSource } from '../../bytes/byte-source.ts';
import { findSignature, SIGNATURES } from '../file-signatures.ts';
import { imageError, readText, viewOf, type DiskImage } from './disk-image.ts';
import { openQcow2 } from './qcow2-image.ts';
import { QCOW2_MAGIC } from './qcow2-header.ts';
import { openRaw } from './raw-image.ts';
import { openVdi, VDI_SIGNATURE, VDI_SIGNATURE_OFFSET } from './vdi-image.ts';
import { findVhdFooter } from './vhd-find-footer.ts';
import { hasVhdCookie } from './vhd-footer.ts';
import { openVhd } from './vhd-image.ts';
import { DESCRIPTOR_LOOK_BYTES, isVmdkDescriptor } from './vmdk-descriptor.ts';
import type { OpenSibling } from './vmdk-extents.ts';
import { openVmdkDescriptor, openVmdkSparse } from './vmdk-image.ts';
import { descriptorNameOfPart, isOneOfFlatParts } from './vmdk-parts.ts';
import { VMDK_SPARSE_MAGIC } from './vmdk-sparse.ts';

/** Where the volume descriptors of an ISO 9660 disc begin (ECMA-119 §6.7.1), and their identifier. */
const DISC_DESCRIPTOR_OFFSET = 0x8000;

/**
 * Opens a disk image of any format that is known by its header (or, for VHD, its footer); anything else is a raw
 * disk. Reads a few sectors, and nothing of the tables yet. `openSibling` finds the other files of a VMDK that has
 * some.
 *
 * Rejects with a `VitrineError` whose code begins with `image/` for what cannot be read as it is: see the codes in
 * `error-words.ts`. A disc image (ISO) that cannot also be a disk is refused with `image/is-a-disc`.
 */
export async function openDiskImage(
  source: ByteSource,
  options: { openSibling?: OpenSibling } = {},
): Promise<DiskImage> {
  if (source.sizeBytes === 0) throw imageError(source, 'image/empty');
  const bytes = await source.read(0, Math.min(512, source.sizeBytes));
  const head = viewOf(bytes);

  if (head.byteLength >= 4 && head.getUint32(0) === QCOW2_MAGIC) return openQcow2(source);
  if (head.byteLength >= 4 && head.getUint32(0, true) === VMDK_SPARSE_MAGIC) return openVmdkSparse(source);
  if (await startsAsDescriptor(source)) return openVmdkDescriptor(source, options.openSibling);
  if (head.byteLength >= 68 && head.getUint32(VDI_SIGNATURE_OFFSET, true) === VDI_SIGNATURE)
    return openVdi(source);
  if (head.byteLength >= 8 && hasVhdCookie(head)) return openVhd(source);
  refuseOtherFormat(source, bytes);
  if ((await findVhdFooter(source)) !== null) return openVhd(source);
  if (isOneOfFlatParts(source))
    throw imageError(source, 'image/part-alone', { descriptor: descriptorNameOfPart(source.name) ?? '' });
  const startsAsDisk = head.byteLength === 512 && head.getUint16(510) === 0x55aa;
  if (!startsAsDisk && (await isDisc(source))) throw imageError(source, 'image/is-a-disc');
  return openRaw(source);
}

async function startsAsDescriptor(source: ByteSource): Promise<boolean> {
  return isVmdkDescriptor(await source.read(0, Math.min(DESCRIPTOR_LOOK_BYTES, source.sizeBytes)));
}

async function isDisc(source: ByteSource): Promise<boolean> {
  if (source.sizeBytes < DISC_DESCRIPTOR_OFFSET + 2048) return false;
  const descriptor = viewOf(await source.read(DISC_DESCRIPTOR_OFFSET, 8));
  const id = readText(descriptor, 1, 5);
  return id === 'CD001' || id === 'BEA01';
}

/** Refuses what its first bytes tell to be another format of disks, or packed. */
function refuseOtherFormat(source: ByteSource, head: Uint8Array): void {
  const signature = findSignature(SIGNATURES, head, new Uint8Array(0));
  if (!signature?.format) return;
  const { code, format } = signature;
  if (format === 'LUKS') throw imageError(source, 'image/encrypted');
  throw imageError(source, code === 'media/archive' ? 'image/archive' : 'image/other-format', { format });
}
