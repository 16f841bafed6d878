import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const folder = new URL('./', import.meta.url);
const bars = readdirSync(folder)
  .filter((name) => name.startsWith('vitrine-') && !name.includes('.test.'))
  .flatMap((name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    return [...text.matchAll(/class="title-bar-controls">([\s\S]*?)<\/div>/g)].map((bar) => [name, bar[1]]);
  });

it('there is a window with a title bar', () => expect(bars.length).toBeGreaterThanOrEqual(1));

// 7.css also goes by the label "Close", which is another word in every other language.
it.each(bars)('%s: its close button has its face in every language', (_name, bar) => {
  expect(bar.match(/<button/g)).toHaveLength(1);
  expect(bar).toMatch(/<button\s+class="is-close"/);
});
