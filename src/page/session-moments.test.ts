import { beforeEach, describe, expect, it } from 'vitest';
import type { Medium } from '../protocol/machine-messages.ts';
import type { MachineClient } from './machine-client.ts';
import { ShelfClient } from './shelf-client.ts';
import { SessionMoments } from './session-moments.ts';

const house = { file: new Blob(['the house disc '.repeat(1000)]), name: 'house.iso' };
const own = { file: new Blob(['the museum’s own disc '.repeat(1000)]), name: 'win7.iso' };

/** The worker that saves and pins; what the page decides is decided before it is asked. */
const worker = { asked: [] as string[], moments: [] as object[] };

function momentsOf({ disc = null as Medium | null, base = null as string | null }): SessionMoments {
  const client = {
    async call(name: string, ...args: unknown[]) {
      worker.asked.push(name);
      if (name === 'moments') return worker.moments;
      return name === 'takeMoment' ? { id: 'm1' } : args;
    },
  };
  return new SessionMoments(
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
      wentBack: async () => {},
    },
    new ShelfClient(),
  );
}

beforeEach(() => {
  worker.asked = [];
  worker.moments = [];
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
