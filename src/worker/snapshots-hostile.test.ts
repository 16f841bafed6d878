import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { MemorySource, type ByteSource } from '../bytes/byte-source.ts';
import { removeOrphans } from '../disk/import-leftovers.ts';
import { MemoryRecords, MemoryRecordStore } from '../disk/memory-record-store.ts';
import type { RecordStore } from '../disk/record-store.ts';
import { readShelf } from '../disk/shelf-record.ts';
import { CrashingStore } from '../disk/testing/crashing-store.ts';
import { VitrineError } from '../lib/errors.ts';
import type { ArchiveManifest } from '../snapshot/archive-manifest.ts';
import { PageCodec } from '../snapshot/page-codec.ts';
import { importMachine } from './snapshots-import.ts';
import {
  forgeHead,
  putTogether,
  takeApart,
  withValue,
  type ArchiveParts,
} from './testing/archive-forgery.ts';
import { aMachineFile } from './testing/machine-file.ts';

const codec = PageCodec.standalone();

let whole: Uint8Array<ArrayBuffer>;
let parts: ArchiveParts & { manifest: ArchiveManifest };

beforeAll(async () => {
  whole = await aMachineFile();
  parts = takeApart(whole);
});

/** What an empty browser says to a file: a code, or "taken"; whatever it refuses must leave nothing there. */
async function verdict(bytes: Uint8Array, signal?: AbortSignal): Promise<string> {
  return verdictOn(new MemorySource(bytes, 'gift.vitrine'), signal);
}

async function verdictOn(file: ByteSource, signal?: AbortSignal): Promise<string> {
  const records = new MemoryRecords();
  try {
    await importMachine(new MemoryRecordStore(records), 'new', codec, file, signal ? { signal } : {});
    return 'taken';
  } catch (error) {
    // Only the counters of the shelf stay.
    expect([...records.values.keys()].filter((key) => key !== '["shelf"]')).toEqual([]);
    return error instanceof VitrineError ? error.code : String(error);
  }
}

const withManifest = (path: string, value: unknown): Promise<Uint8Array<ArrayBuffer>> =>
  putTogether({ ...parts, manifest: withValue(parts.manifest, path, value) });

/** The file with another head in the place of its first. */
function withHead(head: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks = [...parts.chunks];
  chunks[parts.manifest.heads[0].chunk] = head;
  return putTogether({ ...parts, chunks });
}

