import { VitrineError } from '../lib/errors.ts';
import { Caller, type Answer, type Arguments, type Call, type Reply, type Request } from '../lib/rpc.ts';

/** As much of a `Worker` as is used: tests put their own in its place. */
export type WorkerLike = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>;

interface Listeners<Notice> {
  /** What it says that is no answer. */
  onNotice?(notice: Notice): void;
  /** Once, when it died of itself: a fault that nothing in it caught, or a message that cannot be read. */
  onDeath?(error: VitrineError): void;
}

/**
 * One worker and the calls that wait on it. When it dies or is ended, everything that waits is refused, and nothing that it
 * said before comes through any more.
 */
export class WorkerLink<Calls, Progress = never, Notice extends { type: string } = never> {
  readonly #worker: WorkerLike;
  readonly #listeners: Listeners<Notice>;
  readonly #caller: Caller<Calls, Progress>;
  #ended = false;

  constructor(worker: WorkerLike, listeners: Listeners<Notice> = {}) {
    this.#worker = worker;
    this.#listeners = listeners;
    this.#caller = new Caller((request: Request<Calls>) => worker.postMessage(request));
    worker.addEventListener('message', ({ data }) => this.#receive(data as Reply<Progress> | Notice));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#die(event.message);
    });
    worker.addEventListener('messageerror', () => this.#die('a message that cannot be read'));
  }

  /** True once it was ended, or died. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether any call waits on it. */
  get isBusy(): boolean {
    return this.#caller.isBusy;
  }

  call<K extends keyof Calls & string>(
    name: K,
    args: Arguments<Calls[K]>,
    onProgress?: (progress: Progress) => void,
  ): Call<Answer<Calls[K]>> {
    return this.#caller.call(name, args, onProgress);
  }

  /** A one-way lane: nothing waits for it, and an ended worker swallows it. */
  send(message: unknown, transfer: Transferable[] = []): void {
    if (!this.#ended) this.#worker.postMessage(message, transfer);
  }

  /** Ends the worker, whatever it is doing: what waits is refused with `error`, its locks are let go of. */
  end(error: VitrineError, later = error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#worker.terminate();
    this.#caller.end(error, later);
  }

  #receive(message: Reply<Progress> | Notice): void {
    if (this.#ended) return;
    if (isReply(message)) this.#caller.receive(message);
    else this.#listeners.onNotice?.(message);
  }

  #die(detail: string): void {
    if (this.#ended) return;
    const error = new VitrineError('engine/worker-died', {}, { detail });
    this.#listeners.onDeath?.(error);
    this.end(error);
  }
}

function isReply<Progress>(message: { type: string }): message is Reply<Progress> {
  return message.type === 'answer' || message.type === 'refusal' || message.type === 'progress';
}
