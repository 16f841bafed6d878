import { describe, expect, it } from 'vitest';
import { firstViewChunk } from './first-view.ts';

const IMPORTS: Record<string, readonly string[]> = {
  main: ['case', 'lit'],
  case: ['lit', 'errors', 'case'],
  errors: [],
  lit: [],
  shelf: ['errors', 'catalog'],
  catalog: ['errors'],
};
const graph = {
  getModuleInfo: (id: string) => (id in IMPORTS ? { importedIds: IMPORTS[id] } : null),
};

describe('the first view', () => {
  it('is one file of all that the entry imports, shared with later windows or not', () => {
    const chunkOf = firstViewChunk('main');
    const first = Object.keys(IMPORTS).filter((id) => chunkOf(id, graph) === 'first-view');
    expect(first).toEqual(['main', 'case', 'errors', 'lit']);
  });

  it('leaves what only a later window imports where it is', () => {
    const chunkOf = firstViewChunk('main');
    expect([chunkOf('shelf', graph), chunkOf('catalog', graph)]).toEqual([null, null]);
  });
});
