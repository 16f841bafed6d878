import type { DiscEvidence, WindowsInFolder } from './disc-evidence.ts';
import type { ReasonList } from './disc-reasons.ts';
import { describeWindows, isTooNew, type WindowsInWim } from './windows-on-disc.ts';

/** The folder whose Windows has the best chance here; null for a disc without such folders. */
export function leadingFolder(folders: readonly WindowsInFolder[]): WindowsInFolder | null {
  return folders.find(canRun) ?? folders.find(isFor32Bit) ?? folders[0] ?? null;
}

/** The disc as if what is in the folder were in its root. */
export function evidenceIn(folder: WindowsInFolder, { bootWim, paths }: DiscEvidence): Partial<DiscEvidence> {
  return { ...folder, bootWim: folder.bootWim ?? bootWim, paths: new Set([...paths, ...folder.paths]) };
}

function describeFolder({ install, bootWim, texts }: WindowsInFolder): WindowsInWim | null {
  const images = install?.description?.images ?? bootWim?.description?.images ?? [];
  return describeWindows(images, texts);
}

function isFor32Bit(folder: WindowsInFolder): boolean {
  return describeFolder(folder)?.architectures.includes('x86') ?? false;
}

function canRun(folder: WindowsInFolder): boolean {
  const found = describeFolder(folder);
  return found !== null && found.architectures.includes('x86') && !isTooNew(found);
}

/** Of several Windows on a disc only some can run, and the disc's own menu asks which. */
export function judgeFolders(
  lead: WindowsInFolder,
  folders: readonly WindowsInFolder[],
  reasons: ReasonList,
): void {
  const fitting = folders.filter(canRun).map(({ folder }) => folder);
  if (fitting.length === 0 || fitting.length === folders.length) return;
  const others = folders.map(({ folder }) => folder).filter((folder) => !fitting.includes(folder));
  const name = describeFolder(lead)?.system.name ?? '';
  reasons.add('arch/folders', () => ({ name, fitting: fitting.join(', '), others: others.join(', ') }));
}
