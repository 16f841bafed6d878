import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HOSTING_FILES, headersFile, htaccess, nginxConf } from './hosting.ts';
import { PRODUCTION_HEADERS } from './security.ts';

describe('the settings for servers', () => {
  it.each(Object.entries(HOSTING_FILES))('hosting/%s is what is written today', (name, write) => {
    const committed = readFileSync(new URL(`../hosting/${name}`, import.meta.url), 'utf8');
    expect(committed, 'run `npm run hosting` and commit').toBe(write());
  });

  it('each says every header of the preview server with its value', () => {
    for (const [name, value] of Object.entries(PRODUCTION_HEADERS)) {
      expect(nginxConf()).toContain(`add_header ${name} "${value}" always;`);
      expect(htaccess()).toContain(`Header always set ${name} "${value}"`);
      expect(headersFile()).toContain(`\n  ${name}: ${value}\n`);
      // Quoted in two of the files: a quote or a variable of theirs in a value would end or change it.
      expect(value).not.toMatch(/["$%\\\n]/);
    }
  });

  it('no two rules of _headers give one path the same header: hosts would send both', () => {
    const rules = headersFile()
      .split(/^(?=\/)/m)
      .slice(1);
    const names = (rule: string) => [...rule.matchAll(/^ {2}([\w-]+):/gm)].map(([, name]) => name);
    const [everywhere, ...others] = rules;
    for (const rule of others) for (const name of names(rule)) expect(names(everywhere)).not.toContain(name);
  });
});
