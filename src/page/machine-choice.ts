import { VitrineError } from '../lib/errors.ts';
import { checkProfile } from '../machine/profile-limits.ts';
import { DEFAULT_PROFILE } from '../machine/profile.ts';
import type { LocalMemory } from './local-memory.ts';

/** Which machine is in the case when the page opens. */
export interface MachineChoice {
  readonly machineId: string;
  /** Why it is not the one that the address asks for; null where all is well. */
  readonly problem: VitrineError | null;
}

/**
 * The machine that the address names (`?machine=ID`), else the one that was last chosen on this device, else the
 * first. An id that no machine can have is not taken, and the problem says so.
 */
export function readMachineChoice(search: string, memory: LocalMemory): MachineChoice {
  const kept = memory.load()['machineId'];
  const machineId = isMachineId(kept) ? kept : DEFAULT_PROFILE.machineId;
  const asked = new URLSearchParams(search).get('machine');
  if (asked === null) return { machineId, problem: null };
  if (isMachineId(asked)) return { machineId: asked, problem: null };
  const [{ field, message }] = checkProfile({ machineId: asked });
  return { machineId, problem: new VitrineError('machine/impossible-profile', { field, message }) };
}

/** The address that shows this machine again: changed only where it names a machine already. */
export function addressOfMachine(href: string, machineId: string): string {
  const url = new URL(href);
  if (url.searchParams.has('machine')) url.searchParams.set('machine', machineId);
  return url.href;
}

function isMachineId(value: unknown): value is string {
  return typeof value === 'string' && checkProfile({ machineId: value }).length === 0;
}
