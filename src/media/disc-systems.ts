import { sentence } from '../lib/language.ts';
import type { DiscEvidence } from './disc-evidence.ts';

/** Systems that a disc is told from, by what lies on it. Each has a machine that suits it: `machine/plan.ts`. */
export type SystemId =
  | 'windows-11'
  | 'windows-10'
  | 'windows-8.1'
  | 'windows-8'
  | 'windows-7'
  | 'windows-vista'
  | 'windows-server'
  | 'windows-pe'
  | 'windows-2003'
  | 'windows-xp'
  | 'windows-2000'
  | 'windows-nt4'
  | 'windows-me'
  | 'windows-98'
  | 'windows-95'
  | 'dos'
  | 'linux'
  | 'bsd'
  | 'reactos'
  | 'haiku'
  | 'memory-test'
  | 'mac-os'
  | 'house'
  | 'other';

/** A system as a visitor names it. */
export interface DetectedSystem {
  readonly id: SystemId;
  readonly name: string;
  /** 'x86' also for 16-bit systems; null where the disc does not say. */
  readonly architecture: 'x86' | 'x64' | 'ia64' | 'arm' | null;
}

/** What the exhibit's own disc holds: `guest/`. */
const HOUSE_SYSTEM: DetectedSystem = { id: 'house', name: sentence`The house disc`, architecture: 'x86' };

/** Windows before Vista, by the marker files that its Setup looks for in the root. First match wins. */
const MARKERS: readonly (DetectedSystem & { path: RegExp })[] = [
  { path: /^win51ap/u, id: 'windows-xp', name: 'Windows XP Professional x64 Edition', architecture: 'x64' },
  { path: /^win51ip/u, id: 'windows-xp', name: 'Windows XP Professional', architecture: 'x86' },
  { path: /^win51ic/u, id: 'windows-xp', name: 'Windows XP Home Edition', architecture: 'x86' },
  { path: /^win51i[sabdl]/u, id: 'windows-2003', name: 'Windows Server 2003', architecture: 'x86' },
  { path: /^win51m/u, id: 'windows-xp', name: 'Windows XP Media Center Edition', architecture: 'x86' },
  { path: /^win51$/u, id: 'windows-xp', name: 'Windows XP', architecture: 'x86' },
  { path: /^cdrom_ip\.5/u, id: 'windows-2000', name: 'Windows 2000 Professional', architecture: 'x86' },
  { path: /^cdrom_i[sa]\.5/u, id: 'windows-2000', name: 'Windows 2000 Server', architecture: 'x86' },
  { path: /^cdrom_nt\.5/u, id: 'windows-2000', name: 'Windows 2000', architecture: 'x86' },
  { path: /^cdrom_w\.40/u, id: 'windows-nt4', name: 'Windows NT 4.0 Workstation', architecture: 'x86' },
  { path: /^cdrom_s\.40/u, id: 'windows-nt4', name: 'Windows NT 4.0 Server', architecture: 'x86' },
  { path: /^win9x$/u, id: 'windows-me', name: 'Windows Me', architecture: 'x86' },
  { path: /^win98$/u, id: 'windows-98', name: 'Windows 98', architecture: 'x86' },
  { path: /^win95$/u, id: 'windows-95', name: 'Windows 95', architecture: 'x86' },
];

const LINUX_SIGNS =
  /^(casper|live|liveos|\.disk|arch|isolinux|syslinux|antix|porteus|slax|boot\/(grub|isolinux|syslinux|vmlinuz.*|core\.gz|bzimage)|images\/pxeboot|vmlinuz.*|bzimage|.*\.sfs)$/u;
const MEMORY_TESTS = /^(boot\/|isolinux\/)?(memtest|mt86|mt\d)[^/]*$/u;
const LINUX_KERNELS = /(^|\/)(vmlinuz|bzimage|linux$|initrd|initramfs)|\.img$/u;
/** Root directory entries of the files that DOS starts from. */
const DOS_FILES = ['IO      SYS', 'KERNEL  SYS', 'IBMBIO  COM', 'MSDOS   SYS'];

/** The system of a disc that carries no WIM, null where nothing tells it. */
export function detectOldSystem(evidence: DiscEvidence, label: string): DetectedSystem | null {
  const { paths } = evidence;
  const has = (sign: RegExp): boolean => [...paths].some((path) => sign.test(path));
  if (label === 'VITRINE_HOUSE' && paths.has('rooms')) return HOUSE_SYSTEM;
  for (const { path, ...system } of MARKERS) if (has(path)) return system;
  if (paths.has('i386/txtsetup.sif')) {
    return { id: 'windows-xp', name: sentence`a Windows of the XP family`, architecture: 'x86' };
  }
  if (paths.has('reactos') || paths.has('freeldr.sys')) {
    return { id: 'reactos', name: 'ReactOS', architecture: 'x86' };
  }
  if (has(/^boot\/(kernel|defaults|loader)$/u) && has(/^boot\/loader/u)) return bsd('FreeBSD', label);
  if (has(/^bsd(\.rd)?$/u) || /openbsd/iu.test(label)) return bsd('OpenBSD', label);
  if (/netbsd/iu.test(label)) return bsd('NetBSD', label);
  if (/^haiku/iu.test(label)) {
    return { id: 'haiku', name: 'Haiku', architecture: has64BitName(label) ? 'x64' : null };
  }
  if (has(/^(mach_kernel|system\/library)$/u)) {
    return { id: 'mac-os', name: 'Mac OS X', architecture: null };
  }
  if (has(MEMORY_TESTS) && !has(LINUX_KERNELS)) {
    return { id: 'memory-test', name: sentence`a memory test`, architecture: 'x86' };
  }
  if (has(LINUX_SIGNS)) return linux(evidence, label);
  return detectDos(evidence, label);
}

/** DOS starts from an emulated floppy, or from one that a boot menu loads. */
function detectDos({ bootStart, paths }: DiscEvidence, label: string): DetectedSystem | null {
  const image = bootStart?.entry.emulation.startsWith('floppy') ? bootStart.image : null;
  const names = image ? latin1(image) : '';
  const free = /freedos|fdos/iu.test(label) || paths.has('freedos') || paths.has('fdos');
  if (!free && !DOS_FILES.some((file) => names.includes(file))) return null;
  return { id: 'dos', name: free || names.includes('KERNEL  SYS') ? 'FreeDOS' : 'DOS', architecture: 'x86' };
}

function linux({ paths, diskInfo }: DiscEvidence, label: string): DetectedSystem {
  const described = diskInfo || label;
  const has64 =
    has64BitName(described) ||
    (paths.has('install.amd') && !paths.has('install.386')) ||
    (paths.has('arch/x86_64') && !paths.has('arch/i686'));
  const has32 = /\b(i[3-6]86|x86(?![_-]?64)|32[- ]?bit)\b/iu.test(described) || paths.has('install.386');
  return {
    id: 'linux',
    name: described ? `Linux (${described})` : 'Linux',
    architecture: has32 ? 'x86' : has64 ? 'x64' : null,
  };
}

function bsd(name: string, label: string): DetectedSystem {
  return { id: 'bsd', name, architecture: has64BitName(label) ? 'x64' : null };
}

function has64BitName(text: string): boolean {
  return /amd64|x86[_-]64|x64|64[- ]?bit/iu.test(text);
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
