/** What the bundler tells of a module (`ChunkingContext.getModuleInfo`). */
interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/**
 * Names the chunk of a module, for the bundler's `codeSplitting`: everything that the entry imports before it can draw
 * is one file. Left alone, what the first view shares with a window that is loaded later becomes a file of its own, and
 * a dozen small files take a slow line several rounds.
 */
export function firstViewChunk(entry: string): (id: string, graph: ModuleGraph) => string | null {
  let first: Set<string> | null = null;
  return (id, graph) => {
    first ??= reachable(entry, graph);
    return first.has(id) ? 'first-view' : null;
  };
}

/** The modules that `entry` imports, and those that they import; not what is imported later by a call. */
function reachable(entry: string, graph: ModuleGraph): Set<string> {
  const found = new Set([entry]);
  for (const id of found) for (const next of graph.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  return found;
}
