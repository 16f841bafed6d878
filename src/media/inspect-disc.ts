import type { ByteSource } from '../bytes/byte-source.ts';
import { MeteredSource } from '../bytes/metered-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { collectEvidence } from './disc-evidence.ts';
import { ReasonList, type DiscReasonCode } from './disc-reasons.ts';
import { openDisc } from './disc-source.ts';
import type { DiscReport } from './disc-report.ts';
import { judgeDisc, type Judgement } from './judge-disc.ts';
import { tellFileKind } from './file-kind.ts';
import { insideWords } from './inside-words.ts';

/** What an inspection may cost at most, whatever the file holds. A real disc needs less than a tenth. */
export const INSPECTION_LIMITS = { budgetBytes: 16_000_000, maxReads: 20_000, deadlineMs: 1_500 } as const;

/**
 * What a disc is, whether it can run here, and why, before the power is on. Never rejects because of what the file
 * holds or because it can no longer be read: that is a report too. A 5 GB disc costs less than 4 MB of reading;
 * no input costs more than `INSPECTION_LIMITS`.
 */
export async function inspectDisc(source: ByteSource): Promise<DiscReport> {
  const metered = new MeteredSource(source, INSPECTION_LIMITS);
  const judgement = await judge(metered);
  return { ...judgement, bytesRead: metered.bytesRead, elapsedMs: metered.elapsedMs };
}

async function judge(source: MeteredSource): Promise<Judgement> {
  try {
    const disc = await openDisc(source);
    const evidence = await collectEvidence(disc);
    if (evidence.hasVolume) return judgeDisc(evidence);
    const { code, what, names } = await tellFileKind(source);
    return onlyReason(source, code ?? 'media/unknown', { what, ...insideWords(names) });
  } catch (error) {
    if (!(error instanceof VitrineError)) throw error;
    return onlyReason(source, error.code === 'bytes/budget' ? 'media/tangled' : 'media/unreadable');
  }
}

function onlyReason(
  { sizeBytes }: ByteSource,
  code: DiscReasonCode,
  words: Record<string, string> = {},
): Judgement {
  const list = new ReasonList();
  list.add(code, () => words);
  return {
    verdict: list.verdict,
    reasons: list.reasons,
    label: '',
    sizeBytes,
    bootable: false,
    fileSystems: [],
    windows: null,
    system: null,
    bootEntries: [],
    publishedAs: null,
  };
}
