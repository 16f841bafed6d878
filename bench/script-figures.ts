import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Figure, Target } from './figures.ts';

/**
 * Runs a measuring script of this folder in a process of its own. A line of JSON like
 * `{"name": "…", "value": 3.2, "unit": "MB", "target": "<= 4"}` is a figure; `figure` may stand for `name`, and an
 * empty target is none. What else it prints goes through to the reader. Throws when the script fails.
 */
export async function runMeasuringScript(
  file: string,
  options: { env: NodeJS.ProcessEnv; say: (line: string) => void },
): Promise<Figure[]> {
  const script = spawn(process.execPath, ['--import', 'tsx', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: options.env,
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    script.once('error', reject);
    script.once('close', resolve);
  });
  const figures: Figure[] = [];
  for await (const line of createInterface({ input: script.stdout })) {
    const figure = figureOfLine(line);
    if (figure) figures.push(figure);
    else options.say(`  ${line}`);
  }
  const status = await ended;
  if (status !== 0) throw new Error(`${file} ended with ${status}.`);
  return figures;
}

/** The figure of a line, null for a line that is none. Throws for a target that cannot be understood. */
export function figureOfLine(line: string): Figure | null {
  if (!line.startsWith('{')) return null;
  const { figure, name = figure, value, unit, target } = JSON.parse(line) as Record<string, unknown>;
  if (typeof name !== 'string' || typeof value !== 'number' || typeof unit !== 'string') return null;
  return {
    name,
    unit,
    ours: [value],
    plain: [],
    target: typeof target === 'string' ? parseTarget(target) : null,
  };
}

function parseTarget(words: string): Target | null {
  if (words === '') return null;
  const found = /^(<=|>=|≤|≥)\s*([\d.]+(?:\s*\+\s*[\d.]+)*)$/.exec(words);
  if (!found) throw new Error(`The target “${words}” is neither “<= number” nor “>= number”.`);
  const bound = found[1] === '<=' || found[1] === '≤' ? 'at-most' : 'at-least';
  // A sum shows what a bound is made of: "≤ 64 + 16".
  const value = found[2].split('+').reduce((sum, part) => sum + Number(part), 0);
  return { kind: 'value', bound, value };
}
