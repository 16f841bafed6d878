import type { Answer, Facts } from './facts.ts';

/** Why a difference from the reference is there, and what it means for a guest. */
export interface Reason {
  /** The facts it speaks of: a key, in which `*` stands for anything. */
  readonly facts: string;
  /**
   * `ours` is nearer to the chip or the specification, `chosen` is meant so, `harmless` is looked at by no system we
   * know of, `open` is a fault that is known and not mended yet.
   */
  readonly verdict: 'ours' | 'chosen' | 'harmless' | 'open';
  readonly why: string;
}

export interface Row {
  readonly key: string;
  readonly reference: string;
  readonly ours: string;
  readonly verdict: 'equal' | 'within' | 'outside' | Reason['verdict'] | 'new';
  readonly why: string;
}

export interface Comparison {
  readonly rows: readonly Row[];
  /** Differences that no reason covers. */
  readonly unexplained: readonly Row[];
  /** The reasons that cover a difference here. */
  readonly used: readonly Reason[];
}

/** How far a measured quantity may be from what is due, in parts of it; a count may be one off at its ends. */
const TOLERANCE = 0.005;
const COUNT_ENDS = 1;
/** Raw tables differ in each byte of an address; their contents are compared by facts of their own. */
const NOT_COMPARED = /^table\./;

/**
 * Our answers beside the reference's. A measured quantity is compared with what is due, not with the reference, whose
 * own clocks are at the mercy of the computer it runs on; so are ours, so that being outside is shown and is no failure.
 */
export function compareFacts(reference: Facts, ours: Facts, reasons: readonly Reason[]): Comparison {
  const matchers = reasons.map((reason) => ({ reason, pattern: patternOf(reason.facts), used: false }));
  const keys = [...new Set([...reference.keys(), ...ours.keys()])].filter((key) => !NOT_COMPARED.test(key));
  const rows = keys.map((key): Row => {
    const [theirs, mine] = [reference.get(key), ours.get(key)];
    const row = { key, reference: textOf(theirs), ours: textOf(mine), why: '' };
    const alike = verdictOf(theirs, mine);
    if (alike) return { ...row, verdict: alike };
    const matcher = matchers.find(({ pattern }) => pattern.test(key));
    if (!matcher) return { ...row, verdict: 'new' };
    matcher.used = true;
    return { ...row, verdict: matcher.reason.verdict, why: matcher.reason.why };
  });
  return {
    rows,
    unexplained: rows.filter((row) => row.verdict === 'new'),
    used: matchers.filter(({ used }) => used).map(({ reason }) => reason),
  };
}

function verdictOf(
  theirs: Answer | undefined,
  mine: Answer | undefined,
): 'equal' | 'within' | 'outside' | null {
  if (mine?.kind === 'measured') {
    const ends = Number.isInteger(mine.value) && Number.isInteger(mine.due) ? COUNT_ENDS : 0;
    return Math.abs(mine.value - mine.due) <= mine.due * TOLERANCE + ends ? 'within' : 'outside';
  }
  return mine && theirs?.kind === 'fact' && mine.value === theirs.value ? 'equal' : null;
}

function textOf(answer: Answer | undefined): string {
  if (!answer) return '(absent)';
  return answer.kind === 'fact' ? answer.value : `${answer.value} of ${answer.due}`;
}

function patternOf(facts: string): RegExp {
  const text = facts.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*');
  return new RegExp(`^${text}$`);
}

/** Reasons that cover no difference in any of the settings: the table would say what is not so. */
export function staleReasons(
  reasons: readonly Reason[],
  comparisons: readonly Comparison[],
): readonly Reason[] {
  return reasons.filter((reason) => !comparisons.some(({ used }) => used.includes(reason)));
}
