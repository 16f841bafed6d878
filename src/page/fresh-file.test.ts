import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchFresh, freshen } from './fresh-file.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const never = (): Promise<never> => new Promise(() => {});

describe('a file of a museum’s', () => {
  it('is asked for anew, and given whole', async () => {
    const asked: (string | undefined)[] = [];
    vi.stubGlobal('fetch', (_url: string, { cache }: RequestInit) => {
      asked.push(cache);
      return Promise.resolve(new Response('abc', { status: 404 }));
    });
    const file = await fetchFresh('a.json');
    expect(file).toMatchObject({ ok: false, status: 404 });
    expect(new TextDecoder().decode(file.bytes)).toBe('abc');
    expect(asked).toEqual(['no-cache']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ['never answers', never],
    ['stops in the middle', () => Promise.resolve({ ok: true, status: 200, arrayBuffer: never })],
  ])('is given up when its server %s', async (_how, answer) => {
    let signal: AbortSignal | null | undefined;
    vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
      signal = init.signal;
      return answer();
    });
    const given = fetchFresh('a.json').catch((error: unknown) => error);
    const fresh = freshen('a.svg');
    await vi.advanceTimersByTimeAsync(31_000);
    expect(await given).toMatchObject({ name: 'TimeoutError' });
    await fresh;
    expect(signal?.aborted).toBe(true);
  });
});
