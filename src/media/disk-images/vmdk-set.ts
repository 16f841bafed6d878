import type { NamedFile, NamedFiles } from '../../bytes/named-file.ts';
import { BlobSource } from '../../bytes/byte-source.ts';
import { filesByName } from './file-names.ts';
import {
  isVmdkDescriptor,
  parseVmdkDescriptor,
  VMDK_DESCRIPTOR_MAX_BYTES,
  type VmdkDescriptor,
} from './vmdk-descriptor.ts';
import { hasFile } from './vmdk-extents.ts';
import { descriptorNameOfPart } from './vmdk-parts.ts';

/** What lies beside the disk in the folder of a virtual machine and is no part of it. */
const COMPANION_ENDINGS = [
  '.vmx',
  '.vmxf',
  '.vmsd',
  '.nvram',
  '.log',
  '.lck',
  '.vbox',
  '.vbox-prev',
  '.ds_store',
];

const isDiskName = ({ name }: NamedFile): boolean =>
  ['.vmdk', '.vdi', '.vhd', '.qcow2'].some((ending) => name.toLowerCase().endsWith(ending));

/** A descriptor file among others, read. */
interface Described {
  readonly file: NamedFile;
  readonly descriptor: VmdkDescriptor;
}

/**
 * The files of one VMDK among several, its descriptor first and its parts in their order; null where they are no such
 * set. Files of the virtual machine that are no disk are left out. Where parts are missing the set is given all the
 * same, as is a part without its descriptor: opening it says what is wrong.
 */
export async function asVmdkFiles(files: readonly NamedFile[]): Promise<NamedFiles | null> {
  const disks = files.filter(
    ({ name }) => !COMPANION_ENDINGS.some((end) => name.toLowerCase().endsWith(end)),
  );
  const described: Described[] = [];
  for (const file of disks) {
    const descriptor = await readDescriptor(file);
    if (descriptor) described.push({ file, descriptor });
  }
  // A folder with a snapshot has a descriptor for the disk and one for the changes: the changes are the state of today.
  const changes = described.find(({ descriptor }) => descriptor.hasParent);
  if (changes) return [changes.file];
  if (described.length === 0 && disks.length > 0 && disks.every(({ name }) => descriptorNameOfPart(name)))
    return [disks[0]];
  if (described.length !== 1) return disks.length === 1 && isDiskName(disks[0]) ? [disks[0]] : null;
  return withParts(described[0], disks);
}

function withParts({ file, descriptor }: Described, disks: readonly NamedFile[]): NamedFiles | null {
  const others = disks.filter((disk) => disk !== file);
  const find = filesByName(others);
  const parts = new Set<NamedFile>();
  let isWhole = true;
  for (const extent of descriptor.extents.filter(hasFile)) {
    const found = extent.fileNames.map(find).find((part) => part !== null);
    if (found) parts.add(found);
    else isWhole = false;
  }
  // A file that is no part of the disk beside all that are: two things were brought.
  return isWhole && parts.size < others.length ? null : [file, ...parts];
}

async function readDescriptor({ file, name }: NamedFile): Promise<VmdkDescriptor | null> {
  if (file.size > VMDK_DESCRIPTOR_MAX_BYTES) return null;
  const bytes = await new BlobSource(file, name).read(0, file.size);
  return isVmdkDescriptor(bytes) ? parseVmdkDescriptor(bytes) : null;
}
