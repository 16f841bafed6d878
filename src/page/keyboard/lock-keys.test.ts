import { describe, expect, it } from 'vitest';
import { LockKeys } from './lock-keys.ts';

function keys(platform: 'mac' | 'other' = 'other') {
  const clock = { ms: 0 };
  return { clock, locks: new LockKeys(platform, () => clock.ms) };
}

const press = (code: string, key: string, on: readonly string[] = []) => ({
  code,
  key,
  getModifierState: (name: string) => on.includes(name),
});
const lights = (capsLock: boolean, numLock = false) => ({ capsLock, numLock, scrollLock: false });

describe('LockKeys', () => {
  it('names the lock that differs, for the keys that it matters to', () => {
    const { locks } = keys();
    expect(locks.differing(press('KeyA', 'A', ['CapsLock']))).toEqual(['CapsLock']);
    expect(locks.differing(press('BracketLeft', 'Ü', ['CapsLock']))).toEqual(['CapsLock']);
    expect(locks.differing(press('Digit1', '1', ['CapsLock']))).toEqual([]);
    expect(locks.differing(press('Enter', 'Enter', ['CapsLock', 'NumLock']))).toEqual([]);
    expect(locks.differing(press('Numpad4', '4', ['NumLock']))).toEqual(['NumLock']);
    expect(locks.differing(press('NumpadAdd', '+', ['NumLock']))).toEqual([]);
    locks.setLights(lights(true, true));
    expect(locks.differing(press('KeyA', 'a'))).toEqual(['CapsLock']);
    expect(locks.differing(press('Numpad4', 'ArrowLeft'))).toEqual(['NumLock']);
    expect(locks.differing(press('Numpad4', '4', ['NumLock']))).toEqual([]);
  });

  it('presses once, however long the guest takes to show it', () => {
    const { locks } = keys();
    locks.pressed('CapsLock');
    expect(locks.differing(press('KeyA', 'A', ['CapsLock']))).toEqual([]);
    // The lights of another change, sent before it heard of this one.
    locks.setLights(lights(false, true));
    expect(locks.differing(press('KeyB', 'B', ['CapsLock']))).toEqual([]);
    locks.setLights(lights(true, true));
    expect(locks.differing(press('KeyB', 'B', ['CapsLock']))).toEqual([]);
  });

  it('believes the lights again once the guest had its time', () => {
    const { locks, clock } = keys();
    locks.pressed('CapsLock');
    clock.ms = 2000;
    locks.setLights(lights(false));
    expect(locks.differing(press('KeyA', 'A', ['CapsLock']))).toEqual(['CapsLock']);
  });

  it('gives a Mac, which has no NumLock, its numbers', () => {
    const { locks } = keys('mac');
    expect(locks.differing(press('Numpad4', '4'))).toEqual(['NumLock']);
    locks.setLights(lights(false, true));
    expect(locks.differing(press('Numpad4', '4'))).toEqual([]);
  });
});
