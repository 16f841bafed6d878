import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { BrowserShelf } from './browser-shelf.ts';
import { KeptWitness } from './kept-witness.ts';
import { LocalMemory } from './local-memory.ts';

// oxlint-disable-next-line no-restricted-globals -- the browser's store itself fails here
const databases = indexedDB;

/** A browser profile: what one visit notes, the next one reads. */
function profile() {
  const notes = new Map<string, string>();
  const storage = {
    getItem: (key: string) => notes.get(key) ?? null,
    setItem: (key: string, value: string) => void notes.set(key, value),
  };
  return {
    notes,
    visit: () => new BrowserShelf(new KeptWitness(new LocalMemory(() => storage, 'vitrine-kept'))),
  };
}

function failOpening(name: string): void {
  vi.spyOn(databases, 'open').mockImplementation(() => {
    throw new DOMException('no', name);
  });
}

/** As a browser does that finds its store broken: all of it goes, and nobody is told. */
function throwAway(): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = databases.deleteDatabase('vitrine-disks');
    request.onsuccess = resolve;
    request.onerror = reject;
  });
}

vi.stubGlobal('navigator', {
  userActivation: { hasBeenActive: false },
  locks: { request: async (_: string, __: object, hold: (lock: object) => unknown) => hold({}) },
});

afterEach(async () => {
  vi.restoreAllMocks();
  await throwAway();
});

describe('a store that cannot be opened', () => {
  it.each([
    ['QuotaExceededError', 'store/open-full'],
    ['UnknownError', 'store/open-failed'],
    ['InvalidStateError', 'store/open-failed'],
  ])('is not taken for an empty one: %s', async (name, code) => {
    const { visit } = profile();
    await visit().ensureDisk('default');
    const shelf = visit();
    failOpening(name);
    for (const asked of [
      shelf.find('default'),
      shelf.ensureDisk('default'),
      shelf.recallDisc('default'),
      shelf.recallBase('x'),
    ])
      await expect(asked).rejects.toMatchObject({ code });
    vi.restoreAllMocks();
    expect(await shelf.find('default')).toMatchObject({ id: 'default' });
  });

  it('is none in a private window: without a word, unless machines were kept here before', async () => {
    const { visit, notes } = profile();
    failOpening('SecurityError');
    expect(await visit().find('default')).toBeNull();
    expect(await visit().ensureDisk('default')).toBe(false);
    vi.restoreAllMocks();
    await visit().ensureDisk('default');
    expect(notes.size).toBe(1);
    failOpening('SecurityError');
    await expect(visit().find('default')).rejects.toMatchObject({ code: 'store/unavailable' });
  });
});

describe('a store that is empty', () => {
  it('is told where machines were kept, until the visitor begins anew', async () => {
    const { visit } = profile();
    expect(await visit().find('default')).toBeNull();
    await visit().ensureDisk('default');
    await throwAway();
    const shelf = visit();
    for (const asked of [shelf.find('default'), shelf.ensureDisk('default'), shelf.open()])
      await expect(asked).rejects.toMatchObject({ code: 'store/emptied' });
    shelf.beginAnew();
    expect(await shelf.find('default')).toBeNull();
    expect(await visit().ensureDisk('default')).toBe(true);
  });

  it('is as it should be where the visitor asked for it to be kept, and no machine was made yet', async () => {
    const { visit } = profile();
    await visit().askToKeep(true);
    expect(await visit().find('default')).toBeNull();
  });

  it('is as it should be when the last machine was erased in another tab', async () => {
    const { visit } = profile();
    const [here, there] = [visit(), visit()];
    await here.ensureDisk('default');
    await (await there.open()).erase('default');
    expect(await here.find('default')).toBeNull();
    expect(await visit().find('default')).toBeNull();
  });

  it('is as it should be when the last machine was erased here', async () => {
    const { visit } = profile();
    const shelf = visit();
    await shelf.ensureDisk('default');
    await shelf.ensureDisk('other');
    await shelf.erase('default');
    await shelf.erase('other');
    expect(await visit().find('default')).toBeNull();
  });
});

it('a connection that the browser ended is opened again, and an emptied store is seen then', async () => {
  const { visit } = profile();
  const shelf = visit();
  await shelf.ensureDisk('default');
  const first = await shelf.open();
  expect(await shelf.open()).toBe(first);
  await throwAway();
  expect(first.isLost).toBe(true);
  await expect(shelf.find('default')).rejects.toMatchObject({ code: 'store/emptied' });
});
