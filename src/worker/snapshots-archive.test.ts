import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { keepBase } from '../disk/keep-base.ts';
import { MemoryRecords, MemoryRecordStore } from '../disk/memory-record-store.ts';
import { machineOf } from '../disk/shelf.ts';
import { readShelf } from '../disk/shelf-record.ts';
import { CrashingStore } from '../disk/testing/crashing-store.ts';
import { newMachine } from '../disk/testing/new-machine.ts';
import { VitrineError } from '../lib/errors.ts';
import type { ArchiveManifest } from '../snapshot/archive-manifest.ts';
import { PageCodec } from '../snapshot/page-codec.ts';
import { exportMachine } from './snapshots-export.ts';
import { importMachine } from './snapshots-import.ts';
import { anyMomentCommand, MomentScenario } from './testing/moment-scenario.ts';

const codec = PageCodec.standalone();

async function exported(records: MemoryRecords): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  // As over the worker's boundary: what was yielded is gone from there.
  for await (const part of exportMachine(new MemoryRecordStore(records), 'm', codec))
    parts.push(structuredClone(part, { transfer: [part.buffer] }));
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function imported(records: MemoryRecords, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  const store = new MemoryRecordStore(records);
  return importMachine(store, 'm', codec, new MemorySource(bytes, 'gift.vitrine'), signal ? { signal } : {});
}

/** All that a store holds, to see that nothing changed but counters. */
function contents(records: MemoryRecords): string[] {
  const counters = new Set(['["shelf"]', '["moments","m"]']);
  return [...records.values.keys()].filter((key) => !counters.has(key)).sort();
}

/** Layers of which something is stored and that no generation has. */
async function strayLayers(store: MemoryRecordStore, keys: readonly string[]): Promise<number[]> {
  const { shelf } = await readShelf(store);
  const known = new Set(shelf.generations.map(({ layer }) => layer));
  const stored = keys.map((key) => JSON.parse(key) as [kind: string, layer: number]);
  return stored.flatMap(([kind, layer]) => (kind === 'head' && !known.has(layer) ? [layer] : []));
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return error instanceof VitrineError ? error.code : String(error);
  }
  return 'taken';
}

async function someMachine(): Promise<MomentScenario> {
  const scenario = new MomentScenario();
  await scenario.begin();
  await scenario.do({ kind: 'fill', from: 3800 });
  await scenario.do({ kind: 'write', block: 3 });
  await scenario.do({ kind: 'take', as: 'kept', running: true });
  await scenario.do({ kind: 'touch', pages: [3801, 3802, 4200], zero: false });
  await scenario.do({ kind: 'write', block: 4 });
  await scenario.do({ kind: 'take', as: 'checkpoint', running: false });
  await scenario.do({ kind: 'write', block: 5 });
  return scenario;
}

