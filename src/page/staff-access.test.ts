import { pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LocalMemory } from './local-memory.ts';
import { StaffAccess, type StaffAccessOptions } from './staff-access.ts';

const SALT = Buffer.alloc(16, 7);
const filed = {
  salt: SALT.toString('hex'),
  hash: pbkdf2Sync('20092009', SALT, 10_000, 32, 'sha256').toString('hex'),
  iterations: 10_000,
};

/** A browser whose memory can be emptied or denied, and a computer whose clock can be set. */
function device() {
  const kept = new Map<string, string>();
  const clock = { at: 5_000, wall: Date.UTC(2026, 10, 26, 9) };
  let isDenied = false;
  const memory = new LocalMemory(() => {
    if (isDenied) throw new DOMException('denied', 'SecurityError');
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
    };
  }, 'staff');
  return {
    kept,
    clock,
    deny: () => (isDenied = true),
    /** A page that was just opened. */
    open: (options: Partial<StaffAccessOptions> = {}) =>
      new StaffAccess({
        memory,
        filed: null,
        isSetup: false,
        now: () => clock.at,
        date: () => new Date(clock.wall),
        ...options,
      }),
  };
}

describe('who may open the staff menu', () => {
  it('is nobody where no PIN is known, whatever took it away', async () => {
    const { open, kept, deny } = device();
    expect(open().door).toBe('closed');
    expect(await open().enter('0000')).toBe(false);
    for (const damaged of ['{', '7', '{"pin": {}}', '{"pin": {"salt": "", "hash": "", "iterations": 1}}']) {
      kept.set('staff', damaged);
      expect(open().door).toBe('closed');
      expect(open({ filed }).door).toBe('pin');
    }
    deny();
    expect(open().door).toBe('closed');
  });

  it('is who set the kiosk up, once: from then on it is who knows the PIN', async () => {
    const { open } = device();
    const setup = open({ isSetup: true });
    expect(setup.door).toBe('first-pin');
    const left = open({ isSetup: true });
    left.endSetup();
    expect(left.door).toBe('closed');
    expect(await setup.set('20092009')).toBe(true);
    expect(setup.door).toBe('pin');
    const later = open({ isSetup: true });
    expect(later.door).toBe('pin');
    expect(await later.enter('11112222')).toBe(false);
    expect(await later.enter('20092009')).toBe(true);
  });

  it('is still who knows it when the memory is emptied while the page is open', async () => {
    const { open, kept } = device();
    await open({ isSetup: true }).set('20092009');
    const running = open();
    kept.clear();
    expect(running.door).toBe('pin');
    expect(await running.enter('20092009')).toBe(true);
    // And it is written down again.
    expect(open().door).toBe('pin');
  });

  it('goes by the device before the file, and says when nothing is kept', async () => {
    const { open, deny } = device();
    const access = open({ filed });
    expect(await access.enter('20092009')).toBe(true);
    expect(await access.set('77778888')).toBe(true);
    expect(await open({ filed }).enter('20092009')).toBe(false);
    deny();
    expect(await access.set('12345678')).toBe(false);
  });
});

describe('a PIN for the exhibit file, which everybody can read', () => {
  it.each([
    ['2009', false],
    ['1234567', false],
    ['20092009', true],
    ['123456789012', true],
  ])('%s set on the device: %s', async (pin, isLong) => {
    const { open } = device();
    const access = open({ isSetup: true });
    await access.set(pin);
    expect(access.forFile).toEqual(isLong ? access.pin : null);
    expect(access.isShortInFile).toBe(false);
    const reloaded = open();
    expect(reloaded.forFile).toEqual(isLong ? access.pin : null);
  });

  it('that was set before its length was noted is handed out when it was entered, if it is long enough', async () => {
    const { open, kept } = device();
    kept.set('staff', JSON.stringify({ pin: filed, wrong: 0, wrongAt: 0 }));
    const access = open();
    expect(access.forFile).toBeNull();
    await access.enter('20092009');
    expect(access.forFile).toEqual(filed);
  });

  it('is told to be too short when such a one of the file opened the menu', async () => {
    const short = { ...filed, hash: pbkdf2Sync('2009', SALT, 10_000, 32, 'sha256').toString('hex') };
    const { open } = device();
    const access = open({ filed: short });
    expect(access.isShortInFile).toBe(false);
    await access.enter('2009');
    expect([access.isShortInFile, access.forFile]).toEqual([true, null]);
    await access.set('77778888');
    expect(access.isShortInFile).toBe(false);
    const long = open({ filed });
    expect(long.isShortInFile).toBe(false);
  });
});

describe('wrong PINs', () => {
  it('cost time over reloads, and where nothing is kept', async () => {
    const { open, clock, deny } = device();
    const access = open({ filed });
    for (let times = 0; times < 3; times++) await access.enter('11112222');
    expect(access.wait).toBe(5_000);
    expect(await access.enter('20092009')).toBe(false);
    expect(open({ filed }).wait).toBe(5_000);
    clock.at += 5_000;
    clock.wall += 5_000;
    expect(await open({ filed }).enter('20092009')).toBe(true);
    deny();
    const unkept = open({ filed });
    for (let times = 0; times < 4; times++) {
      await unkept.enter('11112222');
      clock.at += 60_000;
    }
    await unkept.enter('11112222');
    expect(unkept.wait).toBeGreaterThan(0);
  });

  it.each([-10, 10])('cost no more after the clock was put by %i years', async (years) => {
    const { open, clock } = device();
    const access = open({ filed });
    for (let times = 0; times < 4; times++) {
      await access.enter('11112222');
      clock.at += 60_000;
      clock.wall += 60_000;
    }
    await access.enter('11112222');
    const wait = access.wait;
    clock.wall += years * 365 * 86_400_000;
    expect(access.wait).toBe(wait);
    const reloaded = open({ filed });
    expect(reloaded.wait).toBeLessThanOrEqual(wait);
    clock.at += wait;
    expect(reloaded.wait).toBe(0);
    expect(await reloaded.enter('20092009')).toBe(true);
  });
});
