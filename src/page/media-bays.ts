import type { NamedFile } from '../bytes/named-file.ts';
import { BlobSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { Store } from '../lib/store.ts';
import type { DiscReport } from '../media/disc-report.ts';
import type { MachineClient } from './machine-client.ts';

/** The disc in the tray: the visitor's file and what is known of it. */
export interface LoadedDisc {
  readonly medium: NamedFile;
  readonly report: DiscReport;
}

/**
 * The disc tray and the floppy drive, as the visitor sees them: what is in them, and what can be put in or taken out
 * whether the machine is on or not. A machine that is on takes the medium first; what it refuses is not put in.
 */
export class MediaBays {
  readonly disc = new Store<LoadedDisc | null>(null);
  /** The last file that was no disc and so was not put in, until another is or the visitor puts it away. */
  readonly refusedDisc = new Store<LoadedDisc | null>(null);
  readonly floppy = new Store<NamedFile | null>(null);
  readonly #machine: () => MachineClient | null;

  /** `machine` gives the worker of a machine that is on, null for one that is off. */
  constructor(machine: () => MachineClient | null) {
    this.#machine = machine;
  }

  /** Tells what a disc is and puts it in. What is no disc at all is not put in: the report says why. */
  async insertDisc(file: Blob, name = nameOf(file)): Promise<DiscReport> {
    const { inspectDisc } = await import('../media/inspect-disc.ts');
    const report = await inspectDisc(new BlobSource(file, name));
    const medium = { file, name };
    this.refusedDisc.set(report.verdict === 'not-a-disc' ? { medium, report } : null);
    if (report.verdict === 'not-a-disc') return report;
    await this.#machine()?.call('insertDisc', medium);
    this.disc.set({ medium, report });
    return report;
  }

  async ejectDisc(): Promise<void> {
    await this.#machine()?.call('ejectDisc');
    this.disc.set(null);
  }

  /**
   * Rejects what is no floppy: 'engine/not-a-floppy' for what is something else, 'engine/floppy-cut' for one that is cut
   * off, 'engine/floppy-size' for what has no size of a floppy.
   */
  async insertFloppy(file: Blob, name = nameOf(file)): Promise<void> {
    await checkFloppy(file, name);
    const medium = { file, name };
    await this.#machine()?.call('insertFloppy', medium);
    this.floppy.set(medium);
  }

  async ejectFloppy(): Promise<void> {
    await this.#machine()?.call('ejectFloppy');
    this.floppy.set(null);
  }
}

async function checkFloppy(file: Blob, name: string): Promise<void> {
  const [{ mediumOf, tellFileKind }, { isFloppySize }] = await Promise.all([
    import('../media/file-kind.ts'),
    import('../media/floppy-sizes.ts'),
  ]);
  const source = new BlobSource(file, name);
  const kind = await tellFileKind(source);
  const sizeBytes = file.size;
  if (kind.cutFromBytes !== null) {
    throw new VitrineError('engine/floppy-cut', { name, sizeBytes, fromBytes: kind.cutFromBytes });
  }
  const isOther = kind.medium === null ? mediumOf(kind, source) === 'disc' : kind.medium !== 'floppy';
  // A floppy may hold nothing but an archive; the visitor says that it is one.
  const mayHoldAnything = isFloppySize(sizeBytes) && kind.medium === null;
  if (isOther && !mayHoldAnything) throw new VitrineError('engine/not-a-floppy', { name, what: kind.what });
  if (!isFloppySize(sizeBytes)) throw new VitrineError('engine/floppy-size', { name, sizeBytes });
}

function nameOf(file: Blob): string {
  return file instanceof File ? file.name : 'disc';
}
