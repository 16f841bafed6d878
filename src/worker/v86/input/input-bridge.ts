import { unreachable } from '../../../lib/assert.ts';
import type { InputMessage } from '../../../protocol/input-messages.ts';
import type { Bus, ByteQueue, Ps2Controller } from '../internals.ts';
import { splitKeyCodes } from './key-codes.ts';

/** v86's bus as seen from the side of its adapters (upstream `src/bus.js`). */
export type InputBus = Bus;

/** What of v86's keyboard and mouse controller is looked at (upstream `src/ps2.js`, `cpu.devices.ps2`). */
export type Ps2View = Pick<
  Ps2Controller,
  'enable_keyboard_stream' | 'enable_mouse_stream' | 'command_register'
> & {
  readonly kbd_buffer: Pick<ByteQueue, 'length'>;
  readonly mouse_buffer: Pick<ByteQueue, 'length'>;
};

/** How often a full controller is looked at again. */
const POLL_MS = 2;
/** Strokes that may wait for a guest that does not read; beyond it only releases are kept. */
const MOST_WAITING = 1024;
/** Unread bytes of mouse packets from which motion is added up instead of sent: eight packets of four bytes. */
const CONGESTED_BYTES = 32;
const MAX_STEP = 127;
const MOUSE_PORT_OFF = 0x20;

/**
 * Hands the visitor's input to the emulated controller no faster than the guest reads it.
 *
 * v86's own buffer is unsafe to fill: it loses its order when it overflows, and each command that the guest writes
 * to the keyboard (its lights, for one) throws away what was not read yet. So keys wait here, and one key code at a
 * time is given, when the controller is empty. Motion that a slow guest has no time for is added up.
 *
 * VMware's absolute pointer, where the guest enabled it, is served too: it has no interrupt of its own, so each new
 * place comes with a PS/2 packet; and motion (a finger on the trackpad, `movePointer`) reaches such a guest only
 * while the controller is told of a pointer lock.
 */
