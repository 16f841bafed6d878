import type { Import } from './read-imports.ts';

interface Layer {
  /** What it may use: folders, or single files of them. A folder may always use itself. */
  readonly uses: readonly string[];
  /** Of what it may know the types, and no code. */
  readonly knows?: readonly string[];
  /** What it may start as a worker. */
  readonly starts?: readonly string[];
}

/**
 * Who may import whom: the folders of `src` from the ground up. An arrow to a folder that stands lower in this list is an
 * upward one, and there is only one, of types. `.` are the entries, which lie in no folder. Tests may import anything.
 */
export const LAYERS: Readonly<Record<string, Layer>> = {
  lib: { uses: [] },
  bytes: { uses: ['lib'] },
  media: { uses: ['lib', 'bytes'], knows: ['machine'] },
  machine: { uses: ['lib', 'bytes'], knows: ['media'] },
  exhibit: { uses: ['lib', 'bytes'], knows: ['media', 'machine'] },
  disk: { uses: ['lib', 'bytes'] },
  store: { uses: ['lib', 'bytes', 'disk'] },
  snapshot: { uses: ['lib'], knows: ['disk', 'store'] },
  protocol: { uses: [], knows: ['lib', 'bytes', 'media', 'machine', 'disk', 'store', 'snapshot'] },
  'worker/v86': { uses: ['lib', 'bytes', 'media', 'machine', 'disk', 'snapshot'], knows: ['protocol'] },
  worker: {
    uses: ['lib', 'bytes', 'media', 'machine', 'disk', 'store', 'snapshot', 'worker/v86'],
    knows: ['protocol'],
  },
  page: {
    uses: ['lib', 'bytes', 'media', 'machine', 'exhibit', 'store/catalog.ts', 'store/storage-room.ts'],
    knows: ['store', 'protocol'],
    starts: ['worker'],
  },
  ui: { uses: ['lib', 'machine', 'exhibit', 'page'], knows: ['media', 'store', 'protocol'] },
  '.': { uses: ['lib', 'exhibit', 'page', 'ui'], knows: ['protocol'] },
};

/** Packages that are the secret of one folder each. */
const PACKAGES: Readonly<Record<string, string>> = {
  'npm:v86': 'worker/v86',
  'npm:v86-firmware': 'worker/v86',
  'npm:lit': 'ui',
  'npm:idb-keyval': 'store',
};

const NAMES = Object.keys(LAYERS);

/** The layer of a path below `src`: the longest of them that it lies in. Throws for a folder that is none. */
export function layerOf(path: string): string {
  if (!path.includes('/')) return '.';
  const found = NAMES.filter((name) => path.startsWith(`${name}/`)).sort((a, b) => b.length - a.length)[0];
  if (found === undefined) throw new Error(`src/${path} lies in no layer: add its folder to LAYERS.`);
  return found;
}

/** Whether an import leads to code of ours, so that it is an arrow of the drawing. */
export function isOurs({ to }: Pick<Import, 'to'>): boolean {
  return !to.startsWith('npm:') && !to.startsWith('../') && to.endsWith('.ts');
}

/** Whether it leads from a folder to one that stands above it. */
export function isUpward(each: Import): boolean {
  return NAMES.indexOf(layerOf(each.from)) < NAMES.indexOf(layerOf(each.to));
}

/** What is wrong with an import, in a sentence; null where it may be. */
export function breach(each: Import): string | null {
  const from = layerOf(each.from);
  const owner = PACKAGES[each.to];
  if (owner !== undefined && owner !== from)
    return `src/${each.from} imports ${each.to.slice('npm:'.length)}, which only src/${owner} may know.`;
  if (!isOurs(each) || from === layerOf(each.to)) return null;
  const { uses, knows = [], starts = [] } = LAYERS[from];
  const allowed = { value: uses, type: [...uses, ...knows], worker: starts }[each.kind];
  if (allowed.some((name) => name === each.to || name === layerOf(each.to))) return null;
  const what = { value: 'imports', type: 'imports a type of', worker: 'starts' }[each.kind];
  return `src/${each.from} ${what} src/${each.to}, which src/${from} may not: see scripts/imports/layers.ts.`;
}
