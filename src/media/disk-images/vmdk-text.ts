/** Windows' numbers of code pages that the Encoding Standard knows by other names. */
const CODE_PAGES: Readonly<Record<string, string>> = {
  '932': 'shift_jis',
  '936': 'gbk',
  '949': 'euc-kr',
  '950': 'big5',
  '65001': 'utf-8',
};

/**
 * The bytes of a descriptor as its writer meant them: without a byte order mark, and UTF-16, which editors make of it,
 * as UTF-8.
 */
export function vmdkDescriptorBytes(bytes: Uint8Array): Uint8Array {
  const starts = (...mark: number[]): boolean => mark.every((byte, at) => bytes[at] === byte);
  if (starts(0xef, 0xbb, 0xbf)) return bytes.subarray(3);
  if (starts(0xff, 0xfe)) return new TextEncoder().encode(new TextDecoder('utf-16le').decode(bytes));
  if (starts(0xfe, 0xff)) return new TextEncoder().encode(new TextDecoder('utf-16be').decode(bytes));
  return bytes;
}

/**
 * What a file name in a descriptor may mean, the likeliest first and at least one. `name` has a letter for each byte.
 * `encoding` is what the descriptor says of itself (`encoding="GBK"`), and it is not always true: QEMU copies UTF-8
 * names into a descriptor of any encoding. Text that is valid UTF-8 and not ASCII is hardly ever anything else.
 */
export function decodeVmdkName(name: string, encoding: string): string[] {
  const bytes = Uint8Array.from(name, (letter) => letter.charCodeAt(0));
  const found = ['utf-8', encoding, 'windows-1252'].map((label) => decode(bytes, label));
  return [...new Set(found.filter((text) => text !== null))];
}

/** Null where the browser does not know the encoding, or where the bytes cannot be in it. */
function decode(bytes: Uint8Array, encoding: string): string | null {
  const page = /^(?:windows|cp|ms|ibm)[-_]?(\d{3,5})$/iu.exec(encoding)?.[1] ?? '';
  try {
    return new TextDecoder(CODE_PAGES[page] ?? encoding, { fatal: true }).decode(bytes);
  } catch (thrown) {
    // A RangeError for the label, a TypeError for the bytes (Encoding Standard §7.1).
    if (thrown instanceof RangeError || thrown instanceof TypeError) return null;
    throw thrown;
  }
}
