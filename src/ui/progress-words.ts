import { t } from '../lib/language.ts';
import { formatBytes, formatDuration } from '../lib/format.ts';
import type { Progress } from '../lib/progress-meter.ts';

/** How much is done, from 0 to 100; null where the whole is not known (nothing of nothing is all of it). */
export function percentOf(progress: Progress | null): number | null {
  if (!progress) return 0;
  const { doneBytes, totalBytes } = progress;
  if (totalBytes === null) return null;
  return totalBytes === 0 ? 100 : Math.min(100, (doneBytes / totalBytes) * 100);
}

/** "1.20 GB of 2.43 GB, 410 MB a second, 3 s left"; what is not known is left out. */
export function progressWords(progress: Progress | null): string {
  if (!progress) return t`Beginning…`;
  const { doneBytes, totalBytes, bytesPerSecond, msLeft } = progress;
  const parts = [
    totalBytes === null ? formatBytes(doneBytes) : t`${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`,
  ];
  if (bytesPerSecond === 0 && doneBytes !== totalBytes) parts.push(t`waiting`);
  else if (bytesPerSecond) parts.push(t`${formatBytes(bytesPerSecond)} a second`);
  if (msLeft !== null && msLeft > 0) parts.push(t`${formatDuration(Math.max(1000, msLeft))} left`);
  return parts.join(', ');
}

/** The same for ears, short: "Writing machine.vitrine: 40 percent, 3 min left". */
export function spokenProgress(label: string, progress: Progress): string {
  const percent = percentOf(progress);
  const parts = [percent === null ? formatBytes(progress.doneBytes) : t`${Math.floor(percent)} percent`];
  if (progress.msLeft) parts.push(t`${formatDuration(Math.max(1000, progress.msLeft))} left`);
  return `${label}: ${parts.join(', ')}`;
}
