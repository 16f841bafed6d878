import { expect, test, vi } from 'vitest';
import { MemoryRecords, MemoryRecordStore } from '../disk/memory-record-store.ts';
import type { Step } from '../disk/record-store.ts';
import { CrashingStore } from '../disk/testing/crashing-store.ts';
import { VirtualDisk } from '../disk/virtual-disk.ts';
import { LARGEST_DISK_BYTES } from '../lib/disk-limit.ts';
import { Catalog, DEFAULT_DISK_BYTES } from './catalog.ts';

function setUp() {
  const records = new MemoryRecords();
  const inUse = new Set<string>();
  const catalog = new Catalog(new MemoryRecordStore(records), async (id) =>
    inUse.has(id) ? null : { release: () => undefined },
  );
  const openDisk = (machineId: string) => VirtualDisk.open(new MemoryRecordStore(records), { machineId });
  return { records, inUse, catalog, openDisk };
}

test('lists machines with their names, profiles and sizes', async () => {
  const { catalog, openDisk } = setUp();
  const id = await catalog.create({ name: 'Office', profile: { memoryMiB: 1024 } });
  const disk = await openDisk(id);
  await disk.write(0, new Uint8Array(40_960).fill(1));
  await disk.close();
  await catalog.rename(id, 'Living room');
  await catalog.setProfile(id, { memoryMiB: 512 });
  const [machine] = await catalog.list();
  expect(machine).toMatchObject({
    id,
    name: 'Living room',
    sizeBytes: DEFAULT_DISK_BYTES,
    base: null,
    sharedBytes: 0,
  });
  expect(machine.profile).toEqual({ memoryMiB: 512 });
});

test('sizes are as of the last commit, and a duplicate shares what it stands on', async () => {
  const { catalog, openDisk } = setUp();
  const id = await catalog.create({ name: 'A' });
  const disk = await openDisk(id);
  await disk.write(0, new Uint8Array(40_960).fill(1));
  await disk.flush();
  await disk.close();
  const copy = await catalog.duplicate(id, 'B');
  const [a, b] = await catalog.list();
  expect([a.name, b.name, b.id]).toEqual(['A', 'B', copy]);
  expect(a.sharedBytes).toBeGreaterThan(40_960);
  expect([a.ownBytes, b.ownBytes, b.sharedBytes]).toEqual([0, 0, a.sharedBytes]);
});

test('erasing frees everything that no duplicate needs', async () => {
  const { catalog, openDisk, records } = setUp();
  const id = await catalog.create({ name: 'A' });
  const disk = await openDisk(id);
  await disk.write(0, new Uint8Array(4096).fill(1));
  await disk.close();
  await catalog.rememberDisc(id, { name: 'win7.iso' });
  const copy = await catalog.duplicate(id, 'B');
  await catalog.erase(id);
  expect((await catalog.list()).map(({ name }) => name)).toEqual(['B']);
  const copied = await openDisk(copy);
  expect(await copied.read(0, 4096)).toEqual(new Uint8Array(4096).fill(1));
  await copied.close();
  await catalog.erase(copy);
  expect([...records.values.values()].map(({ key }) => key)).toEqual([['shelf']]);
});

test('a machine that is made again under the id of one whose erasing was killed finds nothing of it', async () => {
  for (const point of ['before-shelf', 'after-shelf', 'before-sweep', 'after-sweep'] as const) {
    const { catalog, openDisk, records } = setUp();
    const id = await catalog.create({ id: 'machine', name: 'A' });
    const disk = await openDisk(id);
    await disk.write(0, new Uint8Array(4096).fill(1));
    await disk.close();
    await catalog.rememberDisc(id, { name: 'win7.iso' });
    const store = new MemoryRecordStore(records);
    const left = ['moments', 'moment', 'thumbnail', 'pages'].map((kind) => [[kind, id], 1] as const);
    await store.commit({ kind: 'moment', guards: [], remove: [], put: [...left, [['import', id], [77]]] });
    await store.commit({
      kind: 'pages',
      guards: [],
      remove: [],
      put: [[['head', 77, 1], new Uint32Array(8)]],
    });

    const dying = new CrashingStore(new MemoryRecordStore(records));
    dying.arm(point, 0);
    const erasing = new Catalog(dying, async () => ({ release: () => undefined })).erase(id);
    await expect(erasing).rejects.toThrow('crashed');
    const keys = () => [...records.values.values()].map(({ key }) => key);
    const isThere = (await catalog.list()).length > 0;
    expect(isThere, point).toBe(point === 'before-shelf');
    const own = keys()
      .filter((key) => key[1] === id)
      .map(([kind]) => kind);
    expect(new Set(own), point).toEqual(
      new Set(isThere ? ['disc', 'import', 'moment', 'moments', 'pages', 'thumbnail', 'writer'] : []),
    );
    // And what is left of its disk is swept by whoever comes next.
    const next = await catalog.create({ name: 'B' });
    const swept = await openDisk(next);
    await swept.upkeep();
    await swept.close();
    if (!isThere) expect(keys().filter(([kind]) => kind === 'head' || kind === 'data')).toEqual([]);
  }
});

