import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replaceAll('\\', '/');
const FOLDERS = ['docs', 'src', 'guest', 'prepare', 'bench', 'e2e', 'hosting', '.github'];
const scripts = Object.keys(
  (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts,
);

/** Everything that tells people about the repository, by its path. */
const documents = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...FOLDERS.flatMap((folder) => filesIn(folder, /\.(md|yml)$/)),
];
const sources = ['src', 'scripts', 'e2e', 'bench', 'prepare'].flatMap((folder) => filesIn(folder, /\.ts$/));

describe.each(documents)('%s', (path) => {
  const text = read(path);

  it('links to what there is', () => {
    expect(brokenLinks(path, text)).toEqual([]);
  });

  it('names what is in the files that it links to', () => {
    expect(missingNames(path, text)).toEqual([]);
  });

  it('names files and folders that there are', () => {
    expect(missingPaths(text)).toEqual([]);
  });

  it('names npm scripts that there are', () => {
    expect(unknownScripts(text)).toEqual([]);
  });
});

it('comments cite documents that there are', () => {
  const comment = /^\s*(?:\/\/|\/?\*).*$|\s\/\/ .*$/gm;
  const wrong = sources.flatMap((path) =>
    (read(path).match(comment) ?? []).flatMap((words) =>
      (words.match(/\b(?:docs\/[\w-]+\.md|DESIGN)\b/g) ?? [])
        .filter((cited) => !existsSync(join(ROOT, cited)))
        .map((cited) => `${path}: ${cited}`),
    ),
  );
  expect(wrong).toEqual([]);
});

it('CONTRIBUTING names every npm script', () => {
  const text = read('CONTRIBUTING.md');
  expect(scripts.filter((name) => !new RegExp(`npm (run )?${name}\\b`).test(text))).toEqual([]);
});

describe('docs/storage-format.md', () => {
  const text = read('docs/storage-format.md');
  const firstCells = (heading: string) => {
    const [, table] = text.slice(text.indexOf(heading)).split(/\n\n(?=\|)/);
    return [...table.split('\n\n')[0].matchAll(/^\| `(.+?)`/gm)].map(([, cell]) => cell);
  };

  it('has every kind of record', () => {
    const code = ['src/disk', 'src/snapshot']
      .flatMap((folder) => filesIn(folder, /(?<!\.test)\.ts$/))
      .map(read)
      .join('\n');
    const kinds = [...code.matchAll(/RecordKey (?:=>|=) \['(\w+)'/g)].map(([, kind]) => kind);
    expect(kinds.length).toBeGreaterThan(10);
    const documented = firstCells('## Records').map((key) => /'(\w+)'/.exec(key)![1]);
    expect(documented.toSorted()).toEqual([...new Set(kinds)].toSorted());
  });

  it('has every kind of step', () => {
    const unions = [...read('src/disk/record-store.ts').matchAll(/type \w*StepKind = ([^;]+);/g)];
    const kinds = unions.flatMap(([, union]) => [...union.matchAll(/'(\w+)'/g)].map(([, kind]) => kind));
    expect(firstCells('Every step has a kind').toSorted()).toEqual(kinds.toSorted());
  });
});

describe('what is wrong in a document', () => {
  it('is found', () => {
    const text =
      '[a](../src/nothing.ts) [b](#no-such) [c](engine.md#facts) [d](https://example.org/x) ' +
      '`src/lib/gone.ts` `docs/engine.md` upstream `src/cpu.js` `npm run nothing` npm start';
    expect(brokenLinks('docs/architecture.md', text)).toEqual(['../src/nothing.ts', '#no-such']);
    expect(missingPaths(text)).toEqual(['src/nothing.ts', 'src/lib/gone.ts']);
    expect(unknownScripts(text)).toEqual(['nothing']);
    const names =
      '[`readShelf`](../src/disk/shelf-record.ts) [`VirtualDisk.wrote`](../src/disk/virtual-disk.ts)';
    expect(missingNames('docs/architecture.md', names)).toEqual(['wrote of src/disk/virtual-disk.ts']);
    expect(missingPaths('echo > src/languages/fr.json, then `src/languages/fr.json`')).toEqual([]);
  });
});

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function filesIn(folder: string, name: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => name.test(path) && !path.includes('node_modules'))
    .sort();
}

/** Links to files that are not there, and to headings that are not in them. */
function brokenLinks(path: string, text: string): string[] {
  const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link);
  return links.filter((link) => {
    // From a form the repository is at ../blob/main.
    const [file, heading] = link.replace('../blob/main/', '../../').split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(ROOT, target))) return true;
    const known = () => (target === path ? text : read(target)).match(/^#+ .+$/gm) ?? [];
    return heading !== undefined && !known().some((line) => anchorOf(line) === heading);
  });
}

/** A link of code, [`Class.method`](file.ts), to a file that does not have these names. */
function missingNames(path: string, text: string): string[] {
  const links = [...text.matchAll(/\[`([A-Za-z]\w*(?:\.[A-Za-z]\w*)?)`\]\(([^)#\s]+\.ts)\)/g)];
  return links.flatMap(([, name, link]) => {
    const file = join(dirname(path), link);
    if (link.endsWith(name) || !existsSync(join(ROOT, file))) return [];
    const words = new Set(read(file).match(/\w+/g));
    return name
      .split('.')
      .filter((part) => !words.has(part))
      .map((part) => `${part} of ${file}`);
  });
}

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** Paths of the repository that lead nowhere. Not files of v86 or of another program, nor what a command of the document makes. */
function missingPaths(text: string): string[] {
  const path = /(?<![\w./-])(?:src|docs|scripts|e2e|guest|bench|prepare|public|hosting)\/[\w./-]*\w/g;
  const paths = [
    ...text
      .replaceAll(/https?:\S+/g, '')
      .replaceAll('](../', '](')
      .matchAll(path),
  ];
  const isMade = (name: string) => text.includes(`> ${name}`);
  const isUpstream = (name: string) => /^src\/.*\.(js|rs|cpp)$/.test(name);
  return paths
    .map(([name]) => name)
    .filter((name) => !existsSync(join(ROOT, name)) && !isUpstream(name) && !isMade(name));
}

function unknownScripts(text: string): string[] {
  const named = [...text.matchAll(/npm (?:run (?:--silent )?([\w:-]+)|(start|test)\b)/g)];
  return named.map(([, run, own]) => run ?? own).filter((name) => !scripts.includes(name));
}
