import { formatBytes } from '../lib/format.ts';
import type { InstallRoom } from '../machine/install-room.ts';
import type { KeptProfile } from '../machine/kept-profile.ts';
import type { ShelfMachine } from '../page/machine-shelf-model.ts';

/** The size of a disk as its guest counts it, in GB of 2^30 bytes: "16 GB". */
export function diskSizeWords(sizeBytes: number): string {
  const size = sizeBytes / 2 ** 30;
  return size >= 1 ? `${Number(size.toFixed(1))} GB` : `${Math.round(size * 1024)} MB`;
}

/** What of a machine is stored: "1.20 GB of its own, 400 MB shared with other machines". */
export function storedWords({
  ownBytes,
  sharedBytes,
}: Pick<ShelfMachine, 'ownBytes' | 'sharedBytes'>): string {
  if (ownBytes + sharedBytes === 0) return 'blank';
  if (sharedBytes === 0) return `${formatBytes(ownBytes)} stored`;
  if (ownBytes === 0) return `${formatBytes(sharedBytes)} stored, all shared with other machines`;
  return `${formatBytes(ownBytes)} of its own, ${formatBytes(sharedBytes)} shared with other machines`;
}

/** When a machine was last saved: today's by the time, others by the date too. */
export function savedWords(committedAt: number, now = Date.now()): string {
  if (committedAt === 0) return 'never saved';
  const at = new Date(committedAt);
  const isToday = at.toDateString() === new Date(now).toDateString();
  return `last saved ${isToday ? at.toLocaleTimeString() : at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}`;
}

/** The machine's hardware in a line: "1024 MiB, ACPI, local time". */
export function hardwareWords({ built, chosen }: KeptProfile): string {
  const { memoryMiB, acpi, clock } = { ...built, ...chosen };
  const words = [
    memoryMiB !== undefined && `${memoryMiB} MiB of memory`,
    acpi !== undefined && (acpi ? 'ACPI' : 'no ACPI'),
    clock !== undefined && (clock === 'utc' ? 'clock in UTC' : 'clock in local time'),
  ].filter((word) => word !== false);
  return words.length > 0 ? words.join(', ') : 'Built as its disc asks';
}

/** What is lost when a machine is erased, in whole sentences. */
export function lossWords(machine: ShelfMachine): string {
  const { ownBytes, sharedBytes, moments, committedAt } = machine;
  if (ownBytes + sharedBytes + moments.count === 0) return 'Nothing was ever written on its disk.';
  const lost = [
    ownBytes > 0 && `${formatBytes(ownBytes)} on its disk`,
    moments.count > 0 && momentWords(moments),
  ].filter((word) => word !== false);
  const stays = `${formatBytes(sharedBytes)} that other machines share stay with them.`;
  if (lost.length === 0) return `Nothing is lost: ${stays}`;
  const loss = `This is lost: ${lost.join(' and ')}, ${savedWords(committedAt)}.`;
  return sharedBytes > 0 ? `${loss} ${stays}` : loss;
}

/** "2 saved moments (400 MB)". */
export function momentWords({ count, storedBytes }: ShelfMachine['moments']): string {
  return `${count === 1 ? '1 saved moment' : `${count} saved moments`} (${formatBytes(storedBytes)})`;
}

/** Whether there is room for what is about to be installed, in words that say what to do where there is not. */
export function installRoomWords({ name, needsBytes, freeBytes, verdict }: InstallRoom): string {
  const span = `${needsBytes.from / 1e9} to ${needsBytes.to / 1e9} GB`;
  const need = `Installing ${name} stores about ${span} in this browser`;
  switch (verdict) {
    case 'enough':
      return `${need}. There is room: the browser tells of ${formatBytes(freeBytes)}.`;
    case 'tight':
      return `${need}, and it tells of ${formatBytes(freeBytes)} that are free: it may just fit. Make more room first if you can.`;
    case 'too-little':
      return `${need}, but it has room only for ${formatBytes(freeBytes)}. It would stop on the way: erase a machine you no longer need, or free space on this device.`;
    case 'disk-too-small':
      return `${need}, more than the disk of this machine holds. Make a machine with a larger disk under “Machines…”.`;
  }
}
