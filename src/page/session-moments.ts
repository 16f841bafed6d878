import type { NamedFile } from '../bytes/named-file.ts';
import { BlobSource } from '../bytes/byte-source.ts';
import { fromWireError, VitrineError, type WireError } from '../lib/errors.ts';
import { Store } from '../lib/store.ts';
import { checkDisc, isSameMedium, type MediumIdentity } from '../machine/machine-identity.ts';
import type { Opening } from '../machine/opening.ts';
import type { MachineProfile } from '../machine/profile.ts';
import type {
  Restored,
  RestoredClock,
  RestoreProgress,
  RestoreWish,
  SnapshotInfo,
} from '../protocol/snapshot-messages.ts';
import type { MachineClient } from './machine-client.ts';
import { MomentPictures } from './moment-pictures.ts';
import type { ArchiveOptions, ShelfClient } from './shelf-client.ts';

/** What the moments of a session need of it. */
export interface MomentSession {
  machineId(): string;
  /** The worker of a machine that is on, or null. */
  client(): MachineClient | null;
  /** The disc in the tray. */
  disc(): NamedFile | null;
  defaultDisc(): Promise<NamedFile | null>;
  /** The name of the file that the machine's disk stands on; null for none. */
  baseName(): string | null;
  insertDisc(medium: NamedFile): Promise<void>;
  /** A machine that is off is going to be started: whatever does not depend on the moment may begin. */
  prepare(): void;
  /** It is not, after all; nothing happens where it was started. */
  giveUp(): void;
  /** Starts a machine that is off with this profile and goes on from a moment, unless `isStopped` just before. */
  start(profile: MachineProfile, restore: RestoreWish, isStopped: () => boolean): Promise<void>;
  /** The machine that is on went back: its drives are as given, and it runs. */
  wentBack(restored: Restored): Promise<void>;
}

/** How the rolling checkpoint stands. `at`: milliseconds since the epoch of the last one, 0 for none yet. */
export interface CheckpointStanding {
  readonly at: number;
  /** Why the last one could not be saved; null when it was. */
  readonly error: VitrineError | null;
}

/**
 * The saved moments of one machine, on or off. Methods reject with a `VitrineError`; a machine that runs goes on when
 * one is refused.
 */
export class SessionMoments {
  /** Counts up whenever the list changed: read it again. */
  readonly changes = new Store(0);
  readonly checkpoint = new Store<CheckpointStanding>({ at: 0, error: null });
  /** How far going back has come; null while the machine does not, or has nothing of it yet. */
  readonly goingBack = new Store<RestoreProgress | null>(null);
  /** The clock after the machine went back last; null where there is nothing to say about it. */
  readonly clock = new Store<RestoredClock | null>(null);
  /** Whether one of them is the exhibit's first state, as far as is known. */
  readonly hasFirst = new Store(false);
  readonly #session: MomentSession;
  readonly #shelf: ShelfClient;
  readonly #pictures = new MomentPictures();
  /** The moment that what was there became when the machine went back last. */
  #kept: string | null = null;

  /** `shelf`: the worker for machines that are off, one for all of the page. */
  constructor(session: MomentSession, shelf: ShelfClient) {
    this.#shelf = shelf;
    this.#session = session;
  }

