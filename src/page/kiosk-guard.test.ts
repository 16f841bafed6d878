import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isKept, keepLit, type GuardedKey } from './kiosk-guard.ts';

/** A press as a keyboard of the country sends it: "Ctrl+Shift+I", "F5", "Ctrl++". */
function press(keys: string, code = ''): GuardedKey {
  const parts = keys.split(/\+(?!$)/);
  const key = parts.at(-1)!;
  return {
    key,
    code,
    ctrlKey: parts.includes('Ctrl'),
    altKey: parts.includes('Alt'),
    metaKey: parts.includes('Meta'),
    shiftKey: parts.includes('Shift'),
  };
}

describe('what is kept from the browser', () => {
  it.each([
    // Developer tools, profiles, bookmarks, clearing data, downloads, settings, quitting, the address line, menus.
    ['Ctrl+Shift+I', 'KeyI'],
    ['Ctrl+Shift+C', 'KeyC'],
    ['Ctrl+Shift+J', 'KeyJ'],
    ['Ctrl+Shift+Delete', 'Delete'],
    ['Ctrl+Shift+B', 'KeyB'],
    ['Ctrl+Shift+M', 'KeyM'],
    ['Ctrl+Shift+Y', 'KeyY'],
    ['Shift+Escape', 'Escape'],
    ['Ctrl+i', 'KeyI'],
    ['Ctrl+q', 'KeyQ'],
    ['Ctrl+b', 'KeyB'],
    ['Ctrl+m', 'KeyM'],
    ['Meta+,', 'Comma'],
    ['Ctrl+,', 'Comma'],
    ['Alt+d', 'KeyD'],
    ['Alt+f', 'KeyF'],
    ['Alt+e', 'KeyE'],
    ['Alt', 'AltLeft'],
    // Zoom: a German keyboard has + and - elsewhere.
    ['Ctrl++', 'BracketRight'],
    ['Ctrl+-', 'Slash'],
    ['Ctrl+0', 'Digit0'],
    // A keyboard on the screen names no place.
    ['Ctrl++', ''],
    ['Ctrl+w', ''],
    ['F5', ''],
    ['F12', ''],
    ['F24', ''],
    ['BrowserBack', ''],
    ['GoHome', ''],
    ['ContextMenu', ''],
    ['Alt+ArrowLeft', ''],
    // And one that names a place only.
    ['Unidentified', 'BrowserHome'],
    ['Unidentified', 'F11'],
    ['Shift+F10', 'F10'],
    ['/', 'Slash'],
    ["'", 'Quote'],
  ])('%s (%s)', (keys, code) => {
    expect(isKept(press(keys, code), false)).toBe(true);
  });

  it('is everything with Ctrl, Alt or Meta, whatever key it is', () => {
    const modifiers = fc
      .record({ ctrlKey: fc.boolean(), altKey: fc.boolean(), metaKey: fc.boolean() })
      .filter(({ ctrlKey, altKey, metaKey }) => ctrlKey || altKey || metaKey);
    fc.assert(
      fc.property(modifiers, fc.string(), fc.string(), fc.boolean(), (held, key, code, shiftKey) => {
        expect(isKept({ ...held, key, code, shiftKey }, true)).toBe(true);
      }),
    );
  });

  it.each([
    ['a', 'KeyA'],
    ['Shift+A', 'KeyA'],
    ['5', ''],
    ['Tab', 'Tab'],
    ['Shift+Tab', 'Tab'],
    ['Enter', 'Enter'],
    [' ', 'Space'],
    ['ArrowLeft', 'ArrowLeft'],
    ['Escape', 'Escape'],
    ['F', 'KeyF'],
    ['Fn', 'Fn'],
    ['Unidentified', ''],
  ])('is not what people type or go about the page with: %s', (keys, code) => {
    expect(isKept(press(keys, code), false)).toBe(false);
  });

  it('is not a letter that is typed into a field', () => {
    expect(isKept(press('/', 'Slash'), true)).toBe(false);
  });
});

describe('the screen', () => {
  /** A browser with wake locks: how many are held. */
  function browser() {
    let held = 0;
    const request = (): Promise<WakeLockSentinel> => {
      held++;
      const sentinel = {
        released: false,
        release: () => {
          if (!sentinel.released) held--;
          sentinel.released = true;
          return Promise.resolve();
        },
      };
      return Promise.resolve(sentinel as unknown as WakeLockSentinel);
    };
    const page = new EventTarget();
    vi.stubGlobal('navigator', { wakeLock: { request } });
    vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
    return { held: () => held };
  }
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  afterEach(() => void vi.unstubAllGlobals());

  it('is kept lit while the kiosk is awake, and left to the system while it sleeps', async () => {
    const { held } = browser();
    let isAwake = true;
    const ends = new AbortController();
    const look = keepLit(() => isAwake, ends.signal);
    await settle();
    expect(held()).toBe(1);
    isAwake = false;
    look();
    await settle();
    expect(held()).toBe(0);
    isAwake = true;
    look();
    // It falls asleep again before the browser answers.
    isAwake = false;
    look();
    await settle();
    expect(held()).toBe(0);
    isAwake = true;
    look();
    look();
    await settle();
    expect(held()).toBe(1);
    ends.abort();
    await settle();
    expect(held()).toBe(0);
  });
});
