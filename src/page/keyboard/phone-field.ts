import { textEdit } from './text-edits.ts';

/** What of a text field is used; an `<input>` or `<textarea>` fits. */
export interface TextField extends EventTarget {
  value: string;
}

/** Something for Backspace to take away: an empty field reports no deletion at all. */
const FILLER = '\u00a0'.repeat(8);
/** Long before suggestions for what was typed could matter; a composition in progress is never cut. */
const REFILL_LENGTH = 64;

/** Types a text ("\b" for Backspace) and gives the characters that could not be typed. */
export type TypeText = (text: string) => readonly string[];

/**
 * Makes a text field the ear for a phone's on-screen keyboard: whatever happens to its text is typed to the guest
 * by `type`. Returns the function that ends it. Keys that come with a code (a real keyboard) are the keyboard's
 * business, which prevents their default, so nothing is typed twice.
 */
export function listenToPhoneField(field: TextField, type: TypeText): () => void {
  let known = FILLER;
  /** Of the characters after the filler, those that the guest has not: taking them back takes nothing from it. */
  const missing = new Set<string>();
  const refill = () => {
    field.value = FILLER;
    known = FILLER;
    missing.clear();
  };
  const onInput = (event: Event) => {
    const { backspaces, text } = textEdit(known, field.value);
    const removed = Array.from(known).slice(-backspaces || Infinity);
    const taken = removed.filter((character) => !missing.has(character)).length;
    known = field.value;
    const typed = '\b'.repeat(taken) + text;
    if (typed) for (const character of type(typed)) missing.add(character);
    const composing = 'isComposing' in event && event.isComposing === true;
    if (!composing && (known.length > REFILL_LENGTH || known.length < FILLER.length / 2)) refill();
  };
  refill();
  field.addEventListener('input', onInput);
  field.addEventListener('blur', refill);
  return () => {
    field.removeEventListener('input', onInput);
    field.removeEventListener('blur', refill);
  };
}
