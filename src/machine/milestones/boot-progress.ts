import type { BootFile } from '../../media/boot-files.ts';
import { FileReads } from './file-reads.ts';
import {
  MILESTONES,
  NO_COUNTS,
  NO_RECORD,
  type BootEvent,
  type BootRecord,
  type ChipId,
  type DriveCounts,
  type Evidence,
  type Happening,
  type MilestoneId,
  type PhraseId,
  type Reached,
  type Stop,
  type When,
} from './milestones.ts';
import type { ScreenSigns } from './screen-signs.ts';

/** The events that are kept: the first ones tell how it began, the last ones how it ended. */
const FIRST_EVENTS = 60;
const MOST_EVENTS = 120;
const MOST_STOPS = 20;
/** What is read before it is known where the files lie; POST alone reads some tens of times. */
const MOST_WAITING = 4096;
const SECTOR = 512;
/** GET EVENT STATUS NOTIFICATION (MMC-3 §6.7): a system that polls its drive for a new disc. */
const GET_EVENT_STATUS = 0x4a;

interface Mode {
  readonly width: number;
  readonly height: number;
  readonly bitsPerPixel: number;
}

/**
 * Takes what can be seen of a machine from outside and tells which milestones it has reached, when, and by what. Pure: no
 * clock of its own, and cheap where it is called often. Times go on where a moment that is put back was saved.
 */
export class BootProgress {
  readonly #clock: () => { ranMs: number; instructions: number };
  readonly #onNews: () => void;
  readonly #files = new FileReads();
  #record: BootRecord = NO_RECORD;
  #counts: { -readonly [K in keyof DriveCounts]: DriveCounts[K] } = { ...NO_COUNTS };
  readonly #packets = new Uint32Array(256);
  #ahead = { ranMs: 0, instructions: 0 };
  /** Reads of a disc whose files are still looked for. */
  #waiting: { offset: number; length: number; when: When }[] | null = [];
  #mode: Mode | null = null;
  #lastPhrases: readonly PhraseId[] = [];
  #stopIsShown = false;
  readonly #reached = new Set<MilestoneId>();

  /** `clock`: since the emulator was built. `onNews`: a milestone, a stop or an event came. */
  constructor(clock: () => { ranMs: number; instructions: number }, onNews: () => void) {
    this.#clock = clock;
    this.#onNews = onNews;
  }

