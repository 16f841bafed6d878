import type { DiskStanding } from '../protocol/machine-messages.ts';

/** What is saved, from the disk's own commit record: "all changes saved 14:03:12". */
export function describeDisk(disk: DiskStanding | null): string {
  if (!disk) return '';
  const at = disk.committedAt > 0 ? new Date(disk.committedAt).toLocaleTimeString() : '';
  switch (disk.phase) {
    case 'saved':
    case 'closed':
      return at ? `all changes saved ${at}` : 'nothing written yet';
    case 'unsaved':
      return 'saving…';
    case 'full':
      return 'not saved: storage is full';
    case 'failed':
      return at ? `the disk is as it was at ${at}` : 'the disk could not be saved';
  }
}
