import {
  TRACKPAD_IDLE,
  trackpadDeadline,
  trackpadStep,
  type TrackpadAction,
  type TrackpadEvent,
  type TrackpadState,
} from './trackpad.ts';
import { NotchSum, type Notches } from './notch-sum.ts';

/** What a trackpad does to a mouse. */
export interface TrackpadEffects {
  /** Pixels, right and down positive. */
  move(dx: number, dy: number): void;
  button(button: 'left' | 'middle' | 'right', down: boolean): void;
  notches(notches: Notches): void;
}

/** What of a PointerEvent the trackpad looks at. */
export interface TouchPoint {
  pointerId: number;
  clientX: number;
  clientY: number;
  timeStamp: number;
}

/** How far two fingers go for one notch of the wheel, in CSS pixels. */
const NOTCH_PIXELS = 36;

/** Runs the trackpad's reducer on pointer events, with the browser's timer for what is due without one. */
export class TrackpadPointer {
  readonly #effects: TrackpadEffects;
  readonly #across = new NotchSum();
  readonly #down = new NotchSum();
  #state: TrackpadState = TRACKPAD_IDLE;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fingers = new Set<number>();

  constructor(effects: TrackpadEffects) {
    this.#effects = effects;
  }

  on(type: 'down' | 'move' | 'up' | 'cancel', point: TouchPoint): void {
    const { pointerId: id, clientX: x, clientY: y, timeStamp: timeMs } = point;
    if (type === 'down') this.#fingers.add(id);
    // A pen that hovers moves without having come down.
    else if (!this.#fingers.has(id)) return;
    if (type === 'up' || type === 'cancel') this.#fingers.delete(id);
    this.#step(type === 'cancel' ? { type, id } : { type, id, x, y, timeMs }, timeMs);
  }

  /** Ends every touch; buttons held by them come up. */
  cancel(): void {
    for (const id of this.#fingers) this.#step({ type: 'cancel', id }, 0);
    this.#fingers.clear();
    this.#step({ type: 'tick', timeMs: Infinity }, 0);
    this.#across.reset();
    this.#down.reset();
  }

  #step(event: TrackpadEvent, nowMs: number): void {
    clearTimeout(this.#timer);
    const { state, actions } = trackpadStep(this.#state, event);
    this.#state = state;
    for (const action of actions) this.#do(action);
    const deadline = trackpadDeadline(state);
    if (deadline === null) return;
    this.#timer = setTimeout(
      () => this.#step({ type: 'tick', timeMs: deadline }, deadline),
      deadline - nowMs,
    );
  }

  #do(action: TrackpadAction): void {
    switch (action.type) {
      case 'move':
        this.#effects.move(action.dx, action.dy);
        return;
      case 'press':
        this.#effects.button(action.button, true);
        return;
      case 'release':
        this.#effects.button(action.button, false);
        return;
      case 'scroll': {
        const dx = this.#across.add(action.dx / NOTCH_PIXELS);
        const dy = this.#down.add(action.dy / NOTCH_PIXELS);
        if (dx !== 0 || dy !== 0) this.#effects.notches({ dx, dy });
      }
    }
  }
}
