/** What of an element decides whether a person can type in it. */
interface FieldLike {
  localName?: string;
  type?: string;
  isContentEditable?: boolean;
}

/** Inputs that take no typing: keys pressed on them are not text. */
const NOT_TYPED_IN = new Set('button checkbox color file hidden image radio range reset submit'.split(' '));

/**
 * Whether a key event comes from a field that a person types in: input, textarea, select or an editable element.
 * `path` is `event.composedPath()`, which sees into open shadow roots, where `event.target` shows only the host.
 * `guestField`, the hidden field that calls up a phone's keyboard for the guest, is none of the page's own.
 */
export function isTypingInOwnField(path: readonly unknown[], guestField: unknown = null): boolean {
  for (const step of path) {
    if (step === null || typeof step !== 'object') continue;
    if (step === guestField) return false;
    const field = step as FieldLike;
    if (field.isContentEditable) return true;
    if (field.localName === 'textarea' || field.localName === 'select') return true;
    if (field.localName === 'input' && !NOT_TYPED_IN.has(field.type ?? 'text')) return true;
  }
  return false;
}
