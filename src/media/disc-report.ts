/** What the inspector says of a disc before the power is on. Reason codes are stable; messages may be improved. */
export interface DiscReport {
  verdict: 'runs' | 'may-run' | 'cannot-run' | 'not-a-disc';
  reasons: { code: string; message: string }[];
  /** Volume label, '' where there is none. */
  label: string;
  sizeBytes: number;
  bootable: boolean;
  fileSystems: ('iso9660' | 'joliet' | 'rock-ridge' | 'udf')[];
  windows: WindowsOnDisc | null;
  /** What the inspection itself cost. */
  bytesRead: number;
  elapsedMs: number;
}

export interface WindowsOnDisc {
  name: string;
  release: string;
  build: string;
  servicePack: number;
  architecture: 'x86' | 'x64' | 'ia64' | 'arm64';
  languages: string[];
  editions: { index: number; name: string; editionId: string }[];
  /** The edition that `ei.cfg` fixes, null where Setup lets one choose. */
  answerEdition: string | null;
}
