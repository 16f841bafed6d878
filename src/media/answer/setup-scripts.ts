import type { AnswerOptions } from './answer-options.ts';
import { MACHINE_SETTINGS, SILENT_SETTING, USER_SETTINGS, type LightSetting } from './light-settings.ts';

/**
 * What the guest says on its first serial port: at the second stage of Setup, and when all is done. A marker on the
 * floppy says the latter too, for a PC without a serial port.
 */
export const STAGE_MARKER = 'VITRINE STAGE 2';
export const END_MARKER = 'VITRINE PREPARED';

/** SetupComplete.cmd: Windows runs it once, as SYSTEM, before the first logon. */
export function makeMachineScript(options: Pick<AnswerOptions, 'sound'>): string {
  const settings = options.sound === true ? MACHINE_SETTINGS : [...MACHINE_SETTINGS, SILENT_SETTING];
  return makeScript('Keeps this PC light inside the glass case. Run once by Setup.', settings, []);
}

/** FirstLogon.cmd: run once in the new account; says that the PC is ready. */
export function makeUserScript(options: Pick<AnswerOptions, 'finish'>): string {
  const [word, state] = END_MARKER.split(' ');
  const finish = [
    // Split, so that the marker is only on the floppy once it has been written there.
    `set STATE=${state}`,
    'mode COM1 BAUD=115200 PARITY=n DATA=8 STOP=1 >nul 2>nul',
    `echo ${word} %STATE% >COM1 2>nul`,
    `echo ${word} %STATE% >A:\\prepared.txt 2>nul`,
  ];
  if (options.finish === 'shut-down')
    finish.push('shutdown /s /t 5 /c "This PC is ready for the glass case."');
  return makeScript('The rest, for the account. Run once at the first logon.', USER_SETTINGS, finish);
}

/** Command scripts have CR LF at every line's end; a failed command does not stop the others. */
function makeScript(purpose: string, settings: readonly LightSetting[], finish: readonly string[]): string {
  const lines = ['@echo off', `rem ${purpose}`];
  for (const { reason, commands } of settings) lines.push('', `rem ${reason}`, ...commands);
  if (finish.length > 0) lines.push('', ...finish);
  return [...lines, ''].join('\r\n');
}
