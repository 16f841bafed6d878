import { language, t, translate } from '../lib/language.ts';
import type { DiscReport, WindowsOnDisc } from '../media/disc-report.ts';

type BootEntry = DiscReport['bootEntries'][number];

/** The verdict in words: never told by colour or picture alone. */
export const VERDICT_WORDS: Readonly<Record<DiscReport['verdict'], string>> = {
  get runs() {
    return t`The right kind of disc`;
  },
  get 'may-run'() {
    return t`May run here`;
  },
  get 'cannot-run'() {
    return t`Cannot run here`;
  },
  get 'not-a-disc'() {
    return t`Not a disc`;
  },
};

const ARCHITECTURES: Readonly<Record<string, string>> = {
  get x86() {
    return t`32-bit (x86)`;
  },
  get x64() {
    return t`64-bit (x64)`;
  },
  ia64: 'Itanium (IA-64)',
  arm: 'ARM',
  get arm64() {
    return t`64-bit ARM`;
  },
};

const FILE_SYSTEMS: Readonly<Record<DiscReport['fileSystems'][number], string>> = {
  iso9660: 'ISO 9660',
  joliet: 'Joliet',
  'rock-ridge': 'Rock Ridge',
  udf: 'UDF',
};

const PLATFORMS: Readonly<Record<BootEntry['platform'], string>> = {
  x86: 'BIOS',
  powerpc: 'PowerPC',
  mac: 'Macintosh',
  efi: 'EFI',
  get unknown() {
    return t`an unknown platform`;
  },
};

const EMULATIONS: Readonly<Record<BootEntry['emulation'], string>> = {
  none: '',
  get 'floppy-1200'() {
    return t`as a floppy of 1.2 MB`;
  },
  get 'floppy-1440'() {
    return t`as a floppy of 1.44 MB`;
  },
  get 'floppy-2880'() {
    return t`as a floppy of 2.88 MB`;
  },
  get 'hard-disk'() {
    return t`as a hard disk`;
  },
  get unknown() {
    return t`in a way of its own`;
  },
};

/** What is on the disc, as a heading: the system where one is known, else the disc's or the file's name. */
export function discTitle({ windows, system, label }: DiscReport, fileName: string): string {
  const name = translate(windows?.name ?? system?.name ?? '');
  return name ? name.charAt(0).toUpperCase() + name.slice(1) : label || fileName;
}

/** "Service Pack 1"; a version from before the release as it calls itself ("RC"). */
export function versionWords({ release, servicePack }: WindowsOnDisc): string {
  if (servicePack > 0) return `Service Pack ${servicePack}`;
  return release === 'RTM' ? t`First release (RTM)` : release;
}

/** Null where the disc does not say. */
export function architectureWords({ windows, system }: DiscReport): string | null {
  const architecture = windows?.architecture ?? system?.architecture;
  return architecture ? (ARCHITECTURES[architecture] ?? architecture) : null;
}

/** "English (United States)" for en-US; a tag that no table knows stays as it is on the disc. */
export function languageWords(tag: string): string {
  if (tag === '') return tag;
  try {
    return (
      new Intl.DisplayNames([language.value.tag], { type: 'language', languageDisplay: 'standard' }).of(
        tag,
      ) ?? tag
    );
  } catch {
    // The disc is not ours: what it calls a language need not be a tag.
    return tag;
  }
}

/** Edition names without the system's name in front of each, every one once. */
export function editionNames({ name, editions }: WindowsOnDisc): string[] {
  const short = editions.map((edition) =>
    edition.name.startsWith(`${name} `) ? edition.name.slice(name.length + 1) : edition.name,
  );
  return [...new Set(short)];
}

export function fileSystemWords({ fileSystems }: DiscReport): string {
  return fileSystems.map((kind) => FILE_SYSTEMS[kind]).join(', ');
}

/** What firmware finds to start: "BIOS; EFI", and what the firmware takes the boot image for; '' where there is nothing. */
export function bootWords({ bootEntries }: DiscReport): string {
  const words = bootEntries
    .filter(({ bootable }) => bootable)
    .map(({ platform, emulation }) =>
      EMULATIONS[emulation] ? `${PLATFORMS[platform]}, ${EMULATIONS[emulation]}` : PLATFORMS[platform],
    );
  return [...new Set(words)].join('; ');
}
