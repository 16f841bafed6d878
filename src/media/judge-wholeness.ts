import { exactBytes, formatBytes, formatNumber } from '../lib/format.ts';
import type { DiscEvidence } from './disc-evidence.ts';
import type { ReasonList } from './disc-reasons.ts';

/** What is worth knowing of the file and changes nothing. */
export function noteFile(evidence: DiscEvidence, reasons: ReasonList): void {
  const { rawSectorBytes } = evidence;
  if (rawSectorBytes !== null) {
    reasons.add('media/raw-copy', () => ({ sectorBytes: formatNumber(rawSectorBytes) }));
  }
  const short = missingOf(evidence);
  if (short?.is === 'padding') reasons.add('media/padding-missing', short.words);
}

/** What writers put behind the last file at most: 150 sectors for drives that read ahead, 16 to fill a block. */
const USUAL_PADDING_BYTES = 512 * 2048;

/** What a file is short of: nothing but padding, something that the disc holds, or what could not be told. */
function missingOf({ iso, udf, sizeBytes, usedEnd }: DiscEvidence) {
  const volumeBytes = Math.max(iso?.primary.volumeBytes ?? 0, udf?.volumeBytes ?? 0);
  const missing = volumeBytes - sizeBytes;
  if (missing <= 0) return null;
  const words = () => ({
    size: exactBytes(sizeBytes),
    volume: exactBytes(volumeBytes),
    missing: formatBytes(missing),
  });
  const isLost = !usedEnd || usedEnd.endBytes > sizeBytes;
  if (!isLost && usedEnd.isComplete) return { is: 'padding', words } as const;
  return { is: isLost || missing > USUAL_PADDING_BYTES ? 'lost' : 'untold', words } as const;
}

/** Whether all of the disc is in the file and can be read. */
export function judgeWholeness(evidence: DiscEvidence, reasons: ReasonList): void {
  const short = missingOf(evidence);
  if (short?.is === 'lost') reasons.add('media/truncated', short.words);
  else if (short?.is === 'untold') reasons.add('media/end-missing', short.words);
  for (const { where, error } of evidence.problems) {
    if (where === 'iso9660' || where === 'udf') reasons.add('media/damaged', () => ({ detail: error.words }));
    if (where === 'directory' || where === 'text') {
      reasons.add('media/directory-damaged', () => ({ detail: error.words }));
    }
    if (where === 'boot') reasons.add('boot/catalog-unreadable');
  }
}
