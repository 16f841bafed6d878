import type { RecordStore, Step } from '../record-store.ts';
import { check, checkEqual } from './check.ts';

/** Opens a store on records of its own for each name; the same name again gives the same records. */
export type OpenStore = (name: string) => Promise<RecordStore>;

export interface ContractCase {
  readonly name: string;
  readonly run: (open: OpenStore) => Promise<void>;
}

const step = (part: Partial<Step>): Step => ({ kind: 'shelf', guards: [], remove: [], put: [], ...part });

/** What `RecordStore` promises, as far as one process can see it. Run on every implementation. */
export const RECORD_STORE_CONTRACT: readonly ContractCase[] = [
  {
    name: 'gives back what was put, also after it was opened again',
    async run(open) {
      const store = await open('put');
      checkEqual(await store.read([['a', 1], ['b']]), [undefined, undefined], 'before');
      await store.commit(
        step({
          put: [
            [['a', 1], new Uint8Array([1, 2, 3])],
            [['b'], { version: 4, text: 'x' }],
          ],
        }),
      );
      await store.close();
      const again = await open('put');
      const [bytes, object] = await again.read([['a', 1], ['b']]);
      check(bytes instanceof Uint8Array, 'bytes stay bytes');
      checkEqual([[...bytes], object], [[1, 2, 3], { version: 4, text: 'x' }], 'after');
      await again.close();
    },
  },
  {
    name: 'lists what begins with a prefix, in order, up to a limit',
    async run(open) {
      const store = await open('list');
      const keys = [
        ['h', 1, 20],
        ['h', 2, 5],
        ['h', 10],
        ['h', 1, 3],
        ['ha', 1],
        ['h', 1, 100],
        ['g', 1],
        ['h', 11, 1],
      ];
      await store.commit(step({ put: keys.map((key) => [key, key.join()] as const) }));
      checkEqual(await store.list(['h', 1]), ['h,1,3', 'h,1,20', 'h,1,100'], 'one layer');
      checkEqual(await store.list(['h', 1], 2), ['h,1,3', 'h,1,20'], 'limited');
      checkEqual(await store.list(['h']), ['h,1,3', 'h,1,20', 'h,1,100', 'h,2,5', 'h,10', 'h,11,1'], 'all');
      checkEqual(await store.list(['x']), [], 'none');
      checkEqual(
        await store.keys(['h', 1]),
        [
          ['h', 1, 3],
          ['h', 1, 20],
          ['h', 1, 100],
        ],
        'keys',
      );
      checkEqual(await store.keys(['x']), [], 'no keys');
      await store.close();
    },
  },
  {
    name: 'removes everything under a key and nothing beside it, before it puts',
    async run(open) {
      const store = await open('remove');
      await store.commit(
        step({
          put: [
            [['h', 1, 1], 'a'],
            [['h', 1, 2], 'b'],
            [['h', 10], 'c'],
            [['d', 1], 'd'],
          ],
        }),
      );
      await store.commit(step({ remove: [['h', 1], ['d', 1], ['nothing']], put: [[['h', 1, 2], 'new']] }));
      checkEqual(await store.list(['h']), ['new', 'c'], 'left');
      checkEqual(await store.read([['d', 1]]), [undefined], 'exact key');
      await store.close();
    },
  },
  {
    name: 'does nothing of a step with a guard that does not hold',
    async run(open) {
      const store = await open('guard');
      const first = { guards: [{ key: ['w'], version: 0 }], put: [[['w'], { version: 1 }]] } as const;
      checkEqual(await store.commit(step(first)), 'done', 'no record is version 0');
      const late = step({ ...first, remove: [['w']], put: [[['x'], 1]] });
      checkEqual(await store.commit(late), 'conflict', 'it is version 1 now');
      checkEqual(await store.read([['w'], ['x']]), [{ version: 1 }, undefined], 'unchanged');
      const guards = [
        { key: ['w'], version: 1 },
        { key: ['v'], version: 7 },
      ];
      checkEqual(await store.commit(step({ guards, put: [[['x'], 1]] })), 'conflict', 'one of two');
      checkEqual(await store.read([['x']]), [undefined], 'still unchanged');
      await store.close();
    },
  },
  {
    name: 'checks guards against other users of the same records',
    async run(open) {
      const [a, b] = [await open('shared'), await open('shared')];
      const outcomes = await Promise.all(
        [a, b].map((store, i) =>
          store.commit(step({ guards: [{ key: ['w'], version: 0 }], put: [[['w'], { version: i + 1 }]] })),
        ),
      );
      checkEqual(outcomes.toSorted(), ['conflict', 'done'], 'exactly one wins');
      await a.close();
      await b.close();
    },
  },
  {
    name: 'runs calls in their order, reads too',
    async run(open) {
      const store = await open('order');
      await store.commit(step({ put: [[['k'], 'old']] }));
      const seen = await Promise.all([
        store.read([['k']]),
        store.commit(step({ put: [[['k'], 'new']] })),
        store.read([['k']]),
        store.commit(step({ remove: [['k']] })),
        store.list(['k']),
      ]);
      checkEqual(seen, [['old'], 'done', ['new'], 'done', []], 'each sees what was called before it');
      await store.close();
    },
  },
  {
    name: 'shares no memory with the caller',
    async run(open) {
      const store = await open('copies');
      const bytes = new Uint8Array([1]);
      await store.commit(step({ put: [[['k'], bytes]] }));
      bytes[0] = 2;
      const [read] = await store.read([['k']]);
      check(read instanceof Uint8Array && read[0] === 1, 'what was put does not change');
      read[0] = 3;
      const [again] = await store.read([['k']]);
      check(again instanceof Uint8Array && again[0] === 1, 'what was read is a copy');
      await store.close();
    },
  },
];
