import { t } from '../lib/language.ts';
import { VitrineError } from '../lib/errors.ts';
import { ProgressMeter, type Progress } from '../lib/progress-meter.ts';
import { Store } from '../lib/store.ts';
import type { ArchiveProgress } from '../protocol/snapshot-messages.ts';
import type { SessionMoments } from './session-moments.ts';

/** The ending of a file that holds a machine. */
export const MACHINE_ENDING = '.vitrine';

/** A machine file that is being written or read. */
export interface MachineFileWork {
  readonly kind: 'writing' | 'reading';
  readonly fileName: string;
  /** Null until something of it is done. */
  readonly progress: Progress | null;
}

/** What became of a file: for whoever asked for it. */
export type FileOutcome = 'done' | 'cancelled' | 'dismissed';

const REPORT_MS = 250;

/** Whether a file says by its name that it holds a machine; what it does hold is found out when it is read. */
export function isMachineFile(name: string): boolean {
  return name.toLowerCase().endsWith(MACHINE_ENDING);
}

/** Machines as files, one at a time: writing one out, and bringing one in. */
export class MachineFiles {
  readonly work = new Store<MachineFileWork | null>(null);
  /** A file that was brought, until the visitor has said what it is to become. */
  readonly brought = new Store<File | null>(null);
  readonly #moments: SessionMoments;
  #cancel: AbortController | null = null;

  constructor(moments: SessionMoments) {
    this.#moments = moments;
  }

  /**
   * Writes a machine, which is off, into a file of the visitor's choice; call it from a gesture. Rejects with
   * `machine/not-off`, `store/machine-in-use`, `archive/unreadable` and what writing a file meets.
   */
  save(machineId: string, machineName: string): Promise<FileOutcome> {
    const fileName = machineName + MACHINE_ENDING;
    return this.#do('writing', fileName, async (signal, onProgress) => {
      const { saveStream } = await import('./save-stream.ts');
      const saved = await saveStream({
        suggestedName: fileName,
        types: [{ description: t`Machine`, accept: { 'application/octet-stream': [MACHINE_ENDING] } }],
        open: (stop) => this.#moments.exportMachine({ signal: stop, onProgress }, machineId),
        signal,
      });
      return saved ? 'done' : 'dismissed';
    });
  }

  /**
   * Makes a machine what the file holds, all of which is checked before anything is replaced: one that is off, or,
   * with an id that none has, a new one. Rejects as `SessionMoments.importMachine` does.
   */
  bring(file: File, machineId: string): Promise<FileOutcome> {
    return this.#do('reading', file.name, async (signal, onProgress) => {
      await this.#moments.importMachine(file, file.name, { signal, onProgress }, machineId);
      return 'done';
    });
  }

  /** Gives up what is being written or read: there is no file then, or the machine is as it was. */
  cancel(): void {
    this.#cancel?.abort();
  }

  async #do(
    kind: MachineFileWork['kind'],
    fileName: string,
    work: (signal: AbortSignal, onProgress: (progress: ArchiveProgress) => void) => Promise<FileOutcome>,
  ): Promise<FileOutcome> {
    if (this.#cancel) throw new VitrineError('machine/file-busy');
    const cancel = new AbortController();
    this.#cancel = cancel;
    const meter = new ProgressMeter(null);
    let reporting: ReturnType<typeof setInterval> | undefined;
    this.work.set({ kind, fileName, progress: null });
    const report = () => this.work.set({ kind, fileName, progress: meter.read() });
    try {
      return await work(cancel.signal, ({ doneBytes, totalBytes }) => {
        meter.set(doneBytes, totalBytes);
        reporting ??= setInterval(report, REPORT_MS);
      });
    } catch (thrown) {
      if (cancel.signal.aborted) return 'cancelled';
      throw thrown;
    } finally {
      clearInterval(reporting);
      this.#cancel = null;
      this.work.set(null);
    }
  }
}