describe('a file whose sums are right and that means harm', () => {
  it('is taken when nothing else was done to it', async () => {
    expect(await verdict(whole)).toBe('taken');
    expect(await verdict(await putTogether(parts))).toBe('taken');
  });

  it('makes nothing large out of a few bytes of runs', async () => {
    const blocks = parts.manifest.machine.sizeBytes / 4096;
    const id = 2 ** 32;
    for (const head of [
      forgeHead({ id, blocks: [[0, 5e8]], zeros: [] }),
      forgeHead({ id, blocks: [], zeros: [[0, 2 ** 32 - 1]] }),
      forgeHead({ id, blocks: [], zeros: [[blocks - 1, 2]] }),
      forgeHead({ id, blocks: [], zeros: [[2 ** 32 - 1, 2]] }),
      forgeHead({ id, blocks: [[blocks, 1]], zeros: [] }),
      forgeHead({ id, blocks: Array.from({ length: 200 }, (_, i) => [i % 5, 1] as const), zeros: [] }),
      forgeHead({ id, blocks: [], zeros: Array.from({ length: 100_000 }, () => [0, blocks] as const) }),
      forgeHead({ id, blocks: [[1, 0]], zeros: [] }),
      forgeHead({ id: Number.MAX_SAFE_INTEGER + 1, blocks: [], zeros: [[0, 1]] }),
    ])
      expect(await verdict(await withHead(head))).toBe('archive/damaged');
  });

  it('is refused for every value that no machine can have', async () => {
    const { manifest } = parts;
    const { machine, moments, generations, chunks } = manifest;
    const longText = 'a'.repeat(100_000);
    const forgeries: [path: string, value: unknown][] = [
      ['machine.sizeBytes', 0],
      ['machine.sizeBytes', machine.sizeBytes + 1],
      ['machine.sizeBytes', 2 ** 40],
      ['machine.base', { name: 'a.vhd', sizeBytes: machine.sizeBytes + 512, fingerprint: 'f' }],
      ['machine.base', { name: longText, sizeBytes: machine.sizeBytes, fingerprint: 'f' }],
      ['machine.createdAt', 9e15],
      ['machine.createdAt', 1.5],
      ['machine.name', longText],
      ['machine.name', null],
      ['machine.profile', null],
      ['machine.kept', [...machine.kept, machine.top]],
      ['machine.kept', [...machine.kept, machine.kept[0]]],
      ['machine.top', machine.kept[0]],
      ['committedAt', 9e15],
      ['generations.0.createdAt', 1e300],
      ['generations.0.layer', 2 ** 53],
      ['generations', [...generations, { ...generations[0], id: 900, layer: 900 }]],
      ['moments.0.createdAt', 8.64e15 + 1],
      ['moments.0.pausedMs', 1e300],
      ['moments.0.pausedMs', null],
      ['moments.0.label', longText],
      ['moments.0.id', 'm999999999'],
      ['moments.0.id', 'm01'],
      ['moments.0.profile', { ...(moments[0].profile as object), bootOrder: 'never' }],
      ['moments.0.identity.engine', 7],
      ['moments.0.identity.diskBytes', 'large'],
      ['moments.0.identity.disc', { name: 7 }],
      ['moments.0.packs', [...moments[0].packs, moments[0].packs[0]]],
      ['moments.0.isFirst', 'yes'],
      ['packs.0.pages', 257],
      ['packs.0.pages', 0],
      ['packs.0.pack', 2 ** 24],
      ['packs.0.chunk', manifest.packs[1].chunk],
      ['segments.0.id', 2 ** 60],
      ['heads.1.chunk', manifest.heads[0].chunk],
      ['current', 7],
      ['leaving', 'running'],
    ];
    for (const [path, value] of forgeries)
      expect(await verdict(await withManifest(path, value)), `${path} ${String(value).slice(0, 50)}`).toBe(
        'archive/damaged',
      );
    expect(chunks.length).toBeGreaterThan(0);
    // Two moments as the exhibit's first state.
    const firsts = withValue(withValue(manifest, 'moments.0.isFirst', true), 'moments.1.isFirst', true);
    expect(await verdict(await putTogether({ ...parts, manifest: firsts }))).toBe('archive/damaged');
  });

  it('brings nothing along that is not of a machine', async () => {
    const records = new MemoryRecords();
    const strange = withValue(
      withValue(parts.manifest, 'machine.profile', { chosen: { memoryMiB: 64, x: 1 }, extra: 'a' }),
      'moments.0.extra',
      { evil: true },
    );
    const file = await putTogether({ ...parts, manifest: { ...strange, extra: 1 } });
    await importMachine(new MemoryRecordStore(records), 'new', codec, new MemorySource(file, 'gift.vitrine'));
    const shelf = JSON.stringify(records.values.get('["shelf"]'));
    const moments = JSON.stringify(records.values.get('["moments","new"]'));
    expect(shelf).not.toContain('extra');
    expect(shelf).toContain(JSON.stringify({ memoryMiB: 64 }).replaceAll('"', '\\"'));
    expect(moments).not.toContain('evil');
  });

  it('has no chunk that is longer than what it is for, and none that nobody uses', async () => {
    for (const list of ['heads', 'segments', 'packs', 'details', 'thumbnails'] as const) {
      const chunks = [...parts.chunks];
      chunks[parts.manifest[list][0].chunk] = new Uint8Array(33 * 2 ** 20);
      const file = await putTogether({ ...parts, chunks });
      const source = new MemorySource(file, 'gift.vitrine');
      let longest = 0;
      const seen = {
        name: source.name,
        sizeBytes: source.sizeBytes,
        read: (offset: number, length: number) => {
          longest = Math.max(longest, length);
          return source.read(offset, length);
        },
      };
      expect(await verdictOn(seen), list).toBe('archive/damaged');
      expect(longest, list).toBeLessThan(4 * 2 ** 20);
    }
    const more = await putTogether({ ...parts, chunks: [...parts.chunks, new Uint8Array(10)] });
    expect(await verdict(more)).toBe('archive/damaged');
  });

  it('is refused for a manifest that is out of proportion, deep or crowded', async () => {
    const say = (text: string) => putTogether(parts, () => text);
    const big = 1.5 * 2 ** 20;
    expect(await verdict(await say('['.repeat(big)))).toBe('archive/damaged');
    expect(await verdict(await say('['.repeat(big / 2) + ']'.repeat(big / 2)))).toBe('archive/damaged');
    expect(await verdict(await say(`[${'{},'.repeat(big / 3)}{}]`))).toBe('archive/damaged');
    const many = Array.from({ length: big / 12 }, (_, i) => `"k${i}":0`).join(',');
    expect(await verdict(await say(`{${many}}`))).toBe('archive/damaged');
    expect(await verdict(await say(' '.repeat(20 * 2 ** 20)))).toBe('archive/damaged');
    expect(await verdict(await say(''))).toBe('archive/damaged');
    expect(await verdict(await say('"'))).toBe('archive/damaged');
    expect(await verdict(await say('null'))).toBe('archive/damaged');
  });

  it('is never anything but refused or taken, whatever was changed in it', async () => {
    const paths = pathsOf(parts.manifest);
    const values = fc.oneof(
      fc.constantFrom(null, true, -1, 0, 1, 2 ** 31, 2 ** 32, 2 ** 53, 1e308, -0.5, '', 'm1', '__proto__'),
      fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
      fc.nat(20),
      fc.constant(undefined),
    );
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...paths), values), { minLength: 1, maxLength: 3 }),
        async (changes) => {
          let { manifest } = parts;
          for (const [path, value] of changes)
            if (has(manifest, path)) manifest = withValue(manifest, path, value);
          const outcome = await verdict(await putTogether({ ...parts, manifest }));
          seen.add(outcome);
          expect(outcome).toMatch(/^(taken|archive\/[a-z]+)$/u);
        },
      ),
      { numRuns: 200 },
    );
    expect(seen).toContain('archive/damaged');
  }, 60_000);

  it('is never anything but refused or taken, whatever its chunks hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(parts.chunks.length - 1),
        fc.oneof(
          fc.record({ kind: fc.constant('bit' as const), at: fc.nat(), bit: fc.nat(7) }),
          fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
          fc.record({ kind: fc.constant('word' as const), at: fc.nat(16), word: fc.nat() }),
          fc.record({
            kind: fc.constant('other' as const),
            bytes: fc.uint8Array({ maxLength: 200 }),
          }),
          fc.record({
            kind: fc.constant('head' as const),
            blocks: fc.array(fc.tuple(fc.nat(2 ** 32 - 1), fc.nat(2 ** 32 - 1)), { maxLength: 5 }),
            zeros: fc.array(fc.tuple(fc.nat(20), fc.nat(2 ** 32 - 1)), { maxLength: 5 }),
          }),
        ),
        async (index, change) => {
          const chunks = [...parts.chunks];
          chunks[index] = changed(chunks[index], change);
          expect(await verdict(await putTogether({ ...parts, chunks }))).toMatch(
            /^(taken|archive\/[a-z]+)$/u,
          );
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);

  it('is never anything but refused where its text is changed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.constantFrom('0', '99999999999999999999', '"', '}', '[', '{"a":1,"a":2}', '\\u0000', '1e999', ','),
        fc.nat(8),
        async (at, piece, cut) => {
          const file = await putTogether(parts, (json) => {
            const place = at % json.length;
            return json.slice(0, place) + piece + json.slice(place + cut);
          });
          expect(await verdict(file)).toMatch(/^(taken|archive\/[a-z]+)$/u);
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);
});

