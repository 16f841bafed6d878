/** One line of a descriptor's extent list: access, size in sectors, type, file, and where in the file it begins. */
export interface VmdkExtentLine {
  sectors: number;
  type: string;
  fileName: string;
  startSector: number;
}

/** The text part of a VMDK (VMware "Virtual Disk Format 5.0", The Descriptor File), as far as a reader needs it. */
export interface VmdkDescriptor {
  createType: string;
  hasParent: boolean;
  encrypted: boolean;
  extents: VmdkExtentLine[];
}

export const VMDK_DESCRIPTOR_START = '# Disk DescriptorFile';
/** Descriptors are a page of text; one larger than this is none. */
export const VMDK_DESCRIPTOR_MAX_BYTES = 1 << 20;

const EXTENT_LINE = /^(?:RW|RDONLY|NOACCESS)\s+(\d+)\s+([A-Z0-9]+)(?:\s+"([^"]*)"(?:\s+(\d+))?)?/;

/** Reads a descriptor; what it does not say is empty. Unknown lines are left aside, as the format asks. */
export function parseVmdkDescriptor(text: string): VmdkDescriptor {
  const end = text.indexOf('\0');
  const lines = (end < 0 ? text : text.slice(0, end)).split(/\r?\n/).map((line) => line.trim());
  const values = new Map<string, string>();
  const extents: VmdkExtentLine[] = [];
  for (const line of lines) {
    const extent = EXTENT_LINE.exec(line);
    if (extent !== null) {
      const [, sectors, type, fileName, startSector] = extent;
      extents.push({
        sectors: Number(sectors),
        type: type,
        fileName: fileName ?? '',
        startSector: Number(startSector ?? 0),
      });
      continue;
    }
    const pair = /^([A-Za-z0-9_.]+)\s*=\s*"?([^"]*)"?$/.exec(line);
    if (pair !== null) values.set(pair[1].toLowerCase(), pair[2]);
  }
  const parent = (values.get('parentcid') ?? 'ffffffff').toLowerCase();
  return {
    createType: values.get('createtype') ?? '',
    hasParent: parent !== 'ffffffff' || values.has('parentfilenamehint'),
    encrypted: values.has('encryption.keysafe') || values.has('encryption.data'),
    extents,
  };
}
