import type { BootFileId } from '../../media/boot-files.ts';

/** How far the set-up of Windows 7 comes, in the order in which it does. */
export const MILESTONES = [
  'boot-image',
  'bootmgr',
  'boot-wim',
  'vbe-mode',
  'hal',
  'dma',
  'disc-polling',
  'setup-screen',
  'first-write',
  'second-boot',
] as const;
export type MilestoneId = (typeof MILESTONES)[number];

/** Words on a text screen that are known. Nothing else of a screen is ever kept. */
export const PHRASES = [
  'press-any-key',
  'loading-files',
  'bootmgr-missing',
  'ntldr-missing',
  'cdboot-failed',
  'no-bootable-device',
  'boot-manager-error',
] as const;
export type PhraseId = (typeof PHRASES)[number];

/** The chips that a hardware abstraction layer sets up. */
export const CHIPS = ['pic', 'pit', 'rtc'] as const;
export type ChipId = (typeof CHIPS)[number];

/** What was seen that a milestone is told by. */
export type Evidence =
  | { readonly kind: 'file'; readonly file: BootFileId; readonly bytes: number }
  | { readonly kind: 'phrase'; readonly phrase: PhraseId }
  | { readonly kind: 'mode'; readonly width: number; readonly height: number; readonly bitsPerPixel: number }
  | { readonly kind: 'chip'; readonly chip: ChipId }
  | { readonly kind: 'dma'; readonly drive: 'disc' | 'disk'; readonly direction: 'read' | 'write' }
  | { readonly kind: 'packet'; readonly opcode: number }
  | { readonly kind: 'mouse' }
  | { readonly kind: 'sector'; readonly sector: number };

/** When: running time and instructions since power-on, and how often the machine had been started anew by then. */
export interface When {
  readonly atMs: number;
  readonly instructions: number;
  readonly restarts: number;
}

export interface Reached extends When {
  readonly id: MilestoneId;
  readonly evidence: readonly Evidence[];
}

/**
 * The system stopped with a message. `bug-check`: a STOP screen in text, with its code; `blue-screen`: one in graphics,
 * which shows its code only to the eye; `boot-error`: the boot manager's, with its status where it names one.
 */
export interface Stop extends When {
  readonly kind: 'bug-check' | 'blue-screen' | 'boot-error';
  readonly code: number | null;
}

/** What happened, beside the milestones. */
export type Happening =
  | { readonly kind: 'restart'; readonly tripleFault: boolean }
  | { readonly kind: 'phrase'; readonly phrase: PhraseId }
  | {
      readonly kind: 'mode';
      readonly width: number;
      readonly height: number;
      readonly bitsPerPixel: number;
      readonly graphics: boolean;
    }
  | {
      readonly kind:
        'halted' | 'power-off' | 'disc-ejected' | 'disc-changed' | 'disc-unreadable' | 'gone-back';
    };
export type BootEvent = Happening & When;

/** How much of a file on the disc the machine has read. */
export interface FileProgress {
  readonly file: BootFileId;
  readonly sizeBytes: number;
  /** All that was read of it, repeated reads counted again. */
  readonly bytes: number;
  /** Equal parts of the file, '1' for each that was touched. */
  readonly parts: string;
}

export interface DriveCounts {
  readonly discReads: number;
  readonly discReadBytes: number;
  readonly diskReads: number;
  readonly diskReadBytes: number;
  readonly diskWrites: number;
  readonly diskWrittenBytes: number;
  readonly dmaDisc: number;
  readonly dmaDisk: number;
  /** Packet commands of the disc drive by operation code, as two hexadecimal digits. */
  readonly packets: Readonly<Record<string, number>>;
}

/** All that is known of a machine's way since power-on: plain data, no text of the guest's in it. */
export interface BootRecord {
  readonly version: 1;
  readonly ranMs: number;
  readonly instructions: number;
  readonly restarts: number;
  readonly reached: readonly Reached[];
  readonly stops: readonly Stop[];
  readonly events: readonly BootEvent[];
  readonly files: readonly FileProgress[];
  readonly counts: DriveCounts;
  /** What was seen since the machine was started last, for signs that come in parts. */
  readonly sinceStart: {
    readonly bootmgr: boolean;
    readonly bootSector: boolean;
    readonly mouse: boolean;
  };
}

export const NO_COUNTS: DriveCounts = {
  discReads: 0,
  discReadBytes: 0,
  diskReads: 0,
  diskReadBytes: 0,
  diskWrites: 0,
  diskWrittenBytes: 0,
  dmaDisc: 0,
  dmaDisk: 0,
  packets: {},
};

export const NO_RECORD: BootRecord = {
  version: 1,
  ranMs: 0,
  instructions: 0,
  restarts: 0,
  reached: [],
  stops: [],
  events: [],
  files: [],
  counts: NO_COUNTS,
  sinceStart: { bootmgr: false, bootSector: false, mouse: false },
};
