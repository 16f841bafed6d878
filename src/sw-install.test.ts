import { describe, expect, it } from 'vitest';
import { installShell, isNamedByContent, type Installation } from './sw-install.ts';

const FILES = [
  './',
  './index.html',
  './assets/index-Ct7RNq2e.js',
  './assets/v86-BshLEa5c.wasm',
  './exhibit.json',
];

function installation(changes: Partial<Installation> = {}) {
  const kept = new Map<string, Response>();
  const fetched: string[] = [];
  const progress: number[] = [];
  const run = installShell({
    files: FILES,
    cache: { put: async (file, response) => void kept.set(file as string, response) },
    kept: async () => undefined,
    async fetch(file) {
      fetched.push(file);
      return new Response(file);
    },
    onProgress: (done) => progress.push(done),
    ...changes,
  });
  return { run, kept, fetched, progress };
}

describe('installShell', () => {
  it('keeps every file once and counts them', async () => {
    const { run, kept, fetched, progress } = installation();
    await run;
    expect([...kept.keys()].toSorted()).toEqual(FILES.toSorted());
    expect(fetched.toSorted()).toEqual(FILES.toSorted());
    expect(progress).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('takes from an older version what is named by its content, and nothing else', async () => {
    const { run, fetched } = installation({ kept: async () => new Response('old') });
    await run;
    expect(fetched.toSorted()).toEqual(['./', './exhibit.json', './index.html']);
  });

  it.each([
    ['server-lost', { fetch: async () => Promise.reject(new TypeError('Failed to fetch')) }],
    ['server-lost', { fetch: async () => new Response('', { status: 404 }) }],
    ['server-lost', { cache: { put: async () => Promise.reject(new TypeError('network error')) } }],
    [
      'storage-full',
      { cache: { put: async () => Promise.reject(new DOMException('', 'QuotaExceededError')) } },
    ],
    ['unexpected', { cache: { put: async () => Promise.reject(new DOMException('', 'UnknownError')) } }],
  ] as const)('says %s', async (failure, changes) => {
    await expect(installation(changes).run).rejects.toMatchObject({ failure });
  });
});

it('isNamedByContent knows the names that the build makes', () => {
  expect(isNamedByContent('./assets/libv86-hk-NDN6h.js')).toBe(true);
  expect(isNamedByContent('./assets/vitrine-moments-BBNjF_0r.js')).toBe(true);
  expect(isNamedByContent('./exhibit/second-life.svg')).toBe(false);
  expect(isNamedByContent('./index.html')).toBe(false);
});