describe('a machine in one file', () => {
  it('names the image that its disk stands on, by what a copy of it has too', async () => {
    const records = new MemoryRecords();
    const base = { name: 'xp.vhd', sizeBytes: 4096, fingerprint: `4608:1700000000000:${'ab'.repeat(32)}` };
    await newMachine(new MemoryRecordStore(records), 'm', { sizeBytes: 4096, base });
    const elsewhere = new MemoryRecords();
    await imported(elsewhere, await exported(records));
    const { shelf } = await readShelf(new MemoryRecordStore(elsewhere));
    const fingerprint = `4608::${'ab'.repeat(32)}`;
    expect(machineOf(shelf, 'm').base).toEqual({ ...base, fingerprint });
  });

  it('takes the place of a machine and of what was copied of its image', async () => {
    const bytes = await exported((await someMachine()).records);
    const records = new MemoryRecords();
    const store = new MemoryRecordStore(records);
    const image = Object.assign(new MemorySource(new Uint8Array(2 ** 25).fill(7), 'xp.vhd'), {
      async *allocatedRanges() {
        yield { offset: 0, length: 2 ** 25 };
      },
    });
    const base = { name: image.name, sizeBytes: image.sizeBytes, fingerprint: 'f' };
    await newMachine(store, 'm', { sizeBytes: image.sizeBytes, base });
    const dying = new CrashingStore<'after-keep'>(store);
    dying.arm('after-keep', 0);
    await expect(keepBase(dying, 'm', image, { fingerprint: 'f' })).rejects.toThrow('crashed');
    await imported(records, bytes);
    const keys = [...records.values.keys()];
    expect(keys.filter((key) => key.includes('keeping'))).toEqual([]);
    expect(await strayLayers(new MemoryRecordStore(records), keys)).toEqual([]);
  });

  it('is in another browser what it was in this one, whatever it had gone through', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          anyMomentCommand.filter(({ kind }) => kind !== 'crash'),
          { minLength: 3, maxLength: 20 },
        ),
        async (commands) => {
          const scenario = new MomentScenario();
          await scenario.begin();
          for (const command of commands) await scenario.do(command);
          const blocks = await scenario.settle();
          const bytes = await exported(scenario.records);
          // Into an empty browser, and over a machine that is there.
          for (const target of [new MomentScenario(), await someMachine()]) {
            await target.settle();
            await imported(target.records, bytes);
            expect(await target.adopt(scenario.expected)).toEqual(blocks);
            await target.checkAll();
          }
        },
      ),
      { numRuns: 3 },
    );
  });

  describe('that is not whole', () => {
    let bytes: Uint8Array<ArrayBuffer>;
    let manifestAt: number;
    beforeAll(async () => {
      const scenario = await someMachine();
      await scenario.settle();
      bytes = await exported(scenario.records);
      manifestAt = Number(new DataView(bytes.buffer).getBigUint64(bytes.length - 48, true));
    });

    /** Refused, and what was there is there still. */
    async function refusal(damaged: Uint8Array): Promise<string> {
      const here = await someMachine();
      await here.settle();
      const before = contents(here.records);
      const code = await codeOf(imported(here.records, damaged));
      expect(contents(here.records)).toEqual(before);
      await here.checkAll();
      return code;
    }

    it('is refused wherever a bit is not as it was', async () => {
      const last = bytes.length - 1;
      const classes = {
        magic: [0, 7],
        version: [8, 11],
        head: [12, 15],
        firstChunk: [16, 40],
        chunks: [Math.floor(manifestAt / 3), Math.floor(manifestAt / 2), manifestAt - 1],
        manifest: [manifestAt, Math.floor((manifestAt + last - 64) / 2), last - 64],
        trailer: [last - 63, last - 55, last - 51, last - 47, last - 39, last - 31, last],
      };
      for (const [name, places] of Object.entries(classes)) {
        for (const place of places) {
          const damaged = bytes.slice();
          damaged[place] ^= 0x10;
          const code = await refusal(damaged);
          expect(code, `${name} at ${place}`).toMatch(/^archive\/(damaged|foreign|newer|cut)$/u);
        }
      }
    }, 120_000);

    it('is refused at any bit', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (place, bit) => {
          const damaged = bytes.slice();
          damaged[place] ^= 1 << bit;
          expect(await codeOf(imported(new MemoryRecords(), damaged))).toMatch(/^archive\//u);
        }),
        { numRuns: 30 },
      );
    });

    it.each([0, 8, 15, 16, 60, 1000, -1, -63, -64, -65])('is refused when it is cut at %i', async (at) => {
      const code = await refusal(bytes.slice(0, at));
      expect(code).toBe(at >= 0 && at < 16 ? 'archive/foreign' : 'archive/cut');
    });

    it('is refused when it is newer, foreign or has something behind it', async () => {
      const newer = bytes.slice();
      newer[8] = 2;
      expect(await refusal(newer)).toBe('archive/newer');
      expect(await refusal(new TextEncoder().encode('a letter to the museum, not a machine'))).toBe(
        'archive/foreign',
      );
      expect(await refusal(new Uint8Array([...bytes, 0]))).toBe('archive/cut');
      expect(await refusal(new Uint8Array(bytes.length))).toBe('archive/foreign');
    });

    it('is refused when its manifest says what cannot be, although every sum is right', async () => {
      const { encodeTrailer, sha256Of } = await import('../snapshot/archive-format.ts');
      const json = new TextDecoder().decode(bytes.subarray(manifestAt, bytes.length - 64));
      const original = JSON.parse(json) as ArchiveManifest;
      /** The file with one value of the manifest replaced, `path` as in "moments.0.id", and sums that fit. */
      const forge = async (path: string, value: unknown) => {
        const manifest: unknown = JSON.parse(json);
        const steps = path.split('.');
        let at = manifest as Record<string, unknown>;
        for (const step of steps.slice(0, -1)) at = at[step] as Record<string, unknown>;
        at[steps.at(-1)!] = value;
        const own = new TextEncoder().encode(JSON.stringify(manifest));
        const trailer = encodeTrailer({
          offset: manifestAt,
          length: own.length,
          sha256: await sha256Of(own),
        });
        return new Uint8Array(await new Blob([bytes.slice(0, manifestAt), own, trailer]).arrayBuffer());
      };
      const { machine, generations, packs, chunks, moments } = original;
      expect(await codeOf(imported(new MemoryRecords(), await forge('current', original.current)))).toBe(
        'taken',
      );
      const forgeries: [path: string, value: unknown][] = [
        ['generations.0.parent', generations[1].id],
        ['generations', [...generations, generations[0]]],
        ['machine.top', 999],
        ['machine.sizeBytes', 4096],
        ['machine.kept', []],
        ['machine.kept', [...machine.kept, 77]],
        ['segments', []],
        ['segments.0.chunk', 1e6],
        ['packs', packs.slice(1)],
        ['packs.0.pages', 1],
        ['moments.0.id', '../m'],
        ['moments.0.identity.memoryMiB', 1e9],
        ['moments.0.identity', null],
        ['moments.0.packs', []],
        ['moments.0.profile', { memoryMiB: 'much' }],
        ['moments', [...moments, moments[0]]],
        ['details', []],
        ['thumbnails.0.type', 'text/html'],
        ['chunks.0.length', chunks[0].length + 1],
        ['chunks', null],
        ['current', 'm77'],
        ['leaving', 'never'],
      ];
      for (const [path, value] of forgeries)
        expect(await codeOf(imported(new MemoryRecords(), await forge(path, value))), path).toBe(
          'archive/damaged',
        );
    });

    it('leaves what was there when it is cancelled or killed', async () => {
      const here = await someMachine();
      await here.settle();
      const before = contents(here.records);
      const cancel = new AbortController();
      const source = new MemorySource(bytes, 'gift.vitrine');
      let reads = 0;
      const slow = {
        name: source.name,
        sizeBytes: source.sizeBytes,
        read: (offset: number, length: number) => {
          if (++reads === 8) cancel.abort();
          return source.read(offset, length);
        },
      };
      const store = new MemoryRecordStore(here.records);
      expect(await codeOf(importMachine(store, 'm', codec, slow, { signal: cancel.signal }))).toBe(
        'archive/cancelled',
      );
      expect(contents(here.records)).toEqual(before);
      for (const point of [
        'before-pages',
        'after-pages',
        'before-shelf',
        'after-shelf',
        'before-moment',
      ] as const) {
        const dying = new CrashingStore<typeof point>(new MemoryRecordStore(here.records));
        dying.arm(point, 0);
        await expect(importMachine(dying, 'm', codec, source)).rejects.toThrow('crashed');
        // Opening the machine gives what was written to the sweepers.
        await here.checkAll();
        expect(contents(here.records).some((key) => key.startsWith('["import"'))).toBe(false);
        await here.upkeep();
        expect(await strayLayers(store, contents(here.records))).toEqual([]);
      }
      await imported(here.records, bytes);
      expect(await strayLayers(store, contents(here.records))).toEqual([]);
    }, 120_000);
  });
});
