import type { VitrineError } from '../lib/errors.ts';
import type { Power } from '../machine/power.ts';

/** The events of `<vitrine-machine>`: all bubble and cross shadow roots. */
abstract class MachineEvent extends Event {
  constructor(type: string) {
    super(type, { bubbles: true, composed: true });
  }
}

export class VitrinePowerEvent extends MachineEvent {
  readonly power: Power;
  constructor(power: Power) {
    super('vitrine-power');
    this.power = power;
  }
}

/** Text that the guest wrote to COM1. */
export class VitrineSerialEvent extends MachineEvent {
  readonly text: string;
  constructor(text: string) {
    super('vitrine-serial');
    this.text = text;
  }
}

export class VitrineScreenEvent extends MachineEvent {
  readonly width: number;
  readonly height: number;
  readonly mode: 'text' | 'graphics';
  constructor(width: number, height: number, mode: 'text' | 'graphics') {
    super('vitrine-screen');
    this.width = width;
    this.height = height;
    this.mode = mode;
  }
}

/** Traffic of a drive since the last such event. */
export class VitrineActivityEvent extends MachineEvent {
  readonly drive: 'disc' | 'disk' | 'floppy';
  readonly direction: 'read' | 'write';
  readonly bytes: number;
  constructor(drive: 'disc' | 'disk' | 'floppy', direction: 'read' | 'write', bytes: number) {
    super('vitrine-activity');
    this.drive = drive;
    this.direction = direction;
    this.bytes = bytes;
  }
}

export class VitrineErrorEvent extends MachineEvent {
  readonly error: VitrineError;
  constructor(error: VitrineError) {
    super('vitrine-error');
    this.error = error;
  }
}

/** What the parts of the machine ask of it: one event, a union of wishes. */
export type Wish =
  | 'power-on'
  /** Turns the machine on although its disk cannot be reached. */
  | 'start-without-disk'
  /** What was kept is gone: as on a first visit from here on. */
  | 'begin-anew'
  /** Opens or closes the choice of what the power button can do. */
  | 'power-menu'
  | 'shut-down'
  | 'cut-power'
  | 'reset'
  | 'pause'
  | 'resume'
  | 'choose-disc'
  | 'eject-disc'
  | 'choose-floppy'
  | 'eject-floppy'
  | 'full-screen'
  /** Opens or closes the shelf of machines. */
  | 'shelf'
  /** Opens or closes the shelf of saved moments. */
  | 'moments'
  /** Back to the exhibit's first state. */
  | 'reset-to-first'
  /** Opens the settings. */
  | 'settings'
  /** Brings up the keyboard of a phone or tablet. */
  | 'phone-keyboard'
  /** Opens or closes the keyboard on the screen. */
  | 'screen-keyboard'
  /** Opens the window with a photograph of the machine. */
  | 'photo'
  /** Takes the machine from the tab that has it. */
  | 'take-over'
  /** Room was made: saves what waits and goes on. */
  | 'retry-disk'
  | 'drop-unsaved'
  | 'dismiss-disc-problem'
  /** Picks a disk image: its report comes first. */
  | 'choose-disk'
  /** Picks the image that the machine's disk stands on. */
  | 'find-base'
  /** Opens the window that writes the machine's disk into a file. */
  | 'save-disk'
  /** Copies the image under the machine's disk into this browser. */
  | 'keep-base'
  /** Puts the disc of the last visit back into the tray. */
  | 'last-disc'
  /** The window that shows how far the machine came, and saves a report of it. */
  | 'report'
  /** Puts the shown message away. */
  | 'dismiss';

export class VitrineWishEvent extends MachineEvent {
  readonly wish: Wish;
  constructor(wish: Wish) {
    super('vitrine-wish');
    this.wish = wish;
  }
}

/** The window has done what it was for, or is not wanted. */
export class VitrineDoneEvent extends Event {
  constructor() {
    super('vitrine-done', { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'vitrine-power': VitrinePowerEvent;
    'vitrine-serial': VitrineSerialEvent;
    'vitrine-screen': VitrineScreenEvent;
    'vitrine-activity': VitrineActivityEvent;
    'vitrine-error': VitrineErrorEvent;
    'vitrine-done': VitrineDoneEvent;
    'vitrine-wish': VitrineWishEvent;
  }
}
