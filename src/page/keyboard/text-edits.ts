/** What to type so that a text becomes another: so many Backspaces, then new characters. */
export interface TextEdit {
  backspaces: number;
  text: string;
}

/**
 * The edit at the end of the text that turns `before` into `after`. A phone's keyboard rewrites the word being
 * typed (composition, suggestions, swiping) and its key events carry no code, so what it did is read off the
 * field. Counts code points, so that a pair of surrogates is one Backspace.
 */
export function textEdit(before: string, after: string): TextEdit {
  const old = Array.from(before);
  const now = Array.from(after);
  let common = 0;
  while (common < old.length && common < now.length && old[common] === now[common]) common++;
  return { backspaces: old.length - common, text: now.slice(common).join('') };
}