it('an import is given up although its file never answers', async () => {
  const source = new MemorySource(whole, 'gift.vitrine');
  for (const silentFrom of [0, 1, 2, 3, 8]) {
    const cancel = new AbortController();
    let reads = 0;
    const file: ByteSource = {
      name: source.name,
      sizeBytes: source.sizeBytes,
      read: (offset, length) => {
        if (reads++ < silentFrom) return source.read(offset, length);
        queueMicrotask(() => cancel.abort());
        return new Promise(() => undefined);
      },
    };
    expect(await verdictOn(file, cancel.signal)).toBe('archive/cancelled');
  }
});

describe('an import of a new machine', () => {
  const file = () => new MemorySource(whole, 'gift.vitrine');
  const free = () => Promise.resolve({ release: () => undefined });

  it('that was killed anywhere leaves nothing once the shelf was opened again', async () => {
    let deaths = 0;
    const points = ['before-shelf', 'after-shelf', 'before-pages', 'after-pages', 'before-moment'] as const;
    for (const point of [...points, 'after-moment'] as const) {
      for (const after of [0, 1]) {
        const records = new MemoryRecords();
        const dying = new CrashingStore<typeof point>(new MemoryRecordStore(records));
        dying.arm(point, after);
        const died = await importMachine(dying, 'new', codec, file()).then(
          () => false,
          () => true,
        );
        const store = new MemoryRecordStore(records);
        const isThere = (await readShelf(store)).shelf.machines.length > 0;
        await removeOrphans(store, free);
        const left = [...records.values.keys()].filter((key) => key !== '["shelf"]');
        if (!isThere) expect(left, `${point} ${after}`).toEqual([]);
        expect(left.filter((key) => key.includes('import'))).toEqual([]);
        deaths += Number(died);
      }
    }
    expect(deaths).toBeGreaterThan(8);
  });

  it('tells what went wrong first, although nothing can be removed after it', async () => {
    const records = new MemoryRecords();
    const inner = new MemoryRecordStore(records);
    const failing: RecordStore = {
      read: (keys) => inner.read(keys),
      keys: (prefix) => inner.keys(prefix),
      list: (prefix, limit) => inner.list(prefix, limit),
      close: () => inner.close(),
      commit(step) {
        if (step.kind === 'pages') records.full = true;
        if (records.full && step.kind === 'sweep') return Promise.reject(new VitrineError('store/failed'));
        return inner.commit(step);
      },
    };
    await expect(importMachine(failing, 'new', codec, file())).rejects.toMatchObject({ code: 'store/full' });
    records.full = false;
    await removeOrphans(inner, free);
    expect([...records.values.keys()]).toEqual(['["shelf"]']);
  });
});

