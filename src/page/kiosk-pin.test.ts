import { pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashPin, isPin, PIN_SHAPE, pinWait } from './kiosk-pin.ts';

describe('the staff PIN', () => {
  it('is kept salted and hashed, and recognised', async () => {
    const [one, other] = await Promise.all([hashPin('2009'), hashPin('2009')]);
    expect(one.hash).not.toBe(other.hash);
    expect(JSON.stringify(one)).not.toContain('"2009"');
    expect(await isPin('2009', one)).toBe(true);
    expect(await isPin('2008', one)).toBe(false);
    expect(await isPin('', one)).toBe(false);
    expect(await isPin('2009', { ...one, hash: one.hash.slice(2) })).toBe(false);
  });

  it('is the PBKDF2 of everybody else', async () => {
    // Test vector of RFC 7914, section 11: PBKDF2-HMAC-SHA-256, P "passwd", S "salt", c 1, first 32 bytes.
    const known = {
      salt: '73616c74',
      hash: '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc',
      iterations: 1,
    };
    expect(await isPin('passwd', known)).toBe(true);
  });

  it('that was hashed with fewer rounds, years ago, still opens', async () => {
    const old = {
      salt: '07070707070707070707070707070707',
      hash: pbkdf2Sync('2009', Buffer.alloc(16, 7), 300_000, 32, 'sha256').toString('hex'),
      iterations: 300_000,
    };
    expect(await isPin('2009', old)).toBe(true);
    expect((await hashPin('2009')).iterations).toBeGreaterThan(600_000);
  });

  it('is 4 to 12 digits, and wrong ones cost more and more time', () => {
    expect(['1234', '123456789012'].every((pin) => PIN_SHAPE.test(pin))).toBe(true);
    expect(['123', '1234567890123', '12a4', ''].some((pin) => PIN_SHAPE.test(pin))).toBe(false);
    expect([1, 2, 3, 4, 5, 30].map(pinWait)).toEqual([0, 0, 5_000, 10_000, 20_000, 300_000]);
  });
});
