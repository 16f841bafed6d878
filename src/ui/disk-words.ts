import { formatTime } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import type { DiskStanding } from '../protocol/machine-messages.ts';

/** What is saved, from the disk's own commit record: "all changes saved 14:03:12". */
export function describeDisk(disk: DiskStanding | null): string {
  if (!disk) return '';
  const at = disk.committedAt > 0 ? formatTime(new Date(disk.committedAt)) : '';
  switch (disk.phase) {
    case 'saved':
    case 'closed':
      return at ? t`all changes saved ${at}` : t`nothing written yet`;
    case 'unsaved':
      return t`saving…`;
    case 'full':
      return t`not saved: storage is full`;
    case 'failed':
      return at ? t`the disk is as it was at ${at}` : t`the disk could not be saved`;
  }
}
