import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { draw, toMermaid, toText } from './imports/drawing.ts';
import { breach } from './imports/layers.ts';
import { importsOf, readSourceFiles } from './imports/read-imports.ts';

/**
 * `npm run imports` prints who imports whom in `src`: folders, arrows with counts, circles, arrows that lead up, and files
 * that nothing reaches. `npm run imports -- worker` draws the inside of one folder, `-- --mermaid` prints a flowchart,
 * and `-- --check` only says which imports break the rules of `imports/layers.ts`, and fails if there are any.
 */
const sources = readSourceFiles(fileURLToPath(new URL('../src', import.meta.url)));
const options = process.argv.slice(2);
const inside = options.find((option) => !option.startsWith('--'))?.replace(/^src\/|\/$/g, '');

if (options.includes('--check')) {
  const breaches = sources.flatMap(importsOf).flatMap((each) => breach(each) ?? []);
  for (const each of breaches) console.error(each);
  process.exitCode = breaches.length > 0 ? 1 : 0;
} else {
  if (inside !== undefined && !sources.some(({ path }) => path.startsWith(`${inside}/`)))
    throw new Error(`There is no code in ${join('src', inside)}.`);
  const drawing = draw(sources, inside);
  console.log(options.includes('--mermaid') ? toMermaid(drawing) : toText(drawing));
}
