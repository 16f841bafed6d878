import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findCircles } from './circles.ts';
import { draw, toMermaid, toText } from './drawing.ts';
import { breach, isUpward } from './layers.ts';
import { importsOf, readSourceFiles } from './read-imports.ts';

const SOURCES = readSourceFiles(fileURLToPath(new URL('../../src', import.meta.url)));

/** What is wrong with the imports of a file that holds `text`. */
const breachesIn = (path: string, text: string) => importsOf({ path, text }).map(breach);

describe('the layers of src', () => {
  const imports = SOURCES.flatMap(importsOf);

  it('are kept by every import', () => {
    expect(imports.length).toBeGreaterThan(1000);
    expect(imports.flatMap((each) => breach(each) ?? [])).toEqual([]);
  });

  it('have no circle of files, and one arrow that leads up, of a type', () => {
    expect(draw(SOURCES).fileCircles).toEqual([]);
    expect(imports.filter((each) => each.to.endsWith('.ts') && isUpward(each))).toEqual([
      { from: 'media/disk-report.ts', to: 'machine/profile.ts', kind: 'type' },
    ]);
  });

  it('let nothing of ours be imported that is not there', () => {
    const paths = new Set(SOURCES.map(({ path }) => path));
    const ours = imports.filter(({ to }) => to.endsWith('.ts') && !to.startsWith('npm:'));
    expect(ours.filter(({ to }) => !paths.has(to))).toEqual([]);
  });
});

describe('breach', () => {
  it.each([
    ['lib/a.ts', `import { x } from '../bytes/byte-source.ts';`],
    ['disk/a.ts', `export * from '../store/catalog.ts';`],
    ['disk/a.ts', `const later = import('../store/catalog.ts');`],
    ['snapshot/a.ts', `import { x, type Y } from '../disk/shelf.ts';`],
    ['protocol/a.ts', `export { x } from '../lib/errors.ts';`],
    ['page/a.ts', `import { x } from '../worker/machine-host.ts';`],
    ['page/a.ts', `import type { X } from '../worker/machine-host.ts';`],
    ['page/a.ts', `import { x } from '../store/machine-lock.ts';`],
    ['ui/a.ts', `type X = import('../disk/shelf.ts').Shelf;`],
    ['ui/a.ts', `new Worker(new URL('../worker/machine-worker.ts', import.meta.url));`],
    ['ui/a.ts', `import wasm from 'v86/build/v86.wasm?url';`],
    ['page/a.ts', `import { html } from 'lit';`],
    ['disk/a.ts', `import { get } from 'idb-keyval';`],
  ])('is found in %s: %s', (path, text) => {
    expect(breachesIn(path, text)).toEqual([expect.stringContaining(`src/${path}`)]);
  });

  it.each([
    ['snapshot/a.ts', `import type { Shelf } from '../disk/shelf.ts';`],
    ['snapshot/a.ts', `import { type Shelf } from '../disk/shelf.ts';`],
    ['page/a.ts', `import { Catalog } from '../store/catalog.ts';`],
    ['page/a.ts', `new Worker(new URL('../worker/machine-worker.ts', import.meta.url), { type: 'module' });`],
    ['worker/a.ts', `import { Engine } from './v86/engine.ts';`],
    ['worker/v86/a/b.ts', `import { V86 } from 'v86';`],
    ['page/a.ts', `import house from '../../guest/house.iso?url';`],
  ])('is not found in %s: %s', (path, text) => {
    expect(breachesIn(path, text)).toEqual([null]);
  });

  it('does not pass over a new folder', () => {
    expect(() => breachesIn('misc/a.ts', `import { x } from '../lib/errors.ts';`)).toThrow('no layer');
  });
});

describe('the drawing', () => {
  const sources = [
    { path: 'main.ts', text: `import './page/a.ts';\n` },
    { path: 'page/a.ts', text: `import { b } from './b.ts';\nimport type { M } from '../machine/m.ts';\n` },
    { path: 'page/b.ts', text: `import './a.ts';\n` },
    { path: 'machine/m.ts', text: `import type { A } from '../page/a.ts';\n` },
    { path: 'lib/alone.ts', text: '' },
  ];

  it('counts, and names circles, upward arrows and what nothing reaches', () => {
    const drawing = draw(sources);
    expect(drawing.fileCircles).toEqual([['machine/m.ts', 'page/a.ts', 'page/b.ts']]);
    expect(drawing.folderCircles).toEqual([['machine', 'page']]);
    expect(drawing.upward).toEqual([{ from: 'machine/m.ts', to: 'page/a.ts', kind: 'type' }]);
    expect(drawing.unreached).toEqual(['lib/alone.ts']);
    expect(toText(drawing)).toMatch(/^machine +1 files +1 lines {2}→ ↑page 1t$/m);
    expect(toMermaid(drawing)).toContain('  machine ==>|1t| page\n');
    expect(toMermaid(drawing)).toContain('  page -.->|1t| machine\n');
  });

  it('shows the inside of a folder', () => {
    const inside = draw(
      [
        { path: 'ui/a/x.ts', text: `import '../b/y.ts';` },
        { path: 'ui/b/y.ts', text: `import '../z.ts';` },
        { path: 'ui/z.ts', text: `import '../lib/errors.ts';` },
      ],
      'ui',
    );
    expect(inside.arrows.map(({ from, to }) => `${from} → ${to}`)).toEqual(['a → b', 'b → .']);
  });

  it('finds circles that touch as one, and none in a line', () => {
    const arrows = (...pairs: string[]) => pairs.map(([from, to]) => ({ from, to }));
    expect(findCircles(arrows('ab', 'bc', 'cd', 'ac', 'dd'))).toEqual([]);
    expect(findCircles(arrows('ab', 'ba', 'bc', 'cb', 'de', 'ed'))).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
  });
});
