import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VitrineError } from '../lib/errors.ts';
import { Store } from '../lib/store.ts';
import { INITIAL_POWER, reducePower, type PowerEvent } from '../machine/power.ts';
import type { RestoreProgress } from '../protocol/snapshot-messages.ts';
import { FileNeeded, kioskMachine, type KioskedSession } from './kiosk-machine.ts';
import type { OpeningState } from './machine-opening.ts';

const never = (): Promise<never> => new Promise(() => {});

/** A machine that does what the test says and notes what it was asked for. */
function machine({ hasFirst = true } = {}) {
  const power = new Store(INITIAL_POWER);
  const asked: string[] = [];
  const fate = {
    first: async (_signal?: AbortSignal): Promise<void> => {},
    on: async (): Promise<void> => {},
    off: async (): Promise<void> => {},
    look: async (): Promise<void> => {},
  };
  const turn = (event: PowerEvent): void => power.set(reducePower(power.value, event));
  const on = (): void => {
    turn({ type: 'power-on' });
    turn({ type: 'started' });
  };
  const opening = new Store<OpeningState>({ phase: 'settled' });
  const session = {
    power,
    halted: new Store(false),
    deeds: { dismiss: () => {} },
    stats: never,
    async powerOn() {
      asked.push('on');
      await fate.on();
      on();
    },
    async powerOff() {
      asked.push('off');
      await fate.off();
      turn({ type: 'powered-off', by: 'visitor' });
    },
    abandon() {
      asked.push('abandon');
      if (power.value.power !== 'off') turn({ type: 'powered-off', by: 'visitor' });
    },
    moments: {
      goingBack: new Store<RestoreProgress | null>(null),
      async resetToFirst(_keep: string, { signal }: { signal: AbortSignal }) {
        asked.push('first');
        await fate.first(signal);
        if (hasFirst && power.value.power === 'off') on();
        return hasFirst;
      },
    },
    opening: {
      state: opening,
      async begin() {
        asked.push('look');
        await fate.look();
      },
      async retry() {
        asked.push('retry');
        await fate.look();
      },
    },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a stand-in with all that is used of a session
  const kiosk = kioskMachine(session as unknown as KioskedSession, async () => {});
  return { kiosk, power, asked, fate, opening, session };
}

beforeEach(() => void vi.stubGlobal('document', { hidden: false }));
afterEach(() => void vi.unstubAllGlobals());

describe('a kiosk’s machine', () => {
  it('starts at its first state, or anew where there is none', async () => {
    const withFirst = machine();
    await withFirst.kiosk.start();
    expect(withFirst.asked).toEqual(['first']);
    const without = machine({ hasFirst: false });
    await without.kiosk.start();
    await without.kiosk.reset();
    expect(without.asked).toEqual(['first', 'on', 'first', 'off', 'on']);
  });

  it.each([true, false])(
    'that refuses to go back or to turn off is cut off at the next start (first state: %s)',
    async (hasFirst) => {
      const { kiosk, asked, fate } = machine({ hasFirst });
      await kiosk.start();
      const refuse = () => Promise.reject(new VitrineError('store/full'));
      Object.assign(fate, hasFirst ? { first: refuse } : { off: refuse });
      await expect(kiosk.reset()).rejects.toMatchObject({ code: 'store/full' });
      Object.assign(fate, { first: async () => {} });
      asked.length = 0;
      await kiosk.start();
      expect(asked).toEqual(hasFirst ? ['abandon', 'first'] : ['abandon', 'first', 'on']);
      expect(kiosk.standing()).toBe('runs');
    },
  );

  it.each([true, false])(
    'that never answers is cut off, and what it would have done later is called off (first state: %s)',
    async (hasFirst) => {
      const { kiosk, asked, fate } = machine({ hasFirst });
      await kiosk.start();
      const signals: (AbortSignal | undefined)[] = [];
      Object.assign(
        fate,
        hasFirst ? { first: (signal: AbortSignal) => (signals.push(signal), never()) } : { off: never },
      );
      void kiosk.reset();
      await Promise.resolve();
      kiosk.cut();
      expect(signals.every((signal) => signal?.aborted)).toBe(true);
      Object.assign(fate, { first: async () => {}, off: async () => {} });
      await kiosk.start();
      expect(asked.filter((each) => each === 'abandon')).toHaveLength(2);
      expect(kiosk.standing()).toBe('runs');
    },
  );

  it.each([
    ['retry', { phase: 'store-failed', isTrying: false }],
    ['look', { phase: 'unreadable' }],
  ] as const)(
    'is not started from nothing while what is kept of it cannot be had (%s)',
    async (again, state) => {
      const { kiosk, asked, fate, opening } = machine({ hasFirst: false });
      opening.set({ ...state, problem: new VitrineError('store/open-full') });
      await expect(kiosk.start()).rejects.toMatchObject({ code: 'store/open-full' });
      expect(asked).toEqual([again]);
      Object.assign(fate, { look: async () => opening.set({ phase: 'settled' }) });
      await kiosk.start();
      expect(asked.slice(1)).toEqual(['abandon', again, 'first', 'on']);
    },
  );

  it.each([
    'disk/base-missing',
    'disk/base-changed',
    'image/changed',
    'bytes/unreadable',
    'snapshot/disc-missing',
    'snapshot/other-disc',
  ] as const)('names the file that it needs (%s)', async (code) => {
    const { kiosk, fate } = machine();
    Object.assign(fate, { first: () => Promise.reject(new VitrineError(code, { name: 'win7.vhd' })) });
    const thrown = await kiosk.start().catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(FileNeeded);
    expect((thrown as FileNeeded).file).toBe('win7.vhd');
  });

  it('is between on and off while it starts or rests in sight of people', async () => {
    const { kiosk, power } = machine();
    expect(kiosk.standing()).toBe('ended');
    power.set(reducePower(power.value, { type: 'power-on' }));
    expect(kiosk.standing()).toBe('between');
    power.set(reducePower(power.value, { type: 'started' }));
    power.set(reducePower(power.value, { type: 'paused', reason: 'hidden' }));
    expect(kiosk.standing()).toBe('between');
    vi.stubGlobal('document', { hidden: true });
    expect(kiosk.standing()).toBe('hidden');
  });
});
