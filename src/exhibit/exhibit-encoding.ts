import { t } from '../lib/language.ts';
import type { ExhibitMistake } from './read-exhibit.ts';

export type DecodedExhibit =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly mistake: ExhibitMistake };

const NEW_LINE = 0x0a;

/**
 * The text of an exhibit file, which is UTF-8 (RFC 8259 §8.1), with or without a byte order mark. Editors that save in
 * the code page of their system, or in UTF-16, are told with the line of the first byte that shows it: what they wrote
 * would stand on the wall with wrong letters.
 */
export function decodeExhibit(bytes: Uint8Array): DecodedExhibit {
  if (isUtf16(bytes))
    return wrong(1, 1, t`is UTF-16 and not UTF-8: in the editor choose “Save as” and the encoding UTF-8`);
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const { line, column } = findFirstWrong(bytes);
    return wrong(line, column, t`is not UTF-8: in the editor choose “Save as” and the encoding UTF-8`);
  }
}

/** By its byte order mark, or by the zero beside the first letter: JSON begins with one of ASCII. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if (bytes.length < 2) return false;
  return (
    (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0
  );
}

/** Where the first letter stands that UTF-8 does not have; both count from 1. */
function findFirstWrong(bytes: Uint8Array): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(NEW_LINE, start);
    const rest = bytes.subarray(start, end === -1 ? undefined : end);
    const right = lettersBeforeWrong(rest);
    if (right !== null || end === -1) return { line, column: (right ?? 0) + 1 };
    start = end + 1;
    line++;
  }
}

/** How many letters (UTF-16 units) of a line are right before one that is not; null for a line that is right. */
function lettersBeforeWrong(line: Uint8Array): number | null {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(line);
    return null;
  } catch {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let letters = 0;
    try {
      for (const byte of line) letters += decoder.decode(Uint8Array.of(byte), { stream: true }).length;
    } catch {
      // This letter is the one, or the one that was begun before it.
    }
    return letters;
  }
}

function wrong(line: number, column: number, reason: string): DecodedExhibit {
  return { ok: false, mistake: { line, column, where: '', reason } };
}
