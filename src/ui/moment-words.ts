import { UNUSED_CHECKPOINT_LABEL } from '../machine/opening.ts';
import { formatBytes, formatDuration, formatTime } from '../lib/format.ts';
import { t, translate } from '../lib/language.ts';
import type { RestoredClock, SnapshotInfo } from '../protocol/snapshot-messages.ts';

/** A time as one says it: today's by the clock, others by the date too. */
export function timeWords(atMs: number, now = Date.now()): string {
  const at = new Date(atMs);
  return at.toDateString() === new Date(now).toDateString()
    ? formatTime(at)
    : formatTime(at, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** What a moment is called: its own name, or else what it is and when it was. */
export function momentName({ label, kind, createdAt }: MomentFacts, now = Date.now()): string {
  const at = timeWords(createdAt, now);
  switch (kind) {
    case 'kept':
      return ownName(label) || t`Moment of ${at}`;
    case 'checkpoint':
      return t`Last checkpoint, ${at}`;
    case 'before':
      return t`Before going back at ${at}`;
    case 'disk':
      return ownName(label) || t`Disk of ${at}`;
  }
}

/** What somebody called it stays as it is; what the exhibit called it is said. */
function ownName(label: string): string {
  return label === UNUSED_CHECKPOINT_LABEL ? translate(label) : label;
}

type MomentFacts = Pick<SnapshotInfo, 'label' | 'kind' | 'createdAt'>;

/** What kind of moment it is, in two words; '' for what a visitor saved and named. */
export function kindBadge(kind: SnapshotInfo['kind']): string {
  switch (kind) {
    case 'kept':
      return '';
    case 'checkpoint':
      return t`Saved by itself`;
    case 'before':
      return t`To undo`;
    case 'disk':
      return t`Disk only`;
  }
}

/** What kind of moment it is, in a sentence without its full stop. */
export function kindWords(kind: SnapshotInfo['kind']): string {
  switch (kind) {
    case 'kept':
      return t`Saved by you`;
    case 'checkpoint':
      return t`Saved by itself, replaced by the next`;
    case 'before':
      return t`What was there before you went back`;
    case 'disk':
      return t`A disk without memory: it starts as after a power cut`;
  }
}

/** What a moment takes by itself and with others: "12.0 MB, and 40.1 MB shared with others". */
export function sizeWords({ ownBytes, sharedBytes }: Pick<SnapshotInfo, 'ownBytes' | 'sharedBytes'>): string {
  if (sharedBytes === 0) return t`${formatBytes(ownBytes)} of its own`;
  return t`${formatBytes(ownBytes)} of its own, and ${formatBytes(sharedBytes)} shared with others`;
}

/** What deleting a moment frees and leaves, in whole sentences. */
export function deletionWords(moment: SnapshotInfo, children: number): string {
  const freed =
    moment.ownBytes > 0
      ? t`${formatBytes(moment.ownBytes)} become free.`
      : t`Hardly anything becomes free: others need what it is made of.`;
  const stays = children > 0 ? t`The moments that went on from it stay whole.` : '';
  const first = moment.isFirst ? t`The exhibit has no first state then.` : '';
  return [freed, stays, first, t`It cannot be brought back.`].filter((part) => part !== '').join(' ');
}

/** Less than this a clock may differ without anybody noticing. */
const SAME_TIME_MS = 5_000;

/**
 * What the guest's clock believes after going back, in a sentence; '' where nobody could tell the difference. A system
 * that was running counts on from the moment until it looks at the clock chip again, which is right at once.
 */
export function clockWords(clock: RestoredClock | null): string {
  if (!clock) return '';
  const { chipMs, systemMs } = clock;
  const behindMs = chipMs - systemMs;
  if (Math.abs(behindMs) < SAME_TIME_MS) return '';
  const sameDay =
    new Date(chipMs).toISOString().slice(0, 10) === new Date(systemMs).toISOString().slice(0, 10);
  const [chip, system] = [wallWords(chipMs, !sameDay), wallWords(systemMs, !sameDay)];
  const difference = formatDuration(Math.abs(behindMs));
  return behindMs > 0
    ? t`The clock chip says ${chip}. A system that was running still counts from ${system} and is ${difference} behind until it looks at the chip again.`
    : t`The clock chip says ${chip}. A system that was running still counts from ${system} and is ${difference} ahead until it looks at the chip again.`;
}

/** A time of a clock's own, which is no zone's: "14:03:12". */
function wallWords(wallMs: number, withDate: boolean): string {
  return formatTime(new Date(wallMs), {
    timeZone: 'UTC',
    timeStyle: 'medium',
    ...(withDate && { dateStyle: 'medium' }),
  });
}
