import { Store, type ReadableStore } from '../../lib/store.ts';
import type { PointerMessage } from '../../protocol/input-messages.ts';
import { platformOf, type Platform } from '../keyboard/platform.ts';
import {
  buttonsOf,
  guestPosition,
  NO_BUTTONS,
  sameButtons,
  type Buttons,
  type Rect,
} from './guest-position.ts';
import { RelativeMotion } from './relative-motion.ts';
import { TrackpadPointer } from './trackpad-pointer.ts';
import { WheelNotches } from './wheel-notches.ts';

/** Where the pointer goes; see `input-messages.ts` for units and signs. */
export interface PointerSink {
  sendPointer(message: PointerMessage): void;
}

/**
 * How the visitor's mouse moves the guest's pointer. `free`: not at all until a click. `locked`: under pointer lock,
 * by its motion. `following`: by its motion over the picture, where the browser refused the lock; each further click
 * is the guest's and asks for the lock again. `absolute`: the guest's pointer is where the visitor's is, since its driver asked for that; the page hides its own.
 */
export type PointerMode = 'free' | 'locked' | 'following' | 'absolute';

export interface GuestPointerOptions {
  /** The picture on the page, without the bars that letterbox it; asked anew for each event. */
  picture: () => Rect;
  /** Whose wheel it is; read from `navigator` when left out. */
  platform?: Platform;
  /** Resolves after so many milliseconds; tests hand in their own. */
  wait?: (ms: number) => Promise<void>;
}

/** How long a click of the page's own holds the button: a guest that polls must see it. */
const CLICK_MS = 40;

/**
 * The visitor's mouse, fingers and pen as the guest's mouse. A click on the picture captures the mouse (that click is
 * the visitor's and is not sent); `release` lets it go and lifts every button the guest believes to be down. Fingers
 * and pens need no capture: the picture is a trackpad to them.
 */
export class GuestPointer {
  readonly #sink: PointerSink;
  readonly #picture: () => Rect;
  readonly #wait: (ms: number) => Promise<void>;
  readonly #mode = new Store<PointerMode>('free');
  readonly #motion = new RelativeMotion();
  readonly #wheel: WheelNotches;
  readonly #trackpad: TrackpadPointer;
  #buttons: Readonly<Buttons> = NO_BUTTONS;
  #target: HTMLElement | null = null;
  #guestWantsAbsolute = false;
  /** The last place of a mouse that follows. */
  #lastX = 0;
  #lastY = 0;

