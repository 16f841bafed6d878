import type { NamedFile } from '../bytes/named-file.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MachineClient } from './machine-client.ts';
import { MomentDeeds } from './moment-deeds.ts';
import { ShelfClient } from './shelf-client.ts';
import { SessionMoments } from './session-moments.ts';

const house = { file: new Blob(['the house disc '.repeat(1000)]), name: 'house.iso' };
const own = { file: new Blob(['the museum’s own disc '.repeat(1000)]), name: 'win7.iso' };

/** The worker that saves and pins; what the page decides is decided before it is asked. */
const worker = {
  asked: [] as string[],
  moments: [] as object[],
  known: [] as (ReadonlyMap<string, number> | undefined)[],
};

function momentsOf({ disc = null as NamedFile | null, base = null as string | null }): SessionMoments {
  const client = {
    async call(name: string, ...args: unknown[]) {
      worker.asked.push(name);
      if (name === 'moments') {
        worker.known.push(args[0] as ReadonlyMap<string, number> | undefined);
        return worker.moments;
      }
      return name === 'takeMoment' ? { id: 'm1' } : args;
    },
  };
  const moments: SessionMoments = new SessionMoments(
    {
      machineId: () => 'machine',
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a stand-in with all that is used of a client
      client: () => client as unknown as MachineClient,
      disc: () => disc,
      defaultDisc: async () => house,
      baseName: () => base,
      insertDisc: async () => {},
      prepare() {},
      giveUp() {},
      start: async () => {},
      wentBack: async () => moments.noteWentBack({ hasDisc: false, floppy: null, clock: null, kept: 'm9' }),
    },
    new ShelfClient(),
  );
  return moments;
}

beforeEach(() => {
  worker.asked = [];
  worker.moments = [];
  worker.known = [];
});

describe('a first state that needs a file which only a hand can give', () => {
  it('is refused with the name of the disc, before anything is saved', async () => {
    await expect(momentsOf({ disc: own }).takeFirst('first')).rejects.toMatchObject({
      code: 'snapshot/first-needs-disc',
      params: { name: 'win7.iso' },
    });
    expect(worker.asked).toEqual([]);
  });

  it('is refused with the name of the image under the disk', async () => {
    await expect(momentsOf({ base: 'win7.vhd' }).takeFirst('first')).rejects.toMatchObject({
      code: 'snapshot/first-needs-image',
      params: { name: 'win7.vhd' },
    });
    await expect(momentsOf({ base: 'win7.vhd' }).pinFirst('m1')).rejects.toMatchObject({
      code: 'snapshot/first-needs-image',
    });
    expect(worker.asked).not.toContain('pinMoment');
  });

  it('goes by the disc of the moment that is pinned, not by what is in the tray now', async () => {
    worker.moments = [
      { id: 'm1', identity: { disc: { name: 'win7.iso', sizeBytes: 7, sampleSha256: 'x' } } },
      { id: 'm2', identity: { disc: null } },
    ];
    await expect(momentsOf({}).pinFirst('m1')).rejects.toMatchObject({ code: 'snapshot/first-needs-disc' });
    await momentsOf({ disc: own }).pinFirst('m2');
    await momentsOf({ disc: own, base: 'win7.vhd' }).pinFirst(null);
    expect(worker.asked.filter((name) => name === 'pinMoment')).toHaveLength(2);
  });

  it('the exhibit’s own disc, and none at all, are fine', async () => {
    for (const disc of [house, null]) await momentsOf({ disc }).takeFirst('first');
    expect(worker.asked.filter((name) => name === 'pinMoment')).toHaveLength(2);
  });
});

describe('the list of moments', () => {
  const moment = (id: string, createdAt: number, thumbnail: Blob | null = null) => ({
    id,
    createdAt,
    isFirst: false,
    thumbnail,
  });

  it('fetches each picture once, and has the same Blob every time', async () => {
    const moments = momentsOf({});
    worker.moments = [moment('m1', 1, new Blob(['one'])), moment('m2', 2, null)];
    const first = await moments.list();
    expect(worker.known.at(-1)).toEqual(new Map());
    worker.moments = [moment('m1', 1), moment('m2', 2), moment('m3', 3, new Blob(['three']))];
    const second = await moments.list();
    expect(worker.known.at(-1)).toEqual(
      new Map([
        ['m1', 1],
        ['m2', 2],
      ]),
    );
    expect(second[0].thumbnail).toBe(first[0].thumbnail);
    expect(await second[2].thumbnail?.text()).toBe('three');
    // Another machine was imported under the same name.
    worker.moments = [moment('m1', 7, new Blob(['another']))];
    expect(await (await moments.list())[0].thumbnail?.text()).toBe('another');
    expect(worker.known.at(-1)?.size).toBe(3);
    worker.moments = [moment('m1', 7)];
    expect(await (await moments.list())[0].thumbnail?.text()).toBe('another');
    expect(worker.known.at(-1)).toEqual(new Map([['m1', 7]]));
  });

  it('is read once for going back, however that is undone', async () => {
    const moments = momentsOf({});
    worker.moments = [{ ...moment('m1', 1), isFirst: true }];
    const deeds = new MomentDeeds(moments);
    expect(await deeds.goBack('m1')).toBe(true);
    expect(deeds.note.value).toMatchObject({ kind: 'went-back', undo: 'm9' });
    expect(worker.asked.filter((name) => name === 'moments')).toHaveLength(1);
    worker.asked = [];
    expect(await deeds.resetToFirst()).toBe(true);
    expect(worker.asked.filter((name) => name === 'moments')).toHaveLength(1);
    worker.asked = [];
    await moments.resetToFirst();
    expect(worker.asked.filter((name) => name === 'moments')).toHaveLength(1);
    expect(await deeds.goBack('m7')).toBe(false);
    expect(deeds.note.value).toMatchObject({ kind: 'failed', error: { code: 'snapshot/no-moment' } });
  });
});
