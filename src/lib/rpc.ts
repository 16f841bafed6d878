import { fromWireError, toWireError, VitrineError, type ErrorCode, type WireError } from './errors.ts';

/**
 * Calls between a page and a worker of its own, as messages: a page asks for one member of an interface by its name,
 * and each call is answered once. An interface of calls is written as the worker means it, `add(a: number): number`; the
 * caller gets promises. One lane may carry other messages beside these.
 */
export type Request<Calls> =
  | { type: 'call'; id: number; name: keyof Calls & string; args: unknown[] }
  /** Gives a call up: it is refused, if it was not answered before. */
  | { type: 'cancel'; id: number };

export type Reply<Progress = never> =
  | { type: 'answer'; id: number; value: unknown }
  | { type: 'refusal'; id: number; error: WireError }
  | { type: 'progress'; id: number; progress: Progress };

type AnyFunction = (...args: never[]) => unknown;
export type Arguments<F> = F extends AnyFunction ? Parameters<F> : never;
export type Answer<F> = F extends AnyFunction ? Awaited<ReturnType<F>> : never;

/** A call under way. */
export interface Call<T> {
  readonly answer: Promise<T>;
  cancel(): void;
}

interface Waiting<Progress> {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: VitrineError) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** Who asks. */
export class Caller<Calls, Progress = never> {
  readonly #post: (request: Request<Calls>) => void;
  readonly #waiting = new Map<number, Waiting<Progress>>();
  #ended: VitrineError | null = null;
  #nextId = 1;

  constructor(post: (request: Request<Calls>) => void) {
    this.#post = post;
  }

  /** Whether any call waits for its answer. */
  get isBusy(): boolean {
    return this.#waiting.size > 0;
  }

  call<K extends keyof Calls & string>(
    name: K,
    args: Arguments<Calls[K]>,
    onProgress?: (progress: Progress) => void,
  ): Call<Answer<Calls[K]>> {
    if (this.#ended) return { answer: Promise.reject(this.#ended), cancel: () => {} };
    const id = this.#nextId++;
    const answer = new Promise<Answer<Calls[K]>>((resolve, reject) => {
      this.#waiting.set(id, { resolve: (value) => resolve(value as Answer<Calls[K]>), reject, onProgress });
    });
    this.#post({ type: 'call', id, name, args });
    return {
      answer,
      cancel: () => {
        if (this.#waiting.has(id)) this.#post({ type: 'cancel', id });
      },
    };
  }

  receive(reply: Reply<Progress>): void {
    const waiting = this.#waiting.get(reply.id);
    if (reply.type === 'progress') {
      waiting?.onProgress?.(reply.progress);
      return;
    }
    this.#waiting.delete(reply.id);
    if (reply.type === 'answer') waiting?.resolve(reply.value);
    else waiting?.reject(fromWireError(reply.error));
  }

  /** Nobody answers any more: what waits is refused with `error`, what is asked later with `later`. */
  end(error: VitrineError, later = error): void {
    this.#ended ??= later;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** What a call is answered with in hand. */
export interface CallContext<Progress> {
  readonly id: number;
  /** Aborted when the caller gives the call up. */
  readonly signal: AbortSignal;
  /** Tells the caller; `id`, where another call of its took over. */
  readonly tell: (progress: Progress, id?: number) => void;
}

/** Who answers. What `handle` throws is the refusal, as `fallback` where it is no `VitrineError`. */
export class Answerer<Calls, Progress = never> {
  readonly #post: (reply: Reply<Progress>, transfer: Transferable[]) => void;
  readonly #handle: (
    name: keyof Calls & string,
    args: unknown[],
    context: CallContext<Progress>,
  ) => Promise<unknown>;
  readonly #fallback: ErrorCode | undefined;
  readonly #cancels = new Map<number, AbortController>();

  constructor(
    post: (reply: Reply<Progress>, transfer: Transferable[]) => void,
    handle: (name: keyof Calls & string, args: unknown[], context: CallContext<Progress>) => Promise<unknown>,
    fallback?: ErrorCode,
  ) {
    this.#post = post;
    this.#handle = handle;
    this.#fallback = fallback;
  }

  /** Never rejects: a failure is an answer. Bytes are given away with their memory. */
  async receive(request: Request<Calls>): Promise<void> {
    const { id } = request;
    if (request.type === 'cancel') {
      this.#cancels.get(id)?.abort();
      return;
    }
    const cancel = new AbortController();
    this.#cancels.set(id, cancel);
    try {
      const tell = (progress: Progress, to = id) => this.#post({ type: 'progress', id: to, progress }, []);
      const value = await this.#handle(request.name, request.args, { id, signal: cancel.signal, tell });
      this.#post({ type: 'answer', id, value }, value instanceof Uint8Array ? [value.buffer] : []);
    } catch (error) {
      this.#post({ type: 'refusal', id, error: toWireError(error, this.#fallback) }, []);
    } finally {
      this.#cancels.delete(id);
    }
  }
}
