import { writeFileSync } from 'node:fs';
import { makeAnswerFloppy } from '../src/media/answer/answer-floppy.ts';
import { completeAnswers } from './disc-check.ts';
import { parseOptions, UsageError } from './options.ts';

/**
 * Makes only the answer floppy, for a virtual machine of another kind: the options of windows7.ts, and the file to
 * write as --floppy. Exit codes: 0 made, 2 a command line or disc that cannot be used.
 */
try {
  const options = parseOptions(process.argv.slice(2));
  if (options === null || options.floppy === null) {
    throw new UsageError('Usage: make-answer-floppy.ts --disc FILE.iso --floppy FILE.img [--edition …]');
  }
  const answers = await completeAnswers(options.disc, options.answer);
  writeFileSync(options.floppy, makeAnswerFloppy(answers, new Date()));
  console.log(`${options.floppy}: ${JSON.stringify(answers)}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
