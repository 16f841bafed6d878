import { makeAnswerFile } from './answer-file.ts';
import type { AnswerOptions } from './answer-options.ts';
import { makeFloppy } from './fat12.ts';
import { makeMachineScript, makeUserScript } from './setup-scripts.ts';

/**
 * The floppy that answers Setup's questions: Windows Setup looks for Autounattend.xml at the root of drive A, and
 * the two scripts stay there until the first logon, so it is left in the drive until then.
 */
export function makeAnswerFloppy(options: AnswerOptions, modifiedAt: Date): Uint8Array {
  const file = (name: string, text: string) => ({ name, bytes: new TextEncoder().encode(text) });
  return makeFloppy(
    [
      file('Autounattend.xml', makeAnswerFile(options)),
      file('SetupComplete.cmd', makeMachineScript(options)),
      file('FirstLogon.cmd', makeUserScript(options)),
    ],
    { label: 'VITRINE', modifiedAt },
  );
}
