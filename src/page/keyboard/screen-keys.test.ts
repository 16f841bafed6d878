import { describe, expect, it } from 'vitest';
import { strokeOf } from './scancodes.ts';
import { isModifier, ScreenKeys } from './screen-keys.ts';
import {
  FUNCTION_KEYS,
  keyWidth,
  NAVIGATION_KEYS,
  NUMBER_KEYS,
  SCREEN_LAYOUTS,
  screenLayout,
} from './screen-layouts.ts';

function keyboard() {
  const bytes: number[] = [];
  const keys = new ScreenKeys({ sendScancodes: (sent) => void bytes.push(...sent) }, (thrown) => {
    throw thrown;
  });
  const take = () => bytes.splice(0).map((byte) => byte.toString(16));
  return { keys, take };
}

describe('keys on the screen', () => {
  it('go down, repeat and come up as those on a desk', () => {
    const { keys, take } = keyboard();
    keys.down('KeyA');
    keys.repeat('KeyA');
    keys.up('KeyA');
    expect(take()).toEqual(['1e', '1e', '9e']);
  });

  it('hold a modifier for one key after one tap, until the next tap after two', () => {
    const { keys, take } = keyboard();
    keys.down('ShiftLeft');
    keys.up('ShiftLeft');
    expect(keys.sticky.value.get('ShiftLeft')).toBe('once');
    keys.tap('KeyA');
    expect(take()).toEqual(['2a', '1e', '9e', 'aa']);
    expect(keys.sticky.value.size).toBe(0);

    keys.tap('ControlLeft');
    keys.tap('ControlLeft');
    expect(keys.sticky.value.get('ControlLeft')).toBe('locked');
    keys.tap('KeyA');
    keys.tap('KeyC');
    expect(take()).toEqual(['1d', '1e', '9e', '2e', 'ae']);
    keys.tap('ControlLeft');
    expect(take()).toEqual(['9d']);
  });

  it('hold several modifiers together, with two fingers too', () => {
    const { keys, take } = keyboard();
    keys.tap('ControlLeft');
    keys.tap('AltLeft');
    keys.tap('Delete');
    expect(take()).toEqual(['1d', '38', 'e0', '53', 'e0', 'd3', '9d', 'b8']);
    keys.down('KeyA');
    keys.down('KeyB');
    keys.up('KeyA');
    keys.up('KeyB');
    expect(take()).toEqual(['1e', '30', '9e', 'b0']);
  });

  it('press a Windows key by itself with its second tap', () => {
    const { keys, take } = keyboard();
    keys.tap('MetaLeft');
    keys.tap('MetaLeft');
    expect(take()).toEqual(['e0', '5b', 'e0', 'db']);
    expect(keys.sticky.value.size).toBe(0);
  });

  it('are all lifted when the keyboard goes', () => {
    const { keys, take } = keyboard();
    keys.tap('AltRight');
    keys.down('KeyQ');
    take();
    keys.releaseAll();
    expect(take()).toEqual(['90', 'e0', 'b8']);
    expect(keys.sticky.value.size).toBe(0);
  });
});

describe.each(SCREEN_LAYOUTS)('the layout $id', ({ rows, letters, symbols, caps, id }) => {
  const shared = [...FUNCTION_KEYS, ...NAVIGATION_KEYS.flat(), ...NUMBER_KEYS.flat()].filter(Boolean);

  it('has only keys that the guest hears, each with what is printed on it', () => {
    for (const code of [...rows.flat(), ...letters.flat(), ...symbols.flat(), ...shared]) {
      expect(strokeOf(code), code).not.toBeNull();
      expect(caps[code]?.[0], code).toBeTruthy();
      expect(keyWidth(code)).toBeGreaterThan(0);
    }
  });

  it('has every key of a desk’s keyboard once', () => {
    const all = [...rows.flat(), ...shared];
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(id === 'us' ? 104 : 105);
  });

  it('shows a phone the same keys on two sides', () => {
    const phone = new Set([...letters.flat(), ...symbols.flat(), ...shared]);
    // One of each pair of modifiers is enough for two thumbs.
    const missing = rows.flat().filter((code) => !phone.has(code) && !isModifier(code));
    expect(missing.filter((code) => code !== 'Tab' && code !== 'CapsLock' && code !== 'ContextMenu')).toEqual(
      [],
    );
  });

  it('is the first choice of its language', () => {
    expect(screenLayout('', id === 'us' ? 'en-GB' : `${id}-CH`).id).toBe(id);
    expect(screenLayout(id, 'it').id).toBe(id);
  });
});