  constructor(sink: PointerSink, options: GuestPointerOptions) {
    this.#sink = sink;
    this.#picture = options.picture;
    this.#wheel = new WheelNotches(options.platform ?? platformOf(navigator));
    this.#wait = options.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
    this.#trackpad = new TrackpadPointer({
      move: (dx, dy) => this.move(dx, dy),
      button: (button, down) => this.#setButtons({ ...this.#buttons, [button]: down }),
      notches: ({ dx, dy }) => this.#sink.sendPointer({ type: 'wheel', dx, dy }),
    });
  }

  get mode(): ReadableStore<PointerMode> {
    return this.#mode;
  }

  /** Listens on `target`, which shows the picture; returns the function that ends it. */
  attach(target: HTMLElement): () => void {
    const ears = new AbortController();
    const { signal } = ears;
    const document = target.ownerDocument;
    const touchAction = target.style.touchAction;
    this.#target = target;
    // Fingers are the guest's: no scrolling, zooming or going back by touch on the picture.
    target.style.touchAction = 'none';
    target.addEventListener('pointerdown', (event) => this.#onDown(event), { signal });
    target.addEventListener('pointermove', (event) => this.#onMove(event), { signal });
    target.addEventListener('pointerup', (event) => this.#onUp(event), { signal });
    target.addEventListener('pointercancel', (event) => this.#onCancel(event), { signal });
    target.addEventListener('wheel', (event) => this.#onWheel(event), { signal, passive: false });
    // The menus, drags and history steps that a browser makes of these would interrupt the guest's own.
    for (const type of ['contextmenu', 'dragstart', 'auxclick', 'mousedown', 'mouseup'] as const) {
      target.addEventListener(type, (event) => event.preventDefault(), { signal });
    }
    document.addEventListener('pointerlockchange', () => this.#onLockChange(), { signal });
    document.addEventListener('pointerlockerror', () => this.#onLockRefused(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden && this.release(), { signal });
    document.defaultView?.addEventListener('blur', () => this.release(), { signal });
    return () => {
      ears.abort();
      this.release();
      target.style.touchAction = touchAction;
      this.#target = null;
    };
  }

  /** Follows the guest's driver: whether it wants places instead of motion. Leaves pointer lock when it does. */
  setAbsolute(absolute: boolean): void {
    if (absolute === this.#guestWantsAbsolute) return;
    this.#guestWantsAbsolute = absolute;
    this.release();
    if (absolute) this.#mode.set('absolute');
  }

  /** Lets the mouse go and lifts every button in the guest. A guest with an absolute pointer keeps following. */
  release(): void {
    this.#trackpad.cancel();
    this.#setButtons(NO_BUTTONS);
    this.#motion.reset();
    this.#wheel.reset();
    const mode = this.#mode.value;
    this.#mode.set(this.#guestWantsAbsolute ? 'absolute' : 'free');
    if (mode === 'locked' && this.#locked()) this.#target?.ownerDocument.exitPointerLock();
  }

  /** Moves the guest's pointer by so many pixels, right and down positive. */
  move(dx: number, dy: number): void {
    for (const step of this.#motion.add(dx, dy)) {
      this.#sink.sendPointer({ type: 'pointer-move', dx: step.dx, dy: 0 - step.dy });
    }
  }

  /** Clicks a button of the guest's mouse where its pointer is; resolves when it is up again. */
  async click(button: 'left' | 'middle' | 'right' = 'left'): Promise<void> {
    this.#setButtons({ ...this.#buttons, [button]: true });
    await this.#wait(CLICK_MS);
    this.#setButtons({ ...this.#buttons, [button]: false });
    await this.#wait(CLICK_MS);
  }

  #onDown(event: PointerEvent): void {
    const target = this.#target!;
    // The default of a press moves the focus; without it, the page says where the keys go.
    target.focus({ preventScroll: true });
    event.preventDefault();
    if (event.pointerType !== 'mouse') {
      target.setPointerCapture(event.pointerId);
      this.#trackpad.on('down', event);
      return;
    }
    if (this.#mode.value === 'free') {
      this.#capture(event);
      return;
    }
    if (this.#mode.value !== 'locked') target.setPointerCapture(event.pointerId);
    this.#place(event);
    this.#followButtons(event);
    // Browsers refuse for a while after Escape, or once; each press is a gesture with which to ask again.
    if (this.#mode.value === 'following') this.#askForLock();
  }

  #onMove(event: PointerEvent): void {
    if (event.pointerType !== 'mouse') {
      this.#trackpad.on('move', event);
      return;
    }
    this.#place(event);
    // A second button that goes down or up while one is held comes as a move.
    if (this.#mode.value !== 'free') this.#followButtons(event);
  }

  #onUp(event: PointerEvent): void {
    if (event.pointerType !== 'mouse') this.#trackpad.on('up', event);
    else if (this.#mode.value !== 'free') this.#followButtons(event);
  }

  #onCancel(event: PointerEvent): void {
    if (event.pointerType !== 'mouse') this.#trackpad.on('cancel', event);
    else this.#setButtons(NO_BUTTONS);
  }

  #onWheel(event: WheelEvent): void {
    if (this.#mode.value === 'free') return;
    // With Ctrl it would zoom the page.
    event.preventDefault();
    const notches = this.#wheel.add(event);
    if (notches) this.#sink.sendPointer({ type: 'wheel', ...notches });
  }

  /** Lifts what is up, presses what this event pressed; a button that was pressed elsewhere is not the guest's. */
  #followButtons(event: PointerEvent): void {
    const held = buttonsOf(event.buttons);
    this.#setButtons({
      left: held.left && (this.#buttons.left || event.button === 0),
      middle: held.middle && (this.#buttons.middle || event.button === 1),
      right: held.right && (this.#buttons.right || event.button === 2),
    });
  }

  #place(event: PointerEvent): void {
    switch (this.#mode.value) {
      case 'free':
        return;
      case 'locked':
        this.move(event.movementX, event.movementY);
        return;
      case 'following':
        this.move(event.clientX - this.#lastX, event.clientY - this.#lastY);
        this.#lastX = event.clientX;
        this.#lastY = event.clientY;
        return;
      case 'absolute': {
        const position = guestPosition(event.clientX, event.clientY, this.#picture());
        if (position) this.#sink.sendPointer({ type: 'pointer-absolute', ...position });
      }
    }
  }

  #capture(event: PointerEvent): void {
    this.#lastX = event.clientX;
    this.#lastY = event.clientY;
    this.#askForLock();
  }

  #askForLock(): void {
    if (typeof this.#target!.requestPointerLock !== 'function') {
      this.#onLockRefused();
      return;
    }
    // Older browsers return nothing and tell by events alone; where there is a promise, it tells of the same refusal.
    const asked = this.#target!.requestPointerLock() as Promise<void> | undefined;
    asked?.catch(() => this.#onLockRefused());
  }

  #onLockChange(): void {
    if (this.#locked()) {
      this.#motion.reset();
      this.#mode.set(this.#guestWantsAbsolute ? 'absolute' : 'locked');
      if (this.#guestWantsAbsolute) this.#target!.ownerDocument.exitPointerLock();
    } else if (this.#mode.value === 'locked') {
      this.release();
    }
  }

  #onLockRefused(): void {
    if (this.#mode.value === 'free' && this.#target) this.#mode.set('following');
  }

  /** The lock shows as the innermost element in its own root, and as the host outside of it. */
  #locked(): boolean {
    const root = this.#target?.getRootNode();
    return root !== undefined && 'pointerLockElement' in root && root.pointerLockElement === this.#target;
  }

  #setButtons(buttons: Readonly<Buttons>): void {
    if (sameButtons(buttons, this.#buttons)) return;
    this.#buttons = buttons;
    this.#sink.sendPointer({ type: 'pointer-buttons', ...buttons });
  }
}
