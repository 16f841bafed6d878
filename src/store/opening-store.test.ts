import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { IdbRecordStore } from './idb-record-store.ts';

type Transact = (this: IDBDatabase, ...args: unknown[]) => never;

/** What `indexedDB.open` gives; nothing is ever answered unless `settle` is called. */
function fakeRequest() {
  const request = { onsuccess: null, onerror: null, onblocked: null, error: null, result: null } as {
    onsuccess: (() => void) | null;
    onerror: (() => void) | null;
    onblocked: (() => void) | null;
    error: DOMException | null;
    result: unknown;
  };
  return request;
}

function openWith(opening: () => unknown): void {
  vi.spyOn(indexedDB, 'open').mockImplementation(opening as never);
}

const put = (value: unknown) =>
  ({ kind: 'shelf', guards: [], remove: [], put: [[['a'], value] as const] }) as const;

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('a store that cannot be opened says why', () => {
  it.each([
    ['QuotaExceededError', 'store/open-full'],
    ['UnknownError', 'store/open-failed'],
    ['InvalidStateError', 'store/open-failed'],
    ['AbortError', 'store/open-failed'],
    ['DataError', 'store/open-failed'],
    ['VersionError', 'store/newer-format'],
    ['SecurityError', 'store/unavailable'],
  ])('%s: %s', async (name, code) => {
    openWith(() => {
      const request = fakeRequest();
      setTimeout(() => {
        request.error = new DOMException('no', name);
        request.onerror?.();
      });
      return request;
    });
    await expect(IdbRecordStore.open('failing')).rejects.toMatchObject({ code });
    // Some browsers throw it at once.
    openWith(() => {
      throw new DOMException('no', name);
    });
    await expect(IdbRecordStore.open('failing')).rejects.toMatchObject({ code });
  });

  it('nothing of the kind there: the browser stores nothing', async () => {
    for (const missing of [undefined, null]) {
      vi.stubGlobal('indexedDB', missing);
      await expect(IdbRecordStore.open('missing')).rejects.toMatchObject({ code: 'store/unavailable' });
    }
  });

  it('never an answer: silent; held up by an older tab: blocked', async () => {
    openWith(fakeRequest);
    await expect(IdbRecordStore.open('silent', 20)).rejects.toMatchObject({ code: 'store/silent' });
    openWith(() => {
      const request = fakeRequest();
      setTimeout(() => request.onblocked?.());
      return request;
    });
    await expect(IdbRecordStore.open('blocked', 20)).rejects.toMatchObject({ code: 'store/blocked' });
  });

  it('a database that opens and cannot be read is not open', async () => {
    const working = Object.getOwnPropertyDescriptor(IDBDatabase.prototype, 'transaction')!.value as Transact;
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
      if (args[1] === 'readonly') throw new DOMException('no', 'UnknownError');
      return working.apply(this, args);
    });
    await expect(IdbRecordStore.open('broken')).rejects.toMatchObject({ code: 'store/open-failed' });
    vi.restoreAllMocks();
    await expect(IdbRecordStore.open('broken')).resolves.toBeTruthy();
  });
});

it('what is answered too late is closed again: another tab that deletes it is not held up', async () => {
  const open = indexedDB.open.bind(indexedDB);
  let release = () => {};
  openWith(() => {
    const request = fakeRequest();
    release = () => {
      const real = open('late', 1);
      real.onupgradeneeded = () => real.result.createObjectStore('records');
      real.onsuccess = () => {
        request.result = real.result;
        request.onsuccess?.();
      };
    };
    return request;
  });
  const closed = vi.spyOn(IDBDatabase.prototype, 'close');
  await expect(IdbRecordStore.open('late', 20)).rejects.toMatchObject({ code: 'store/silent' });
  expect(closed).not.toHaveBeenCalled();
  release();
  await expect.poll(() => closed.mock.calls.length).toBe(1);
});

describe('a connection that is lost', () => {
  it('is told, and a new one has what was committed', async () => {
    const store = await IdbRecordStore.open('lost');
    await store.commit(put(1));
    expect(store.isLost).toBe(false);
    // A newer version of the page asks for the database in another tab.
    await new Promise((resolve) => {
      const request = indexedDB.open('lost', 2);
      request.onsuccess = () => resolve(request.result.close());
    });
    expect(store.isLost).toBe(true);
    await expect(store.read([['a']])).rejects.toMatchObject({ code: 'store/lost' });
    await expect(store.commit(put(2))).rejects.toMatchObject({ code: 'store/lost' });
  });

  it('is known by the failure where nothing else tells it', async () => {
    const store = await IdbRecordStore.open('dropped');
    await store.commit(put(1));
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
      throw new DOMException('Connection to Indexed Database server lost', 'UnknownError');
    });
    await expect(store.read([['a']])).rejects.toMatchObject({ code: 'store/lost' });
    expect(store.isLost).toBe(true);
    expect(await (await IdbRecordStore.open('dropped')).read([['a']])).toEqual([1]);
  });

  it('is taken for lost when it does not answer any more', async () => {
    const store = await IdbRecordStore.open('quiet');
    vi.useFakeTimers();
    try {
      vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation((() => ({})) as never);
      const read = expect(store.read([['a']])).rejects.toMatchObject({ code: 'store/silent' });
      await vi.advanceTimersByTimeAsync(10 * 60_000);
      await read;
      expect(store.isLost).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});
