/** A rectangle in the page's CSS pixels, as `getBoundingClientRect` gives it. */
export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A place in the guest's picture: `x` of `width`, `y` of `height`. */
export interface GuestPosition {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Where a point of the page lies in the guest's picture. `picture` is the picture itself, without the bars that
 * letterbox it; a point beyond its edge lies on the edge. Null while the picture has no size.
 */
export function guestPosition(clientX: number, clientY: number, picture: Rect): GuestPosition | null {
  const { left, top, width, height } = picture;
  if (!(width > 0 && height > 0)) return null;
  return {
    x: Math.max(0, Math.min(width, clientX - left)),
    y: Math.max(0, Math.min(height, clientY - top)),
    width,
    height,
  };
}

/** The three buttons of the guest's mouse. */
export interface Buttons {
  left: boolean;
  middle: boolean;
  right: boolean;
}

export const NO_BUTTONS: Readonly<Buttons> = { left: false, middle: false, right: false };

/** The guest's buttons for `MouseEvent.buttons` (bit 0 left, bit 1 right, bit 2 middle; the others have no wire). */
export function buttonsOf(mask: number): Buttons {
  return { left: (mask & 1) !== 0, right: (mask & 2) !== 0, middle: (mask & 4) !== 0 };
}

export function sameButtons(a: Readonly<Buttons>, b: Readonly<Buttons>): boolean {
  return a.left === b.left && a.middle === b.middle && a.right === b.right;
}
