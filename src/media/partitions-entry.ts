export const SECTOR_BYTES = 512;

/** One partition as its table gives it; nothing says that it lies inside the disk. */
export interface Partition {
  offsetBytes: number;
  lengthBytes: number;
  /** "07" for the MBR type, the type GUID in lower case for GPT. */
  type: string;
  /** Marked as the one to start from. */
  active: boolean;
  /** Inside an extended partition. */
  logical: boolean;
}
