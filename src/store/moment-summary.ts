/** What the saved moments of a machine are for its owner: how many can be gone back to, and what they take. */
export interface MomentSummary {
  /** Without the rolling checkpoint, which nobody asked for. */
  readonly count: number;
  /** Stored for all of them, the checkpoint too. */
  readonly storedBytes: number;
  /** Whether one of them is the exhibit's first state. */
  readonly hasFirst: boolean;
}

const NO_MOMENTS: MomentSummary = { count: 0, storedBytes: 0, hasFirst: false };

/**
 * Sums up the record `['moments', machine id]` of `src/snapshot/moment-index.ts`, for figures only: nothing is checked,
 * and what cannot be read counts as nothing. Whoever goes back to a moment checks it, and says what is wrong with it.
 */
export function summarizeMoments(record: unknown): MomentSummary {
  const index = parse(fieldOf(record, 'json'));
  const moments = listOf(fieldOf(index, 'moments'));
  if (moments.length === 0) return NO_MOMENTS;
  const packs = fieldOf(index, 'packs');
  const packBytes =
    typeof packs === 'object' && packs ? Object.values(packs).map((pack) => fieldOf(pack, 0)) : [];
  return {
    count: moments.filter((moment) => fieldOf(moment, 'kind') !== 'checkpoint').length,
    storedBytes: sum(packBytes) + sum(moments.map((moment) => fieldOf(moment, 'recordBytes'))),
    hasFirst: moments.some((moment) => fieldOf(moment, 'isFirst') === true),
  };
}

function parse(json: unknown): unknown {
  try {
    return typeof json === 'string' ? JSON.parse(json) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function fieldOf(value: unknown, name: string | number): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function sum(values: readonly unknown[]): number {
  return values.reduce<number>((total, value) => total + (typeof value === 'number' ? value : 0), 0);
}
