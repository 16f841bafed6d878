import type { NamedFile } from '../bytes/named-file.ts';
import { toVitrineError, VitrineError, fromWireError } from '../lib/errors.ts';
import { Store, type ReadableStore } from '../lib/store.ts';
import type { DiscReport } from '../media/disc-report.ts';
import { decideStart, type Start } from '../machine/plan-disk.ts';
import { HOUSE_DISC } from '../machine/plan.ts';
import type { BootRecord } from '../machine/milestones/milestones.ts';
import { assertProfile } from '../machine/profile-limits.ts';
import type { MachineProfile } from '../machine/profile.ts';
import {
  INITIAL_POWER,
  isOn,
  reducePower,
  type PauseReason,
  type PowerEvent,
  type PowerState,
} from '../machine/power.ts';
import type {
  DiskMap,
  DiskWish,
  EngineTuning,
  MachineInput,
  MachineToPage,
  UnsavedWish,
} from '../protocol/machine-messages.ts';
import type { Catalog, MachineSummary } from '../store/catalog.ts';
import type { SoundOutput } from './audio/sound-output.ts';
import { LastDisc, type DiscMemory } from './last-disc.ts';
import type { Restored, RestoreWish } from '../protocol/snapshot-messages.ts';
import type { MachineClient } from './machine-client.ts';
import type { MachineChoice } from './machine-choice.ts';
import { MachineFiles } from './machine-files.ts';
import { MachineFace, type Activity } from './machine-face.ts';
import { MachineMemory, type KnownMachines } from './machine-memory.ts';
import { isStoreFailure, MachineOpening, type ResumeMark } from './machine-opening.ts';
import { MachineRun } from './machine-run.ts';
import { MachineSetup } from './machine-setup.ts';
import { MomentDeeds } from './moment-deeds.ts';
import type { Preferences } from './preferences.ts';
import { SessionDisks, type DiskShelf } from './session-disks.ts';
import { SessionMoments } from './session-moments.ts';
import { ShelfClient } from './shelf-client.ts';
import { STATS_OF_NOTHING, type MachineStats } from './machine-stats.ts';
import { MediaBays, type LoadedDisc } from './media-bays.ts';

export type { LoadedDisc } from './media-bays.ts';

/** Where the machine's disk comes from. */
export interface MachineShelf extends DiscMemory, KnownMachines, DiskShelf {
  /**
   * Makes sure that the machine has a disk in this browser; false where the browser stores nothing. Rejects while what
   * is stored cannot be reached.
   */
  ensureDisk(machineId: string): Promise<boolean>;
  /** A blank disk of this size for a machine that has none or an unused one. */
  createDisk(machineId: string, sizeBytes: number): Promise<void>;
  erase(machineId: string): Promise<void>;
  /** What was kept here is gone, and the visitor knows. */
  beginAnew(): void;
  /** All machines. Rejects with 'store/unavailable' where nothing can be stored. */
  open(): Promise<Catalog>;
  /** Asks the browser, once unless `again`, not to clear by itself what is stored; false where it does not promise. */
  askToKeep(again?: boolean): Promise<boolean>;
}

export interface SessionOptions {
  shelf: MachineShelf;
  /** The machine that is in the case at first. */
  choice?: MachineChoice;
  sound: SoundOutput;
  preferences: Store<Preferences>;
  /** The visitor put another machine in the case: to be remembered. */
  onChosen?(machineId: string): void;
  /** The disc that starts when none was given. */
  defaultDisc?(): Promise<NamedFile>;
  /** Where it is noted that the machine is going on by itself; nowhere unless given. */
  resumeMark?: ResumeMark;
}

/** What boots and runs fastest of what was measured (docs/engine.md, speed). */
const DEFAULT_TUNING: EngineTuning = { jitPages: 1 };

/** A little under a minute, because saving takes its time too. */
const CHECKPOINT_SECONDS = 50;

/**
 * The page's side of one machine: its power, its drives, its picture, as watchable values, and what can be
 * done with it. Knows no elements. Methods reject with a `VitrineError`; a machine that runs is not disturbed
 * by a refused request.
 */
