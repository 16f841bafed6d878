import { Session } from 'node:inspector/promises';

/** A program in which only its own files are counted: not the tests, nor what is brought along. */
const OWN = /\/src\/(?!.*\.test\.ts|.*\/testing\/)/u;

const session = new Session();
session.connect();
await session.post('Profiler.enable');
// Once and for all: code that the engine has compiled without the counters has none.
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/**
 * How many blocks of the program's own code `work` runs through, as the engine itself counts them (V8's precise block
 * coverage): the same on every computer, whatever else it does. What the engine does inside of one call, such as a
 * regular expression, is one step. Only what first runs after this module was loaded is counted.
 */
export async function countSteps(work: () => unknown): Promise<number> {
  await takeCounts();
  await work();
  return takeCounts();
}

async function takeCounts(): Promise<number> {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  let steps = 0;
  for (const { url, functions } of result) {
    if (!OWN.test(url)) continue;
    for (const { ranges } of functions) for (const { count } of ranges) steps += count;
  }
  return steps;
}
