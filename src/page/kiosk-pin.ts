import { webCrypto } from '../lib/secure-parts.ts';
import type { PinHash } from '../exhibit/kiosk-settings.ts';

/**
 * A third of a second on a PC, one or two on a small computer of a kiosk: what a person at the pad waits for. It slows down
 * whoever has the hash, which an exhibit file tells everybody, and saves no short PIN: all of four digits are tried
 * within a minute on a graphics card, of eight within hours. Hashes of fewer rounds go on being accepted.
 */
const ITERATIONS = 1_000_000;

/** A PIN is 4 to 12 digits. */
export const PIN_SHAPE = /^\d{4,12}$/;

/**
 * The fewest digits of a PIN whose hash goes into a file that everybody can read. On the device alone, where nobody has
 * the hash and wrong ones cost time, four are enough.
 */
export const LEAST_FILED_DIGITS = 8;

/** PBKDF2 (RFC 8018) with SHA-256 and a random salt of 16 bytes. Rejects with 'page/not-secure' on an address that is not secure, as `isPin` does: no PIN is right there. */
export async function hashPin(pin: string): Promise<PinHash> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return { salt: toHex(salt), hash: toHex(await derive(pin, salt, ITERATIONS)), iterations: ITERATIONS };
}

/** Whether it is the PIN that was hashed; takes as long for a PIN that is nearly right as for any other. */
export async function isPin(pin: string, { salt, hash, iterations }: PinHash): Promise<boolean> {
  const derived = await derive(pin, fromHex(salt), iterations);
  const expected = fromHex(hash);
  let difference = derived.length ^ expected.length;
  for (const [index, byte] of derived.entries()) difference |= byte ^ (expected[index] ?? 0);
  return difference === 0;
}

/** How long nobody may try after the `wrong`-th wrong PIN in a row, in milliseconds: three are free. */
export function pinWait(wrong: number): number {
  return wrong < 3 ? 0 : Math.min(300_000, 5_000 * 2 ** (wrong - 3));
}

async function derive(
  pin: string,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await webCrypto().importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, [
    'deriveBits',
  ]);
  return new Uint8Array(
    await webCrypto().deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, key, 256),
  );
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
