import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { inspectDisc } from '../../src/media/inspect-disc.ts';
import type { DiscReport } from '../../src/media/disc-report.ts';
import { openFileSource } from '../../src/media/disk-images/testing/file-source.ts';

/** The disc that is to be run, or the one sentence why there is none. */
export type Choice = { readonly path: string; readonly report: DiscReport } | { readonly problem: string };

/** Looks at what the variable names. */
export async function chooseDisc(named: string | undefined): Promise<Choice> {
  if (!named) {
    return {
      problem:
        'VITRINE_WINDOWS7_ISO is not set: set it to the image (.iso) of a 32-bit Windows 7 disc of yours, and run this again.',
    };
  }
  const path = resolve(named);
  if (!existsSync(path) || !statSync(path).isFile())
    return {
      problem: `${path} is no file: set VITRINE_WINDOWS7_ISO to the image (.iso) of a Windows 7 disc.`,
    };
  const source = await openFileSource(path);
  try {
    const report = await inspectDisc(source);
    const isWindows7 = report.windows?.name === 'Windows 7' && report.windows.architecture === 'x86';
    if (isWindows7 && report.verdict !== 'cannot-run') return { path, report };
    const why = report.reasons[0]?.message ?? 'nothing on it tells what it is.';
    return { problem: `${path} is not a disc of 32-bit Windows 7 that can be run: ${why}` };
  } finally {
    await source.close();
  }
}
