import { describe, expect, it, vi } from 'vitest';
import { VitrineError } from '../lib/errors.ts';
import { Answerer, type Reply, type Request } from '../lib/rpc.ts';
import { WorkerLink } from './worker-link.ts';

interface Calls {
  add(a: number, b: number): number;
  bytes(): Uint8Array<ArrayBuffer>;
  count(): string;
  wait(): void;
  fail(how: 'told' | 'untold'): void;
}
type Notice = { type: 'news'; text: string };

/** The worker's own code behind a boundary that copies and gives away as the real one does. */
class LocalWorker extends EventTarget {
  terminated = false;
  readonly #answerer = new Answerer<Calls, number>(
    (reply, transfer) => this.say(reply, transfer),
    async (name, args, { signal, tell }) => {
      if (name === 'add') return (args[0] as number) + (args[1] as number);
      if (name === 'bytes') return new Uint8Array([1, 2, 3]);
      if (name === 'fail') throw args[0] === 'told' ? new VitrineError('store/full') : new Error('odd');
      if (name === 'count') {
        for (let at = 1; at <= 3; at++) tell(at);
        return 'counted';
      }
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new VitrineError('archive/cancelled')));
      });
    },
    'media/hash-failed',
  );

  postMessage(message: Request<Calls>): void {
    void this.#answerer.receive(structuredClone(message));
  }

  say(data: Reply<number> | Notice, transfer: Transferable[] = []): void {
    this.dispatchEvent(new MessageEvent('message', { data: structuredClone(data, { transfer }) }));
  }

  terminate(): void {
    this.terminated = true;
  }
}

function connect() {
  const worker = new LocalWorker();
  const onNotice = vi.fn<(notice: Notice) => void>();
  const onDeath = vi.fn<(error: VitrineError) => void>();
  const link = new WorkerLink<Calls, number, Notice>(worker, { onNotice, onDeath });
  return { worker, link, onNotice, onDeath };
}

describe('calls to a worker', () => {
  it('are answered each by its own answer, with bytes and with progress on the way', async () => {
    const { link } = connect();
    const steps: number[] = [];
    const answers = [link.call('add', [1, 2]), link.call('add', [3, 4])].map(({ answer }) => answer);
    const counted = link.call('count', [], (step) => steps.push(step)).answer;
    expect(link.isBusy).toBe(true);
    expect(await Promise.all(answers)).toEqual([3, 7]);
    expect(await link.call('bytes', []).answer).toEqual(new Uint8Array([1, 2, 3]));
    expect(await counted).toBe('counted');
    expect(steps).toEqual([1, 2, 3]);
    expect(link.isBusy).toBe(false);
  });

  it('are refused with the reason, and with the reason that the worker gives to what is none', async () => {
    const { link } = connect();
    await expect(link.call('fail', ['told']).answer).rejects.toMatchObject({ code: 'store/full' });
    await expect(link.call('fail', ['untold']).answer).rejects.toMatchObject({ code: 'media/hash-failed' });
  });

  it('can be given up, once', async () => {
    const { link } = connect();
    const call = link.call('wait', []);
    call.cancel();
    await expect(call.answer).rejects.toMatchObject({ code: 'archive/cancelled' });
    call.cancel();
  });

  it('pass other messages by', () => {
    const { worker, onNotice } = connect();
    worker.say({ type: 'news', text: 'hello' });
    expect(onNotice).toHaveBeenCalledExactlyOnceWith({ type: 'news', text: 'hello' });
  });
});

describe('a worker that is no more', () => {
  it.each([
    ['error', Object.assign(new Event('error', { cancelable: true }), { message: 'out of memory' })],
    ['messageerror', new Event('messageerror')],
  ])('refuses what waits and what comes later, and is told once, after %s', async (_, event) => {
    const { worker, link, onDeath, onNotice } = connect();
    const waiting = link.call('wait', []).answer;
    worker.dispatchEvent(event);
    worker.dispatchEvent(event);
    await expect(waiting).rejects.toMatchObject({ code: 'engine/worker-died' });
    await expect(link.call('add', [1, 1]).answer).rejects.toMatchObject({ code: 'engine/worker-died' });
    expect(onDeath).toHaveBeenCalledTimes(1);
    expect(worker.terminated).toBe(true);
    worker.say({ type: 'news', text: 'late' });
    expect(onNotice).not.toHaveBeenCalled();
  });

  it('is ended with the reason of whoever ended it, and nobody is told of a death', async () => {
    const { link, onDeath } = connect();
    const waiting = link.call('wait', []).answer;
    link.end(new VitrineError('machine/stopped'), new VitrineError('machine/not-on'));
    await expect(waiting).rejects.toMatchObject({ code: 'machine/stopped' });
    await expect(link.call('add', [1, 1]).answer).rejects.toMatchObject({ code: 'machine/not-on' });
    expect(onDeath).not.toHaveBeenCalled();
  });
});
