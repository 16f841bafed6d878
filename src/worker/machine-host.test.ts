import { beforeEach, describe, expect, test, vi } from 'vitest';
import { nextTask } from '../lib/next-task.ts';
import type { MachineToPage, PageToMachine, StartOptions } from '../protocol/machine-messages.ts';
import type { HardDiskEvents } from './hard-disk.ts';

/** What a machine is built of, each part of it ready when the test says so. */
const parts = vi.hoisted(() => ({
  done: [] as string[],
  events: null as HardDiskEvents | null,
  waiting: {} as Record<string, () => void>,
}));

function part<T>(name: string, value: T): Promise<T> {
  return new Promise((resolve) => (parts.waiting[name] = () => resolve(value)));
}

const note = (what: string) => () => {
  parts.done.push(what);
  return Promise.resolve();
};

vi.mock('./hard-disk.ts', () => ({
  HardDisk: {
    open: (_: unknown, events: HardDiskEvents) => {
      parts.events = events;
      return part('disk', {
        device: {},
        state: { phase: 'saved' },
        close: note('disk closed'),
        retry: note('disk saved'),
        abandon: note('disk abandoned'),
      });
    },
  },
}));
vi.mock('./v86/engine.ts', () => ({
  Engine: {
    load: () =>
      part('engine', {
        run: note('engine run'),
        insertDisc: note('disc put in'),
        screen: { frame: () => {} },
        countInstructions: () => 0,
        halt: note('engine halted'),
        settled: () => Promise.resolve(),
        dispose: note('engine disposed'),
      }),
  },
}));
vi.mock('../store/idb-record-store.ts', () => ({ IdbRecordStore: { open: () => Promise.resolve({}) } }));
vi.mock('./snapshots.ts', () => ({
  MomentKeeper: {
    open: () =>
      part('moments', {
        leave: (how: string) => note(`left as ${how}`)(),
        restore: note('went back'),
      }),
  },
}));

interface Host {
  receive(message: PageToMachine): void;
}

// Its types are those of a worker.
const { MachineHost } = await vi.importActual<{
  MachineHost: new (post: (message: MachineToPage) => void) => Host;
}>('./machine-host.ts');

const posted: string[] = [];
const ORDER = ['disk', 'engine', 'moments'];
const settle = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await nextTask();
};

async function start(restore: boolean): Promise<Host> {
  const host = new MachineHost((message: MachineToPage) => posted.push(message.type));
  const options = { disk: { machineId: 'a' }, restore: restore ? { id: 'm1' } : null, profile: {} };
  host.receive({ type: 'start', options: options as unknown as StartOptions });
  await settle();
  return host;
}

beforeEach(() => {
  parts.done.length = 0;
  posted.length = 0;
  parts.waiting = {};
  vi.stubGlobal('requestAnimationFrame', () => 0);
});

describe.each([true, false])(
  'a machine that another tab takes while it starts (going back: %s)',
  (restore) => {
    test.each(ORDER)('and has come to its %s notes nothing, runs nothing and lets go', async (during) => {
      await start(restore);
      for (const name of ORDER.slice(0, ORDER.indexOf(during))) {
        parts.waiting[name]();
        await settle();
      }
      const taken = parts.events!.takenOver();
      await settle();
      for (const name of ORDER.slice(ORDER.indexOf(during))) {
        parts.waiting[name]?.();
        await settle();
      }
      await taken;
      expect(posted).toEqual(['taken-over']);
      expect(parts.done.filter((what) => /^(left as|engine run|went back)/u.test(what))).toEqual([]);
      expect(parts.done).toContain('disk closed');
      if (during !== 'disk') expect(parts.done).toContain('engine disposed');
    });
  },
);

test('a disc that is put in while the machine is built waits until it is', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  const host = await start(false);
  const disc = { file: new Blob(), name: 'disc.iso' };
  host.receive({ type: 'call', id: 1, name: 'insertDisc', args: [disc] });
  await settle();
  for (const name of ORDER) {
    expect(posted).toEqual([]);
    parts.waiting[name]();
    await settle();
  }
  expect(parts.done).toContain('disc put in');
  expect(posted).toContain('answer');
  expect(posted).not.toContain('refusal');
  vi.useRealTimers();
});
