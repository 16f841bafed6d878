import { chromium } from '@playwright/test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, preview } from 'vite';
import { makeAnswerFloppy } from '../../src/media/answer/answer-floppy.ts';
import type { DiscReport } from '../../src/media/disc-report.ts';
import { MILESTONES, type BootRecord } from '../../src/machine/milestones/milestones.ts';
import { evidenceWords, milestoneName, stopWords, whenWords } from '../../src/ui/report-words.ts';
import type { VitrineMachine } from '../../src/ui/vitrine-machine.ts';
import { findOrInstallChromium } from '../chromium.mjs';
import { runDisc } from './run-disc.ts';
import type { Ending, Limits } from './when-to-stop.ts';

const ENDINGS: Record<Ending, string> = {
  'second-boot': 'The machine has started again from its disk: all that is watched for was reached.',
  'stop-screen': 'The system has stopped with a message.',
  'machine-off': 'The machine is off.',
  'nothing-new': 'Nothing new has come for a long time.',
  'time-is-up': 'The time is up.',
};

/** Runs the disc, tells each milestone, writes the report where it is run; gives the exit code. */
export async function runWindows7(path: string, report: DiscReport, limits: Limits): Promise<number> {
  await build({ logLevel: 'warn' });
  const server = await preview({ preview: { port: 0, strictPort: false }, logLevel: 'warn' });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('The preview has no port.');
  const profile = mkdtempSync(join(tmpdir(), 'vitrine-windows7-'));
  // A profile of its own on the disk: the machine's disk grows to several gigabytes, which a private window has no room for.
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findOrInstallChromium() ?? undefined,
    headless: process.env['VITRINE_WINDOWS7_SHOW'] === undefined,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
    ],
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(`http://127.0.0.1:${address.port}/?lang=en`);
    console.log('The machine is turned on. Each milestone is told when it is reached.');
    const ending = await runDisc(page, {
      disc: path,
      floppy: answers(report),
      ...limits,
      onNews: teller(),
    });
    const found = await page
      .locator('vitrine-machine')
      .evaluate((machine) => (machine as VitrineMachine).report());
    const file = resolve(`vitrine-report-${found.day}.json`);
    writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);
    console.log(`\n${ENDINGS[ending]}`);
    for (const stop of found.boot.stops) console.log(`${stopWords(stop)} (${whenWords(stop)}).`);
    const missing = MILESTONES.filter((id) => !found.boot.reached.some((each) => each.id === id));
    if (missing.length > 0) console.log(`Not reached: ${missing.map(milestoneName).join('; ')}.`);
    console.log(
      `The report is in ${file}. Nothing private is in it; read it, and send it to whoever mends the exhibit.`,
    );
    return ending === 'second-boot' ? 0 : 1;
  } finally {
    await context.close();
    await server.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** Says each milestone once. */
function teller(): (record: BootRecord) => void {
  const told = new Set<string>();
  return ({ reached }) => {
    for (const each of reached) {
      if (told.has(each.id)) continue;
      told.add(each.id);
      console.log(`${milestoneName(each.id)}: ${whenWords(each)} (${evidenceWords(each.evidence)})`);
    }
  };
}

/** Setup's questions answered by a floppy, so that it goes on to the disk; null where its owner wants to answer them. */
function answers({ windows }: DiscReport): Uint8Array | null {
  if (process.env['VITRINE_WINDOWS7_ANSWERS'] === 'no' || !windows) return null;
  const edition = windows.editions.find(
    ({ editionId }) => editionId === (windows.answerEdition ?? 'Professional'),
  );
  const imageName = (edition ?? windows.editions.at(-1))?.name;
  if (!imageName) return null;
  return makeAnswerFloppy(
    {
      edition: { imageName },
      language: windows.languages[0] ?? 'en-US',
      userName: 'Visitor',
      computerName: 'VITRINE-PC',
    },
    new Date(),
  );
}
