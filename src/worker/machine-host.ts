import { toVitrineError, toWireError, VitrineError } from '../lib/errors.ts';
import { Answerer } from '../lib/rpc.ts';
import { NO_RECORD } from '../machine/milestones/milestones.ts';
import type {
  CallName,
  MachineCalls,
  MachineToPage,
  PageToMachine,
  StartOptions,
  WorkerStats,
} from '../protocol/machine-messages.ts';
import { BootWatch } from './boot-watch.ts';
import { DiskExporter } from './disk-exporter.ts';
import type { RestoreProgress } from '../protocol/snapshot-messages.ts';
import { HardDisk } from './hard-disk.ts';
import { BrokenMachine, GuestRun } from './guest-run.ts';
import { saveLast, shutDown, yieldMachine, type EndingMachine } from './machine-end.ts';
import { SerialText } from './serial-text.ts';
import { MomentKeeper } from './snapshots.ts';
import { openRunningDisk } from './running-disk.ts';
import { CheckpointClock } from './snapshots-clock.ts';
import { CompactionClock } from './snapshots-compaction.ts';
import { momentHandlers } from './snapshots-handlers.ts';
import { Tray } from './snapshots-tray.ts';
import { TrafficMeter } from './traffic-meter.ts';
import { IdbRecordStore } from '../store/idb-record-store.ts';
import { Engine, type EngineEvents } from './v86/engine.ts';

type Post = (message: MachineToPage, transfer?: Transferable[]) => void;
type Handlers = { [K in CallName]: (...args: Parameters<MachineCalls[K]>) => unknown };

const SPEED_INTERVAL_MS = 500;
/** How often the page hears how far going back has come. */
const GOING_BACK_MS = 100;
/** Without a display frame for so long (a hidden page that runs on), frames are made by the clock instead. */
const FRAME_FALLBACK_MS = 100;

/** What waits while the machine is being built: the visitor's hand was quicker. */
const FOR_THE_DRIVES: ReadonlySet<CallName> = new Set([
  'insertDisc',
  'ejectDisc',
  'insertFloppy',
  'ejectFloppy',
]);

/** Owns the one engine of this worker and its disk, and speaks the protocol of `machine-messages.ts`. */
export class MachineHost {
  readonly #post: Post;
  readonly #answerer: Answerer<MachineCalls>;
  readonly #serial: SerialText;
  readonly #traffic: TrafficMeter;
  #engine: Engine | null = null;
  #guest: GuestRun | null = null;
  #disk: HardDisk | null = null;
  #moments: MomentKeeper | null = null;
  #watch: BootWatch | null = null;
  #tray = new Tray(null);
  readonly #exporter = new DiskExporter();
  #checkpoints: CheckpointClock | null = null;
  #compaction: CompactionClock | null = null;
  /** Nothing runs any more and nothing is answered but with a refusal. */
  #ended = false;
  /** Settles when the machine was built, or was not. */
  #starting: Promise<void> = Promise.resolve();
  #lastFrame = 0;
  #lastTold = 0;
  #lastCount = { at: performance.now(), instructions: 0 };

