import { sentence, t, translate } from '../lib/language.ts';
import type { DiscReport } from '../media/disc-report.ts';
import type { SystemId } from '../media/disc-systems.ts';
import { DEFAULT_PROFILE, type MachineProfile } from './profile.ts';

/** Why a field of the profile has its value: shown beside it where it can be edited. */
export interface PlanReason {
  readonly field: keyof MachineProfile;
  readonly message: string;
}

/** A reason for a `sentence`, said in the language that the page speaks when it is read. */
export function reasonFor(field: keyof MachineProfile, why: string): PlanReason {
  return {
    field,
    get message() {
      return translate(why);
    },
  };
}

export interface MachinePlan {
  readonly profile: MachineProfile;
  readonly reasons: readonly PlanReason[];
}

/** A value and its reason (a `sentence`), for each field that a disc decides. */
type PlannedHardware = {
  readonly [Field in 'memoryMiB' | 'videoMemoryMiB' | 'acpi' | 'apic' | 'clock']: readonly [
    MachineProfile[Field],
    string,
  ];
};

const LOCAL = ['local', sentence`It expects local time in the clock chip.`] as const;
const UTC = ['utc', sentence`It expects UTC in the clock chip.`] as const;
const VIDEO_16 = [
  16,
  sentence`16 MiB hold every mode of the card up to 2560 × 1600 in true colour.`,
] as const;
const VIDEO_8 = [8, sentence`8 MiB hold 1600 × 1200 in true colour; more confuses older drivers.`] as const;
const NO_ACPI = sentence`Its Setup finds its way without ACPI, and the machine is simpler so.`;
const PIC_FOR_WINDOWS = [
  false,
  sentence`One processor needs no APIC: Windows runs surer here with the two 8259 interrupt controllers.`,
] as const;
const PIC = [false, sentence`It runs with the two 8259 interrupt controllers alone.`] as const;
const APIC = [true, sentence`It uses the APIC where there is one.`] as const;

const VISTA_OR_7: PlannedHardware = {
  memoryMiB: [1024, sentence`Windows 7 asks for 1 GB; Setup refuses below 512 MB.`],
  videoMemoryMiB: VIDEO_16,
  acpi: [true, sentence`Windows has needed ACPI since Vista.`],
  apic: PIC_FOR_WINDOWS,
  clock: LOCAL,
};

const LINUX_LIKE: PlannedHardware = {
  memoryMiB: [512, sentence`Enough for a live system with a desktop of its time.`],
  videoMemoryMiB: VIDEO_16,
  acpi: [true, sentence`It uses ACPI to switch the machine off.`],
  apic: APIC,
  clock: UTC,
};

const DOS_LIKE: PlannedHardware = {
  memoryMiB: [64, sentence`DOS uses less; some of its programs stop above 64 MiB.`],
  videoMemoryMiB: VIDEO_8,
  acpi: [false, sentence`DOS knows no ACPI.`],
  apic: PIC,
  clock: LOCAL,
};

const HOUSE: PlannedHardware = {
  memoryMiB: [128, sentence`It runs in 64 MB; twice that still starts at once on any device.`],
  videoMemoryMiB: VIDEO_16,
  acpi: [true, sentence`It shows the ACPI tables, and switches the machine off with them.`],
  apic: APIC,
  clock: LOCAL,
};

/** What suits each system. What is not here gets the default machine. */
const HARDWARE: Readonly<Partial<Record<SystemId, PlannedHardware>>> = {
  'windows-7': VISTA_OR_7,
  'windows-vista': VISTA_OR_7,
  'windows-server': VISTA_OR_7,
  'windows-pe': VISTA_OR_7,
  'windows-2003': oldWindows(512, sentence`It asks for 256 MB; twice that runs easily.`, VIDEO_16),
  'windows-xp': oldWindows(
    512,
    sentence`It asks for 128 MB; 512 runs easily and keeps snapshots small.`,
    VIDEO_16,
  ),
  'windows-2000': oldWindows(
    256,
    sentence`It asks for 64 MB; 256 runs easily and keeps snapshots small.`,
    VIDEO_8,
  ),
  'windows-nt4': oldWindows(128, sentence`It asks for 16 MB; 128 is what a good PC of its day had.`, VIDEO_8),
  'windows-me': oldWindows(128, sentence`It asks for 32 MB, and it fails above 512.`, VIDEO_8),
  'windows-98': oldWindows(128, sentence`It asks for 24 MB, and it fails above 512.`, VIDEO_8),
  'windows-95': oldWindows(64, sentence`It asks for 8 MB, and it fails above 480.`, VIDEO_8),
  house: HOUSE,
  reactos: oldWindows(512, sentence`It asks for 96 MB; 512 runs easily.`, VIDEO_16),
  linux: LINUX_LIKE,
  bsd: LINUX_LIKE,
  haiku: { ...LINUX_LIKE, clock: LOCAL },
  dos: DOS_LIKE,
  'memory-test': {
    ...DOS_LIKE,
    memoryMiB: [64, sentence`The less memory there is, the sooner a test ends.`],
  },
};

