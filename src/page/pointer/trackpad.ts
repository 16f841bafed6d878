import { unreachable } from '../../lib/assert.ts';

/**
 * A touch screen as a laptop's trackpad: one finger moves, a tap clicks, a tap followed by a touch that stays drags,
 * two fingers scroll, tapping with two or three fingers is the right or the middle button. A pure reducer: events
 * and the state in, the next state and actions out. Time comes with the events (milliseconds of one clock);
 * `trackpadDeadline` says when a `tick` is due.
 */
export type TrackpadState =
  | { phase: 'idle' }
  /** One finger is down and may yet be a tap. */
  | { phase: 'touch'; finger: Finger; startMs: number }
  /** One finger moves the pointer. */
  | { phase: 'move'; finger: Finger }
  /** A tap just ended: the left button is down, and comes up when no second touch follows in time. */
  | { phase: 'tapped'; untilMs: number }
  /** A second touch follows a tap, the button still down: a double click if it is short, a drag if it stays. */
  | { phase: 'tap-touch'; finger: Finger; startMs: number }
  /** One finger moves the pointer with the left button down. */
  | { phase: 'drag'; finger: Finger }
  /** Several fingers: a tap as long as nothing moved, else scrolling; lasts until the last one is lifted. */
  | { phase: 'several'; fingers: Finger[]; most: number; startMs: number; scrolling: boolean };

/** A finger (or pen) on the glass, in CSS pixels; where it came down, and where and when it was last. */
export interface Finger {
  id: number;
  startX: number;
  startY: number;
  x: number;
  y: number;
  timeMs: number;
}

export type TrackpadEvent =
  | { type: 'down' | 'move' | 'up'; id: number; x: number; y: number; timeMs: number }
  /** The browser took the touch for itself, or the page lost it. */
  | { type: 'cancel'; id: number }
  | { type: 'tick'; timeMs: number };

export type TrackpadAction =
  /** Motion in CSS pixels, already accelerated; right and down are positive. */
  | { type: 'move'; dx: number; dy: number }
  | { type: 'press' | 'release'; button: 'left' | 'middle' | 'right' }
  /** Pixels to scroll the guest's page by, as a wheel counts: right and down are positive. */
  | { type: 'scroll'; dx: number; dy: number };

export interface TrackpadStep {
  state: TrackpadState;
  actions: TrackpadAction[];
}

/** How long a touch may last and still be a tap. */
export const TAP_MS = 220;
/** How soon after a tap a second touch makes it a double click or a drag. */
export const DOUBLE_TAP_MS = 250;
/** How far a finger may stray in a tap, in CSS pixels. */
export const TAP_SLOP = 8;

export const TRACKPAD_IDLE: TrackpadState = { phase: 'idle' };

const press = (button: 'left' | 'middle' | 'right'): TrackpadAction => ({ type: 'press', button });
const release = (button: 'left' | 'middle' | 'right'): TrackpadAction => ({ type: 'release', button });

/** When the next `tick` is due; null while nothing waits. */
export function trackpadDeadline(state: TrackpadState): number | null {
  if (state.phase === 'tapped') return state.untilMs;
  // A still finger after a tap becomes a drag, so that the button is held for as long as the finger is.
  return state.phase === 'tap-touch' ? state.startMs + TAP_MS : null;
}

/** One step of the trackpad. */
export function trackpadStep(state: TrackpadState, event: TrackpadEvent): TrackpadStep {
  switch (event.type) {
    case 'down':
      return fingerDown(state, fingerOf(event));
    case 'move':
      return fingerMove(state, event);
    case 'up':
      return fingerUp(state, event.id, event.timeMs);
    case 'cancel':
      return cancelled(state, event.id);
    case 'tick':
      return tick(state, event.timeMs);
    default:
      return unreachable(event);
  }
}

function fingerDown(state: TrackpadState, finger: Finger): TrackpadStep {
  switch (state.phase) {
    case 'idle':
      return { state: { phase: 'touch', finger, startMs: finger.timeMs }, actions: [] };
    case 'tapped':
      if (finger.timeMs < state.untilMs) {
        return { state: { phase: 'tap-touch', finger, startMs: finger.timeMs }, actions: [] };
      }
      return { state: { phase: 'touch', finger, startMs: finger.timeMs }, actions: [release('left')] };
    case 'touch':
    case 'move':
      return { state: several([state.finger, finger]), actions: [] };
    case 'tap-touch':
      return { state: several([state.finger, finger]), actions: [release('left')] };
    case 'several': {
      const fingers = [...state.fingers, finger];
      return { state: { ...state, fingers, most: Math.max(state.most, fingers.length) }, actions: [] };
    }
    case 'drag':
      // A second finger that brushes the glass must not drop what is being dragged.
      return { state, actions: [] };
    default:
      return unreachable(state);
  }
}

function several(fingers: Finger[]): TrackpadState {
  return {
    phase: 'several',
    fingers,
    most: fingers.length,
    startMs: Math.min(...fingers.map((finger) => finger.timeMs)),
    scrolling: fingers.some(strayed),
  };
}

type FingerEvent = Extract<TrackpadEvent, { id: number; x: number }>;