  constructor(post: Post) {
    this.#post = post;
    this.#answerer = new Answerer(post, (name, args) => this.#answer(name, args));
    this.#serial = new SerialText((text) => post({ type: 'serial', text }));
    this.#traffic = new TrafficMeter((drive, direction, bytes) =>
      post({ type: 'activity', drive, direction, bytes }),
    );
  }

  receive(message: PageToMachine): void {
    if (message.type === 'start') {
      this.#starting = this.#start(message.options).catch((error: unknown) => this.fail(error));
    } else if (message.type === 'call' || message.type === 'cancel') {
      this.#answerer.receive(message).catch((error: unknown) => this.fail(error));
    } else if (this.#engine && !this.#ended) {
      if (message.type === 'serial') this.#engine.sendSerial(new TextEncoder().encode(message.text));
      else this.#engine.input.apply(message);
    }
  }

  /** The machine is dead: saves what its guest wrote, says so once and does nothing more. */
  fail(thrown: unknown): void {
    if (this.#ended) return;
    this.#end();
    const reason = thrown instanceof BrokenMachine ? thrown.cause : thrown;
    const tell = () => this.#post({ type: 'failed', error: toWireError(reason, 'engine/trap') });
    void saveLast(this.#disk).then(tell);
  }

  async #start(options: StartOptions): Promise<void> {
    const disk = options.disk && (await HardDisk.open(options.disk, this.#diskEvents()));
    this.#disk = disk;
    if (this.#ended) return disk?.close();
    const witness = this.#watchBoot(options.disc);
    const engine = await Engine.load({ ...options, witness, disk: disk?.device ?? null }, this.#events());
    if (this.#ended) return engine.dispose();
    const guest = new GuestRun(engine);
    this.#engine = engine;
    this.#guest = guest;
    this.#tray = new Tray(options.disc);
    this.#moments = disk && (await this.#openMoments(disk, engine, guest, options));
    if (this.#ended) return;
    const restored = options.restore && (await this.#keeper.restore(options.restore));
    if (this.#ended) return;
    this.#animate();
    setInterval(() => this.#reportSpeed(), SPEED_INTERVAL_MS);
    setInterval(() => this.#frameIfLate(), FRAME_FALLBACK_MS);
    await guest.run();
    this.#post({ type: 'started', restored });
  }

  #watchBoot(disc: StartOptions['disc']): BootWatch {
    const clock = () => ({
      ranMs: this.#guest?.time.ms ?? 0,
      instructions: this.#engine?.countInstructions() ?? 0,
    });
    this.#watch = new BootWatch(
      disc,
      clock,
      () => this.#engine,
      (record) => this.#post({ type: 'boot-record', record }),
    );
    return this.#watch;
  }

  async #openMoments(
    disk: HardDisk,
    engine: Engine,
    guest: GuestRun,
    options: StartOptions,
  ): Promise<MomentKeeper> {
    const { profile, checkpointSeconds } = options;
    const records = await IdbRecordStore.open();
    const moments = await MomentKeeper.open({
      engine,
      guest,
      disk: disk.device,
      tray: this.#tray,
      profile,
      records,
      onGoingBack: (progress) => this.#tellGoingBack(progress),
    });
    if (this.#ended) return moments;
    // One that goes on from a moment notes that in the same step.
    if (!options.restore) await moments.leave('running');
    this.#checkpoints = new CheckpointClock(
      { moments, guest, instructions: () => engine.countInstructions(), seconds: checkpointSeconds },
      (at, error) => this.#post({ type: 'checkpoint', at, error: error ? toWireError(error) : null }),
    );
    this.#compaction = new CompactionClock(moments);
    return moments;
  }

  /** A page that draws every MiB of it would slow it down. */
  #tellGoingBack(progress: RestoreProgress): void {
    const now = performance.now();
    if (progress.done < progress.total && now - this.#lastTold < GOING_BACK_MS) return;
    this.#lastTold = now;
    this.#post({ type: 'going-back', progress });
  }

  #events(): EngineEvents {
    return {
      serial: (byte) => this.#serial.push(byte),
      screen: (mode) => this.#post({ type: 'screen', mode }),
      traffic: (drive, direction, bytes) => this.#traffic.count(drive, direction, bytes),
      pointerMode: (absolute) => this.#post({ type: 'pointer-mode', absolute }),
      discFailure: (error) => {
        // A guest tries again and again; the page is told once of each disc.
        if (!this.#tray.tellUnreadable()) return;
        this.#watch?.happened('disc-unreadable');
        this.#post({ type: 'disc-unreadable', error: toWireError(error) });
      },
      keyLights: (lights) => this.#post({ type: 'key-lights', lights }),
      discEjected: () => {
        this.#tray.put(null);
        this.#watch?.happened('disc-ejected');
        this.#post({ type: 'disc-ejected' });
      },
      powerOff: () => {
        this.#serial.flush();
        this.#watch?.happened('power-off');
        this.#post({ type: 'guest-power-off' });
      },
      halted: () => {
        this.#watch?.happened('halted');
        this.#post({ type: 'guest-halted' });
      },
      reboot: (tripleFault) => {
        this.#watch?.restarted(tripleFault);
        this.#post({ type: 'guest-reboot', tripleFault });
      },
      fatal: (error) => {
        // What a drive has under way when its disk is let go of has come to its end: this is who closes it.
        if (error.code !== 'disk/closed') this.fail(error);
      },
    };
  }

  #diskEvents() {
    return {
      standing: (standing) => this.#post({ type: 'disk', standing }),
      // What the guest wrote stays in memory and its drive waits, so nothing is awaited here.
      full: () => void this.#guest?.block(new VitrineError('store/full')),
      failed: (error) => this.fail(error),
      takenOver: async () => {
        const isStarting = this.#engine === null || this.#moments === null;
        // One that is being built gives up at its next step, and touches nothing after that.
        if (isStarting) this.#ended = true;
        await this.#starting;
        const allSaved = await yieldMachine(this.#ending);
        this.#end();
        this.#post({ type: 'taken-over', allSaved });
      },
    } satisfies Parameters<typeof HardDisk.open>[1];
  }

  #animate(): void {
    const frame = (now: number) => {
      if (this.#ended) return;
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
    if (!this.#ended && now - this.#lastFrame > FRAME_FALLBACK_MS) this.#frame(now);
  }

  #reportSpeed(): void {
    if (!this.#engine || this.#ended) return;
    const before = this.#lastCount;
    const now = { at: performance.now(), instructions: this.#engine.countInstructions() };
    this.#lastCount = now;
    const mips = (now.instructions - before.instructions) / (now.at - before.at) / 1000;
    this.#post({ type: 'speed', mips, instructions: now.instructions, uptimeMs: this.#guest?.time.ms ?? 0 });
  }

  /** The guest stands, and what it wrote is durable or waits for room. */
  async #stop(engine: Engine, guest: GuestRun): Promise<void> {
    try {
      await guest.stop();
      // Not `flush`, which goes on waiting when there is no room.
      await this.#disk?.device.save();
    } catch (error) {
      if (toVitrineError(error).code !== 'store/full') throw error;
    }
    engine.screen.frame(performance.now());
  }

  async #run(guest: GuestRun): Promise<void> {
    if (this.#disk?.device.state.phase === 'full') await this.#disk.device.retry();
    await guest.run();
    await this.#checkpoints?.back();
  }

  #end(): void {
    this.#ended = true;
    this.#serial.flush();
    this.#watch?.end();
    this.#checkpoints?.end();
    this.#compaction?.end();
    this.#engine?.dispose();
  }

  async #answer(name: CallName, args: unknown[]): Promise<unknown> {
    if (FOR_THE_DRIVES.has(name)) await this.#starting;
    if (!this.#engine || !this.#guest || this.#ended) throw new VitrineError('machine/not-on');
    try {
      const handler = this.#handlers(this.#engine, this.#guest)[name] as (...args: unknown[]) => unknown;
      return await handler(...args);
    } catch (error) {
      if (error instanceof BrokenMachine) this.fail(error);
      throw error;
    }
  }

  #handlers(engine: Engine, guest: GuestRun): Handlers {
    return {
      pause: () => this.#stop(engine, guest),
      resume: () => this.#run(guest),
      reset: async () => {
        await guest.whenFree();
        engine.reset();
      },
      shutDown: async (unsaved) => {
        await shutDown(this.#ending, unsaved);
        this.#end();
      },
      insertDisc: async (disc) => {
        await guest.whenFree();
        engine.insertDisc(disc);
        this.#tray.put(disc);
        this.#watch?.putDisc(disc);
      },
      ejectDisc: async () => {
        await guest.whenFree();
        engine.ejectDisc();
        this.#tray.put(null);
        this.#watch?.putDisc(null);
      },
      insertFloppy: (floppy) => engine.insertFloppy(floppy),
      ejectFloppy: () => engine.ejectFloppy(),
      flush: () => this.#disk?.device.save(),
      retryDisk: () => this.#run(guest),
      diskMap: (cells) => this.#disk?.map(cells) ?? null,
      pressPowerButton: () => engine.pressPowerButton(),
      sendKeys: (scancodes) => engine.input.sendKeys(scancodes),
      screenText: () => engine.screen.text(),
      screenshot: () => engine.screenshot(),
      stats: () => this.#stats(engine),
      bootRecord: () => this.#watch?.record ?? NO_RECORD,
      ...momentHandlers(() => this.#keeper),
      beginDiskExport: ({ id, format, momentId }) =>
        this.#exporter.begin(id, format, () => openRunningDisk(this.#disk, this.#moments, momentId)),
      diskExportNext: (id) => this.#exporter.next(id),
      endDiskExport: (id) => this.#exporter.end(id),
      prepareToLeave: async () => this.#checkpoints?.leave(),
    };
  }

  get #ending(): EndingMachine {
    return {
      guest: this.#guest,
      disk: this.#disk,
      exporter: this.#exporter,
      moments: this.#moments,
      checkpoints: this.#checkpoints,
      tell: (error) => this.#post({ type: 'checkpoint', at: 0, error: toWireError(error) }),
    };
  }

  get #keeper(): MomentKeeper {
    if (!this.#moments) throw new VitrineError('snapshot/not-stored');
    return this.#moments;
  }

  #stats(engine: Engine): WorkerStats {
    const disk = this.#disk?.device.stats();
    return {
      instructions: engine.countInstructions(),
      uptimeMs: this.#guest?.time.ms ?? 0,
      screen: engine.screen.mode,
      discReadBytes: this.#traffic.total('disc', 'read'),
      diskReadBytes: this.#traffic.total('disk', 'read'),
      diskWrittenBytes: this.#traffic.total('disk', 'write'),
      floppyReadBytes: this.#traffic.total('floppy', 'read'),
      dirtyBytes: disk?.dirtyBytes ?? 0,
      cacheBytes: disk?.cacheBytes ?? 0,
      storedBytes: disk?.storedBytes ?? 0,
      lastCommitAt: disk?.lastCommitAt || null,
    };
  }
}