export class MachineSession {
  readonly power = new Store<PowerState>(INITIAL_POWER);
  readonly #run = new MachineRun((notice) => this.#receive(notice));
  readonly #setup = new MachineSetup();
  readonly profile = this.#setup.profile;
  /** The profile as it would be without what the visitor set. */
  readonly planned = this.#setup.planned;
  readonly planReasons = this.#setup.reasons;
  readonly #bays = new MediaBays(() => (isOn(this.power.value) ? this.#run.client : null));
  readonly disc = this.#bays.disc;
  readonly floppy = this.#bays.floppy;
  readonly lastDisc: LastDisc;
  readonly #memory: MachineMemory;
  readonly refusedDisc = this.#bays.refusedDisc;
  readonly #face = new MachineFace();
  readonly screen = this.#face.screen;
  readonly canvas = this.#face.canvas;
  readonly speed = this.#face.speed;
  readonly pointerAbsolute = this.#face.pointerAbsolute;
  readonly keyLights = this.#face.keyLights;
  readonly disk = this.#face.disk;
  /** How far the system on the machine came since power-on. */
  readonly bootRecord = this.#face.bootRecord;
  readonly halted = this.#face.halted;
  /** Whether the machine that is on has no disk: nothing that it does is kept. */
  readonly diskless = new Store(false);
  readonly discProblem = this.#face.discProblem;

