import { t } from '../lib/language.ts';
import type { WindowsOnDisc } from './disc-report.ts';
import type { DetectedSystem, SystemId } from './disc-systems.ts';
import type { SetupTexts } from './setup-texts.ts';
import type { Architecture, WimImage } from './wim-xml.ts';

/** What the images of an install.wim (or boot.wim) add up to. */
export interface WindowsInWim {
  readonly system: DetectedSystem;
  /** Null where no architecture that a report can name was found. */
  readonly windows: WindowsOnDisc | null;
  /** All architectures among the images; several on discs that somebody joined. */
  readonly architectures: readonly Architecture[];
  readonly isServer: boolean;
  /** A published release rather than a beta or a release candidate. */
  readonly isFinal: boolean;
}

interface Release {
  readonly id: SystemId;
  readonly name: string;
  readonly serverName: string;
}

/** From `major.minor` and the build to the name on the box. */
function releaseOf({ major, minor, build }: WimImage): Release | null {
  if (major === 10) {
    const isEleven = build >= 22000;
    return {
      id: isEleven ? 'windows-11' : 'windows-10',
      name: isEleven ? 'Windows 11' : 'Windows 10',
      serverName: 'Windows Server',
    };
  }
  if (major !== 6) return null;
  return (
    (
      [
        { id: 'windows-vista', name: 'Windows Vista', serverName: 'Windows Server 2008' },
        { id: 'windows-7', name: 'Windows 7', serverName: 'Windows Server 2008 R2' },
        { id: 'windows-8', name: 'Windows 8', serverName: 'Windows Server 2012' },
        { id: 'windows-8.1', name: 'Windows 8.1', serverName: 'Windows Server 2012 R2' },
      ] as const
    )[minor] ?? null
  );
}

/** Builds that were released: RTM and the service packs. Anything else of 6.0 and 6.1 is a test version. */
const FINAL_BUILDS: Readonly<Record<number, string>> = {
  6000: 'RTM',
  6001: 'SP1',
  6002: 'SP2',
  6003: 'SP2',
  7600: 'RTM',
  7601: 'SP1',
};

/** Reads the images of a WIM as one Windows, null where none of them carries a version of Windows. */
export function describeWindows(images: readonly WimImage[], texts: SetupTexts): WindowsInWim | null {
  const versioned = images.filter((image) => releaseOf(image) !== null);
  const architectures = [...new Set(versioned.map(({ architecture }) => architecture))];
  // Where somebody joined both kinds, the 32-bit images are the ones that count here.
  const lead = versioned.find(({ architecture }) => architecture === 'x86') ?? versioned[0];
  if (!lead) return null;
  const release = releaseOf(lead)!;
  const isServer = lead.productType === 'ServerNT' || lead.installationType.startsWith('Server');
  const isPe = lead.installationType === 'WindowsPE' || lead.editionId === 'WindowsPE';
  const name = isServer ? release.serverName : release.name;
  const isOld = lead.major === 6 && lead.minor <= 1;
  const build = `${lead.major}.${lead.minor}.${lead.build}${lead.servicePackBuild ? `.${lead.servicePackBuild}` : ''}`;
  const architecture = lead.architecture;
  return {
    system: {
      id: isPe ? 'windows-pe' : isServer ? 'windows-server' : release.id,
      name: isPe ? t`the repair and setup environment of ${name}` : name,
      architecture: architecture === 'unknown' ? null : architecture === 'arm64' ? 'arm' : architecture,
    },
    windows:
      architecture === 'unknown' || architecture === 'arm'
        ? null
        : {
            name,
            release:
              FINAL_BUILDS[lead.build] ?? (isOld ? t`test version ${lead.build}` : t`build ${lead.build}`),
            build,
            servicePack: lead.servicePack,
            architecture,
            languages: [...new Set(versioned.flatMap(({ languages }) => languages))],
            editions: versioned.map((image) => ({
              index: image.index,
              name: image.displayName || image.name,
              editionId: image.editionId,
            })),
            answerEdition: texts.answerEdition,
            channel: texts.channel,
            buildLab: texts.buildLab,
          },
    architectures,
    isServer,
    isFinal: !isOld || lead.build in FINAL_BUILDS,
  };
}

/** Branches that `BuildLab` names, up to Windows 7; those of later versions carry their own WIM in any case. */
const BRANCHES: readonly { branch: RegExp; id: SystemId; name: string }[] = [
  { branch: /^win7/u, id: 'windows-7', name: 'Windows 7' },
  { branch: /^(vista|longhorn|lh_)/u, id: 'windows-vista', name: 'Windows Vista' },
];

const BUILD_ARCHITECTURES: ReadonlyMap<string, DetectedSystem['architecture']> = new Map([
  ['x86', 'x86'],
  ['amd64', 'x64'],
  ['ia64', 'ia64'],
]);

/** The system that `idwbinfo.txt` names, for discs whose install.wim is missing or cannot be read. */
export function systemOfBuildLab({ buildLab, buildArch }: SetupTexts): DetectedSystem | null {
  const found = BRANCHES.find(({ branch }) => branch.test(buildLab?.toLowerCase() ?? ''));
  if (!found) return null;
  const architecture = BUILD_ARCHITECTURES.get(buildArch?.toLowerCase() ?? '') ?? null;
  return { id: found.id, name: found.name, architecture };
}

/** Windows 8 and later check for NX before they start. */
export function isTooNew({ windows, system }: WindowsInWim): boolean {
  const build = windows?.build ?? '';
  if (build !== '') return !/^6\.[01]\./u.test(build);
  return !['windows-7', 'windows-vista', 'windows-server', 'windows-pe'].includes(system.id);
}
