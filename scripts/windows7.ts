import { chooseDisc } from './windows7/choose-disc.ts';

/**
 * `VITRINE_WINDOWS7_ISO=… npm run windows7`: runs the built page with a disc of Windows 7 and says how far it comes.
 * docs/real-disc.md. Ends with 0 at the second boot, with 1 before it, with 2 where there is no such disc.
 */
const MINUTE = 60_000;

const choice = await chooseDisc(process.env['VITRINE_WINDOWS7_ISO']);
if ('problem' in choice) {
  console.error(choice.problem);
  process.exit(2);
}
const limits = {
  quietMs: minutes('VITRINE_WINDOWS7_QUIET_MINUTES', 45),
  longestMs: minutes('VITRINE_WINDOWS7_MINUTES', 12 * 60),
};
// The builder and the browser's driver take seconds to load, which a refusal need not wait for.
const { runWindows7 } = await import('./windows7/run-windows7.ts');
process.exitCode = await runWindows7(choice.path, choice.report, limits);

function minutes(name: string, usual: number): number {
  const value = Number(process.env[name] ?? usual);
  if (!(value > 0)) {
    console.error(`${name} is ${process.env[name]}: give a number of minutes.`);
    process.exit(2);
  }
  return value * MINUTE;
}