test('a machine can be erased although there is no room to note it', async () => {
  const { catalog, openDisk, records } = setUp();
  const id = await catalog.create({ name: 'A' });
  const disk = await openDisk(id);
  await disk.write(0, new Uint8Array(40_960).fill(1));
  await disk.close();
  const copy = await catalog.duplicate(id, 'B');
  const written = await openDisk(id);
  await written.write(4096, new Uint8Array(40_960).fill(2));
  await written.close();

  /** Room comes with what is removed, and is counted a little later. */
  class FullStore extends MemoryRecordStore {
    override async commit(step: Step) {
      const outcome = await super.commit(step);
      if (step.put.length === 0) setTimeout(() => (records.full = false), 20);
      return outcome;
    }
  }
  records.full = true;
  const full = new Catalog(new FullStore(records), async () => ({ release: () => undefined }));
  await full.erase(id);
  expect((await catalog.list()).map(({ name }) => name)).toEqual(['B']);
  const copied = await openDisk(copy);
  expect(await copied.read(0, 4096)).toEqual(new Uint8Array(4096).fill(1));
  expect((await copied.read(4096, 4096))[0]).toBe(1);
  await copied.close();
  await catalog.erase(copy);
  expect([...records.values.values()].map(({ key }) => key)).toEqual([['shelf']]);
});

test('a machine in use is neither duplicated nor erased', async () => {
  const { catalog, inUse } = setUp();
  const id = await catalog.create({ name: 'Busy' });
  inUse.add(id);
  await expect(catalog.erase(id)).rejects.toMatchObject({
    code: 'store/machine-in-use',
    params: { name: 'Busy' },
  });
  await expect(catalog.duplicate(id, 'B')).rejects.toMatchObject({ code: 'store/machine-in-use' });
  expect(await catalog.list()).toHaveLength(1);
});

test.each([0, 511, 512.5, -512, LARGEST_DISK_BYTES + 512, Number.NaN])(
  'a disk of %d bytes is refused',
  async (sizeBytes) => {
    const { catalog } = setUp();
    await expect(catalog.create({ name: 'A', sizeBytes })).rejects.toMatchObject({ code: 'store/bad-size' });
  },
);

test('the largest disk can be written at its end', async () => {
  const { catalog, openDisk } = setUp();
  const disk = await openDisk(await catalog.create({ name: 'A', sizeBytes: LARGEST_DISK_BYTES }));
  await disk.write(LARGEST_DISK_BYTES - 512, new Uint8Array(512).fill(7));
  await disk.flush();
  expect((await disk.read(LARGEST_DISK_BYTES - 1024, 1024)).at(-1)).toBe(7);
});

test('an image is known by more from one step on, for every machine on it', async () => {
  const { catalog } = setUp();
  const base = { name: 'xp.vhd', sizeBytes: 4096, fingerprint: '4096::aa' };
  await catalog.create({ name: 'A', base });
  await catalog.create({ name: 'B', base });
  await catalog.create({ name: 'C', base: { ...base, fingerprint: '4096::bb' } });
  await catalog.rememberBase('4096::aa', ['old']);
  await catalog.completeBase('4096::aa', '4096:1000:aa', undefined);
  const known = (await catalog.list()).map((machine) => machine.base!.fingerprint);
  expect(known).toEqual(['4096:1000:aa', '4096:1000:aa', '4096::bb']);
  expect(await catalog.recallBase('4096::aa')).toBeUndefined();
  expect(await catalog.recallBase('4096:1000:aa')).toEqual(['old']);
  await catalog.completeBase('4096::bb', '4096:1000:bb', ['new']);
  expect(await catalog.recallBase('4096:1000:bb')).toEqual(['new']);
});

test('remembers the disc of a machine', async () => {
  const { catalog } = setUp();
  const id = await catalog.create({ name: 'A' });
  expect(await catalog.recallDisc(id)).toBeUndefined();
  await catalog.rememberDisc(id, { name: 'win7.iso', sizeBytes: 7 });
  expect(await catalog.recallDisc(id)).toEqual({ name: 'win7.iso', sizeBytes: 7 });
});

test('a survey counts what machines share once, and tells which are open in any tab', async () => {
  const { catalog, openDisk } = setUp();
  const id = await catalog.create({ name: 'A' });
  const disk = await openDisk(id);
  await disk.write(0, new Uint8Array(40_960).fill(1));
  await disk.close();
  await catalog.duplicate(id, 'B');
  const held = [{ name: `vitrine-machine:${id}` }, { name: 'something else' }, {}];
  vi.stubGlobal('navigator', { locks: { query: async () => ({ held }) } });
  const { machines, storedBytes, open } = await catalog.survey();
  vi.unstubAllGlobals();
  expect(machines.map(({ sharedBytes }) => sharedBytes)).toEqual([storedBytes, storedBytes]);
  expect([...open]).toEqual([id]);
});

test('one machine whose commit record is damaged hides no other, and is not taken for a blank one', async () => {
  const { catalog, records } = setUp();
  const good = await catalog.create({ name: 'Good' });
  const bad = await catalog.create({ name: 'Bad' });
  records.values.set(`["writer","${bad}"]`, { key: ['writer', bad], value: 'rubbish' });
  const machines = await catalog.list();
  expect(machines.map(({ id }) => id)).toEqual([good, bad]);
  expect(machines[0].committedAt).toBe(0);
  expect(machines[1].committedAt).toBeGreaterThan(0);
  await catalog.erase(bad);
  expect((await catalog.list()).map(({ id }) => id)).toEqual([good]);
});

test('an id is given once, however many tabs ask for it at once', async () => {
  const { records, catalog } = setUp();
  const other = new Catalog(new MemoryRecordStore(records), async () => ({ release: () => undefined }));
  const wishes = [catalog, other].map((each) => each.create({ id: 'default', name: 'The machine' }));
  const outcomes = await Promise.allSettled(wishes);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find((each) => each.status === 'rejected')?.reason).toMatchObject({
    code: 'store/machine-exists',
  });
  expect(await catalog.list()).toHaveLength(1);
});