  get record(): BootRecord {
    const { atMs: ranMs, instructions } = this.#now();
    const packets: Record<string, number> = {};
    this.#packets.forEach((count, opcode) => {
      if (count > 0) packets[opcode.toString(16).padStart(2, '0')] = count;
    });
    return {
      ...this.#record,
      ranMs,
      instructions,
      files: this.#files.progress,
      counts: { ...this.#counts, packets },
    };
  }

  /** Whether the hardware abstraction layer is up: before that there is no STOP screen. */
  get isUp(): boolean {
    return this.#reached.has('hal');
  }

  /** A saved machine is put back, with what was known of it; null for one that was saved without. */
  restore(saved: BootRecord | null): void {
    const record = saved ?? NO_RECORD;
    const clock = this.#clock();
    this.#ahead = {
      ranMs: record.ranMs - clock.ranMs,
      instructions: record.instructions - clock.instructions,
    };
    this.#record = record;
    this.#counts = { ...record.counts };
    this.#packets.fill(0);
    for (const [opcode, count] of Object.entries(record.counts.packets))
      this.#packets[Number.parseInt(opcode, 16)] = count;
    this.#files.restore(record.files);
    this.#reached.clear();
    for (const { id } of record.reached) this.#reached.add(id);
    this.#mode = null;
    this.#lastPhrases = [];
    this.#stopIsShown = false;
    this.#note({ kind: 'gone-back' });
  }

  /** Another disc lies in the drive, or none: where its files are is told by `setFiles`. */
  discChanged(): void {
    this.#waiting = [];
    this.#note({ kind: 'disc-changed' });
  }

  /** Where the files lie on the disc that is in the drive. */
  setFiles(files: readonly BootFile[]): void {
    this.#files.setFiles(files);
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const { offset, length, when } of waiting) this.#fileRead(offset, length, when);
  }

  discRead(offset: number, length: number): void {
    this.#counts.discReads++;
    this.#counts.discReadBytes += length;
    if (!this.#waiting) this.#fileRead(offset, length, null);
    else if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ offset, length, when: this.#now() });
  }

  /** `paged`: paging was on, so that it was no firmware's. */
  diskRead(offset: number, length: number, paged: boolean): void {
    this.#counts.diskReads++;
    this.#counts.diskReadBytes += length;
    const { bootmgr, bootSector } = this.#record.sinceStart;
    if (paged || bootmgr || this.#record.restarts === 0 || this.#reached.has('second-boot')) return;
    if (offset === 0) this.#since({ bootSector: true });
    if (!bootSector || !this.#reached.has('first-write') || offset + length <= SECTOR) return;
    this.#reach('second-boot', [
      { kind: 'sector', sector: 0 },
      { kind: 'sector', sector: Math.floor(offset / SECTOR) },
    ]);
  }

  diskWrite(offset: number, length: number): void {
    this.#counts.diskWrites++;
    this.#counts.diskWrittenBytes += length;
    if (!this.#reached.has('first-write'))
      this.#reach('first-write', [{ kind: 'sector', sector: Math.floor(offset / SECTOR) }]);
  }

  /** `paged`: as in `diskRead`. Firmware may use the bus master too. */
  dma(drive: 'disc' | 'disk', direction: 'read' | 'write', paged: boolean): void {
    if (drive === 'disc') this.#counts.dmaDisc++;
    else this.#counts.dmaDisk++;
    if (paged && !this.#reached.has('dma')) this.#reach('dma', [{ kind: 'dma', drive, direction }]);
  }

  /** A packet command of the disc drive. */
  packet(opcode: number): void {
    this.#packets[opcode & 0xff]++;
    if (opcode === GET_EVENT_STATUS && !this.#reached.has('disc-polling'))
      this.#reach('disc-polling', [{ kind: 'packet', opcode }]);
  }

  /** A chip was set up with paging on: not by firmware, nor by a boot loader. */
  chip(chip: ChipId): void {
    this.#reach('hal', [{ kind: 'chip', chip }]);
  }

  /** `bitsPerPixel` above 4 is a mode of VBE; 4 and `graphics` is the VGA's. */
  screenMode(mode: Mode, graphics: boolean): void {
    const { width, height, bitsPerPixel } = mode;
    this.#note({ kind: 'mode', width, height, bitsPerPixel, graphics });
    this.#mode = graphics ? { width, height, bitsPerPixel } : null;
    if (graphics && width >= 640 && height >= 480)
      this.#reach('vbe-mode', [{ kind: 'mode', width, height, bitsPerPixel }]);
    this.#lookForSetup();
  }

  /** The guest switched the mouse's reports on or off (command F4 or F5). */
  mouse(enabled: boolean): void {
    this.#since({ mouse: enabled });
    this.#lookForSetup();
  }

  /** What a text screen says now. */
  screen({ phrases, bugCheck, status }: ScreenSigns): void {
    for (const phrase of phrases) {
      if (!this.#lastPhrases.includes(phrase)) this.#phrase(phrase, status);
    }
    this.#lastPhrases = phrases;
    if (bugCheck !== null && !this.#stopIsShown) this.#stop('bug-check', bugCheck);
    this.#stopIsShown = bugCheck !== null;
  }

  /** A STOP screen in graphics is shown, or is not. */
  stopPicture(shown: boolean): void {
    if (shown && !this.#stopIsShown) this.#stop('blue-screen', null);
    this.#stopIsShown = shown;
  }

  /** The machine starts from the beginning. */
  restarted(tripleFault: boolean): void {
    this.#record = { ...this.#record, restarts: this.#record.restarts + 1, sinceStart: NO_RECORD.sinceStart };
    this.#mode = null;
    this.#lastPhrases = [];
    this.#stopIsShown = false;
    this.#note({ kind: 'restart', tripleFault });
  }

  happened(kind: 'halted' | 'power-off' | 'disc-ejected' | 'disc-unreadable'): void {
    this.#note({ kind });
  }

  #fileRead(offset: number, length: number, when: When | null): void {
    for (const file of this.#files.read(offset, length)) {
      const evidence: Evidence[] = [{ kind: 'file', file, bytes: this.#files.bytes(file) }];
      if (file === 'boot-image') this.#reach('boot-image', evidence, when);
      if (file === 'bootmgr' && !this.#record.sinceStart.bootmgr) this.#since({ bootmgr: true });
      if (file === 'bootmgr') this.#reach('bootmgr', evidence, when);
      if (file === 'boot-wim' && this.#files.isRead(file)) this.#reach('boot-wim', evidence, when);
    }
  }

  /** Setup is the first of Windows that has both a large picture and a mouse. */
  #lookForSetup(): void {
    const mode = this.#mode;
    if (!mode || !this.#record.sinceStart.mouse || !this.isUp) return;
    if (mode.width < 800 || mode.height < 600) return;
    this.#reach('setup-screen', [{ kind: 'mode', ...mode }, { kind: 'mouse' }]);
  }

  #phrase(phrase: PhraseId, status: number | null): void {
    this.#note({ kind: 'phrase', phrase });
    if (phrase === 'press-any-key') this.#reach('boot-image', [{ kind: 'phrase', phrase }]);
    else if (phrase === 'loading-files') this.#reach('bootmgr', [{ kind: 'phrase', phrase }]);
    else this.#stop('boot-error', status);
  }

  #stop(kind: Stop['kind'], code: number | null): void {
    const stops = [...this.#record.stops, { kind, code, ...this.#now() }].slice(-MOST_STOPS);
    this.#record = { ...this.#record, stops };
    this.#onNews();
  }

  #reach(id: MilestoneId, evidence: readonly Evidence[], when: When | null = null): void {
    if (this.#reached.has(id)) return;
    this.#reached.add(id);
    const reached: Reached[] = [...this.#record.reached, { id, evidence, ...(when ?? this.#now()) }];
    reached.sort((a, b) => MILESTONES.indexOf(a.id) - MILESTONES.indexOf(b.id));
    this.#record = { ...this.#record, reached };
    this.#onNews();
  }

  #since(part: Partial<BootRecord['sinceStart']>): void {
    this.#record = { ...this.#record, sinceStart: { ...this.#record.sinceStart, ...part } };
  }

  #note(happening: Happening): void {
    const events: BootEvent[] = [...this.#record.events, { ...happening, ...this.#now() }];
    if (events.length > MOST_EVENTS) events.splice(FIRST_EVENTS, events.length - MOST_EVENTS);
    this.#record = { ...this.#record, events };
    this.#onNews();
  }

  #now(): When {
    const { ranMs, instructions } = this.#clock();
    return {
      atMs: Math.round(ranMs + this.#ahead.ranMs),
      instructions: instructions + this.#ahead.instructions,
      restarts: this.#record.restarts,
    };
  }
}
