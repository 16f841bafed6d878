import type { NamedFile } from '../bytes/named-file.ts';
import { BlobSource } from '../bytes/byte-source.ts';
import { silentAfter } from '../bytes/patience.ts';
import type { MediumIdentity } from '../machine/machine-identity.ts';
import { fingerprintImage } from '../media/disk-images/fingerprint.ts';

/** The disc that the page last put into the drive, and what it is recognised by. */
export class Tray {
  #medium: NamedFile | null = null;
  #identity: Promise<MediumIdentity> | null = null;
  #isTold = false;

  constructor(medium: NamedFile | null) {
    this.put(medium);
  }

  get medium(): NamedFile | null {
    return this.#medium;
  }

  put(medium: NamedFile | null): void {
    this.#medium = medium;
    this.#identity = null;
    this.#isTold = false;
  }

  /** The disc cannot be read: whether that is the first time since it came into the drive. */
  tellUnreadable(): boolean {
    const isFirst = !this.#isTold;
    this.#isTold = true;
    return isFirst;
  }

  /** Reads some hundred kilobytes of the disc at the first call. Rejects with `bytes/unreadable` or `bytes/silent`. */
  async identity(): Promise<MediumIdentity | null> {
    const medium = this.#medium;
    if (!medium) return null;
    this.#identity ??= identify(medium);
    return this.#identity;
  }
}

async function identify({ file, name }: NamedFile): Promise<MediumIdentity> {
  const { sizeBytes, sampleSha256 } = await silentAfter(fingerprintImage(new BlobSource(file, name)), name);
  return { name, sizeBytes, sampleSha256 };
}
