import type { NamedFile } from '../bytes/named-file.ts';
import { BlobSource } from '../bytes/byte-source.ts';
import { silentAfter } from '../bytes/patience.ts';
import { BootProgress } from '../machine/milestones/boot-progress.ts';
import type { BootRecord } from '../machine/milestones/milestones.ts';
import { readBootRecord } from '../machine/milestones/record-schema.ts';
import { isStopPicture, readScreenSigns } from '../machine/milestones/screen-signs.ts';
import { findBootFiles, type BootFile } from '../media/boot-files.ts';
import type { ScreenMode } from '../protocol/machine-messages.ts';
import type { EngineWitness } from './v86/witness.ts';

/** What is looked at from time to time. */
export interface WatchedEngine {
  readonly screen: WatchedScreen;
  /** Tells the witness what can only be seen by looking. */
  lookOn(): void;
}

/** The part of the machine's screen that is looked at. */
export interface WatchedScreen {
  readonly mode: ScreenMode;
  text(): string[];
  samplePixels(columns: number, rows: number): number[];
}

/** News is told together with what comes within so long. */
const NEWS_MS = 100;
/** A record whose counts alone changed is told so often. */
const COUNTS_MS = 5000;
/** A prompt of the boot sector stands for five seconds: half of one is often enough, and costs a thousandth. */
const LOOK_MS = 500;

/** Looks on while a machine boots, and tells how far it came. Keeps nothing that the guest shows, reads or writes. */
export class BootWatch implements EngineWitness {
  readonly #progress: BootProgress;
  readonly #tell: (record: BootRecord) => void;
  readonly #clock: () => { ranMs: number; instructions: number };
  readonly #timers: ReturnType<typeof setInterval>[];
  #news: ReturnType<typeof setTimeout> | undefined;
  #toldMs = -1;
  #disc: NamedFile | null = null;

  /** `clock`: running time and instructions since the engine was built. */
  constructor(
    disc: NamedFile | null,
    clock: () => { ranMs: number; instructions: number },
    engine: () => WatchedEngine | null,
    tell: (record: BootRecord) => void,
  ) {
    this.#tell = tell;
    this.#clock = clock;
    this.#progress = new BootProgress(clock, () => {
      this.#news ??= setTimeout(() => this.tell(), NEWS_MS);
    });
    this.#timers = [
      setInterval(() => this.#look(engine()), LOOK_MS),
      setInterval(() => {
        if (clock().ranMs !== this.#toldMs) this.tell();
        this.#toldMs = clock().ranMs;
      }, COUNTS_MS),
    ];
    this.#findFiles(disc);
  }

  get record(): BootRecord {
    return this.#progress.record;
  }

  /** Another disc lies in the drive, or none. */
  putDisc(disc: NamedFile | null): void {
    this.#progress.discChanged();
    this.#findFiles(disc);
  }

  restarted(tripleFault: boolean): void {
    this.#progress.restarted(tripleFault);
  }

  happened(kind: 'halted' | 'power-off' | 'disc-ejected' | 'disc-unreadable'): void {
    this.#progress.happened(kind);
  }

  /** Tells how it stands now. */
  tell(): void {
    clearTimeout(this.#news);
    this.#news = undefined;
    this.#tell(this.record);
  }

  /** Nothing comes after this; of a machine that never ran there is nothing to tell. */
  end(): void {
    if (this.#clock().ranMs > 0) this.tell();
    clearTimeout(this.#news);
    for (const timer of this.#timers) clearInterval(timer);
  }

  discRead(offset: number, length: number): void {
    this.#progress.discRead(offset, length);
  }

  diskRead(offset: number, length: number, paged: boolean): void {
    this.#progress.diskRead(offset, length, paged);
  }

  diskWrite(offset: number, length: number): void {
    this.#progress.diskWrite(offset, length);
  }

  dma(drive: 'disc' | 'disk', direction: 'read' | 'write', paged: boolean): void {
    this.#progress.dma(drive, direction, paged);
  }

  packet(opcode: number): void {
    this.#progress.packet(opcode);
  }

  chip(chip: 'pic' | 'pit' | 'rtc'): void {
    this.#progress.chip(chip);
  }

  screenMode(mode: ScreenMode, graphics: boolean): void {
    this.#progress.screenMode(mode, graphics);
  }

  mouse(enabled: boolean): void {
    this.#progress.mouse(enabled);
  }

  save(): string {
    return JSON.stringify(this.record);
  }

  restore(saved: string | undefined): void {
    this.#progress.restore(readBootRecord(saved));
  }

  #look(engine: WatchedEngine | null): void {
    if (!engine) return;
    engine.lookOn();
    const { screen } = engine;
    const { mode, width, height } = screen.mode;
    if (mode === 'text') this.#progress.screen(readScreenSigns(screen.text()));
    else if (this.#progress.isUp && width === 640 && height === 480)
      this.#progress.stopPicture(isStopPicture(screen.samplePixels(32, 24)));
  }

  #findFiles(disc: NamedFile | null): void {
    this.#disc = disc;
    void filesOf(disc).then((files) => disc === this.#disc && this.#progress.setFiles(files));
  }
}

async function filesOf(disc: NamedFile | null): Promise<BootFile[]> {
  if (!disc) return [];
  try {
    return await silentAfter(findBootFiles(new BlobSource(disc.file, disc.name)), disc.name);
  } catch {
    // A disc that cannot be read is told by the drive, as soon as the guest asks for it.
    return [];
  }
}
