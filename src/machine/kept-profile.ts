import { checkProfile } from './profile-limits.ts';
import { withApic, type MachineProfile } from './profile.ts';

/** The hardware of a machine, without what belongs to the moment (boot order) or to the shelf (its id). */
export type Hardware = Omit<MachineProfile, 'machineId' | 'bootOrder'>;

/** What is kept of a machine's profile between visits. */
export interface KeptProfile {
  /** What the visitor set by hand. */
  readonly chosen: Partial<Omit<MachineProfile, 'machineId'>>;
  /** What it was built with while its disk was still blank: the hardware that its system was installed on. */
  readonly built: Partial<Hardware>;
  /** The image that its disk began as starts a PC. */
  readonly baseBoots?: true;
}

const HARDWARE = ['memoryMiB', 'videoMemoryMiB', 'acpi', 'apic', 'clock'] as const;
const CHOSEN = [...HARDWARE, 'bootOrder'] as const;

/** A disk with more than this stored on it holds a system; less is a few files or a boot that was tried. */
const SYSTEM_BYTES = 64 * 2 ** 20;

/** Whether a machine's disk holds a system already, as far as its size tells. */
export function holdsSystem(disk: { base: unknown; ownBytes: number; sharedBytes: number }): boolean {
  return disk.base !== null || disk.ownBytes + disk.sharedBytes > SYSTEM_BYTES;
}

/** Reads what was stored, whatever it is: fields that no machine can be built with are left out. */
export function readKeptProfile(stored: unknown): KeptProfile {
  return {
    chosen: pick(fieldOf(stored, 'chosen'), CHOSEN),
    built: withApic(pick(fieldOf(stored, 'built'), HARDWARE)),
    ...(fieldOf(stored, 'baseBoots') === true && { baseBoots: true }),
  };
}

/** The hardware that a stored value names, without what belongs to no machine; null unless a machine can be built so. */
export function readHardware(stored: unknown): Hardware | null {
  const found = pick(stored, HARDWARE);
  const hardware = fieldOf(stored, 'apic') === undefined ? withApic(found) : found;
  return HARDWARE.every((field) => field in hardware) ? (hardware as Hardware) : null;
}

/** The profile that a stored value is; null unless a machine can be built so. Which machine it was may be missing. */
export function readProfile(stored: unknown): (Hardware & Partial<MachineProfile>) | null {
  const hardware = readHardware(stored);
  const profile = pick(stored, [...CHOSEN, 'machineId']);
  const rest = ['bootOrder', 'machineId'] as const;
  const isWhole = rest.every((field) => field in profile || fieldOf(stored, field) === undefined);
  return hardware && isWhole ? { ...profile, ...hardware } : null;
}

/** What to keep of a profile that a machine is turned on with. */
export function keepProfile(
  before: KeptProfile,
  now: { profile: MachineProfile; chosen: Partial<MachineProfile>; holdsSystem: boolean },
): KeptProfile {
  return {
    chosen: pick(now.chosen, CHOSEN),
    built: now.holdsSystem ? before.built : pick(now.profile, HARDWARE),
    ...(before.baseBoots && { baseBoots: true }),
  };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function pick<K extends keyof MachineProfile>(
  value: unknown,
  fields: readonly K[],
): Partial<Pick<MachineProfile, K>> {
  const entries = fields
    .map((field) => [field, fieldOf(value, field)] as const)
    .filter(([field, part]) => part !== undefined && checkProfile({ [field]: part }).length === 0);
  // Each field was checked against what it may be.
  return Object.fromEntries(entries) as Partial<Pick<MachineProfile, K>>;
}
