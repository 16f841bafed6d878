import { fromWireError, type VitrineError } from '../lib/errors.ts';
import { Store } from '../lib/store.ts';
import { NO_RECORD, type BootRecord } from '../machine/milestones/milestones.ts';
import type { KeyLights } from '../protocol/input-messages.ts';
import type { DiskStanding, Drive, MachineToPage, ScreenMode } from '../protocol/machine-messages.ts';

export interface Speed {
  readonly mips: number;
  readonly instructions: number;
  readonly uptimeMs: number;
}

export interface Activity {
  readonly drive: Drive;
  readonly direction: 'read' | 'write';
  readonly bytes: number;
}

const NO_LIGHTS: KeyLights = { scrollLock: false, numLock: false, capsLock: false };
const NO_SPEED: Speed = { mips: 0, instructions: 0, uptimeMs: 0 };

/** What a machine shows of itself while it is on, as watchable values that follow what its worker tells. */
export class MachineFace {
  readonly screen = new Store<ScreenMode | null>(null);
  /** The canvas that the running worker draws on: a new one for each power-on, since it is given away for good. */
  readonly canvas = new Store<HTMLCanvasElement | null>(null);
  readonly speed = new Store<Speed>(NO_SPEED);
  readonly pointerAbsolute = new Store(false);
  /** The lights of the guest's keyboard. */
  readonly keyLights = new Store<KeyLights>(NO_LIGHTS);
  /** How the disk stands: what is saved, what waits. Null without a disk. */
  readonly disk = new Store<DiskStanding | null>(null);
  /** The guest stopped its processor for good, though the machine is on (HLT with interrupts off). */
  readonly halted = new Store(false);
  /** Why the disc in the drive could not be read, until it is looked away from or another is there. */
  readonly discProblem = new Store<VitrineError | null>(null);
  /** How far the system on the machine came; what it was at its end stays until the next power-on. */
  readonly bootRecord = new Store<BootRecord>(NO_RECORD);
  readonly #serialWatchers = new Set<(text: string) => void>();
  readonly #activityWatchers = new Set<(activity: Activity) => void>();

  onSerial(watcher: (text: string) => void): () => void {
    this.#serialWatchers.add(watcher);
    return () => this.#serialWatchers.delete(watcher);
  }

  onActivity(watcher: (activity: Activity) => void): () => void {
    this.#activityWatchers.add(watcher);
    return () => this.#activityWatchers.delete(watcher);
  }

  /** A machine that has told nothing yet. */
  begin(canvas: HTMLCanvasElement | null): void {
    this.speed.set(NO_SPEED);
    this.bootRecord.set(NO_RECORD);
    this.screen.set(null);
    this.disk.set(null);
    this.halted.set(false);
    this.discProblem.set(null);
    this.pointerAbsolute.set(false);
    this.keyLights.set(NO_LIGHTS);
    this.canvas.set(canvas);
  }

  /** The processor stands still; what it did stays to be read. */
  rest(): void {
    this.speed.patch({ mips: 0 });
  }

  follow(notice: MachineToPage): void {
    switch (notice.type) {
      case 'serial':
        for (const watcher of this.#serialWatchers) watcher(notice.text);
        return;
      case 'activity':
        for (const watcher of this.#activityWatchers) watcher(notice);
        return;
      case 'screen':
        return this.screen.set(notice.mode);
      case 'speed':
        return this.speed.set(notice);
      case 'boot-record':
        return this.bootRecord.set(notice.record);
      case 'pointer-mode':
        return this.pointerAbsolute.set(notice.absolute);
      case 'key-lights':
        return this.keyLights.set(notice.lights);
      case 'disk':
        return this.disk.set(notice.standing);
      case 'disc-unreadable':
        return this.discProblem.set(fromWireError(notice.error));
      case 'disc-ejected':
        return this.discProblem.set(null);
      case 'guest-halted':
        return this.halted.set(true);
      case 'guest-reboot':
        return this.halted.set(false);
    }
  }
}
