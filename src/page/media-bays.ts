import { BlobSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { Store } from '../lib/store.ts';
import type { DiscReport } from '../media/disc-report.ts';
import type { Medium } from '../protocol/machine-messages.ts';
import type { MachineClient } from './machine-client.ts';

/** The disc in the tray: the visitor's file and what is known of it. */
export interface LoadedDisc {
  readonly medium: Medium;
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
  readonly floppy = new Store<Medium | null>(null);
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

  /** Rejects with 'engine/floppy-size' what has no size of a floppy. */
  async insertFloppy(file: Blob, name = nameOf(file)): Promise<void> {
    checkFloppy(file, name);
    const medium = { file, name };
    await this.#machine()?.call('insertFloppy', medium);
    this.floppy.set(medium);
  }

  async ejectFloppy(): Promise<void> {
    await this.#machine()?.call('ejectFloppy');
    this.floppy.set(null);
  }
}

const FLOPPY_SIZES_KIB = [160, 180, 320, 360, 720, 1200, 1440, 2880];

function checkFloppy(file: Blob, name: string): void {
  if (FLOPPY_SIZES_KIB.some((kib) => kib * 1024 === file.size)) return;
  throw new VitrineError('engine/floppy-size', { name, sizeBytes: file.size });
}

function nameOf(file: Blob): string {
  return file instanceof File ? file.name : 'disc';
}