  readonly sound: SoundOutput;
  readonly preferences: Store<Preferences>;
  /** Engine settings of the next power-on. No visitor's matter: benchmarks vary them. */
  tuning: EngineTuning = DEFAULT_TUNING;
  /** How often the running machine is saved by itself, from the next power-on; null for never. */
  checkpointSeconds: number | null = CHECKPOINT_SECONDS;
  /** Looks after machines that are off. */
  readonly #shelfClient = new ShelfClient();
  /** Saved moments of the machine: taking them, going back, what to do when the page opens. */
  readonly moments = new SessionMoments(
    {
      machineId: () => this.profile.value.machineId,
      client: () => (isOn(this.power.value) ? this.#run.client : null),
      disc: () => this.disc.value?.medium ?? null,
      defaultDisc: async () => (await this.#options.defaultDisc?.()) ?? null,
      baseName: () => this.disks.base.standing.value?.name ?? null,
      insertDisc: async ({ file, name }) => void (await this.insertDisc(file, name)),
      prepare: () => this.#run.prepare(),
      giveUp: () => this.#run.giveUp(),
      start: (profile, restore, isStopped) => this.#powerOn({ takeOver: false, restore, profile, isStopped }),
      wentBack: (restored) => this.#wentBack(restored),
    },
    this.#shelfClient,
  );

  /** Machines written into files and brought from them. */
  readonly files = new MachineFiles(this.moments);
  /** What the visitor does with moments, with undo. */
  readonly deeds = new MomentDeeds(this.moments);
  /** What becomes of a machine that was left running when the page opens on it. */
  readonly opening: MachineOpening;
  /** Disk images under the machine, and its disk as a file. */
  readonly disks: SessionDisks;

  /** Where this machine and the others are kept. */
  readonly shelf: MachineShelf;
  /** Why the machine in the case is not the one that the address of the page asks for. */
  readonly choiceProblem: VitrineError | null;
  /** What the shelf knows of the machine in the case; null while it is not kept. */
  readonly machine: ReadableStore<MachineSummary | null>;
  readonly #options: SessionOptions;
  /** The exhibit's own disc, where the visitor put none in. */
  #ownDisc: LoadedDisc | null = null;
  /** Counts how often the machine was turned on or came to its end. */
  #turn = 0;
  /** The guest turned itself off, and what it wrote waits for room. */
  #guestIsOff = false;
  /** The machine was turned on to go on from a moment. */
  #goesBack = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.sound = options.sound;
    this.preferences = options.preferences;
    this.shelf = options.shelf;
    this.lastDisc = new LastDisc(options.shelf);
    this.#memory = new MachineMemory(options.shelf);
    this.machine = this.#memory.machine;
    this.disks = new SessionDisks(
      {
        machineId: () => this.profile.value.machineId,
        client: () => (isOn(this.power.value) ? this.#run.client : null),
        shelf: options.shelf,
        recall: () => this.recall(),
        choose: (machineId) => this.chooseMachine(machineId),
      },
      this.#shelfClient,
    );
    this.choiceProblem = options.choice?.problem ?? null;
    this.opening = new MachineOpening(
      {
        power: this.power,
        disc: this.disc,
        base: this.disks.base.standing,
        moments: this.moments,
        machineId: () => this.profile.value.machineId,
        recall: async () => {
          await this.recall();
          return this.machine.value !== null;
        },
        isOpenElsewhere: async () => (await this.shelf.open()).isOpen(this.profile.value.machineId),
        wentOn: (moment, isClean) => this.deeds.tellResumed(moment, isClean),
        powerOn: () => this.powerOn(),
        powerOff: () => this.powerOff(),
      },
      options.resumeMark ?? { machineId: () => null, set: () => {} },
    );
    if (options.choice) this.#setup.choose({ machineId: options.choice.machineId });
    this.#plan();
  }

  /** Changes the hardware of a machine that is off. What is set here stays, whatever disc comes into the tray. */
  configure(profile: Partial<MachineProfile>): void {
    if (isOn(this.power.value)) throw new VitrineError('machine/not-off');
    assertProfile(profile);
    const { machineId } = profile;
    if (machineId !== undefined && machineId !== this.profile.value.machineId) this.#changeMachine(machineId);
    this.#setup.choose(profile);
    this.#plan();
  }

  /**
   * Puts another machine in the case, as it was kept: its disk, its hardware, the disc it had last. The visitor's
   * disc stays in the tray, the exhibit's own does not. While off. One that was left running waits to be told whether
   * to go on.
   */
  async chooseMachine(machineId: string): Promise<void> {
    this.configure({ machineId });
    this.#options.onChosen?.(machineId);
    await this.opening.begin({ asks: true });
  }

  /** The machine in the case is another one now, out of a file: it is looked at anew. While off. */
  async machineReplaced(): Promise<void> {
    this.#changeMachine(this.profile.value.machineId);
    this.#plan();
    await this.opening.begin({ asks: true });
  }

  /** Looks up what is kept of the machine in the case. */
  async recall(): Promise<void> {
    const { machineId } = this.profile.value;
    await Promise.all([this.#memory.recall(machineId), this.lastDisc.recall(machineId)]);
    // Meanwhile another machine may have come, or this one was turned on: what it runs with stays.
    if (machineId !== this.profile.value.machineId) return;
    await this.disks.base.recall(this.machine.value?.base ?? null);
    this.#setup.restore(this.#memory.kept, this.#memory.holdsSystem);
    this.moments.hasFirst.set(this.machine.value?.moments.hasFirst ?? false);
    this.#plan();
  }

  /** Takes back what was set of the hardware: the machine is again as planned. Only the machine's name stays. */
  configureAsPlanned(): void {
    if (isOn(this.power.value)) throw new VitrineError('machine/not-off');
    this.#setup.chooseAsPlanned();
    this.#plan();
  }

  /**
   * Resolves when the guest runs. On a machine that is on already it does nothing. While what the browser keeps cannot
   * be reached the machine stays off (`opening` has the phase 'store-failed'), unless it is to run `withoutDisk`.
   */
  async powerOn(options: { takeOver?: boolean; withoutDisk?: boolean } = {}): Promise<void> {
    const { takeOver = false, withoutDisk = false } = options;
    await this.#powerOn({ takeOver, withoutDisk, restore: null, profile: null, isStopped: () => false });
  }

  /** What was kept in this browser is gone; from here on it is as on a first visit. */
  async beginAnew(): Promise<void> {
    this.shelf.beginAnew();
    await this.opening.retry();
  }

  async #powerOn({
    takeOver,
    withoutDisk = false,
    restore,
    profile,
    isStopped,
  }: {
    takeOver: boolean;
    withoutDisk?: boolean;
    restore: RestoreWish | null;
    profile: MachineProfile | null;
    isStopped: () => boolean;
  }): Promise<void> {
    if (isOn(this.power.value)) return;
    // A machine that lacks its image stays off. Another call may come first while that is looked up.
    if (this.disks.base.standing.value && !withoutDisk) {
      await this.#recallBase();
      await this.disks.base.open();
      if (isOn(this.power.value)) return;
    }
    if (isStopped()) throw new VitrineError('machine/stopped');
    if (profile) this.profile.set(profile);
    const before = this.power.value;
    const hasFailed = before.power === 'failed' && before.error.code !== 'store/machine-in-use';
    this.#goesBack = restore !== null;
    const turn = ++this.#turn;
    this.#event({ type: 'power-on' });
    const { machineId } = this.profile.value;
    try {
      // All at once: the sound belongs to the visitor's gesture, which does not wait.
      const [soundPort, hasDisk] = await Promise.all([
        this.sound.connect(),
        withoutDisk ? this.#forgoDisk() : this.#prepareDisk(machineId, restore, hasFailed),
      ]);
      this.diskless.set(!hasDisk);
      // A moment brings its own hardware. Else: kept since the last look, by another tab or by `ensureDisk` just now.
      if (hasDisk && restore) await this.#recallBase();
      else if (hasDisk) await this.recall();
      if (!restore) await this.#insertDefaultDisc();
      if (hasDisk && !restore) await this.#memory.keep(this.profile.value, this.#setup.chosen);
      const disk = hasDisk ? { machineId, takeOver, base: await this.disks.base.open() } : null;
      // Turned off again before it was built.
      if (turn !== this.#turn) throw new VitrineError('machine/stopped');
      await this.#startWorker(soundPort, disk, restore);
    } catch (error) {
      if (turn === this.#turn) this.#fail(toVitrineError(error, 'engine/load-failed'));
      throw toVitrineError(error);
    }
  }

  /** What could be gone on from is safe, and there is a disk; false where the browser stores nothing. */
  async #prepareDisk(machineId: string, restore: RestoreWish | null, hasFailed: boolean): Promise<boolean> {
    await this.opening.giveWay(restore, hasFailed);
    return this.shelf.ensureDisk(machineId);
  }

  /** What is kept stays as it is, and the machine has nothing of it. */
  async #forgoDisk(): Promise<boolean> {
    this.opening.forget();
    this.#memory.forget();
    await this.disks.base.recall(null);
    return false;
  }

  async #recallBase(): Promise<void> {
    const machine = await this.shelf.find(this.profile.value.machineId);
    await this.disks.base.recall(machine?.base ?? null);
  }

  /**
   * Cuts the power: what the guest wrote is made durable first, what it holds in memory is gone. Without room for that
   * it is refused with 'store/full' and the machine stays as it is; with `unsaved: 'drop'` it goes off all the same, its
   * disk as it was saved last.
   */
  async powerOff({ unsaved = 'keep' }: { unsaved?: UnsavedWish } = {}): Promise<void> {
    await this.#powerOff('visitor', unsaved);
  }

  /**
   * Ends the machine at once and asks nobody: for one whose worker hangs, or waits for room that nobody makes. What was
   * committed is kept, what the guest wrote since is lost. Who waits for it is refused with 'machine/stopped'.
   */
  abandon(): void {
    this.#run.giveUp();
    if (!isOn(this.power.value)) return;
    this.#end({ type: 'powered-off', by: 'visitor' });
    this.canvas.set(null);
  }

  /** The reset button. A paused machine runs again after it. */
  async reset(): Promise<void> {
    await this.#running().call('reset');
    this.#guestIsOff = false;
    this.halted.set(false);
    if (this.power.value.power === 'paused') await this.resume();
  }

  async pause(reason: PauseReason = 'visitor'): Promise<void> {
    if (this.power.value.power !== 'running') return;
    await this.#running().call('pause');
    this.#event({ type: 'paused', reason });
  }

  async resume(): Promise<void> {
    const state = this.power.value;
    if (state.power !== 'paused') return;
    if (state.reason === 'storage-full') return this.retryDisk();
    await this.#running().call('resume');
    this.#event({ type: 'resumed' });
  }

  /** After a full storage, when room was made: saves what waits and goes on; refused with 'store/full' otherwise. */
  async retryDisk(): Promise<void> {
    // What it waited for was to be its last.
    if (this.#guestIsOff) return this.#powerOff('guest', 'keep');
    await this.#running().call('retryDisk');
    this.#event({ type: 'resumed' });
  }

  /** A blank disk for a machine that is off and has none, or none that was ever written. */
  async createDisk(sizeBytes: number): Promise<void> {
    if (isOn(this.power.value)) throw new VitrineError('machine/not-off');
    await this.shelf.createDisk(this.profile.value.machineId, sizeBytes);
    await this.recall();
  }

  /** Erases the machine's disk, for good. */
  async eraseMachine(): Promise<void> {
    if (isOn(this.power.value)) throw new VitrineError('machine/not-off');
    const { machineId } = this.profile.value;
    await this.shelf.erase(machineId);
    this.#changeMachine(machineId);
    this.#plan();
  }

  #changeMachine(machineId: string): void {
    this.#setup.changeMachine(machineId);
    this.#memory.forget();
    this.opening.forget();
    this.#face.begin(null);
    if (this.disc.value && this.disc.value === this.#ownDisc) this.disc.set(null);
    this.#event({ type: 'changed' });
  }

  async diskMap(cells: number): Promise<DiskMap | null> {
    return isOn(this.power.value) ? this.#running().call('diskMap', cells) : null;
  }

  /** ACPI's power button: a system that listens to it shuts itself down. */
  async pressPowerButton(): Promise<void> {
    await this.#running().call('pressPowerButton');
  }

  /**
   * Puts a disc in the tray, whether the machine is on or not, and tells what it is. What is no disc at all
   * is not put in: the tray keeps what it has, and the report says why.
   */
  async insertDisc(file: Blob, name?: string): Promise<DiscReport> {
    const report = await this.#bays.insertDisc(file, name);
    if (report.verdict === 'not-a-disc') return report;
    this.discProblem.set(null);
    this.#plan();
    return report;
  }

  /** Keeps the handle of the disc for the next visit, where the browser stores anything at all. */
  async rememberDisc(handle: FileSystemFileHandle): Promise<void> {
    await this.lastDisc.remember(this.profile.value.machineId, handle);
  }

  /** Puts the disc of the last visit in; must be called from a gesture, since the browser may ask the visitor. */
  async insertLastDisc(): Promise<void> {
    const file = await this.lastDisc.open();
    if (file) await this.insertDisc(file);
  }

  async ejectDisc(): Promise<void> {
    await this.#bays.ejectDisc();
    this.discProblem.set(null);
    this.#plan();
  }

  async insertFloppy(file: Blob, name?: string): Promise<void> {
    await this.#bays.insertFloppy(file, name);
    this.#plan();
  }

  async ejectFloppy(): Promise<void> {
    await this.#bays.ejectFloppy();
    this.#plan();
  }

  async flush(): Promise<void> {
    if (isOn(this.power.value)) await this.#running().call('flush');
  }

  async screenText(): Promise<string[]> {
    return isOn(this.power.value) ? this.#running().call('screenText') : [];
  }

  async screenshot(): Promise<Blob> {
    return this.#running().call('screenshot');
  }

  /** `bootRecord` as it is this moment; of a machine that is off, as it was at its end. */
  async recallBoot(): Promise<BootRecord> {
    const { power } = this.power.value;
    if (power === 'running' || power === 'paused')
      this.bootRecord.set(await this.#running().call('bootRecord'));
    return this.bootRecord.value;
  }

  async stats(): Promise<MachineStats> {
    const stats = isOn(this.power.value) ? await this.#running().call('stats') : {};
    return { ...STATS_OF_NOTHING, ...stats, mips: this.speed.value.mips };
  }

  /** Keys, pointer and serial text on their one-way lane. A machine that is not running hears nothing. */
  send(input: MachineInput): void {
    if (this.power.value.power === 'running') this.#run.client?.send(input);
  }

  /** Resolves when the guest's keyboard controller has taken the scan codes: typed text waits for that. */
  async sendKeys(scancodes: number[]): Promise<void> {
    if (this.power.value.power === 'running') await this.#running().call('sendKeys', scancodes);
  }

  onSerial(watcher: (text: string) => void): () => void {
    return this.#face.onSerial(watcher);
  }

  onActivity(watcher: (activity: Activity) => void): () => void {
    return this.#face.onActivity(watcher);
  }

  /** A machine that is on keeps what it was built with. */
  #plan(): void {
    if (isOn(this.power.value) && this.power.value.power !== 'starting') return;
    const start = this.start;
    const standard = start === 'house-disc' ? HOUSE_DISC : start === 'disk' ? start : null;
    this.#setup.plan(this.disc.value?.report ?? standard);
  }

  /** What power would start now. */
  get start(): Start {
    return decideStart({
      disc: this.disc.value !== null,
      floppy: this.floppy.value !== null,
      diskBoots: this.#memory.diskBoots.value,
      houseDisc: this.#options.defaultDisc !== undefined,
    });
  }

  async #insertDefaultDisc(): Promise<void> {
    if (!this.#options.defaultDisc || this.start !== 'house-disc') return;
    const { file, name } = await this.#options.defaultDisc();
    await this.insertDisc(file, name);
    this.#ownDisc = this.disc.value;
  }

  async #startWorker(
    soundPort: MessagePort | null,
    disk: DiskWish | null,
    restore: RestoreWish | null,
  ): Promise<void> {
    const canvas = document.createElement('canvas');
    this.#face.begin(canvas);
    await this.#run.start({
      profile: this.profile.value,
      canvas: canvas.transferControlToOffscreen(),
      disk,
      soundPort,
      disc: this.disc.value?.medium ?? null,
      floppy: this.floppy.value,
      tuning: this.tuning,
      restore,
      checkpointSeconds: this.checkpointSeconds,
    });
  }

  async #wentBack(restored: Restored): Promise<void> {
    this.#guestIsOff = false;
    this.halted.set(false);
    this.#setDrives(restored);
    await this.resume();
  }

  #setDrives(restored: Restored): void {
    const { hasDisc, floppy } = restored;
    this.moments.noteWentBack(restored);
    if (!hasDisc) this.disc.set(null);
    this.floppy.set(floppy && { file: floppy, name: this.floppy.value?.name ?? 'floppy.img' });
  }

  #receive(notice: Exclude<MachineToPage, { type: 'answer' | 'refusal' }>): void {
    this.#face.follow(notice);
    switch (notice.type) {
      case 'started':
        if (notice.restored) this.#setDrives(notice.restored);
        return this.#event({ type: 'started' });
      case 'disk':
        if (notice.standing.phase === 'full') this.#event({ type: 'paused', reason: 'storage-full' });
        return;
      case 'taken-over':
        return this.#end({ type: 'powered-off', by: notice.allSaved ? 'taken-over' : 'taken-unsaved' });
      case 'going-back':
        return this.moments.goingBack.set(notice.progress);
      case 'checkpoint':
        return this.moments.noteCheckpoint(notice.at, notice.error);
      case 'disc-ejected':
        return this.disc.set(null);
      case 'guest-power-off':
        this.#powerOff('guest', 'keep').catch((error: unknown) => this.#notTurnedOff(toVitrineError(error)));
        return;
      case 'failed':
        return this.#fail(fromWireError(notice.error));
    }
  }

  async #powerOff(by: 'visitor' | 'guest', unsaved: UnsavedWish): Promise<void> {
    if (!isOn(this.power.value)) return;
    const client = this.#run.client;
    // A machine that is only being built has written nothing yet.
    if (this.power.value.power !== 'starting') await client?.call('shutDown', unsaved);
    if (client !== this.#run.client) return;
    this.#end({ type: 'powered-off', by });
    this.canvas.set(null);
  }

  /** The guest is off, and its machine cannot be yet: it stands with what waits for room. */
  #notTurnedOff(error: VitrineError): void {
    if (error.code === 'store/full') this.#guestIsOff = true;
    else this.#fail(error);
  }

  #fail(error: VitrineError): void {
    // A file that went away or was changed has to be picked again.
    if (error.params['name'] === this.disks.base.standing.value?.name) this.disks.base.drop();
    // What could not be gone back to has touched nothing: whoever asked for it is told, and the machine is off. Nor has
    // a machine whose disk could not be reached.
    const isHidden = isStoreFailure(error);
    const isUntouched = (this.#goesBack || isHidden) && this.power.value.power === 'starting';
    this.#end(isUntouched ? { type: 'powered-off', by: 'not-resumed' } : { type: 'failed', error }, error);
    if (isUntouched) this.canvas.set(null);
    if (isUntouched && isHidden) this.opening.storeFailed(error);
  }

  #end(event: PowerEvent, error?: VitrineError): void {
    this.#turn++;
    this.#guestIsOff = false;
    this.#run.end(error);
    this.#face.rest();
    this.#event(event);
    // The tray may hold another disc than the machine was built for.
    this.#plan();
  }

  #event(event: PowerEvent): void {
    this.power.set(reducePower(this.power.value, event));
    // A machine that does not run is silent, and the audio thread rests.
    if (event.type === 'resumed') this.sound.resume();
    else if (this.power.value.power !== 'starting' && this.power.value.power !== 'running')
      this.sound.pause();
  }

  #running(): MachineClient {
    if (!this.#run.client) throw new VitrineError('machine/not-on');
    return this.#run.client;
  }
}
