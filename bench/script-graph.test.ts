import { expect, test } from 'vitest';
import { staticScripts } from './script-graph.ts';

const SITE: Record<string, string> = {
  'index.html': `<!doctype html><link rel="stylesheet" href="./assets/page.css" />
    <link rel="modulepreload" crossorigin href="./assets/shared.js" />
    <script type="module" crossorigin src="./assets/index.js"></script>`,
  'assets/index.js': `import { a } from './shared.js'; export * from './deep/more.js';
    const later = () => import('./later.js'); new Worker(new URL('./worker.js', import.meta.url)); later(a);`,
  'assets/shared.js': `export const a = "import './not-an-import.js'";`,
  'assets/deep/more.js': `import '../index.js'; export { a } from '../shared.js';`,
};

test('follows static imports to their end, and no dynamic one', () => {
  expect(staticScripts((path) => SITE[path]).toSorted()).toEqual([
    'assets/deep/more.js',
    'assets/index.js',
    'assets/shared.js',
  ]);
});
