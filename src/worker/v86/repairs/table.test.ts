import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { REPAIRS } from './table.ts';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

it.each(REPAIRS)('the table is right about $id', ({ file, test: [testFile, name] }) => {
  expect(existsSync(path(file))).toBe(true);
  expect(readFileSync(path(testFile), 'utf8')).toContain(`'${name}'`);
});

it('names each repair once', () => {
  expect(new Set(REPAIRS.map(({ id }) => id)).size).toBe(REPAIRS.length);
});
