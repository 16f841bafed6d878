import type { NamedFiles } from '../bytes/named-file.ts';
import { fitsDrive } from '../lib/disk-limit.ts';
import { VitrineError } from '../lib/errors.ts';
import { exactDiskSize } from '../lib/format.ts';
import type { KeptProfile } from '../machine/kept-profile.ts';
import { hardwareForDisk } from '../machine/plan-disk.ts';
import type { DiskReport } from '../media/disk-report.ts';
import type { DiskFileFormat } from '../protocol/disk-messages.ts';
import type { BaseIdentity } from '../store/catalog.ts';
import { BaseImage, type BaseMemory } from './base-image.ts';
import { openDiskExport, type DiskExportOptions, type DiskFile } from './disk-export.ts';
import type { MachineClient } from './machine-client.ts';
import type { ArchiveOptions, ShelfClient } from './shelf-client.ts';

/** Where machines on images are made. */
export interface DiskShelf extends BaseMemory {
  /** A machine over an image in place of one that is blank, or of none; 'disk/not-blank' otherwise. */
  attachDisk(machineId: string, base: BaseIdentity, profile: KeptProfile): Promise<void>;
  /** A new machine over an image; resolves with its id. */
  createFromImage(name: string, base: BaseIdentity, profile: KeptProfile): Promise<string>;
}

/** What the disks of a session need of it. */
export interface DiskSession {
  machineId(): string;
  /** The worker of a machine that is on, or null. */
  client(): MachineClient | null;
  shelf: DiskShelf;
  /** Looks up what is kept of the machine in the case. */
  recall(): Promise<void>;
  /** Puts another machine in the case. */
  choose(machineId: string): Promise<void>;
}

export interface AttachOptions {
  /** Handles of the files, in their order, for the next visit. */
  readonly handles?: readonly FileSystemFileHandle[];
  /** Makes a new machine of this name and puts it in the case, instead of giving the disk to the one there. */
  readonly newMachine?: string;
}

/** Disk images under the machine in the case, and its disk as a file. Methods reject with a `VitrineError`. */
export class SessionDisks {
  /** The image that the disk stands on. */
  readonly base: BaseImage;
  readonly #session: DiskSession;
  readonly #worker: ShelfClient;
  #exports = 0;

  /** `worker`: the one for machines that are off, one for all of the page. */
  constructor(session: DiskSession, worker: ShelfClient) {
    this.#worker = worker;
    this.#session = session;
    this.base = new BaseImage(session.shelf);
  }

  /**
   * Makes an image the read-only base of the machine's disk, and tells what it is. What cannot be opened as a disk is
   * not attached: the report's first reason says why, with an `image/…` code. While off; 'disk/not-blank' for a machine
   * with something on its disk.
   */
  async attach(files: NamedFiles, options: AttachOptions = {}): Promise<DiskReport> {
    this.#checkOff();
    const images = await import('../media/disk-images/image-files.ts');
    const report = await images.inspectImageFiles(files);
    if (report.verdict === 'not-a-disk') return report;
    const [{ name }] = files;
    const sizeBytes = report.virtualSizeBytes;
    if (!fitsDrive(sizeBytes)) {
      throw new VitrineError('image/too-large', { name }, { detail: exactDiskSize(sizeBytes) });
    }
    const base = { name, sizeBytes, fingerprint: await images.fingerprintImageFiles(files) };
    const built = hardwareForDisk(report);
    const profile: KeptProfile = { chosen: {}, built, ...(report.bootable && { baseBoots: true }) };
    const { shelf } = this.#session;
    this.#checkOff();
    if (options.newMachine === undefined) {
      await shelf.attachDisk(this.#session.machineId(), base, profile);
      await this.base.take(base, files, options.handles ?? []);
      await this.#session.recall();
    } else {
      const id = await shelf.createFromImage(options.newMachine, base, profile);
      await this.#session.choose(id);
      await this.base.take(base, files, options.handles ?? []);
    }
    return report;
  }

  /**
   * Copies the image into this browser, so that the machine needs the file no more. While off. Rejects with
   * `image/keep-cancelled`, `image/no-room` or an error of the file; the machine stands on the file then, as before.
   */
  async keepBase(options: ArchiveOptions = {}): Promise<void> {
    this.#checkOff();
    // The machine in the case may be another one since its image was looked up.
    await this.#session.recall();
    const base = await this.base.open();
    if (!base) return;
    await this.#worker.keepBase(this.#session.machineId(), base, options);
    await this.#session.recall();
  }

  /**
   * The disk as a file of another format, on or off; the machine goes on meanwhile, and the file holds the disk as it
   * is at this instant, or was at a saved moment.
   */
  async export(format: DiskFileFormat, options: DiskExportOptions = {}): Promise<DiskFile> {
    const exportId = ++this.#exports;
    const wish = { id: exportId, format, momentId: options.momentId ?? null };
    const client = this.#session.client();
    if (client) {
      return openDiskExport(
        {
          begin: () => client.call('beginDiskExport', wish, null),
          next: () => client.call('diskExportNext', exportId),
          end: () => client.call('endDiskExport', exportId),
        },
        options,
      );
    }
    await this.#session.recall();
    const id = this.#session.machineId();
    const base = await this.base.open();
    return openDiskExport(
      {
        begin: () => this.#worker.call(id, 'beginDiskExport', wish, base),
        next: () => this.#worker.call(id, 'diskExportNext', exportId),
        end: () => this.#worker.call(id, 'endDiskExport', exportId),
      },
      options,
    );
  }

  #checkOff(): void {
    if (this.#session.client()) throw new VitrineError('machine/not-off');
  }
}
