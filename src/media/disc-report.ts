import type { BootPlatform, BootEmulation } from './el-torito.ts';
import type { DetectedSystem } from './disc-systems.ts';

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
  /** What starts from the disc; null where nothing tells. Windows before Vista is here only: it has no WIM. */
  system: DetectedSystem | null;
  /** Every entry of the boot catalog, the default one first. */
  bootEntries: { platform: BootPlatform; emulation: BootEmulation; bootable: boolean; lba: number }[];
  /** Name under which Microsoft published a disc of this label and size: a hint, the sum is the proof. */
  publishedAs: string | null;
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
  /** `Retail`, `OEM` or `Volume` of `ei.cfg`, null without. */
  channel: string | null;
  /** `BuildLab` of `idwbinfo.txt`: which branch it was built from and when; null without. */
  buildLab: string | null;
}