function fingerMove(state: TrackpadState, event: FingerEvent): TrackpadStep {
  if (state.phase === 'idle' || state.phase === 'tapped') return { state, actions: [] };
  if (state.phase === 'several') return severalMove(state, event);
  if (state.finger.id !== event.id) return { state, actions: [] };
  const finger = { ...state.finger, x: event.x, y: event.y, timeMs: event.timeMs };
  if (state.phase === 'touch' || state.phase === 'tap-touch') {
    // The stray of a tap is not motion; the pointer starts from where the finger left the tap's circle.
    if (!strayed(finger))
      return { state: { ...state, finger: { ...finger, timeMs: state.finger.timeMs } }, actions: [] };
    return { state: { phase: state.phase === 'touch' ? 'move' : 'drag', finger }, actions: [] };
  }
  return { state: { ...state, finger }, actions: [motion(state.finger, finger)] };
}

function severalMove(state: Extract<TrackpadState, { phase: 'several' }>, event: FingerEvent): TrackpadStep {
  const old = state.fingers.find((finger) => finger.id === event.id);
  if (!old) return { state, actions: [] };
  const moved = { ...old, x: event.x, y: event.y, timeMs: event.timeMs };
  const fingers = state.fingers.map((finger) => (finger === old ? moved : finger));
  const scrolling = state.scrolling || strayed(moved);
  const next: TrackpadState = { ...state, fingers, scrolling };
  if (!scrolling || fingers.length !== 2) return { state: next, actions: [] };
  // Each finger has half a say. The page follows the fingers, so its wheel turns against them.
  const dx = -(moved.x - old.x) / 2;
  const dy = -(moved.y - old.y) / 2;
  return { state: next, actions: dx === 0 && dy === 0 ? [] : [{ type: 'scroll', dx, dy }] };
}

function fingerUp(state: TrackpadState, id: number, timeMs: number): TrackpadStep {
  if (state.phase === 'idle' || state.phase === 'tapped') return { state, actions: [] };
  if (state.phase === 'several') return severalUp(state, id, timeMs);
  if (state.finger.id !== id) return { state, actions: [] };
  switch (state.phase) {
    case 'touch':
      if (timeMs - state.startMs > TAP_MS) return { state: TRACKPAD_IDLE, actions: [] };
      return { state: { phase: 'tapped', untilMs: timeMs + DOUBLE_TAP_MS }, actions: [press('left')] };
    case 'tap-touch':
      // The second press waits as the first did, so a third tap or a drag of whole words can follow.
      return {
        state: { phase: 'tapped', untilMs: timeMs + DOUBLE_TAP_MS },
        actions: [release('left'), press('left')],
      };
    case 'move':
      return { state: TRACKPAD_IDLE, actions: [] };
    case 'drag':
      return { state: TRACKPAD_IDLE, actions: [release('left')] };
    default:
      return unreachable(state);
  }
}

function severalUp(
  state: Extract<TrackpadState, { phase: 'several' }>,
  id: number,
  timeMs: number,
): TrackpadStep {
  const fingers = state.fingers.filter((finger) => finger.id !== id);
  if (fingers.length > 0) return { state: { ...state, fingers }, actions: [] };
  const tap = !state.scrolling && timeMs - state.startMs <= TAP_MS;
  const button = ({ 2: 'right', 3: 'middle' } as const)[state.most];
  return { state: TRACKPAD_IDLE, actions: tap && button ? [press(button), release(button)] : [] };
}

function cancelled(state: TrackpadState, id: number): TrackpadStep {
  if (state.phase === 'several') {
    const fingers = state.fingers.filter((finger) => finger.id !== id);
    // What the browser interrupted is no tap any more.
    return {
      state: fingers.length > 0 ? { ...state, fingers, scrolling: true } : TRACKPAD_IDLE,
      actions: [],
    };
  }
  if (!('finger' in state) || state.finger.id !== id) return { state, actions: [] };
  const held = state.phase === 'drag' || state.phase === 'tap-touch';
  return { state: TRACKPAD_IDLE, actions: held ? [release('left')] : [] };
}

function tick(state: TrackpadState, timeMs: number): TrackpadStep {
  const deadline = trackpadDeadline(state);
  if (deadline === null || timeMs < deadline) return { state, actions: [] };
  if (state.phase === 'tap-touch') return { state: { phase: 'drag', finger: state.finger }, actions: [] };
  return { state: TRACKPAD_IDLE, actions: [release('left')] };
}

function fingerOf(event: FingerEvent): Finger {
  return { id: event.id, startX: event.x, startY: event.y, x: event.x, y: event.y, timeMs: event.timeMs };
}

function strayed(finger: Finger): boolean {
  return Math.hypot(finger.x - finger.startX, finger.y - finger.startY) > TAP_SLOP;
}

function motion(from: Finger, to: Finger): TrackpadAction {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const gain = acceleration(Math.hypot(dx, dy), to.timeMs - from.timeMs);
  return { type: 'move', dx: dx * gain, dy: dy * gain };
}

/**
 * How much further the pointer goes than the finger: a slow finger is exact (1), a quick one crosses the screen (3),
 * rising evenly between 0.2 and 1.5 pixels a millisecond.
 */
export function acceleration(distance: number, elapsedMs: number): number {
  const speed = distance / Math.max(elapsedMs, 1);
  return 1 + 2 * Math.max(0, Math.min(1, (speed - 0.2) / 1.3));
}
