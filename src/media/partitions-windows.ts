import { ByteReader } from '../bytes/byte-reader.ts';
import type { WindowsOnDisk } from './disk-report.ts';
import type { FileVolume } from './file-volume.ts';
import { readProgramVersion } from './program-version.ts';
import { findHal } from './windows-hal.ts';

/** The kernel carries its version and the processor it is for: two facts from one file, in a dozen reads. */
const KERNELS = [
  ['Windows', 'System32', 'ntoskrnl.exe'],
  ['WINNT', 'System32', 'ntoskrnl.exe'],
];

/** The Windows on a volume, null where none is found (or its kernel cannot be read plainly). */
export async function findWindows(volume: FileVolume): Promise<Omit<WindowsOnDisk, 'partition'> | null> {
  for (const path of KERNELS) {
    const kernel = await volume.openFile(path);
    if (kernel === null) continue;
    const found = await readProgramVersion(kernel);
    if (found === null) return null;
    const { version, architecture } = found;
    const hal = architecture === 'x86' ? await findHal(volume, path.slice(0, -1), version) : null;
    return { name: nameOf(version), version, architecture, hal, hibernated: await isHibernated(volume) };
  }
  return null;
}

/** Names of desktop Windows by kernel version; server releases share their numbers. */
const NAMES: Record<string, string> = {
  '4.0': 'Windows NT 4.0',
  '5.0': 'Windows 2000',
  '5.1': 'Windows XP',
  '6.0': 'Windows Vista',
  '6.1': 'Windows 7',
  '6.2': 'Windows 8',
  '6.3': 'Windows 8.1',
};

function nameOf(version: string): string {
  const [major, minor, build] = version.split('.').map(Number);
  if (major >= 10) return build >= 22000 ? 'Windows 11' : 'Windows 10';
  return NAMES[`${major}.${minor}`] ?? `Windows ${major}.${minor}`;
}

/** The hibernation file begins with "hibr" or "HIBR" while there is something to wake up to. */
async function isHibernated(volume: FileVolume): Promise<boolean> {
  const file = await volume.openFile(['hiberfil.sys']);
  if (file === null || file.sizeBytes < 4) return false;
  return new ByteReader(await file.read(0, 4)).latin1(4).toLowerCase() === 'hibr';
}
