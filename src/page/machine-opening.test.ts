import { describe, expect, it } from 'vitest';
import { VitrineError, type ErrorCode } from '../lib/errors.ts';
import { Store } from '../lib/store.ts';
import type { Opening } from '../machine/opening.ts';
import { INITIAL_POWER, type PowerState } from '../machine/power.ts';
import type { BaseStanding } from './base-image.ts';
import type { SnapshotInfo } from '../protocol/snapshot-messages.ts';
import { MachineOpening, type OpeningSession } from './machine-opening.ts';

const CLEAN: Opening = { kind: 'resume', momentId: 'm1', at: 1, isClean: true };
const TORN: Opening = { kind: 'offer-both', momentId: 'm1', at: 1, diskAt: 2 };
const MOMENT = { id: 'm1' } as SnapshotInfo;

/** A session that notes what is done to it; `refusals`: what going on is refused with, in order. */
function sessionOf(opening: Opening | ErrorCode, refusals: ErrorCode[] = []) {
  let kept = opening;
  const done: string[] = [];
  const power = new Store<PowerState>(INITIAL_POWER);
  const disc = new Store<unknown>(null);
  const base = new Store<BaseStanding | null>(null);
  let mark: string | null = null;
  let hold: Promise<void> = Promise.resolve();
  const session: OpeningSession = {
    power,
    disc,
    base,
    machineId: () => 'default',
    recall: async () => {
      if (typeof kept === 'string') throw new VitrineError(kept);
      return true;
    },
    isOpenElsewhere: async () => false,
    wentOn: () => done.push('went on'),
    powerOn: async () => {
      await subject.giveWay(null, false);
      power.set({ power: 'running' });
    },
    powerOff: async () => {
      done.push('off');
    },
    moments: {
      opening: async () => kept as Opening,
      list: async () => [MOMENT],
      open: async (_, choice, options) => {
        done.push(choice);
        if (choice === 'disk') return;
        await hold;
        if (options?.signal?.aborted) throw new VitrineError('machine/stopped');
        const refusal = refusals.shift();
        if (refusal) throw new VitrineError(refusal, { name: 'tour.iso' });
        power.set({ power: 'running' });
      },
    },
  };
  const subject = new MachineOpening(session, {
    machineId: () => mark,
    set: (machineId) => (mark = machineId),
  });
  return {
    subject,
    done,
    disc,
    base,
    power,
    phase: () => subject.state.value.phase,
    /** What is kept is this now, or cannot be reached for this. */
    keep: (now: Opening | ErrorCode) => (kept = now),
    leaveMark: () => (mark = 'default'),
    mark: () => mark,
    holding() {
      let release = () => {};
      hold = new Promise((resolve) => (release = resolve));
      return () => release();
    },
  };
}

describe('a page that opens', () => {
  it('goes on by itself, or asks where there are two truths', async () => {
    const clean = sessionOf(CLEAN);
    await clean.subject.begin();
    expect([clean.phase(), clean.done]).toEqual(['settled', ['moment', 'went on']]);
    expect(clean.mark()).toBeNull();

    const torn = sessionOf(TORN);
    await torn.subject.begin();
    expect([torn.phase(), torn.done]).toEqual(['asking', []]);
    await torn.subject.choose('disk');
    expect([torn.phase(), torn.done]).toEqual(['settled', ['disk']]);
  });

  it('does nothing for a machine that was turned off, or is on', async () => {
    const cold = sessionOf({ kind: 'cold' });
    await cold.subject.begin();
    expect([cold.phase(), cold.done]).toEqual(['settled', []]);
    const on = sessionOf(CLEAN);
    on.power.set({ power: 'running' });
    await on.subject.begin();
    expect(on.done).toEqual([]);
  });

  it('asks when it was told to, and when the last attempt ended the page', async () => {
    const told = sessionOf(CLEAN);
    await told.subject.begin({ asks: true });
    expect(told.subject.state.value).toMatchObject({ phase: 'asking', why: 'chosen' });
    const unfinished = sessionOf(CLEAN);
    unfinished.leaveMark();
    await unfinished.subject.begin();
    expect(unfinished.subject.state.value).toMatchObject({ phase: 'asking', why: 'unfinished' });
    expect(unfinished.done).toEqual([]);
    await unfinished.subject.choose('moment');
    expect(unfinished.phase()).toBe('settled');
  });

  it('says what cannot be read, and lets the visitor put that away', async () => {
    const damaged = sessionOf('store/damaged');
    await damaged.subject.begin();
    expect(damaged.subject.state.value).toMatchObject({ problem: { code: 'store/damaged' } });
    damaged.subject.dismiss();
    expect(damaged.phase()).toBe('settled');
  });

  it('waits for the disc, tries with each that comes, and says why else it stays off', async () => {
    const session = sessionOf(CLEAN, ['snapshot/disc-missing', 'snapshot/other-disc', 'snapshot/damaged']);
    await session.subject.begin();
    expect(session.phase()).toBe('needs-disc');
    session.disc.set('wrong');
    await expect
      .poll(() => session.subject.state.value)
      .toMatchObject({
        phase: 'needs-disc',
        problem: { code: 'snapshot/other-disc' },
      });
    session.disc.set('right');
    await expect.poll(() => session.subject.state.value).toMatchObject({ phase: 'asking', why: 'refused' });
    session.disc.set('another');
    expect(session.phase()).toBe('asking');
  });

  it('goes on when the image under its disk was picked again', async () => {
    const session = sessionOf(CLEAN, ['disk/base-missing']);
    session.base.set({ name: 'disk.vhd', have: 'missing' });
    await session.subject.begin();
    expect(session.phase()).toBe('needs-disc');
    session.base.set({ name: 'disk.vhd', have: 'one-click' });
    expect(session.phase()).toBe('needs-disc');
    session.base.set({ name: 'disk.vhd', have: 'open' });
    await expect.poll(session.phase).toBe('settled');
    expect(session.done).toEqual(['moment', 'moment', 'went on']);
  });

  it('can be stopped, and goes on later', async () => {
    const session = sessionOf(CLEAN);
    const release = session.holding();
    const begun = session.subject.begin();
    await expect.poll(session.phase).toBe('resuming');
    await session.subject.cancel();
    release();
    await begun;
    expect(session.subject.state.value).toMatchObject({ phase: 'asking', why: 'cancelled' });
    await session.subject.choose('moment');
    expect(session.phase()).toBe('settled');
  });
});