type Change =
  | { kind: 'bit'; at: number; bit: number }
  | { kind: 'cut'; at: number }
  | { kind: 'word'; at: number; word: number }
  | { kind: 'other'; bytes: Uint8Array }
  | { kind: 'head'; blocks: [number, number][]; zeros: [number, number][] };

function changed(bytes: Uint8Array<ArrayBuffer>, change: Change): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  switch (change.kind) {
    case 'bit':
      if (copy.length > 0) copy[change.at % copy.length] ^= 1 << change.bit;
      return copy;
    case 'cut':
      return copy.slice(0, change.at % (copy.length + 1));
    case 'word':
      if (copy.length >= (change.at + 1) * 4)
        new DataView(copy.buffer).setUint32(change.at * 4, change.word, true);
      return copy;
    case 'other':
      return new Uint8Array(change.bytes);
    case 'head':
      return forgeHead({ id: 2 ** 32, blocks: change.blocks, zeros: change.zeros });
  }
}

function pathsOf(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([key]) => prefix !== '' || key !== 'chunks')
    .flatMap(([key, part]) => [`${prefix}${key}`, ...pathsOf(part, `${prefix}${key}.`)]);
}

function has(value: unknown, path: string): boolean {
  let at: unknown = value;
  for (const step of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return false;
    at = Reflect.get(at, step);
  }
  return true;
}