export class InputBridge {
  readonly #bus: InputBus;
  readonly #ps2: Ps2View;
  readonly #codes: number[][] = [];
  /** Those who wait for the guest to have read all. */
  #readers: (() => void)[] = [];
  #restX = 0;
  #restY = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = true;
  #guestIsAbsolute = false;
  #toldLocked = false;
  #nudge = 1;
  readonly #onStopped = () => {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  };
  readonly #onStarted = () => {
    this.#running = true;
    this.#feed();
  };
  readonly #onAbsolute = (absolute: boolean) => {
    this.#guestIsAbsolute = absolute;
  };

  constructor(bus: InputBus, ps2: Ps2View) {
    this.#bus = bus;
    this.#ps2 = ps2;
    bus.register('emulator-stopped', this.#onStopped);
    bus.register('emulator-started', this.#onStarted);
    bus.register('vmware-absolute-mouse', this.#onAbsolute);
  }

  /** Whether keys wait for the guest to read. */
  get busy(): boolean {
    return this.#codes.length > 0 || (this.#ps2.enable_keyboard_stream && this.#ps2.kbd_buffer.length > 0);
  }

  /**
   * Sends strokes and resolves when the guest has read all keys (or has its keyboard switched off, or is gone): the
   * back-pressure for text that is typed by the page. A machine that stands still reads nothing until it goes on.
   */
  sendKeys(scancodes: readonly number[]): Promise<void> {
    return new Promise((resolve) => {
      this.#readers.push(resolve);
      this.#keys(scancodes);
    });
  }

  apply(message: InputMessage): void {
    switch (message.type) {
      case 'keys':
        this.#keys(message.scancodes);
        return;
      case 'pointer-move':
        this.#move(message.dx, message.dy);
        return;
      case 'pointer-absolute':
        this.#absolute([message.x, message.y, message.width, message.height]);
        return;
      case 'pointer-buttons':
        this.#sendMotion();
        this.#bus.send('mouse-click', [message.left, message.middle, message.right]);
        return;
      case 'wheel':
        if (!this.#mouseIsOn) return;
        this.#sendMotion();
        // The bus wants up first. A PS/2 mouse has no second wheel; v86 would report sideways as two notches down.
        if (message.dy !== 0) this.#bus.send('mouse-wheel', [-message.dy, 0]);
        return;
      case 'forget-input':
        this.#forget();
        return;
      default:
        unreachable(message);
    }
  }

  /**
   * Forgets what waits: the machine starts anew, or becomes another one, and what was typed and moved was not meant for
   * that. Who waits for it to be read waits no more.
   */
  clear(): void {
    this.#codes.length = 0;
    this.#restX = 0;
    this.#restY = 0;
    this.#answerReaders();
  }

  /** Forgets what waits and listens no more. */
  dispose(): void {
    this.#onStopped();
    this.clear();
    this.#bus.unregister('emulator-stopped', this.#onStopped);
    this.#bus.unregister('emulator-started', this.#onStarted);
    this.#bus.unregister('vmware-absolute-mouse', this.#onAbsolute);
  }

  #forget(): void {
    const releases = this.#codes.filter(isRelease).map((code) => [code.join(), code] as const);
    this.#codes.splice(0, Infinity, ...new Map(releases).values());
    this.#restX = 0;
    this.#restY = 0;
  }

  get #mouseIsOn(): boolean {
    return this.#ps2.enable_mouse_stream && (this.#ps2.command_register & MOUSE_PORT_OFF) === 0;
  }

  #keys(scancodes: readonly number[]): void {
    for (const code of splitKeyCodes(scancodes)) {
      if (isRelease(code) || this.#codes.length < MOST_WAITING) this.#codes.push(code);
    }
    this.#feed();
  }

  #move(dx: number, dy: number): void {
    // v86 would add up what it cannot send, and jump when the guest switches the port on.
    if (!this.#mouseIsOn) return;
    this.#restX += dx;
    this.#restY += dy;
    if (this.#ps2.mouse_buffer.length < CONGESTED_BYTES) this.#sendMotion();
    else this.#arm();
  }

  #sendMotion(): void {
    if (this.#restX === 0 && this.#restY === 0) return;
    if (this.#guestIsAbsolute) this.#tellLocked(true);
    while (this.#restX !== 0 || this.#restY !== 0) {
      const dx = Math.max(-MAX_STEP, Math.min(MAX_STEP, this.#restX));
      const dy = Math.max(-MAX_STEP, Math.min(MAX_STEP, this.#restY));
      this.#restX -= dx;
      this.#restY -= dy;
      this.#bus.send('mouse-delta', [dx, dy]);
    }
  }

  #absolute(place: [number, number, number, number]): void {
    this.#tellLocked(false);
    this.#bus.send('mouse-absolute', place);
    if (!this.#mouseIsOn || this.#ps2.mouse_buffer.length >= CONGESTED_BYTES) return;
    // There and back, so that a driver which reads the packet itself stays where it is.
    this.#bus.send('mouse-delta', [this.#nudge, 0]);
    this.#nudge = -this.#nudge;
  }

  #tellLocked(locked: boolean): void {
    if (locked === this.#toldLocked) return;
    this.#toldLocked = locked;
    this.#bus.send('mouse-pointer-lock', locked);
  }

  #feed(): void {
    if (!this.#running) return;
    // A keyboard that the guest has switched off hears nothing, and forgets what it might have said.
    if (!this.#ps2.enable_keyboard_stream) this.#codes.length = 0;
    if (this.#codes.length > 0 && this.#ps2.kbd_buffer.length === 0) {
      for (const byte of this.#codes.shift()!) this.#bus.send('keyboard-code', byte);
    }
    if (!this.busy) this.#answerReaders();
    this.#arm();
  }

  #answerReaders(): void {
    const readers = this.#readers;
    this.#readers = [];
    for (const answer of readers) answer();
  }

  #arm(): void {
    const keysWait = this.#codes.length > 0 || this.#readers.length > 0;
    const waiting = keysWait || this.#restX !== 0 || this.#restY !== 0;
    if (this.#timer !== undefined || !waiting || !this.#running) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#ps2.mouse_buffer.length < CONGESTED_BYTES) this.#sendMotion();
      this.#feed();
    }, POLL_MS);
  }
}

/** Scan code set 1: the top bit of its last byte. */
function isRelease(code: readonly number[]): boolean {
  return (code[code.length - 1] & 0x80) !== 0;
}