function oldWindows(
  memoryMiB: number,
  why: string,
  videoMemoryMiB: readonly [number, string],
): PlannedHardware {
  return { memoryMiB: [memoryMiB, why], videoMemoryMiB, acpi: [false, NO_ACPI], apic: PIC, clock: LOCAL };
}

/** What power starts where the tray is empty and the exhibit has a disc of its own. */
export const HOUSE_DISC: Pick<DiscReport, 'verdict' | 'bootable' | 'system'> = {
  verdict: 'runs',
  bootable: true,
  system: { id: 'house', name: sentence`The house disc`, architecture: 'x86' },
};

/**
 * The machine that suits a disc, with a reason for each field that the disc decided; `base` gives the rest (the
 * machine's name) and everything where the disc tells nothing. Pure; the visitor may change what it says.
 */
export function planMachine(
  report: Pick<DiscReport, 'verdict' | 'bootable' | 'system'>,
  base: MachineProfile = DEFAULT_PROFILE,
): MachinePlan {
  const hardware = report.system ? HARDWARE[report.system.id] : undefined;
  const boot = planBoot(report);
  if (!hardware) {
    const why = sentence`The disc does not say what it needs: this is the machine for Windows 7.`;
    const fields = ['memoryMiB', 'videoMemoryMiB', 'acpi', 'apic', 'clock'] as const;
    return {
      profile: { ...base, bootOrder: boot.order },
      reasons: [...fields.map((field) => reasonFor(field, why)), reasonFor('bootOrder', boot.why)],
    };
  }
  const { memoryMiB, videoMemoryMiB, acpi, apic, clock } = hardware;
  return {
    profile: {
      ...base,
      memoryMiB: memoryMiB[0],
      videoMemoryMiB: videoMemoryMiB[0],
      acpi: acpi[0],
      apic: apic[0],
      clock: clock[0],
      bootOrder: boot.order,
    },
    reasons: [
      reasonFor('memoryMiB', memoryMiB[1]),
      reasonFor('videoMemoryMiB', videoMemoryMiB[1]),
      reasonFor('acpi', acpi[1]),
      reasonFor('apic', apic[1]),
      reasonFor('clock', clock[1]),
      reasonFor('bootOrder', boot.why),
    ],
  };
}

/**
 * What a changed profile does badly with a disc, though it can be built: advice that does not stop anybody.
 */
export function adviseProfile(
  profile: MachineProfile,
  report: Pick<DiscReport, 'system'>,
): readonly PlanReason[] {
  const hardware = report.system ? HARDWARE[report.system.id] : undefined;
  if (!report.system || !hardware) return [];
  const name = translate(report.system.name);
  const advice: PlanReason[] = [];
  if (hardware === VISTA_OR_7) {
    if (profile.memoryMiB < 512) {
      advice.push({ field: 'memoryMiB', message: t`Setup of ${name} refuses less than 512 MB.` });
    }
    if (!profile.acpi) {
      advice.push({ field: 'acpi', message: t`${name} stops with a blue screen (0xA5) without ACPI.` });
    }
  }
  if (/^windows-(me|98|95)$/u.test(report.system.id) && profile.memoryMiB > 480) {
    advice.push({ field: 'memoryMiB', message: t`${name} fails with more than 480 MB.` });
  }
  if (profile.clock !== hardware.clock[0]) {
    advice.push({ field: 'clock', message: t`The clock of ${name} will be wrong by your time zone.` });
  }
  return advice;
}

function planBoot({ bootable }: Pick<DiscReport, 'bootable'>): {
  order: MachineProfile['bootOrder'];
  why: string;
} {
  return bootable
    ? {
        order: 'disc-first',
        why: sentence`The disc starts first; a Windows disc waits for a key and then leaves it to the hard disk.`,
      }
    : {
        order: 'disk-first',
        why: sentence`Nothing on this disc can be started, so the hard disk comes first.`,
      };
}
