import { fromWireError, VitrineError } from '../lib/errors.ts';
import type {
  CallName,
  MachineCalls,
  MachineToPage,
  PageToMachine,
  StartOptions,
} from '../protocol/machine-messages.ts';

type Notice = Exclude<MachineToPage, { type: 'answer' | 'refusal' }>;
type Input = Exclude<PageToMachine, { type: 'start' | 'call' }>;

/**
 * The page's end of one machine's worker. Calls are promises; when the worker dies or is ended, everything
 * that waits on it is refused and `failed` comes once.
 */
export class MachineClient {
  readonly #worker: Worker;
  readonly #onNotice: (notice: Notice) => void;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: VitrineError): void }>();
  #nextId = 1;
  #ended = false;

  constructor(onNotice: (notice: Notice) => void) {
    this.#onNotice = onNotice;
    this.#worker = new Worker(new URL('../worker/machine-worker.ts', import.meta.url), {
      type: 'module',
      name: 'vitrine-machine',
    });
    this.#worker.addEventListener('message', (event: MessageEvent<MachineToPage>) =>
      this.#receive(event.data),
    );
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#die(new VitrineError('engine/worker-died', {}, { detail: event.message }));
    });
    this.#worker.addEventListener('messageerror', () => this.#die(new VitrineError('engine/worker-died')));
  }

  start(options: StartOptions): void {
    const transfer: Transferable[] = [options.canvas];
    if (options.soundPort) transfer.push(options.soundPort);
    this.#post({ type: 'start', options }, transfer);
  }

  call<K extends CallName>(
    name: K,
    ...args: Parameters<MachineCalls[K]>
  ): Promise<ReturnType<MachineCalls[K]>> {
    if (this.#ended) return Promise.reject(new VitrineError('machine/not-on'));
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve: (value) => resolve(value as ReturnType<MachineCalls[K]>), reject });
      this.#post({ type: 'call', id, name, args });
    });
  }

  /** Input is a one-way lane: nothing waits for it, and a dead machine swallows it. */
  send(input: Input): void {
    if (!this.#ended) this.#post(input);
  }

  /** Ends the worker. What still waits is refused with `machine/stopped`. */
  terminate(): void {
    this.#end(new VitrineError('machine/stopped'));
  }

  #post(message: PageToMachine, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #receive(message: MachineToPage): void {
    if (this.#ended) return;
    if (message.type === 'answer') {
      this.#take(message.id)?.resolve(message.value);
    } else if (message.type === 'refusal') {
      this.#take(message.id)?.reject(fromWireError(message.error));
    } else {
      this.#onNotice(message);
      if (message.type === 'failed') this.#end(fromWireError(message.error));
    }
  }

  #take(id: number) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #die(error: VitrineError): void {
    if (this.#ended) return;
    this.#onNotice({
      type: 'failed',
      error: { code: error.code, params: error.params, detail: error.detail },
    });
    this.#end(error);
  }

  #end(error: VitrineError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#worker.terminate();
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
