import { readdirSync, readFileSync } from 'node:fs';
import { parseSync } from 'vite';
import { expect, test } from 'vitest';

/** Expressions that the rule cannot judge, and why they take linear time all the same. */
const JUDGED: Readonly<Record<string, string>> = {
  '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$': 'each part begins with a hyphen, which no part contains',
  '^(casper|live|liveos|\\.disk|arch|isolinux|syslinux|antix|porteus|slax|boot\\/(grub|isolinux|syslinux|vmlinuz.*|core\\.gz|bzimage)|images\\/pxeboot|vmlinuz.*|bzimage|.*\\.sfs)$':
    'no more than three of its alternatives go over the rest, each once',
  '^(F\\d+|ContextMenu|Help|Find|Open|New|Close|Save|Print|Exit|Props|Select|Zoom\\w*|Browser\\w+|Launch\\w+|Mail\\w+|Channel\\w+|App\\w+|MediaSelect|GoHome|GoBack)$':
    'each of its alternatives begins in another way and goes over the rest once',
  '(^|\\/)assets\\/[^/]+-[\\w-]{8}\\.\\w+$':
    'it begins behind a slash and ends before the next one, so no part of a path is gone over for two starts',
  '^(\\\\|\\^*)(.*)$': 'what the first part gives back, the second takes: it always fits at once',
};

/** Stands for one that the program puts together while it runs: never allowed. */
const MADE = '(made)*';

interface Expression {
  readonly place: string;
  readonly pattern: string;
  readonly flags: string;
}

/**
 * Backtracking makes an expression take more than linear time only where something is repeated without a bound: from
 * each start anew, or in two ways at once. Such a repetition is allowed once, from the start of the text or at the end
 * of the expression, and of a single letter.
 */
function isPlainlyLinear({ pattern, flags }: Expression): boolean {
  const places = unboundedRepetitions(pattern);
  if (places.length === 0) return true;
  const [{ end, ofGroup }] = places;
  const fromStart = (pattern.startsWith('^') && !flags.includes('m')) || flags.includes('y');
  return places.length === 1 && !ofGroup && (fromStart || end === pattern.length);
}

function unboundedRepetitions(pattern: string): { end: number; ofGroup: boolean }[] {
  const found: { end: number; ofGroup: boolean }[] = [];
  // What is escaped and what stands in a class is one letter.
  const letters = pattern.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/gsu, (whole) => '_'.repeat(whole.length));
  for (const { index, 0: mark } of letters.matchAll(/[*+]|\{\d+,\}/gu)) {
    const lazy = letters[index + mark.length] === '?' ? 1 : 0;
    found.push({ end: index + mark.length + lazy, ofGroup: letters[index - 1] === ')' });
  }
  return found;
}

/** Regular expressions of a module: literals, and calls of the constructor, whose pattern nobody can judge here. */
function* expressionsIn(path: string): Generator<Expression> {
  const { program, errors } = parseSync(path, readFileSync(path, 'utf8'));
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  const waiting: unknown[] = [program];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const node = value as Record<string, unknown>;
    if (node['type'] === 'Literal' && node['regex']) {
      const { pattern, flags } = node['regex'] as { pattern: string; flags: string };
      yield { place: path, pattern, flags };
    }
    const callee = node['callee'] as { name?: unknown } | undefined;
    if (callee?.name === 'RegExp') yield { place: path, pattern: MADE, flags: '' };
    waiting.push(...Object.values(node));
  }
}

/** All of the program: what comes from outside goes everywhere, as the name of a file or a guest's text. */
const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|testing\//u.test(path))
  .map((path) => `src/${path}`);

test('the rule tells linear expressions from others', () => {
  const judge = (pattern: string, flags = ''): boolean => isPlainlyLinear({ place: '', pattern, flags });
  for (const fine of ['abc', 'a{1,9}b', '^a*b', '^[^x]+?$', ' +', '\\+\\*', '[*+]x', '(a|b){2,3}'])
    expect(judge(fine), fine).toBe(true);
  for (const bad of [
    'a+$',
    '[\\0 ]+$',
    '^(a+)+$',
    '^a*a*$',
    '^(ab)*$',
    'a{2,}b',
    '"[^"]*"',
    '<!--[\\s\\S]*?-->',
  ])
    expect(judge(bad), bad).toBe(false);
  expect(judge('^a+$', 'm')).toBe(false);
});

test('no regular expression of the program can take more than linear time', () => {
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((path) => [...expressionsIn(path)]);
  expect(found.length).toBeGreaterThan(10);
  const doubtful = found.filter((expression) => !isPlainlyLinear(expression));
  expect(doubtful.filter(({ pattern }) => !(pattern in JUDGED))).toEqual([]);
  expect(Object.keys(JUDGED).filter((known) => !doubtful.some(({ pattern }) => pattern === known))).toEqual(
    [],
  );
});
