import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SnapshotInfo } from '../protocol/snapshot-messages.ts';
import { rowAfterKey, treeRows } from './moment-tree.ts';

const moment = (id: string, parent: string | null, createdAt: number): SnapshotInfo =>
  ({ id, parent, createdAt }) as unknown as SnapshotInfo;

/** Any forest: a moment's parent was saved before it, or was deleted since. */
const forest = fc
  .array(fc.nat(), { maxLength: 30 })
  .map((choices) =>
    choices.map((choice, i) => moment(`m${i}`, choice % 5 === 0 ? 'gone' : `m${choice % (i + 1)}`, i)),
  )
  .map((moments) => moments.map((each) => (each.parent === each.id ? { ...each, parent: null } : each)));

describe('treeRows', () => {
  it('puts each moment after its parent and sets in where the way parts', () => {
    const rows = treeRows([
      moment('a', null, 1),
      moment('b', 'a', 2),
      moment('c', 'b', 3),
      moment('d', 'b', 5),
      moment('e', 'c', 4),
    ]);
    expect(rows.map(({ moment: { id }, level, indent }) => [id, level, indent])).toEqual([
      ['a', 1, 0],
      ['b', 2, 0],
      ['c', 3, 1],
      ['e', 4, 1],
      ['d', 3, 1],
    ]);
    expect(rows[4]).toMatchObject({ place: 2, siblings: 2, children: 0 });
  });

  it('has every moment once, a parent before its children, one level above them', () => {
    fc.assert(
      fc.property(forest, (moments) => {
        const rows = treeRows(moments);
        expect(rows.map(({ moment: { id } }) => id).sort()).toEqual(moments.map(({ id }) => id).sort());
        const levels = new Map<string, number>();
        for (const { moment: each, level, indent } of rows) {
          const parent = levels.get(each.parent ?? '');
          expect(level).toBe((parent ?? 0) + 1);
          expect(indent).toBeLessThan(level);
          levels.set(each.id, level);
        }
      }),
    );
  });
});

describe('rowAfterKey', () => {
  it('leads to a row of the tree or nowhere, and back', () => {
    fc.assert(
      fc.property(forest, fc.nat(29), (moments, start) => {
        const rows = treeRows(moments);
        fc.pre(start < rows.length);
        const up = rowAfterKey(rows, start, 'ArrowLeft');
        if (up >= 0) expect(rows[up].moment.id).toBe(rows[start].moment.parent);
        const down = rowAfterKey(rows, start, 'ArrowRight');
        if (down >= 0) expect(rowAfterKey(rows, down, 'ArrowLeft')).toBe(start);
        else expect(rows[start].children).toBe(0);
        for (const key of ['ArrowUp', 'ArrowDown', 'Home', 'End', 'x']) {
          const next = rowAfterKey(rows, start, key);
          expect(next).toBeGreaterThanOrEqual(-1);
          expect(next).toBeLessThan(rows.length);
          expect(next).not.toBe(start);
        }
      }),
    );
  });
});
