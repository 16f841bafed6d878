import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { VitrineError } from '../src/lib/errors.ts';
import { makeAnswerFloppy } from '../src/media/answer/answer-floppy.ts';
import {
  createDiskCommand,
  floppyPath,
  machineCommand,
  serialPath,
  showCommand,
  statePath,
  type Command,
} from './commands.ts';
import { completeAnswers } from './disc-check.ts';
import { parseOptions, USAGE, UsageError, type PrepareOptions } from './options.ts';
import { runMachine } from './run-machine.ts';
import { readStage, writeStage } from './state.ts';

/**
 * Prepares a Windows 7 disk in QEMU; what windows7.sh and windows7.ps1 start. Exit codes: 0 prepared, 1 not
 * finished (run it again), 2 a command line or disc that cannot be used.
 */
async function main(args: string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === null) {
    console.log(USAGE);
    return 0;
  }
  if (!existsSync(options.disc)) throw new UsageError(`There is no file ${options.disc}.`);
  if (options.floppy !== null && !existsSync(options.floppy)) {
    throw new UsageError(`There is no file ${options.floppy}.`);
  }
  const answers = options.floppy === null ? await completeAnswers(options.disc, options.answer) : null;
  const floppy = answers === null ? null : makeAnswerFloppy(answers, new Date());
  if (options.dryRun) {
    if (floppy !== null) console.log(`# answer floppy: ${floppyPath(options)}`);
    console.log(showCommand(createDiskCommand(options)));
    console.log(showCommand(machineCommand(options, process.platform)));
    return 0;
  }
  const start = planStart(options);
  if (start === 'done') {
    console.log(`${options.disk} is prepared already. Attach it in Vitrine, or begin again with --restart.`);
    return 0;
  }
  if (start === 'begin') {
    begin(options, floppy);
  } else {
    console.log('Continuing where the machine was interrupted.');
  }
  return install(options);
}

/** Never overwrites a disk that this script did not make, nor one that is finished, unless told to. */
function planStart(options: PrepareOptions): 'begin' | 'continue' | 'done' {
  if (options.restart) return 'begin';
  const stage = readStage(statePath(options));
  if (!existsSync(options.disk)) return 'begin';
  if (stage === null) {
    throw new UsageError(
      `${options.disk} exists and was not begun by this script. Choose another name with --disk, or overwrite it with --restart.`,
    );
  }
  if (stage === 'done') return 'done';
  if (stage === 'configuring') return 'continue';
  console.log('Setup was interrupted while it copied files; it begins again on a new disk.');
  return 'begin';
}

function begin(options: PrepareOptions, floppy: Uint8Array | null): void {
  for (const path of [options.disk, statePath(options), serialPath(options)]) rmSync(path, { force: true });
  runToEnd(createDiskCommand(options));
  if (floppy !== null) writeFileSync(floppyPath(options), floppy);
  writeStage(statePath(options), 'copying');
}

async function install(options: PrepareOptions): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  console.log(
    'The machine runs in a window of its own. Leave it alone until it powers itself off (one to three hours).',
  );
  try {
    const { prepared } = await runMachine({
      command: machineCommand(options, process.platform),
      serialPath: serialPath(options),
      floppyPath: floppyPath(options),
      stageMarker: options.stageMarker,
      endMarker: options.endMarker,
      graceMs: options.graceSeconds * 1000,
      signal: stop.signal,
      onStage: () => {
        writeStage(statePath(options), 'configuring');
        console.log(
          'Files are copied; Windows sets itself up. From here on it can be interrupted and continued.',
        );
      },
    });
    if (!prepared) {
      console.error(
        'The machine was switched off before Windows was ready. Run the same command again to go on.',
      );
      return 1;
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    console.error('Interrupted. Run the same command again to go on.');
    return 1;
  } finally {
    process.removeListener('SIGINT', onSignal);
    process.removeListener('SIGTERM', onSignal);
  }
  writeStage(statePath(options), 'done');
  console.log(
    `Done. Attach ${options.disk} in Vitrine as the hard disk; the file itself is never changed there.`,
  );
  return 0;
}

function runToEnd(command: Command): void {
  const done = spawnSync(command.program, command.args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (done.error !== undefined) {
    throw new UsageError(
      `${command.program} could not be run (${done.error.message}). Install QEMU, then try again.`,
    );
  }
  if (done.status !== 0) throw new Error(`${showCommand(command)} failed.`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // A VitrineError is about the disc or an answer, which are the command line's too.
  process.exitCode = error instanceof UsageError || error instanceof VitrineError ? 2 : 1;
}
