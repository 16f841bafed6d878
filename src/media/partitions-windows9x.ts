import type { WindowsOnDisk } from './disk-report.ts';
import type { FileVolume } from './file-volume.ts';
import { readProgramVersion } from './program-version.ts';

/** Folders that Setup offers, or that people choose beside an older Windows, where MSDOS.SYS names none. */
const USUAL_FOLDERS = ['WINDOWS', 'WIN98', 'WIN95', 'WINME', 'WIN'];
const MAX_SETTINGS_BYTES = 16 << 10;

/** What the DOS beneath it begins with: all of them are in the root of the disk that starts. */
const DOS_FILES = [
  ['IO.SYS', 'MSDOS.SYS'],
  ['IBMBIO.COM', 'IBMDOS.COM'],
  ['KERNEL.SYS', 'COMMAND.COM'],
];

/**
 * The Windows 95, 98 or Me on a FAT volume, null where there is none. What tells it is its own kernel's driver archive,
 * which no other Windows has; which of the three it is, the version of its KERNEL32.DLL.
 */
export async function findWindows9x(volume: FileVolume): Promise<Omit<WindowsOnDisk, 'partition'> | null> {
  for (const folder of await foldersOf(volume)) {
    if ((await volume.openFile([...folder, 'SYSTEM', 'VMM32.VXD'])) === null) continue;
    const kernel = await volume.openFile([...folder, 'SYSTEM', 'KERNEL32.DLL']);
    const version = (kernel && (await readProgramVersion(kernel))?.version) ?? '';
    const name = nameOf(version);
    return { name, version: version || '4', architecture: 'x86', hal: null, hibernated: false };
  }
  return null;
}

/**
 * Whether a DOS starts from the volume: MS-DOS, PC DOS, DR-DOS or FreeDOS, a Windows 3 on it or not. Windows NT puts
 * empty files of these names on its disks.
 */
export async function findDos(volume: FileVolume): Promise<boolean> {
  for (const files of DOS_FILES) {
    const found = await Promise.all(files.map((file) => volume.openFile([file])));
    if (found.every((file) => file !== null && file.sizeBytes > 0)) return true;
  }
  return false;
}

/** `WinDir=C:\WINDOWS` of MSDOS.SYS, then the usual ones. */
async function foldersOf(volume: FileVolume): Promise<string[][]> {
  const settings = await volume.openFile(['MSDOS.SYS']);
  const usual = USUAL_FOLDERS.map((folder) => [folder]);
  if (settings === null || settings.sizeBytes > MAX_SETTINGS_BYTES) return usual;
  const text = new TextDecoder('latin1').decode(await settings.read(0, settings.sizeBytes));
  const line = text.split('\n').find((line) => line.trim().toLowerCase().startsWith('windir='));
  const path = line?.slice(line.indexOf('=') + 1).trim() ?? '';
  const named = path
    .split('\\')
    .slice(1)
    .filter((part) => part !== '');
  return named.length > 0 ? [named, ...usual] : usual;
}

/** By the version of the kernel: 4.00.950, 4.10.1998, 4.90.3000. */
function nameOf(version: string): string {
  const [major, minor] = version.split('.').map(Number);
  if (major === 4 && minor < 10) return 'Windows 95';
  if (major === 4 && minor < 90) return 'Windows 98';
  return major === 4 ? 'Windows Me' : 'Windows 95, 98 / Me';
}