describe('a machine that is turned on meanwhile', () => {
  it('keeps what could have been gone on from, unless that is to be lost or is what it goes on from', async () => {
    for (const [restore, kept] of [
      [null, true],
      [{ id: 'm2', keep: 'disk' }, true],
      [{ id: 'm2', keep: 'nothing' }, false],
      [{ id: 'm1', keep: 'disk' }, false],
    ] as const) {
      const session = sessionOf(TORN);
      await session.subject.begin();
      await session.subject.giveWay(restore, false);
      expect(session.done, JSON.stringify(restore)).toEqual(kept ? ['disk'] : []);
      expect(session.phase()).toBe('settled');
    }
  });

  it('keeps the checkpoint of a machine that failed in this page', async () => {
    const session = sessionOf(TORN);
    await session.subject.giveWay(null, false);
    expect(session.done).toEqual([]);
    await session.subject.giveWay(null, true);
    expect(session.done).toEqual(['disk']);
  });

  it('goes first even while the page still looks', async () => {
    const session = sessionOf(CLEAN);
    const begun = session.subject.begin();
    expect(session.phase()).toBe('looking');
    await session.subject.giveWay(null, false);
    await begun;
    expect([session.phase(), session.done]).toEqual(['settled', ['disk']]);
  });
});

describe('a store that cannot be reached', () => {
  const codes: ErrorCode[] = [
    'store/open-full',
    'store/open-failed',
    'store/silent',
    'store/lost',
    'store/emptied',
  ];

  it.each(codes)('%s is told, and what was left goes on when it is well again', async (code) => {
    const session = sessionOf(code);
    await session.subject.begin();
    expect(session.subject.state.value).toMatchObject({
      phase: 'store-failed',
      problem: { code },
      isTrying: false,
    });
    // Nobody can put it away: what is kept would look as if it were gone.
    session.subject.dismiss();
    await session.subject.retry();
    expect(session.phase()).toBe('store-failed');
    session.keep(CLEAN);
    const tried = session.subject.retry();
    expect(session.subject.state.value).toMatchObject({ phase: 'store-failed', isTrying: true });
    await tried;
    expect([session.phase(), session.done]).toEqual(['settled', ['moment', 'went on']]);
  });

  it('asks after it as it would have asked before', async () => {
    const session = sessionOf('store/silent');
    await session.subject.begin({ asks: true });
    session.keep(CLEAN);
    await session.subject.retry();
    expect(session.subject.state.value).toMatchObject({ phase: 'asking', why: 'chosen' });
  });

  it('keeps a machine from being turned on, and what was left is kept when it can be', async () => {
    const session = sessionOf('store/open-full');
    await session.subject.begin();
    await expect(session.subject.giveWay(null, false)).rejects.toMatchObject({ code: 'store/open-full' });
    expect(session.phase()).toBe('store-failed');
    session.keep(TORN);
    await session.subject.giveWay(null, false);
    expect([session.phase(), session.done]).toEqual(['settled', ['disk']]);
  });

  it('is told when it comes to light only as the machine goes on', async () => {
    const session = sessionOf(CLEAN, ['store/silent']);
    await session.subject.begin();
    expect(session.phase()).toBe('store-failed');
    await session.subject.retry();
    expect([session.phase(), session.done]).toEqual(['settled', ['moment', 'moment', 'went on']]);
  });

  it('does not take over a page on which something else was begun', async () => {
    const session = sessionOf('store/silent');
    const begun = session.subject.begin();
    session.subject.forget();
    await begun;
    expect(session.phase()).toBe('settled');
    await session.subject.retry();
    expect(session.phase()).toBe('settled');
  });

  it('is not looked at by a machine that goes first meanwhile as if there were nothing', async () => {
    const session = sessionOf('store/silent');
    const begun = session.subject.begin();
    await expect(session.subject.giveWay(null, false)).rejects.toMatchObject({ code: 'store/silent' });
    await begun;
    expect(session.done).toEqual([]);
  });
});
