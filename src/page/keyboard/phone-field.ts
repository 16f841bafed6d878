import { textEdit } from './text-edits.ts';
import { usKeyOf } from './us-layout.ts';

/** What of a text field is used; an `<input>` or `<textarea>` fits. */
export interface TextField extends EventTarget {
  value: string;
}

/** Something for Backspace to take away: an empty field reports no deletion at all. */
const FILLER = '\u00a0'.repeat(8);
/** Long before suggestions for what was typed could matter; a composition in progress is never cut. */
const REFILL_LENGTH = 64;

/**
 * Makes a text field the ear for a phone's on-screen keyboard: whatever happens to its text is typed to the guest
 * by `type` (a text of characters that US keys make, "\b" for Backspace). Returns the function that ends it.
 * Keys that come with a code (a real keyboard) are the keyboard's business, which prevents their default, so
 * nothing is typed twice.
 */
export function listenToPhoneField(field: TextField, type: (text: string) => void): () => void {
  let known = FILLER;
  const refill = () => {
    field.value = FILLER;
    known = FILLER;
  };
  const onInput = (event: Event) => {
    const { backspaces, text } = textEdit(known, field.value);
    known = field.value;
    const typed = '\b'.repeat(backspaces) + Array.from(text).map(asciiOf).filter(usKeyOf).join('');
    if (typed) type(typed);
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

const TYPOGRAPHIC: Readonly<Record<string, string>> = {
  '\u00a0': ' ',
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u2013': '-',
  '\u2014': '-',
};

/** Phones turn quotes, dashes and spaces into nicer ones; a PC's keyboard has the plain ones. */
function asciiOf(character: string): string {
  return TYPOGRAPHIC[character] ?? character;
}
