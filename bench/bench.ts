import type { Browser } from '@playwright/test';
import type { Figure } from './figures.ts';
import type { Side } from './side.ts';

/** What a benchmark is given: where both pages are, and how to open a browser that has seen neither. */
export interface BenchContext {
  readonly ours: Side;
  readonly plain: Side;
  /** How often each side is measured. */
  readonly runs: number;
  /** Runs `measure` in a browser started for it alone and closes it: every measurement begins cold. */
  withBrowser<T>(measure: (browser: Browser) => Promise<T>): Promise<T>;
  /** Tells how far it is. */
  say(line: string): void;
}

/** A benchmark answers with its figures, or says in a sentence why it is skipped. */
export type BenchResult = Figure[] | { skipped: string };

/**
 * Measures both sides alternately, `runs` times each, changing who goes first: what warms up or slows down the
 * machine meanwhile touches both alike.
 */
export async function alternate<T>(
  context: BenchContext,
  measure: (browser: Browser, side: Side) => Promise<T>,
  words: (measured: T) => string,
): Promise<{ ours: T[]; plain: T[] }> {
  const all: { ours: T[]; plain: T[] } = { ours: [], plain: [] };
  for (let run = 0; run < context.runs; run++) {
    const order = run % 2 === 0 ? [context.ours, context.plain] : [context.plain, context.ours];
    for (const side of order) {
      const measured = await context.withBrowser((browser) => measure(browser, side));
      all[side.name].push(measured);
      context.say(`  run ${run + 1} of ${context.runs}, ${side.name}: ${words(measured)}`);
    }
  }
  return all;
}
