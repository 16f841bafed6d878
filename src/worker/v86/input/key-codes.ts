/**
 * Cuts a run of set 1 bytes into key codes that must reach the guest unparted: E0 with its byte,
 * E1 with its five, any other byte by itself.
 */
export function splitKeyCodes(bytes: readonly number[]): number[][] {
  const codes: number[][] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at] === 0xe1 ? 6 : bytes[at] === 0xe0 ? 2 : 1;
    codes.push(bytes.slice(at, at + length));
    at += length;
  }
  return codes;
}
