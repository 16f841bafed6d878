import { describe, expect, it } from 'vitest';
import { VitrineError } from '../lib/errors.ts';
import type { Progress } from '../lib/progress-meter.ts';
import { Store } from '../lib/store.ts';
import type { DiscMap } from '../media/disc-map.ts';
import type { DiscReport } from '../media/disc-report.ts';
import type { DiscSum, HashOptions } from '../media/hash-disc.ts';
import { DiscStudy } from './disc-study.ts';
import type { LoadedDisc } from './machine-session.ts';

const REPORT: DiscReport = {
  verdict: 'may-run',
  reasons: [],
  label: 'X',
  sizeBytes: 8,
  bootable: true,
  fileSystems: [],
  windows: null,
  system: null,
  bootEntries: [],
  publishedAs: null,
  bytesRead: 0,
  elapsedMs: 0,
};
const SUM: DiscSum = { sha1: 'ab', match: null, bytesTotal: 8, elapsedMs: 1 };
const PROGRESS: Progress = { doneBytes: 4, totalBytes: 8, bytesPerSecond: 4, msLeft: 1000 };

const discNamed = (name: string): LoadedDisc => ({
  medium: { file: new Blob(['12345678']), name },
  report: REPORT,
});

/** A study whose work is done when the test says so. */
function study(first: LoadedDisc | null = discNamed('a.iso')) {
  const disc = new Store(first);
  const maps: { name: string; done: PromiseWithResolvers<DiscMap> }[] = [];
  const sums: { name: string; options: HashOptions; done: PromiseWithResolvers<DiscSum> }[] = [];
  const tools = {
    mapDisc: (_file: Blob, name: string) => {
      const done = withResolvers<DiscMap>();
      maps.push({ name, done });
      return done.promise;
    },
    hashDisc: (_file: Blob, name: string, options: HashOptions = {}) => {
      const done = withResolvers<DiscSum>();
      options.signal?.addEventListener('abort', () => done.reject(new VitrineError('media/hash-cancelled')));
      sums.push({ name, options, done });
      return done.promise;
    },
  };
  return { disc, maps, sums, study: new DiscStudy(disc, tools) };
}

interface PromiseWithResolvers<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}

const emptyMap = (): DiscMap => ({
  sizeBytes: 8,
  volumeBytes: 8,
  stretches: [],
  fileSystem: null,
  fileCount: 0,
  directoryCount: 0,
  biggestFiles: [],
  isComplete: true,
  bytesRead: 0,
});

describe('the map', () => {
  it('is drawn once for a disc', async () => {
    const { study: it, maps } = study();
    const drawn = it.drawMap();
    void it.drawMap();
    expect(it.map.value.phase).toBe('drawing');
    maps[0].done.resolve(emptyMap());
    await drawn;
    await it.drawMap();
    expect(it.map.value).toMatchObject({ phase: 'drawn' });
    expect(maps).toHaveLength(1);
  });

  it('of a disc that went out is forgotten, also when it comes late', async () => {
    const { study: it, maps, disc } = study();
    const drawn = it.drawMap();
    disc.set(discNamed('b.iso'));
    maps[0].done.resolve(emptyMap());
    await drawn;
    expect(it.map.value).toEqual({ phase: 'none' });
  });

  it('that failed says why and can be asked for again', async () => {
    const { study: it, maps } = study();
    const first = it.drawMap();
    maps[0].done.reject(new VitrineError('bytes/unreadable', { name: 'a.iso' }));
    await first;
    expect(it.map.value).toMatchObject({ phase: 'failed', error: { code: 'bytes/unreadable' } });
    const second = it.drawMap();
    maps[1].done.resolve(emptyMap());
    await second;
    expect(it.map.value.phase).toBe('drawn');
  });

  it('is not drawn of an empty tray', async () => {
    const { study: it, maps } = study(null);
    await it.drawMap();
    expect([maps.length, it.map.value.phase]).toEqual([0, 'none']);
  });
});

describe('the comparison', () => {
  it('shows its progress and its result', async () => {
    const { study: it, sums } = study();
    const compared = it.compare();
    expect(it.sum.value).toEqual({ phase: 'summing', progress: null });
    sums[0].options.onProgress?.(PROGRESS);
    expect(it.sum.value).toEqual({ phase: 'summing', progress: PROGRESS });
    sums[0].done.resolve(SUM);
    await compared;
    expect(it.sum.value).toEqual({ phase: 'summed', sum: SUM });
  });

  it('is stopped by cancel and can be started again', async () => {
    const { study: it, sums } = study();
    const compared = it.compare();
    it.cancel();
    expect(sums[0].options.signal?.aborted).toBe(true);
    await compared;
    expect(it.sum.value).toEqual({ phase: 'cancelled' });
    const again = it.compare();
    sums[1].done.resolve(SUM);
    await again;
    expect(it.sum.value.phase).toBe('summed');
  });

  it.each([
    ['out', null],
    ['swapped', discNamed('b.iso')],
  ])('is stopped when the disc is %s, and a late figure changes nothing', async (_, next) => {
    const { study: it, sums, disc } = study();
    const compared = it.compare();
    disc.set(next);
    expect(sums[0].options.signal?.aborted).toBe(true);
    sums[0].options.onProgress?.(PROGRESS);
    await compared;
    expect(it.sum.value).toEqual({ phase: 'none' });
  });

  it('of the next disc is not disturbed by the end of the last one', async () => {
    const { study: it, sums, disc } = study();
    const first = it.compare();
    disc.set(discNamed('b.iso'));
    const second = it.compare();
    await first;
    expect(it.sum.value.phase).toBe('summing');
    sums[1].done.resolve(SUM);
    await second;
    expect([sums[1].name, it.sum.value.phase]).toEqual(['b.iso', 'summed']);
  });

  it('that fails says why', async () => {
    const { study: it, sums } = study();
    const compared = it.compare();
    sums[0].done.reject(new VitrineError('media/hash-failed', { name: 'a.iso' }));
    await compared;
    expect(it.sum.value).toMatchObject({ phase: 'failed', error: { code: 'media/hash-failed' } });
  });
});
