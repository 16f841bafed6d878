import type { DiscReport } from '../media/disc-report.ts';
import type { SystemId } from '../media/disc-systems.ts';

/** What an installation will write, and whether there is room for it. */
export interface InstallRoom {
  /** What is to be installed, as one calls it. */
  readonly name: string;
  /** What the first installation stores, from and to: it depends on the edition and on the memory. */
  readonly needsBytes: { readonly from: number; readonly to: number };
  readonly freeBytes: number;
  readonly verdict: 'enough' | 'tight' | 'too-little' | 'disk-too-small';
}

const GB = 1e9;

/**
 * What Setup leaves on a blank disk. Windows 7 x86: 5 to 6 GB of files, a page file as large as the memory, a
 * hibernation file of three quarters of it, and what Setup wrote for a while and deleted again, which stays stored.
 */
const NEEDS: Readonly<Partial<Record<SystemId, InstallRoom['needsBytes']>>> = {
  'windows-7': { from: 8 * GB, to: 10 * GB },
  'windows-vista': { from: 9 * GB, to: 12 * GB },
  'windows-server': { from: 8 * GB, to: 12 * GB },
  'windows-2003': { from: 2 * GB, to: 3 * GB },
  'windows-xp': { from: 1.5 * GB, to: 2.5 * GB },
};

/**
 * Looks before the power is on whether a system that is about to be installed will fit; null where there is nothing
 * to say: no Setup disc known here, one that cannot run anyway, or a disk that holds a system already.
 */
export function planInstallRoom(
  report: Pick<DiscReport, 'verdict' | 'system' | 'windows'>,
  disk: { readonly sizeBytes: number; readonly holdsSystem: boolean },
  freeBytes: number,
): InstallRoom | null {
  if (report.verdict === 'cannot-run' || report.verdict === 'not-a-disc' || disk.holdsSystem) return null;
  const needsBytes = report.system ? NEEDS[report.system.id] : undefined;
  if (!report.system || !needsBytes) return null;
  const name = report.windows?.name ?? report.system.name;
  return { name, needsBytes, freeBytes, verdict: judge(needsBytes, disk.sizeBytes, freeBytes) };
}

function judge(
  { from, to }: InstallRoom['needsBytes'],
  diskBytes: number,
  freeBytes: number,
): InstallRoom['verdict'] {
  if (diskBytes < from) return 'disk-too-small';
  if (freeBytes < from) return 'too-little';
  return freeBytes < to ? 'tight' : 'enough';
}
