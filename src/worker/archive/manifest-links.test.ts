import { describe, expect, it } from 'vitest';
import { DEFAULT_PROFILE } from '../../machine/profile.ts';
import type { ArchiveManifest } from '../../snapshot/archive-manifest.ts';
import { mostManifestBytes } from '../../snapshot/archive-format.ts';
import { checkLinks } from './manifest-links.ts';
import { checkManifest, isManifestText, readManifest } from './read-manifest.ts';

/** A manifest with `count` of everything there can be many of. */
function manifestOf(count: number): ArchiveManifest {
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  const packs = numbers;
  const chunksOf = (kind: number) => numbers.map((_, i) => kind * count + i);
  const [heads, segments, packed, details, thumbnails] = [0, 1, 2, 3, 4].map(chunksOf);
  const identity = { ...DEFAULT_PROFILE, engine: '1', diskBytes: null, disc: null };
  return {
    machine: {
      name: 'Crowded',
      sizeBytes: 4096,
      base: null,
      profile: {},
      createdAt: 1,
      top: count + 1,
      kept: numbers,
    },
    committedAt: 1,
    generations: [...numbers, count + 1].map((id) => ({
      id,
      parent: id === 1 ? null : id - 1,
      layer: id,
      createdAt: 1,
    })),
    heads: numbers.map((layer, i) => ({ layer, chunk: heads[i] })),
    segments: numbers.map((id, i) => ({ id, chunk: segments[i] })),
    moments: numbers.map((number) => ({
      id: `m${number}`,
      label: '',
      kind: 'kept',
      parent: number === 1 ? null : `m${number - 1}`,
      createdAt: 1,
      pausedMs: 1,
      generation: number,
      isFirst: false,
      packs: [packs[number - 1]],
      recordBytes: 1,
      identity,
      profile: DEFAULT_PROFILE,
    })),
    current: 'm1',
    leaving: 'off',
    details: numbers.map((number, i) => ({ moment: `m${number}`, chunk: details[i] })),
    thumbnails: numbers.map((number, i) => ({
      moment: `m${number}`,
      type: 'image/png',
      chunk: thumbnails[i],
    })),
    packs: packs.map((pack, i) => ({ pack, pages: 1, chunk: packed[i] })),
    chunks: Array.from({ length: 5 * count }, () => ({ length: 10, sha256: 'a'.repeat(64) })),
  };
}

/** How often an item of any list in a manifest is looked at. */
function stepsOf(manifest: ArchiveManifest): number {
  let steps = 0;
  const counted = <T>(value: T): T => {
    if (!Array.isArray(value)) return value;
    return new Proxy(value, {
      get(list, key) {
        if (typeof key === 'string' && /^\d+$/u.test(key)) steps++;
        return Reflect.get(list, key) as unknown;
      },
    });
  };
  const machine = { ...manifest.machine, kept: counted(manifest.machine.kept) };
  const lists = Object.fromEntries(Object.entries(manifest).map(([name, list]) => [name, counted(list)]));
  expect(checkLinks({ ...manifest, ...lists, machine })).toBeNull();
  return steps;
}

describe('the links of a manifest', () => {
  it('are all looked at, in steps that grow with its length', () => {
    expect(checkManifest(manifestOf(200)).wrong).toBeNull();
    const few = stepsOf(manifestOf(200));
    expect(few).toBeGreaterThan(200);
    expect(stepsOf(manifestOf(1600))).toBeLessThan(8.2 * few);
  });

  it('may be as many as an honest machine has, however densely they stand', () => {
    const text = (manifest: ArchiveManifest) => new TextEncoder().encode(JSON.stringify(manifest));
    expect(readManifest(text(manifestOf(3000))).wrong).toBeNull();
    // Moments that share the packs of a GiB; short numbers take the least text.
    const few = manifestOf(1);
    const packs = Array.from({ length: 1000 }, (_, i) => i + 1);
    const moments = packs.map((number) => ({ ...few.moments[0], id: `m${number}`, packs }));
    expect(isManifestText(text({ ...few, moments }))).toBe(true);
    // Segments of one block, and nothing else.
    const chunks = Array.from({ length: 200_000 }, () => ({ length: 4120, sha256: few.chunks[0].sha256 }));
    const segments = chunks.slice(100_000).map((_, i) => ({ id: 2 ** 32 + i, chunk: i }));
    const heads = segments.map((_, i) => ({ layer: 1, chunk: i }));
    const disk = text({ ...few, chunks, segments, heads });
    expect(isManifestText(disk)).toBe(true);
    expect(disk.length).toBeLessThan(mostManifestBytes(100_000 * (4120 + 40)));
  });

  it('are refused where one leads nowhere or in a ring', () => {
    const good = manifestOf(3);
    const forgeries: [Partial<ArchiveManifest>, string][] = [
      [{ current: 'm9' }, 'the current moment'],
      [{ moments: good.moments.toReversed() }, 'the tree of moments'],
      [{ generations: good.generations.toReversed() }, 'the tree of generations'],
      [
        { generations: [...good.generations, { id: 9, parent: null, layer: 9, createdAt: 1 }] },
        'a generation that nothing reaches',
      ],
      [
        { generations: [...good.generations, { id: 9, parent: 4, layer: 9, createdAt: 1 }] },
        'a generation over the top',
      ],
      [{ moments: good.moments.map((moment) => ({ ...moment, isFirst: true })) }, 'two first states'],
      [{ thumbnails: [] }, 'a chunk that nobody uses'],
      [{ moments: good.moments.map((moment) => ({ ...moment, packs: [] })) }, 'a pack that no moment needs'],
      [{ details: good.details.slice(1) }, 'a moment without its record'],
      [{ heads: [...good.heads, { layer: 7, chunk: 0 }] }, 'a layer that is not there'],
      [{ packs: good.packs.map((pack) => ({ ...pack, pack: 1 })) }, 'the packs of a moment'],
      [{ segments: good.segments.map(({ id }) => ({ id, chunk: 3 })) }, 'a chunk that nobody uses'],
      [
        { chunks: [...good.chunks.slice(0, -1), { length: 2 ** 30, sha256: '' }] },
        'a chunk that is too long',
      ],
    ];
    for (const [part, wrong] of forgeries) expect(checkLinks({ ...good, ...part })).toBe(wrong);
  });
});
