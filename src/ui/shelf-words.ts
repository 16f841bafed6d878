import { formatBytes, formatNumber, formatTime } from '../lib/format.ts';
export { formatDiskSize as diskSizeWords } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import type { InstallRoom } from '../machine/install-room.ts';
import type { KeptProfile } from '../machine/kept-profile.ts';
import type { ShelfMachine } from '../page/machine-shelf-model.ts';

/** What of a machine is stored: "1.20 GB of its own, 400 MB shared with other machines". */
export function storedWords({
  ownBytes,
  sharedBytes,
}: Pick<ShelfMachine, 'ownBytes' | 'sharedBytes'>): string {
  if (ownBytes + sharedBytes === 0) return t`blank`;
  if (sharedBytes === 0) return t`${formatBytes(ownBytes)} stored`;
  if (ownBytes === 0) return t`${formatBytes(sharedBytes)} stored, all shared with other machines`;
  return t`${formatBytes(ownBytes)} of its own, ${formatBytes(sharedBytes)} shared with other machines`;
}

/** When a machine was last saved: today's by the time, others by the date too. */
export function savedWords(committedAt: number, now = Date.now()): string {
  if (committedAt === 0) return t`never saved`;
  const at = new Date(committedAt);
  const isToday = at.toDateString() === new Date(now).toDateString();
  const time = isToday ? formatTime(at) : formatTime(at, { dateStyle: 'medium', timeStyle: 'short' });
  return t`last saved ${time}`;
}

/** The machine's hardware in a line: "1024 MiB, ACPI, local time". */
export function hardwareWords({ built, chosen }: KeptProfile): string {
  const { memoryMiB, acpi, clock } = { ...built, ...chosen };
  const words = [
    memoryMiB !== undefined && t`${memoryMiB} MiB of memory`,
    acpi !== undefined && (acpi ? 'ACPI' : t`no ACPI`),
    clock !== undefined && (clock === 'utc' ? t`clock in UTC` : t`clock in local time`),
  ].filter((word) => word !== false);
  return words.length > 0 ? words.join(', ') : t`Built as its disc asks`;
}

/** What is lost when a machine is erased, in whole sentences. */
export function lossWords(machine: ShelfMachine): string {
  const { ownBytes, sharedBytes, moments, committedAt } = machine;
  if (ownBytes + sharedBytes + moments.count === 0) return t`Nothing was ever written on its disk.`;
  const lost = [
    ownBytes > 0 && t`${formatBytes(ownBytes)} on its disk`,
    moments.count > 0 && momentWords(moments),
  ].filter((word) => word !== false);
  const stays = t`${formatBytes(sharedBytes)} that other machines share stay with them.`;
  if (lost.length === 0) return t`Nothing is lost: ${stays}`;
  const saved = savedWords(committedAt);
  const [first, second] = lost;
  const loss =
    second === undefined
      ? t`This is lost: ${first}, ${saved}.`
      : t`This is lost: ${first} and ${second}, ${saved}.`;
  return sharedBytes > 0 ? `${loss} ${stays}` : loss;
}

/** "2 saved moments (400 MB)". */
export function momentWords({ count, storedBytes }: ShelfMachine['moments']): string {
  const size = formatBytes(storedBytes);
  return count === 1 ? t`1 saved moment (${size})` : t`${count} saved moments (${size})`;
}

/** Whether there is room for what is about to be installed, in words that say what to do where there is not. */
export function installRoomWords({ name, needsBytes, freeBytes, verdict }: InstallRoom): string {
  const [from, to] = [spanNumber(needsBytes.from), spanNumber(needsBytes.to)];
  const free = formatBytes(freeBytes);
  switch (verdict) {
    case 'enough':
      return t`Installing ${name} stores about ${from} to ${to} GB in this browser. There is room: the browser tells of ${free}.`;
    case 'tight':
      return t`Installing ${name} stores about ${from} to ${to} GB in this browser, and it tells of ${free} that are free: it may just fit. Make more room first if you can.`;
    case 'too-little':
      return t`Installing ${name} stores about ${from} to ${to} GB in this browser, but it has room only for ${free}. It would stop on the way: erase a machine you no longer need, or free space on this device.`;
    case 'disk-too-small':
      return t`Installing ${name} stores about ${from} to ${to} GB in this browser, more than the disk of this machine holds. Make a machine with a larger disk under “Machines…”.`;
  }
}

/** Billions of bytes, as exact as the figure was written. */
function spanNumber(bytes: number): string {
  const billions = bytes / 1e9;
  return formatNumber(billions, Number.isInteger(billions) ? 0 : 1);
}
