import { t } from '../lib/language.ts';
import { asImage } from './image-study.ts';
import type { MachineSession } from './machine-session.ts';
import { pickFile, pickFiles } from './picked-file.ts';

/** Endings by which the file dialog looks at first; any other file can be picked there, too. */
const IMAGE_ENDINGS = ['.qcow2', '.vhd', '.vmdk', '.vdi', '.img', '.raw'];
const DISC_ENDINGS = ['.iso', '.udf', '.img'];

/**
 * The file that a kiosk's machine needs: the image under its disk, or else the disc of its first state. A browser gives
 * either only in a gesture, so everything here but `isAtHand` has to be called from one.
 */
export class KioskFile {
  readonly #session: MachineSession;

  constructor(session: MachineSession) {
    this.#session = session;
  }

  /** Whether the browser knows where the file lies, and only has to be asked. */
  get isAtHand(): boolean {
    const base = this.#base;
    return base ? base.have === 'one-click' : this.#session.lastDisc.name.value !== '';
  }

  /** Asks the browser for it; false when it does not give it. */
  async ask(): Promise<boolean> {
    const { disks, disc } = this.#session;
    if (!this.#base) {
      await this.#session.insertLastDisc();
      return disc.value !== null;
    }
    await disks.base.open();
    return true;
  }

  /** Lets staff choose it; false when they change their mind. Rejects for another file than the machine's. */
  async choose(): Promise<boolean> {
    const { disks, disc } = this.#session;
    if (this.#base) {
      const picked = await pickFiles(t`Disk image`, IMAGE_ENDINGS);
      if (picked.length === 0) return false;
      const image = await asImage(picked);
      await disks.base.offer(image.files, image.handles);
      return true;
    }
    const picked = await pickFile(t`Disc image`, DISC_ENDINGS);
    if (!picked) return false;
    await this.#session.insertDisc(picked.file);
    if (picked.handle) await this.#session.rememberDisc(picked.handle);
    return disc.value !== null;
  }

  /** The image, while it is not open. */
  get #base() {
    const base = this.#session.disks.base.standing.value;
    return base && base.have !== 'open' ? base : null;
  }
}
