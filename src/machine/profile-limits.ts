import { VitrineError } from '../lib/errors.ts';
import { t } from '../lib/language.ts';
import type { MachineProfile } from './profile.ts';

/** What the engine can build. */
export const PROFILE_LIMITS = {
  /** Below 16 MiB the BIOS reports memory wrongly; at 2048 the engine's addresses become negative. */
  memoryMiB: { min: 16, max: 2047 },
  /** A power of two: the engine silently rounds anything else. It takes 256 too, but no mode needs a quarter of 128. */
  videoMemoryMiB: { min: 1, max: 128 },
  /** It names locks and databases. */
  machineId: /^[a-z0-9][a-z0-9._-]{0,62}$/iu,
} as const;

export interface ProfileProblem {
  readonly field: keyof MachineProfile;
  /** Names the value, says the limit and what to enter instead. */
  readonly message: string;
}

const BOOT_ORDERS: readonly string[] = ['disc-first', 'disk-first', 'floppy-first'];
const CLOCKS: readonly string[] = ['local', 'utc'];

/**
 * What of a profile no machine can be built with; empty where all is well. Values are checked as they come from
 * outside (a form, a query, an exhibit file), so the types are not trusted; fields that are left out are not judged.
 */
export function checkProfile(
  profile: Readonly<Partial<Record<keyof MachineProfile, unknown>>>,
): ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  const check = (
    field: keyof MachineProfile,
    isGood: (value: unknown) => boolean,
    say: (shown: string) => string,
  ): void => {
    const value = profile[field];
    if (value === undefined || isGood(value)) return;
    problems.push({ field, message: say(shown(value)) });
  };
  const memory = PROFILE_LIMITS.memoryMiB;
  check(
    'memoryMiB',
    (value) => isWithin(value, memory),
    (it) =>
      t`${it} is no memory size that the machine can have. Enter a whole number of MiB from ${memory.min} to ${memory.max}.`,
  );
  const video = PROFILE_LIMITS.videoMemoryMiB;
  check(
    'videoMemoryMiB',
    (value) => isWithin(value, video) && Number.isInteger(Math.log2(value)),
    (it) =>
      t`${it} is no size of video memory that the card can have. Choose a power of two from ${video.min} to ${video.max} MiB: 8, 16, 32.`,
  );
  check(
    'acpi',
    (value) => typeof value === 'boolean',
    (it) => t`${it} is no setting for ACPI. Switch it on or off.`,
  );
  check(
    'apic',
    (value) => typeof value === 'boolean',
    (it) => t`${it} is no setting for the APIC. Switch it on or off.`,
  );
  check(
    'bootOrder',
    (value) => typeof value === 'string' && BOOT_ORDERS.includes(value),
    (it) => t`${it} is no boot order. Choose one of ${BOOT_ORDERS.join(', ')}.`,
  );
  check(
    'clock',
    (value) => typeof value === 'string' && CLOCKS.includes(value),
    (it) => t`${it} is no setting for the clock. Choose one of ${CLOCKS.join(', ')}.`,
  );
  check(
    'machineId',
    (value) => typeof value === 'string' && PROFILE_LIMITS.machineId.test(value),
    (it) =>
      t`${it} is no name for a machine. Use up to 63 letters, digits, dots, dashes and underscores, a letter or digit first.`,
  );
  return problems;
}

/** Throws `machine/impossible-profile` in the words of the first problem. */
export function assertProfile(profile: Readonly<Partial<Record<keyof MachineProfile, unknown>>>): void {
  const [problem] = checkProfile(profile);
  if (problem) {
    throw new VitrineError('machine/impossible-profile', { field: problem.field, message: problem.message });
  }
}

function isWithin(value: unknown, { min, max }: { min: number; max: number }): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `“${value}”` : String(value);
}
