import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { installShell, isNamedByContent, type Installation } from './sw-install.ts';

const PATHS = [
  './',
  './index.html',
  './assets/index-Ct7RNq2e.js',
  './assets/v86-BshLEa5c.wasm',
  './exhibit.json',
];

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** Every file holds its own address; what a museum may edit may hold anything. */
const FILES = PATHS.map((path) => ({ path, sha256: path.endsWith('.json') ? null : hashOf(path) }));

function installation(changes: Partial<Installation> = {}) {
  const kept = new Map<string, Response>();
  const fetched: string[] = [];
  const progress: number[] = [];
  const run = installShell({
    files: FILES,
    policy: "default-src 'none'",
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

/** A body that ends in the middle of it. */
function brokenOff(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(9));
      controller.error(new TypeError('network error'));
    },
  });
}

describe('installShell', () => {
  it('keeps nothing that is not of this version, and takes what a museum edited as it is', async () => {
    const edited = installation({
      fetch: async (path) => new Response(path === './exhibit.json' ? '{ "edited": true }' : path),
    });
    await edited.run;
    expect(await edited.kept.get('./exhibit.json')!.text()).toBe('{ "edited": true }');
    // The server has the new list already, and the old page still.
    const mixed = installation({
      fetch: async (path) => new Response(path === './index.html' ? 'the page of before' : path),
    });
    await expect(mixed.run).rejects.toMatchObject({ failure: 'server-mixed' });
    expect(mixed.kept.has('./index.html')).toBe(false);
  });

  it('answers with the page’s policy where the server sends none', async () => {
    const { run, kept } = installation({
      kept: async (path) => new Response(path),
      fetch: async (path) =>
        new Response(
          path,
          path === './index.html' ? { headers: { 'Content-Security-Policy': 'its own' } } : {},
        ),
    });
    await run;
    const policyOf = (path: string) => kept.get(path)!.headers.get('Content-Security-Policy');
    expect(policyOf('./')).toBe("default-src 'none'");
    expect(policyOf('./assets/index-Ct7RNq2e.js')).toBe("default-src 'none'");
    expect(policyOf('./index.html')).toBe('its own');
  });

  it('asks the server for what an older version has under the same name with other contents', async () => {
    const { run, fetched } = installation({ kept: async () => new Response('damaged') });
    await run;
    expect(fetched.toSorted()).toEqual(PATHS.toSorted());
  });

  it('keeps every file once and counts them', async () => {
    const { run, kept, fetched, progress } = installation();
    await run;
    expect([...kept.keys()].toSorted()).toEqual(PATHS.toSorted());
    expect(fetched.toSorted()).toEqual(PATHS.toSorted());
    expect(progress).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('takes from an older version what is named by its content, and nothing else', async () => {
    const { run, fetched } = installation({ kept: async (path) => new Response(path) });
    await run;
    expect(fetched.toSorted()).toEqual(['./', './exhibit.json', './index.html']);
  });

  it.each([
    ['server-lost', { fetch: async () => Promise.reject(new TypeError('Failed to fetch')) }],
    ['server-lost', { fetch: async () => new Response('', { status: 404 }) }],
    ['server-lost', { fetch: async () => new Response(brokenOff()) }],
    ['server-mixed', { fetch: async () => new Response('of another version') }],
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
