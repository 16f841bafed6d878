import type { SnapshotInfo } from '../protocol/snapshot-messages.ts';

/** A moment in the tree of what went on from what. */
export interface MomentRow {
  readonly moment: SnapshotInfo;
  /** 1 for a root, as `aria-level` counts. */
  readonly level: number;
  /** How far it is set in: only where the way parts, so that a long line of moments stays a line. */
  readonly indent: number;
  /** Its place among those that went on from the same moment, from 1, and how many they are. */
  readonly place: number;
  readonly siblings: number;
  /** How many moments went on from it. */
  readonly children: number;
}

/**
 * The moments as rows of a tree, each after the one it went on from, siblings in the order they were saved. A moment
 * whose parent is not there is a root.
 */
export function treeRows(moments: readonly SnapshotInfo[]): MomentRow[] {
  const known = new Set(moments.map(({ id }) => id));
  const byParent = new Map<string | null, SnapshotInfo[]>();
  for (const moment of [...moments].sort((a, b) => a.createdAt - b.createdAt)) {
    const parent = moment.parent !== null && known.has(moment.parent) ? moment.parent : null;
    byParent.set(parent, [...(byParent.get(parent) ?? []), moment]);
  }
  const rows: MomentRow[] = [];
  const add = (parent: string | null, level: number, indent: number): void => {
    const siblings = byParent.get(parent) ?? [];
    const parts = parent !== null && siblings.length > 1;
    for (const [i, moment] of siblings.entries()) {
      const children = byParent.get(moment.id)?.length ?? 0;
      const own = parts ? indent + 1 : indent;
      rows.push({ moment, level, indent: own, place: i + 1, siblings: siblings.length, children });
      add(moment.id, level + 1, own);
    }
  };
  add(null, 1, 0);
  return rows;
}

/** Where an arrow key leads from a row of the tree: to the next or last row, its parent, its first child; -1 for none. */
export function rowAfterKey(rows: readonly MomentRow[], at: number, key: string): number {
  const row = rows[at];
  if (!row) return -1;
  switch (key) {
    case 'ArrowDown':
      return at + 1 < rows.length ? at + 1 : -1;
    case 'ArrowUp':
      return at - 1;
    case 'ArrowRight':
      return row.children > 0 ? at + 1 : -1;
    case 'ArrowLeft':
      return rows.findLastIndex(({ level }, i) => i < at && level === row.level - 1);
    case 'Home':
      return at === 0 ? -1 : 0;
    case 'End':
      return at === rows.length - 1 ? -1 : rows.length - 1;
    default:
      return -1;
  }
}
