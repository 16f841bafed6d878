/**
 * What the visitor's hands do, on its way from the page to the emulated PS/2 controller and VMware pointer.
 * Every message is complete in itself; the order of messages is the order of the hands.
 */

/**
 * Bytes of scan code set 1, whole strokes only (a prefix is never parted from its code), in the order in which
 * the keyboard controller hands them to the guest.
 */
export interface KeysMessage {
  type: 'keys';
  scancodes: number[];
}

/** The lights of the guest's keyboard, as it set them (PS/2 keyboard command ED). All are off after a reset. */
export interface KeyLights {
  readonly scrollLock: boolean;
  readonly numLock: boolean;
  readonly capsLock: boolean;
}

/**
 * One step of a relative pointer in whole counts, each within -127..127 (a PS/2 packet carries nine bits, and
 * v86 does not clamp). PS/2's sense: right and **up** are positive.
 */
export interface PointerMoveMessage {
  type: 'pointer-move';
  dx: number;
  dy: number;
}

/**
 * A place on the guest's screen for a guest that asked for an absolute pointer: `x` of `width` from the left,
 * `y` of `height` from the top, in any unit (only the ratio counts). Within 0..width and 0..height.
 */
export interface PointerAbsoluteMessage {
  type: 'pointer-absolute';
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The whole state of the three buttons, sent when one of them changes. */
export interface PointerButtonsMessage {
  type: 'pointer-buttons';
  left: boolean;
  middle: boolean;
  right: boolean;
}

/**
 * Whole notches of the wheel, each within -7..7. The page's sense: right and **down** (towards the visitor) are
 * positive.
 */
export interface WheelMessage {
  type: 'wheel';
  dx: number;
  dy: number;
}

export type PointerMessage =
  PointerMoveMessage | PointerAbsoluteMessage | PointerButtonsMessage | WheelMessage;

/**
 * Whoever typed is gone: strokes and motion that the guest has not read yet are for nobody. The releases among them stay,
 * so that no key remains down.
 */
export interface ForgetInputMessage {
  type: 'forget-input';
}

export type InputMessage = KeysMessage | PointerMessage | ForgetInputMessage;
