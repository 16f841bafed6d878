import { Movement } from '../exhibit/presence.ts';

/** What a kiosk hears of people. */
export interface KioskHears {
  /** Somebody pressed, turned or typed something. */
  touched(): void;
  /** A hand is on the mouse: a sign of life, but no wish. */
  moved(): void;
  /** The keys of staff go down, and whatever was held is let go. */
  staffKeys(): void;
  letGo(): void;
  error(detail: string): void;
}

/** Listens to the whole page until `signal`. `now`: milliseconds that only go up. */
export function listenToPeople(hears: KioskHears, now: () => number, signal: AbortSignal): void {
  const options = { capture: true, passive: true, signal };
  for (const type of ['pointerdown', 'wheel', 'touchstart'])
    addEventListener(type, (event) => isCorners(event) || hears.touched(), options);
  addEventListener(
    'keydown',
    (event) => {
      // What lies on a key, or is stuck, only repeats it.
      if (event.repeat) return;
      if (!isCorners(event)) hears.touched();
      // For staff with a keyboard.
      const isS = event.code === 'KeyS' || /^s$/i.test(event.key);
      if (event.ctrlKey && event.altKey && isS) hears.staffKeys();
    },
    options,
  );
  const movement = new Movement();
  addEventListener(
    'pointermove',
    // A picture that moves under a pointer that rests moves nothing.
    ({ movementX, movementY }) => movement.moved(movementX, movementY, now()) && hears.moved(),
    options,
  );
  addEventListener('keyup', () => hears.letGo(), options);
  addEventListener('blur', () => hears.letGo(), { signal });
  addEventListener('error', ({ message }) => hears.error(message), { signal });
  addEventListener('unhandledrejection', ({ reason }) => hears.error(String(reason)), { signal });
}

/** The corner is the staff's: who holds it is no visitor yet. */
function isCorners(event: Event): boolean {
  return event.composedPath().some((each) => each instanceof Element && each.classList.contains('corner'));
}