  async list(): Promise<SnapshotInfo[]> {
    const client = this.#session.client();
    const id = this.#id;
    const known = this.#pictures.knownOf(id);
    const answer = await (client ? client.call('moments', known) : this.#shelf.call(id, 'moments', known));
    const list = this.#pictures.complete(id, known, answer);
    this.hasFirst.set(list.some(({ isFirst }) => isFirst));
    return list;
  }

  /** Bytes stored for all moments together. */
  async bytes(): Promise<number> {
    const client = this.#session.client();
    return client ? client.call('momentBytes') : this.#shelf.call(this.#id, 'momentBytes');
  }

  /** While the machine is on; 'machine/not-on' otherwise. */
  async take(label = ''): Promise<SnapshotInfo> {
    const client = this.#session.client();
    if (!client) throw new VitrineError('machine/not-on');
    const info = await client.call('takeMoment', { label, kind: 'kept' });
    this.#changed();
    return info;
  }

  /**
   * Goes back to a moment, from a machine that is on or off; the machine runs afterwards. With `keep: 'moment'` what is
   * there now can be gone back to in turn (undo). Rejects with `snapshot/disc-missing` or `snapshot/other-disc` (which
   * name the disc to put in), `snapshot/other-machine`, `snapshot/no-moment` or `snapshot/damaged`. A machine that is
   * off stays off until `signal`, if given, may have been aborted ('machine/stopped'). Resolves with the moment that what
   * was there became, null for none. `moment`: the moment itself, where it is known.
   */
  async restore(
    id: string,
    keep: RestoreWish['keep'] = 'nothing',
    { signal, moment }: { signal?: AbortSignal; moment?: SnapshotInfo } = {},
  ): Promise<string | null> {
    const client = this.#session.client();
    this.goingBack.set(null);
    this.clock.set(null);
    this.#kept = null;
    if (client) {
      await this.#session.wentBack(await client.call('restoreMoment', { id, keep }));
    } else {
      this.#session.prepare();
      try {
        const machineId = this.#id;
        const info = moment ?? (await this.list()).find((each) => each.id === id);
        if (!info) throw new VitrineError('snapshot/no-moment');
        await this.#findDisc(info);
        // Another machine may have come into the case meanwhile, with a moment of the same number.
        const isStopped = () => (signal?.aborted ?? false) || this.#id !== machineId;
        if (isStopped()) throw new VitrineError('machine/stopped');
        const profile = { ...info.profile, machineId };
        await this.#session.start(profile, { id, keep: keep === 'moment' ? 'disk' : keep }, isStopped);
      } finally {
        this.#session.giveUp();
      }
    }
    this.goingBack.set(null);
    this.#changed();
    return this.#kept;
  }

  /** The machine went back, on or from off. */
  noteWentBack({ clock, kept }: Restored): void {
    this.clock.set(clock);
    this.#kept = kept;
  }

  /** Deletes a moment; those that went on from it stay whole. */
  async delete(id: string): Promise<void> {
    const client = this.#session.client();
    await (client ? client.call('deleteMoment', id) : this.#shelf.call(this.#id, 'deleteMoment', id));
    this.#changed();
  }

  async rename(id: string, label: string): Promise<void> {
    const client = this.#session.client();
    await (client
      ? client.call('renameMoment', id, label)
      : this.#shelf.call(this.#id, 'renameMoment', id, label));
    this.#changed();
  }

  /**
   * Makes a moment the exhibit's first state, null for none. Refused with `snapshot/first-needs-disc` or
   * `snapshot/first-needs-image` (which name the file) for one that needs a file of the visitor's: a browser gives it
   * only to a hand, and the exhibit goes back by itself.
   */
  async pinFirst(id: string | null): Promise<void> {
    if (id !== null) {
      const moment = (await this.list()).find((each) => each.id === id);
      await this.#checkFirst(moment?.identity.disc ?? null);
    }
    await this.#pin(id);
  }

  /** Saves the machine as it is now, as the exhibit's first state. Refused as `pinFirst` is, before anything is saved. */
  async takeFirst(label: string): Promise<SnapshotInfo> {
    await this.#checkFirst(await identify(this.#session.disc()));
    const moment = await this.take(label);
    await this.#pin(moment.id);
    return moment;
  }

  async #checkFirst(disc: MediumIdentity | null): Promise<void> {
    const base = this.#session.baseName();
    if (base !== null) throw new VitrineError('snapshot/first-needs-image', { name: base });
    if (!disc) return;
    const own = await identify(await this.#session.defaultDisc());
    if (!own || !isSameMedium(own, disc))
      throw new VitrineError('snapshot/first-needs-disc', { name: disc.name });
  }

  async #pin(id: string | null): Promise<void> {
    const client = this.#session.client();
    await (client ? client.call('pinMoment', id) : this.#shelf.call(this.#id, 'pinMoment', id));
    this.hasFirst.set(id !== null);
    this.#changed();
  }

  /** Goes back to the first state in one step; false when none is pinned. */
  async resetToFirst(
    keep: RestoreWish['keep'] = 'nothing',
    options: { signal?: AbortSignal } = {},
  ): Promise<boolean> {
    const first = (await this.list()).find(({ isFirst }) => isFirst);
    if (first) await this.restore(first.id, keep, { ...options, moment: first });
    return first !== undefined;
  }

  /** What to do with this machine, which is off, when the page opens. */
  async opening(): Promise<Opening> {
    return this.#shelf.call(this.#id, 'opening');
  }

  /**
   * Does what `opening` offered. `moment`: goes on from the checkpoint; a disk that was written on after it becomes a
   * moment of its own. `disk`: the checkpoint becomes a moment of its own, and the machine stays off, ready to be
   * turned on from its disk.
   */
  async open(
    opening: Exclude<Opening, { kind: 'cold' }>,
    choice: 'moment' | 'disk',
    { label = '', signal }: { label?: string; signal?: AbortSignal } = {},
  ): Promise<void> {
    if (choice === 'moment') {
      // What was found when the page opened may be long ago: another tab may have written since.
      await this.restore(opening.momentId, 'disk-if-written', signal && { signal });
    } else {
      await this.#shelf.call(this.#id, 'keepCheckpoint', label);
      this.#changed();
    }
  }

  /**
   * A machine, the one in the case unless given, with its disk and all its moments as one `.vitrine` file. While it is
   * off; `machine/not-off` or `store/machine-in-use` otherwise. Of a disk that stands on an image it holds the changes;
   * the image has to be brought along, or kept here before. Cancelling the stream, or the signal, gives it up.
   */
  async exportMachine(
    options: ArchiveOptions = {},
    machineId = this.#id,
  ): Promise<ReadableStream<Uint8Array>> {
    this.#checkOff(machineId);
    return this.#shelf.export(machineId, options);
  }

  /**
   * Makes a machine, which is off, what the file holds; with an id that none has, a new one. All of it is read and checked before anything is replaced.
   * Rejects with `machine/not-off`, `archive/foreign`, `archive/newer`, `archive/cut`, `archive/damaged`,
   * `archive/cancelled`, `bytes/unreadable` or `store/full`; the machine that was there is there still then.
   */
  async importMachine(
    file: Blob,
    name: string,
    options: ArchiveOptions = {},
    machineId = this.#id,
  ): Promise<void> {
    this.#checkOff(machineId);
    await this.#shelf.import(machineId, file, name, options);
    this.#changed();
  }

  /** The page may go away: saves what it can. Nothing happens for a machine that is off or has no disk. */
  async prepareToLeave(): Promise<void> {
    await this.#session.client()?.call('prepareToLeave');
  }

  /** The worker's notice. */
  noteCheckpoint(at: number, error: WireError | null): void {
    const before = this.checkpoint.value;
    this.checkpoint.set(error ? { at: before.at, error: fromWireError(error) } : { at, error: null });
    this.#changed();
  }

  #checkOff(machineId: string): void {
    if (machineId === this.#id && this.#session.client()) throw new VitrineError('machine/not-off');
  }

  #changed(): void {
    this.changes.set(this.changes.value + 1);
  }

  get #id(): string {
    return this.#session.machineId();
  }

  /** Makes sure that the right disc is in the tray, if any is needed: the exhibit's own is fetched by itself. */
  async #findDisc({ identity }: SnapshotInfo): Promise<void> {
    if (!identity.disc) return;
    const inTray = await identify(this.#session.disc());
    if (inTray && isSameMedium(inTray, identity.disc)) return;
    const standard = await this.#session.defaultDisc();
    const own = await identify(standard);
    if (standard && own && isSameMedium(own, identity.disc)) await this.#session.insertDisc(standard);
    else checkDisc(identity, inTray);
  }
}

async function identify(medium: NamedFile | null): Promise<MediumIdentity | null> {
  if (!medium) return null;
  const { fingerprintImage } = await import('../media/disk-images/fingerprint.ts');
  const { sizeBytes, sampleSha256 } = await fingerprintImage(new BlobSource(medium.file, medium.name));
  return { name: medium.name, sizeBytes, sampleSha256 };
}
