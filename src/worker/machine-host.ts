import { toVitrineError, toWireError, VitrineError } from '../lib/errors.ts';
import type {
  CallName,
  MachineCalls,
  MachineToPage,
  PageToMachine,
  StartOptions,
  WorkerStats,
} from '../protocol/machine-messages.ts';
import { Engine, type EngineEvents } from './v86/engine.ts';
import { SerialText } from './serial-text.ts';
import { TrafficMeter } from './traffic-meter.ts';

type Post = (message: MachineToPage, transfer?: Transferable[]) => void;
type Handlers = { [K in CallName]: (...args: Parameters<MachineCalls[K]>) => unknown };

const SPEED_INTERVAL_MS = 500;
/** Without a display frame for so long (a hidden page that runs on), frames are made by the clock instead. */
const FRAME_FALLBACK_MS = 100;

/** Owns the one engine of this worker and speaks the protocol of `machine-messages.ts`. */
export class MachineHost {
  readonly #post: Post;
  readonly #serial: SerialText;
  readonly #traffic: TrafficMeter;
  #engine: Engine | null = null;
  #failed = false;
  #runningSince = 0;
  #ranMs = 0;
  #lastFrame = 0;

  constructor(post: Post) {
    this.#post = post;
    this.#serial = new SerialText((text) => post({ type: 'serial', text }));
    this.#traffic = new TrafficMeter((drive, direction, bytes) =>
      post({ type: 'activity', drive, direction, bytes }),
    );
  }

  receive(message: PageToMachine): void {
    if (message.type === 'start') {
      this.#start(message.options).catch((error: unknown) => this.fail(error));
    } else if (message.type === 'call') {
      this.#answer(message.id, message.name, message.args).catch((error: unknown) => this.fail(error));
    } else if (this.#engine && !this.#failed) {
      if (message.type === 'serial') this.#engine.sendSerial(new TextEncoder().encode(message.text));
      else this.#engine.input.apply(message);
    }
  }

  /** The machine is dead: says so once and does nothing more. */
  fail(thrown: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#serial.flush();
    this.#engine?.dispose();
    this.#post({ type: 'failed', error: toWireError(thrown, 'engine/trap') });
  }

  async #start(options: StartOptions): Promise<void> {
    this.#engine = await Engine.load({ ...options, disk: null }, this.#events());
    this.#animate();
    setInterval(() => this.#reportSpeed(), SPEED_INTERVAL_MS);
    setInterval(() => this.#frameIfLate(), FRAME_FALLBACK_MS);
    await this.#run(this.#engine);
    this.#post({ type: 'started' });
  }

  #events(): EngineEvents {
    return {
      serial: (byte) => this.#serial.push(byte),
      screen: (mode) => this.#post({ type: 'screen', mode }),
      traffic: (drive, direction, bytes) => this.#traffic.count(drive, direction, bytes),
      pointerMode: (absolute) => this.#post({ type: 'pointer-mode', absolute }),
      discEjected: () => this.#post({ type: 'disc-ejected' }),
      powerOff: () => {
        this.#serial.flush();
        this.#post({ type: 'guest-power-off' });
      },
      halted: () => this.#post({ type: 'guest-halted' }),
      reboot: (tripleFault) => this.#post({ type: 'guest-reboot', tripleFault }),
      fatal: (error) => this.fail(error),
    };
  }

  #animate(): void {
    const frame = (now: number) => {
      if (this.#failed) return;
      this.#frame(now);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  #frame(now: number): void {
    this.#lastFrame = now;
    this.#engine?.screen.frame(now);
  }

  #frameIfLate(): void {
    const now = performance.now();
    if (!this.#failed && now - this.#lastFrame > FRAME_FALLBACK_MS) this.#frame(now);
  }

  #reportSpeed(): void {
    if (!this.#engine || this.#failed) return;
    const before = this.#speed;
    const instructions = this.#engine.countInstructions();
    const now = performance.now();
    this.#speed = { at: now, instructions };
    const mips = Math.max(0, (instructions - before.instructions) / (now - before.at) / 1000);
    this.#post({ type: 'speed', mips, instructions, uptimeMs: this.#uptimeMs() });
  }

  #speed = { at: performance.now(), instructions: 0 };

  #uptimeMs(): number {
    return this.#ranMs + (this.#runningSince ? performance.now() - this.#runningSince : 0);
  }

  async #run(engine: Engine): Promise<void> {
    await engine.run();
    this.#runningSince = performance.now();
  }

  async #stop(engine: Engine): Promise<void> {
    await engine.stop();
    this.#ranMs = this.#uptimeMs();
    this.#runningSince = 0;
    engine.screen.frame(performance.now());
  }

  async #answer(id: number, name: CallName, args: unknown[]): Promise<void> {
    try {
      if (!this.#engine || this.#failed) throw new VitrineError('machine/not-on');
      const handler = this.#handlers(this.#engine)[name] as (...args: unknown[]) => unknown;
      this.#post({ type: 'answer', id, value: await handler(...args) });
    } catch (error) {
      this.#post({ type: 'refusal', id, error: toWireError(toVitrineError(error)) });
    }
  }

  #handlers(engine: Engine): Handlers {
    return {
      pause: () => this.#stop(engine),
      resume: () => this.#run(engine),
      reset: () => engine.reset(),
      shutDown: async () => {
        await this.#stop(engine);
        this.#serial.flush();
        this.#failed = true;
        engine.dispose();
      },
      insertDisc: (disc) => engine.insertDisc(disc),
      ejectDisc: () => engine.ejectDisc(),
      insertFloppy: (floppy) => engine.insertFloppy(floppy),
      ejectFloppy: () => engine.ejectFloppy(),
      flush: () => {},
      pressPowerButton: () => engine.pressPowerButton(),
      sendKeys: (scancodes) => engine.input.sendKeys(scancodes),
      screenText: () => engine.screen.text(),
      screenshot: () => engine.screenshot(),
      stats: (): WorkerStats => ({
        instructions: engine.countInstructions(),
        uptimeMs: this.#uptimeMs(),
        screen: engine.screen.mode,
        discReadBytes: this.#traffic.total('disc', 'read'),
        diskReadBytes: this.#traffic.total('disk', 'read'),
        diskWrittenBytes: this.#traffic.total('disk', 'write'),
        floppyReadBytes: this.#traffic.total('floppy', 'read'),
      }),
    };
  }
}
