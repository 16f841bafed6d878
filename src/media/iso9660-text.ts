import { trimEnd } from '../lib/trim.ts';

/** Fields are padded with spaces; some writers use zeros. */
export function trimField(text: string): string {
  return trimEnd(text, '\0 ');
}

/** Joliet text: UCS-2, big-endian. An odd last byte is padding. */
export function decodeUcs2(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i + 1 < bytes.length; i += 2) text += String.fromCharCode(bytes[i] * 256 + bytes[i + 1]);
  return trimField(text);
}
