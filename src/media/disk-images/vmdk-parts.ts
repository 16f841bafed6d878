/** `win7-s003.vmdk`, `win7-f003.vmdk`: how VMware and QEMU call the parts of a disk in several files. */
const PART_NAME = /^(.+)-([sf])([0-9]{3})\.vmdk$/isu;
/** `win7-flat.vmdk`: how they call a disk that a descriptor in another file describes. */
const FLAT_NAME = /^(.+)-flat\.vmdk$/isu;
/** VMware ends a part at 2047 MiB, QEMU at 2 GiB. */
const PART_AT_LEAST_BYTES = 2047 << 20;

/** What the file that describes the disk is called, by the name of one of its parts; null where it is no such name. */
export function descriptorNameOfPart(name: string): string | null {
  const base = (PART_NAME.exec(name) ?? FLAT_NAME.exec(name))?.[1];
  return base === undefined ? null : `${base}.vmdk`;
}

/**
 * Whether a file that does not say what it is, is one of several flat parts. The first and only part of a small disk is
 * the disk.
 */
export function isOneOfFlatParts({ name, sizeBytes }: { name: string; sizeBytes: number }): boolean {
  const [, , kind, number] = PART_NAME.exec(name) ?? [];
  return kind?.toLowerCase() === 'f' && (Number(number) > 1 || sizeBytes >= PART_AT_LEAST_BYTES);
}
