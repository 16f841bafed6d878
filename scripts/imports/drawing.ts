import { dirname } from 'node:path/posix';
import { findCircles, reachable, type Arrow } from './circles.ts';
import { isOurs, isUpward, layerOf, LAYERS } from './layers.ts';
import { importsOf, type Import, type SourceFile } from './read-imports.ts';

/** All imports from one folder into another. */
export interface FolderArrow extends Arrow {
  readonly values: number;
  readonly types: number;
  readonly workers: number;
  readonly isUpward: boolean;
}

interface Folder {
  readonly name: string;
  readonly files: number;
  readonly lines: number;
}

/** Who imports whom. */
export interface Drawing {
  /** From the ground up. */
  readonly folders: readonly Folder[];
  readonly arrows: readonly FolderArrow[];
  readonly folderCircles: readonly (readonly string[])[];
  readonly fileCircles: readonly (readonly string[])[];
  /** Imports that lead up, each. */
  readonly upward: readonly Import[];
  /** Files that none of the entries leads to. */
  readonly unreached: readonly string[];
}

/** Draws these files by layer; with `inside`, those of that folder by the folders in it (`.`: files that lie in none). */
export function draw(sources: readonly SourceFile[], inside?: string): Drawing {
  const all = sources.flatMap(importsOf).filter(isOurs);
  const isInside = (path: string) => inside === undefined || path.startsWith(`${inside}/`);
  const folderOf = (path: string) =>
    inside === undefined ? layerOf(path) : (/^[^/]+(?=\/)/.exec(path.slice(inside.length + 1))?.[0] ?? '.');
  const drawn = all.filter(({ from, to }) => isInside(from) && isInside(to));
  const paths = sources.map(({ path }) => path).filter(isInside);
  const names = inside === undefined ? Object.keys(LAYERS) : [...new Set(paths.map(folderOf))].sort();
  const lines = new Map(sources.map(({ path, text }) => [path, text.split('\n').length - 1]));
  const arrows = names.flatMap((from) =>
    names.flatMap((to) => {
      const these = drawn.filter((each) => folderOf(each.from) === from && folderOf(each.to) === to);
      if (from === to || these.length === 0) return [];
      const count = (kind: Import['kind']) => these.filter((each) => each.kind === kind).length;
      const up = inside === undefined && these.some(isUpward);
      return [
        { from, to, values: count('value'), types: count('type'), workers: count('worker'), isUpward: up },
      ];
    }),
  );
  return {
    folders: names.map((name) => {
      const files = paths.filter((path) => folderOf(path) === name);
      return { name, files: files.length, lines: files.reduce((sum, path) => sum + lines.get(path)!, 0) };
    }),
    arrows,
    folderCircles: findCircles(arrows),
    fileCircles: findCircles(drawn),
    upward: inside === undefined ? drawn.filter(isUpward) : [],
    unreached: unreachedOf(sources, all).filter(isInside),
  };
}

function unreachedOf(sources: readonly SourceFile[], all: readonly Import[]): string[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of all) next.set(from, (next.get(from) ?? new Set()).add(to));
  const entries = sources.map(({ path }) => path).filter((path) => dirname(path) === '.');
  const reached = reachable(next, ...entries);
  return sources
    .map(({ path }) => path)
    .filter((path) => !reached.has(path) && !entries.includes(path) && !path.endsWith('.d.ts'));
}

/** The drawing as lines of text. */
export function toText(drawing: Drawing): string {
  const { folders, arrows, folderCircles, fileCircles, upward, unreached } = drawing;
  const width = Math.max(...folders.map(({ name }) => name.length));
  const rows = folders.map(({ name, files, lines }) => {
    const uses = arrows
      .filter(({ from }) => from === name)
      .map((arrow) => `${arrow.isUpward ? '↑' : ''}${arrow.to} ${countsOf(arrow)}`);
    const figures = `${String(files).padStart(4)} files ${String(lines).padStart(6)} lines`;
    return `${name.padEnd(width)} ${figures}  ${uses.length > 0 ? `→ ${uses.join(', ')}` : ''}`.trimEnd();
  });
  const list = (title: string, items: readonly string[]) => [
    '',
    `${title}: ${items.length === 0 ? 'none' : items.length}`,
    ...items.map((item) => `  ${item}`),
  ];
  return [
    ...rows,
    ...list(
      'Upward arrows',
      upward.map(({ from, to, kind }) => `src/${from} → src/${to} (${kind})`),
    ),
    ...list(
      'Circles of folders, types counted',
      folderCircles.map((circle) => circle.join(' ↔ ')),
    ),
    ...list(
      'Circles of files, types counted',
      fileCircles.map((circle) => circle.join(' ↔ ')),
    ),
    ...list(
      'Files that no page or worker reaches',
      unreached.map((path) => `src/${path}`),
    ),
  ].join('\n');
}

/** The arrows as a mermaid flowchart: dotted where only types come over, thick where they lead up. */
export function toMermaid({ folders, arrows }: Drawing): string {
  const id = (name: string) => (name === '.' ? 'entries' : name.replaceAll(/\W/g, '_'));
  return [
    'flowchart TD',
    ...folders.map(({ name, files }) => `  ${id(name)}["${name === '.' ? 'entries' : name} (${files})"]`),
    ...arrows.map((arrow) => {
      const line = arrow.isUpward ? '==>' : arrow.values + arrow.workers === 0 ? '-.->' : '-->';
      return `  ${id(arrow.from)} ${line}|${countsOf(arrow)}| ${id(arrow.to)}`;
    }),
  ].join('\n');
}

/** "12", "12+3t" where three more are of types only, "3w" for workers that are started. */
function countsOf({ values, types, workers }: FolderArrow): string {
  const parts = [
    values > 0 ? `${values}` : '',
    types > 0 ? `${types}t` : '',
    workers > 0 ? `${workers}w` : '',
  ];
  return parts.filter(Boolean).join('+');
}
