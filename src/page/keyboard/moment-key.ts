import { isTypingInOwnField } from './own-fields.ts';

/**
 * The one key that saves a moment, also while the guest has the keyboard. Why this one: Windows 7 itself, its setup and
 * its boot menu use F1 to F6, F8, F10, F11 and the firmware F12, and none of them F9; every keyboard has it, and no
 * browser keeps it. With Shift, Ctrl or Alt it is the guest's as ever, and `pressKeys` reaches the guest with it.
 */
export const MOMENT_KEY = 'F9';

/**
 * Calls `onPress` for the key, before anything else hears of it, and keeps it from everything else; returns the
 * function that ends that. `isListening` says whether there is a machine to save; if not, the key is nobody's.
 */
export function listenForMomentKey(
  target: EventTarget,
  isListening: () => boolean,
  onPress: () => void,
): () => void {
  const ears = new AbortController();
  let held = false;
  const onKey = (event: Event): void => {
    const { code, repeat, type } = event as KeyboardEvent;
    if (code !== MOMENT_KEY || !isMine(event as KeyboardEvent)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held = type === 'keydown';
    if (held && !repeat) onPress();
  };
  const isMine = (event: KeyboardEvent): boolean => {
    // A key that went down here comes up here, whatever else is held by then.
    if (event.type === 'keyup') return held;
    const isPlain = !event.ctrlKey && !event.altKey && !event.shiftKey && !event.metaKey;
    return isPlain && isListening() && !isTypingInOwnField(event.composedPath());
  };
  for (const type of ['keydown', 'keyup'])
    target.addEventListener(type, onKey, { capture: true, signal: ears.signal });
  return () => ears.abort();
}
