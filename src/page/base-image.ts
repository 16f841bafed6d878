import type { NamedFiles } from '../bytes/named-file.ts';
import { toVitrineError, VitrineError } from '../lib/errors.ts';
import { isSameImage, lacksTime } from '../lib/image-fingerprint.ts';
import { Store } from '../lib/store.ts';
import type { BaseWish } from '../protocol/disk-messages.ts';
import type { BaseIdentity } from '../store/catalog.ts';
import { reopenFile } from './picked-file.ts';

/** Where the handles of disk images are kept between visits. */
export interface BaseMemory {
  rememberBase(fingerprint: string, handles: readonly FileSystemFileHandle[]): Promise<void>;
  /** Keeps a fuller fingerprint of an image, and its handles, for every machine on it; none: those there are stay. */
  completeBase(fingerprint: string, full: string, handles: readonly FileSystemFileHandle[]): Promise<void>;
  /** Empty where there are none. */
  recallBase(fingerprint: string): Promise<readonly FileSystemFileHandle[]>;
}

/** The image that the machine's disk stands on, and how it can be had. */
export interface BaseStanding {
  readonly name: string;
  /** `open`: the file is at hand. `one-click`: the browser gives it back in a gesture. `missing`: it must be picked. */
  readonly have: 'open' | 'one-click' | 'missing';
}

/** The image under the disk of the machine in the case: its file is the visitor's, so it has to be had again each visit. */
export class BaseImage {
  /** Null for a machine whose disk stands on nothing. */
  readonly standing = new Store<BaseStanding | null>(null);
  readonly #memory: BaseMemory;
  #identity: BaseIdentity | null = null;
  #files: NamedFiles | null = null;
  #handles: readonly FileSystemFileHandle[] = [];
  /** The last files that were brought, until it is known whether they are the image. */
  #offered: Promise<void> = Promise.resolve();

  constructor(memory: BaseMemory) {
    this.#memory = memory;
  }

  /** Another machine, or another look at the same one. */
  async recall(identity: BaseIdentity | null): Promise<void> {
    if (identity && this.#identity && isSameImage(identity.fingerprint, this.#identity.fingerprint)) {
      // Its name may be another one on another machine, and its time may be known by now.
      const isRenamed = identity.name !== this.#identity.name;
      this.#identity = identity;
      if (isRenamed) this.#tell();
      return;
    }
    if (!identity && !this.#identity) return;
    const handles = identity ? await this.#memory.recallBase(identity.fingerprint) : [];
    this.#identity = identity;
    this.#files = null;
    this.#handles = handles;
    this.#tell();
  }

  /** The files that were just attached. */
  async take(
    identity: BaseIdentity,
    files: NamedFiles,
    handles: readonly FileSystemFileHandle[],
  ): Promise<void> {
    this.#identity = identity;
    this.#files = files;
    this.#handles = handles.length === files.length ? handles : [];
    this.#tell();
    if (this.#handles.length > 0) await this.#memory.rememberBase(identity.fingerprint, this.#handles);
  }

  /**
   * Brings the image of the machine again. Rejects with `image/changed` when a file of its name is not as it was, and
   * with `disk/base-changed` for any other file. A copy of the image, or the image with another time, is known by its
   * contents alone; from here on also by the time that the files have here.
   */
  offer(files: NamedFiles, handles: readonly FileSystemFileHandle[]): Promise<void> {
    const offered = this.#check(files, handles);
    // Whoever brought the files is told; who only waits for them asks whether they are there.
    this.#offered = offered.catch(() => {});
    return offered;
  }

  async #check(files: NamedFiles, handles: readonly FileSystemFileHandle[]): Promise<void> {
    const identity = this.#identity;
    if (!identity) return;
    const { checkImageFiles, renewTimes } = await import('../media/disk-images/image-files.ts');
    let isSameTime = true;
    try {
      isSameTime = (await checkImageFiles(files, identity.fingerprint)).isSameTime;
    } catch (thrown) {
      const error = toVitrineError(thrown);
      if (error.code !== 'image/changed' || files[0].name === identity.name) throw error;
      throw new VitrineError('disk/base-changed', { name: files[0].name }, { cause: thrown });
    }
    const fingerprint = isSameTime ? null : await renewTimes(files, identity.fingerprint);
    if (fingerprint === null || lacksTime(fingerprint)) return this.take(identity, files, handles);
    const all = handles.length === files.length ? handles : [];
    await this.#memory.completeBase(identity.fingerprint, fingerprint, all);
    await this.take({ ...identity, fingerprint }, files, handles);
  }

  /** Whether these files are the image of the machine, under whatever name and of whatever time. */
  async recognises(files: NamedFiles): Promise<boolean> {
    const identity = this.#identity;
    if (!identity) return false;
    const { checkImageFiles } = await import('../media/disk-images/image-files.ts');
    try {
      await checkImageFiles(files, identity.fingerprint);
      return true;
    } catch (thrown) {
      const error = toVitrineError(thrown);
      if (error.code.startsWith('image/')) return false;
      throw error;
    }
  }

  /**
   * The files for the worker, null for a machine whose disk stands on nothing; files that were just brought are waited for.
   * Rejects with `disk/base-missing` while
   * they are not at hand, with `bytes/unreadable` when they are gone. To be called from a gesture: the browser may ask
   * the visitor for a file of an earlier visit.
   */
  async open(): Promise<BaseWish | null> {
    const identity = this.#identity;
    if (!identity) return null;
    if (!this.#files && this.#handles.length === 0) await this.#offered;
    const { name, fingerprint } = this.#identity ?? identity;
    // A file that was changed since it was picked can be read no more; its handle gives it as it is now.
    if (this.#handles.length > 0) this.#files = await this.#reopen(name);
    this.#tell();
    if (!this.#files) throw new VitrineError('disk/base-missing', { name });
    return { files: this.#files, fingerprint };
  }

  /** The files turned out to be of no use: they must be picked again. */
  drop(): void {
    this.#files = null;
    this.#handles = [];
    this.#tell();
  }

  async #reopen(name: string): Promise<NamedFiles | null> {
    const files: { file: File; name: string }[] = [];
    try {
      for (const handle of this.#handles) {
        const file = await reopenFile(handle);
        if (!file) return null;
        files.push({ file, name: file.name });
      }
    } catch (cause) {
      this.drop();
      throw new VitrineError('bytes/unreadable', { name }, { cause });
    }
    const [first, ...others] = files;
    return [first, ...others];
  }

  #tell(): void {
    const have = this.#files ? 'open' : this.#handles.length > 0 ? 'one-click' : 'missing';
    this.standing.set(this.#identity && { name: this.#identity.name, have });
  }
}
