import { VitrineError } from '../lib/errors.ts';
import type { MachineToPage, StartOptions } from '../protocol/machine-messages.ts';
import { MachineClient } from './machine-client.ts';

type Notice = Exclude<MachineToPage, { type: 'answer' | 'refusal' }>;

/** The worker of a machine from power-on to power-off: at most one, and only what it says is heard. */
export class MachineRun {
  readonly #onNotice: (notice: Notice) => void;
  #client: MachineClient | null = null;
  /** A worker that fetches the engine already, for a machine that is about to be turned on. */
  #prepared: MachineClient | null = null;
  #starting: { resolve(): void; reject(error: VitrineError): void } | null = null;

  constructor(onNotice: (notice: Notice) => void) {
    this.#onNotice = onNotice;
  }

  /** The worker of the machine that was started, until its end. */
  get client(): MachineClient | null {
    return this.#client;
  }

  /** A machine is going to be started: its worker begins with what every machine needs. */
  prepare(): void {
    this.#prepared ??= this.#newClient();
  }

  /** It is not, after all; nothing happens where it was started. */
  giveUp(): void {
    this.#prepared?.terminate();
    this.#prepared = null;
  }

  /** Resolves when the guest runs; rejects with what `end` is given when it ends before. */
  async start(options: StartOptions): Promise<void> {
    const client = this.#prepared ?? this.#newClient();
    this.#prepared = null;
    this.#client = client;
    const started = new Promise<void>((resolve, reject) => (this.#starting = { resolve, reject }));
    client.start(options);
    await started;
  }

  /** Ends the worker, if there is one; whoever waits for it is refused. */
  end(error = new VitrineError('machine/stopped')): void {
    const client = this.#client;
    this.#client = null;
    this.#starting?.reject(error);
    this.#starting = null;
    client?.terminate();
  }

  #newClient(): MachineClient {
    const client: MachineClient = new MachineClient((notice) => {
      // One that died before its time is no help; the next one tells whoever waits for it.
      if (client === this.#prepared && notice.type === 'failed') this.#prepared = null;
      if (client !== this.#client) return;
      this.#onNotice(notice);
      if (notice.type !== 'started') return;
      this.#starting?.resolve();
      this.#starting = null;
    });
    return client;
  }
}
