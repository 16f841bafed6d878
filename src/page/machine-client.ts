import { fromWireError, toWireError, VitrineError } from '../lib/errors.ts';
import type { Answer, Arguments, Reply } from '../lib/rpc.ts';
import type {
  CallName,
  MachineCalls,
  MachineInput,
  MachineToPage,
  PageToMachine,
  StartOptions,
} from '../protocol/machine-messages.ts';
import { WorkerLink } from './worker-link.ts';

type Notice = Exclude<MachineToPage, Reply>;

/**
 * The page's end of one machine's worker. Calls are promises; when the worker dies or is ended, everything
 * that waits on it is refused and `failed` comes once.
 */
export class MachineClient {
  readonly #link: WorkerLink<MachineCalls, never, Notice>;

  constructor(onNotice: (notice: Notice) => void) {
    const worker = new Worker(new URL('../worker/machine-worker.ts', import.meta.url), {
      type: 'module',
      name: 'vitrine-machine',
    });
    this.#link = new WorkerLink(worker, {
      onNotice: (notice) => {
        onNotice(notice);
        if (notice.type === 'failed') this.#end(fromWireError(notice.error));
      },
      onDeath: (error) => onNotice({ type: 'failed', error: toWireError(error) }),
    });
  }

  start(options: StartOptions): void {
    const message: PageToMachine = { type: 'start', options };
    this.#link.send(message, options.soundPort ? [options.canvas, options.soundPort] : [options.canvas]);
  }

  call<K extends CallName>(name: K, ...args: Arguments<MachineCalls[K]>): Promise<Answer<MachineCalls[K]>> {
    return this.#link.call(name, args).answer;
  }

  /** Input is a one-way lane: nothing waits for it, and a dead machine swallows it. */
  send(input: MachineInput): void {
    this.#link.send(input);
  }

  /** Ends the worker. What still waits is refused with `machine/stopped`. */
  terminate(): void {
    this.#end(new VitrineError('machine/stopped'));
  }

  #end(error: VitrineError): void {
    this.#link.end(error, new VitrineError('machine/not-on'));
  }
}
