import { setMaxListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GuestKeyboard } from './guest-keyboard.ts';
import type { TextField } from './phone-field.ts';
import type { Platform } from './platform.ts';
import { screenLayout } from './screen-layouts.ts';

/** A page of one focusable screen, made of nothing but event targets. */
function page(platform: Platform = 'other', layout = 'us', leavesShortcuts = true) {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), {
    defaultView: window,
    hidden: false,
    fullscreenElement: null,
  });
  const screen = Object.assign(new EventTarget(), { ownerDocument: document, parentNode: null });
  const sent: number[][] = [];
  const keyboard = new GuestKeyboard(
    { sendScancodes: (bytes) => void sent.push(bytes) },
    {
      platform,
      layout: () => screenLayout(layout, 'en'),
      leavesShortcuts: () => leavesShortcuts,
      pace: { wait: async () => undefined, strokeMs: 0, holdMs: 0 },
      onError: (thrown) => {
        throw thrown;
      },
    },
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a stand-in with all that is used of an element
  const detach = keyboard.attach(screen as unknown as HTMLElement);
  return { window, document, screen, sent, keyboard, detach };
}

function fire(target: EventTarget, type: string, fields: object = {}): Event {
  const event = new Event(type, { cancelable: true });
  for (const [name, value] of Object.entries(fields)) Object.defineProperty(event, name, { value });
  target.dispatchEvent(event);
  return event;
}

const NO_FLAGS = {
  repeat: false,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  isComposing: false,
  getModifierState: () => false,
};
const keyFields = (code: string, more: object = {}) => ({ ...NO_FLAGS, code, key: 'x', ...more });
const down = (target: EventTarget, code: string, more: object = {}) =>
  fire(target, 'keydown', keyFields(code, more));
const up = (target: EventTarget, code: string, more: object = {}) =>
  fire(target, 'keyup', keyFields(code, more));

// Node warns of many listeners on one signal, which is how they are all ended here.
setMaxListeners(32);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('GuestKeyboard', () => {
  it('leaves the developer tools to the browser, but not in a kiosk', () => {
    const held = { ctrlKey: true, shiftKey: true };
    for (const leaves of [true, false]) {
      const { screen, sent, keyboard } = page('other', 'us', leaves);
      keyboard.take();
      expect(down(screen, 'KeyI', held).defaultPrevented).toBe(!leaves);
      expect(sent.length > 0).toBe(!leaves);
    }
  });

  it('takes no key until the screen has the focus, then takes it and its default', () => {
    const { screen, sent, keyboard } = page();
    expect(down(screen, 'KeyA').defaultPrevented).toBe(false);
    fire(screen, 'focusin');
    expect(keyboard.capture.value).toEqual({ state: 'captured', keys: 'page' });
    expect(down(screen, 'KeyA').defaultPrevented).toBe(true);
    expect(up(screen, 'KeyA').defaultPrevented).toBe(true);
    expect(sent).toEqual([[0x1e], [0x9e]]);
  });

  it('does not trap who comes by the Tab key: Enter takes the keyboard, and is not sent', () => {
    const { document, screen, sent, keyboard } = page();
    fire(document, 'keydown', { key: 'Tab' });
    fire(screen, 'focusin');
    expect(keyboard.capture.value).toEqual({ state: 'free', because: 'tab-key' });
    expect(down(screen, 'Tab', { key: 'Tab' }).defaultPrevented).toBe(false);
    expect(down(screen, 'Enter', { key: 'Enter' }).defaultPrevented).toBe(true);
    expect(keyboard.capture.value.state).toBe('captured');
    expect(sent).toEqual([]);
  });

  it('counts a Tab that the guest got as no way of coming', () => {
    const { document, screen, keyboard, window } = page();
    fire(screen, 'focusin');
    fire(document, 'keydown', { key: 'Tab' });
    fire(window, 'blur');
    fire(screen, 'focusin');
    expect(keyboard.capture.value.state).toBe('captured');
  });

  it.each([
    ['the focus moves away', 'screen', 'focusout'],
    ['the window loses the focus', 'window', 'blur'],
  ] as const)('releases what is held when %s', (_, where, type) => {
    const all = page();
    fire(all.screen, 'focusin');
    down(all.screen, 'ShiftLeft');
    down(all.screen, 'ArrowUp');
    fire(all[where], type);
    expect(all.sent.at(-1)).toEqual([0xe0, 0xc8, 0xaa]);
    expect(all.keyboard.capture.value).toEqual({ state: 'free', because: 'focus-lost' });
    up(all.screen, 'ArrowUp');
    expect(all.sent).toHaveLength(3);
  });

  it('releases what is held when the page is hidden, and when it is detached', () => {
    const { document, screen, sent, detach } = page();
    fire(screen, 'focusin');
    down(screen, 'KeyA');
    document.hidden = true;
    fire(document, 'visibilitychange');
    expect(sent).toEqual([[0x1e], [0x9e]]);
    fire(screen, 'focusin');
    down(screen, 'KeyB');
    detach();
    expect(sent).toEqual([[0x1e], [0x9e], [0x30], [0xb0]]);
    fire(screen, 'focusin');
    down(screen, 'KeyC');
    expect(sent).toHaveLength(4);
  });

  it('gives the keyboard back on the release gesture, with Ctrl and Alt up in the guest', () => {
    const { screen, sent, keyboard } = page();
    fire(screen, 'focusin');
    down(screen, 'ControlLeft');
    down(screen, 'AltLeft');
    up(screen, 'AltLeft');
    expect(sent).toEqual([[0x1d], [0x38], [0xb8, 0x9d]]);
    expect(keyboard.capture.value).toEqual({ state: 'free', because: 'gesture' });
    up(screen, 'ControlLeft');
    down(screen, 'KeyA');
    expect(sent).toHaveLength(3);
    fire(screen, 'pointerdown');
    expect(keyboard.capture.value.state).toBe('captured');
  });

  it('takes Ctrl+Alt with the mouse for the guest’s own', () => {
    const { screen, keyboard } = page();
    fire(screen, 'focusin');
    down(screen, 'ControlLeft');
    down(screen, 'AltLeft');
    fire(screen, 'pointerdown');
    up(screen, 'AltLeft');
    expect(keyboard.capture.value.state).toBe('captured');
  });

  it('leaves keys alone that a person types in a field of the page', () => {
    const { screen, sent } = page();
    fire(screen, 'focusin');
    const field = { localName: 'input', type: 'text' };
    const event = down(screen, 'KeyA', { composedPath: () => [field, {}, screen] });
    expect(event.defaultPrevented).toBe(false);
    expect(sent).toEqual([]);
  });

  it('leaves the developer tools to the browser', () => {
    const { screen, sent } = page();
    fire(screen, 'focusin');
    const event = down(screen, 'KeyI', { ctrlKey: true, shiftKey: true });
    expect(event.defaultPrevented).toBe(false);
    expect(sent).toEqual([]);
  });

  it('sends a lone Ctrl on Windows once no AltGr can follow', () => {
    const { screen, sent } = page('windows');
    fire(screen, 'focusin');
    down(screen, 'ControlLeft', { key: 'Control', timeStamp: 1000 });
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(20);
    expect(sent).toEqual([[0x1d]]);
  });

  it('types the text of keys that say no code, and their named keys', async () => {
    const { screen, sent } = page();
    fire(screen, 'focusin');
    down(screen, '', { key: 'Q' });
    await settle();
    down(screen, 'Unidentified', { key: 'Backspace' });
    expect(sent).toEqual([[0x2a, 0x10, 0x90, 0xaa], [0x0e]]);
    expect(down(screen, '', { key: 'Process' }).defaultPrevented).toBe(false);
    expect(down(screen, '', { key: 'a', isComposing: true }).defaultPrevented).toBe(false);
    expect(sent).toHaveLength(2);
  });

  it('gives the guest the system’s keys in full screen, where the browser can', async () => {
    const calls: string[] = [];
    const lock = async () => void calls.push('lock');
    vi.stubGlobal('navigator', { keyboard: { lock, unlock: () => void calls.push('unlock') } });
    vi.stubGlobal('ShadowRoot', EventTarget);
    const { document, screen, keyboard } = page();
    fire(screen, 'focusin');
    Object.assign(document, { fullscreenElement: screen });
    fire(document, 'fullscreenchange');
    await vi.waitFor(() => expect(keyboard.capture.value).toEqual({ state: 'captured', keys: 'system' }));
    Object.assign(document, { fullscreenElement: null });
    fire(document, 'fullscreenchange');
    await vi.waitFor(() => expect(keyboard.capture.value).toEqual({ state: 'captured', keys: 'page' }));
    expect(calls).toEqual(['lock', 'unlock']);
  });
});

/** Until what was typed is through. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

describe('keys that only say what they mean', () => {
  it('are those of the guest’s layout, under its own modifiers and in the order of the hands', async () => {
    const { screen, sent } = page('other', 'de');
    fire(screen, 'focusin');
    down(screen, '', { key: 'ü' });
    down(screen, '', { key: 'Shift' });
    down(screen, '', { key: '/' });
    up(screen, '', { key: 'Shift' });
    down(screen, '', { key: 'AltGraph' });
    down(screen, '', { key: '@' });
    down(screen, '', { key: '#' });
    up(screen, '', { key: 'AltGraph' });
    down(screen, '', { key: 'Enter' });
    await settle();
    expect(sent).toEqual([
      [0x1a, 0x9a],
      [0x2a],
      [0x08, 0x88],
      [0xaa],
      [0xe0, 0x38],
      [0x10, 0x90],
      [0xe0, 0xb8, 0x2b, 0xab, 0xe0, 0x38],
      [0xe0, 0xb8],
      [0x1c],
    ]);
  });

  it('are told where the layout has none, until the next one that it has', async () => {
    const { screen, keyboard } = page('other', 'us');
    fire(screen, 'focusin');
    expect(down(screen, '', { key: 'ß' }).defaultPrevented).toBe(true);
    expect(keyboard.untyped.value).toBe('ß');
    down(screen, '', { key: 'a' });
    expect(keyboard.untyped.value).toBe('');
    await settle();
  });
});

describe('the locks', () => {
  it('are turned for the visitor where the guest has them otherwise, once', () => {
    const { screen, sent, keyboard } = page();
    const caps = { key: 'A', getModifierState: (name: string) => name === 'CapsLock' };
    fire(screen, 'focusin');
    down(screen, 'KeyA', caps);
    down(screen, 'KeyB', { ...caps, key: 'B' });
    expect(sent.splice(0)).toEqual([[0x3a, 0xba], [0x1e], [0x30]]);
    keyboard.setLights({ capsLock: true, numLock: false, scrollLock: false });
    down(screen, 'KeyC', { key: 'c' });
    expect(sent.splice(0)).toEqual([[0x3a, 0xba], [0x2e]]);
    down(screen, 'Numpad7', { key: '7', getModifierState: (name: string) => name === 'NumLock' });
    expect(sent.splice(0)).toEqual([[0x45, 0xc5], [0x47]]);
  });

  it('are left alone where the visitor turns them here', () => {
    const { screen, sent } = page();
    fire(screen, 'focusin');
    down(screen, 'CapsLock', { key: 'CapsLock' });
    up(screen, 'CapsLock', { key: 'CapsLock' });
    down(screen, 'KeyA', { key: 'A', getModifierState: () => true });
    expect(sent).toEqual([[0x3a], [0xba], [0x1e]]);
  });

  it('do not turn a phone’s letters round', async () => {
    const { screen, sent, keyboard } = page();
    fire(screen, 'focusin');
    keyboard.setLights({ capsLock: true, numLock: false, scrollLock: false });
    down(screen, '', { key: 'a' });
    await settle();
    expect(sent).toEqual([
      [0x3a, 0xba],
      [0x1e, 0x9e],
    ]);
  });
});

describe('the field for a phone’s keyboard', () => {
  function phone(layout = 'us') {
    const all = page('other', layout);
    const field: TextField = Object.assign(new EventTarget(), { value: '' });
    const end = all.keyboard.attachPhoneField(field);
    const edit = async (change: (value: string) => string, fields: object = {}) => {
      field.value = change(field.value);
      fire(field, 'input', fields);
      await settle();
      return all.sent.splice(0);
    };
    return { ...all, field, edit, end };
  }

  it('types what appears and takes back what disappears', async () => {
    const { edit } = phone();
    expect(await edit((value) => `${value}hi`)).toEqual([
      [0x23, 0xa3],
      [0x17, 0x97],
    ]);
    expect(await edit((value) => value.slice(0, -1))).toEqual([[0x0e, 0x8e]]);
  });

  it('has something for Backspace to take, again and again', async () => {
    const { edit } = phone();
    for (let count = 0; count < 30; count++) {
      expect(await edit((value) => value.slice(0, -1))).toEqual([[0x0e, 0x8e]]);
    }
  });

  it('follows a suggestion that replaces the word', async () => {
    const { edit } = phone();
    await edit((value) => `${value}teh`, { isComposing: true });
    const strokes = await edit((value) => value.replace('teh', 'the '));
    expect(strokes).toEqual([
      [0x0e, 0x8e],
      [0x0e, 0x8e],
      [0x23, 0xa3],
      [0x12, 0x92],
      [0x39, 0xb9],
    ]);
  });

  it('types plain quotes for a phone’s nicer ones', async () => {
    const { edit } = phone();
    expect(await edit((value) => `${value}’`)).toEqual([[0x28, 0xa8]]);
  });

  it('types letters where the guest’s layout has them', async () => {
    const { edit } = phone('de');
    expect(await edit((value) => `${value}zäß@`)).toEqual([
      [0x15, 0x95],
      [0x28, 0xa8],
      [0x0c, 0x8c],
      [0xe0, 0x38, 0x10, 0x90, 0xe0, 0xb8],
    ]);
  });

  it('tells what has no key, and takes nothing from the guest when it is taken back', async () => {
    const { edit, keyboard } = phone();
    expect(await edit((value) => `${value}a🙂ß`)).toEqual([[0x1e, 0x9e]]);
    expect(keyboard.untyped.value).toBe('🙂 ß');
    expect(await edit((value) => value.replace('🙂ß', ''))).toEqual([]);
    expect(await edit((value) => value.slice(0, -1))).toEqual([[0x0e, 0x8e]]);
  });

  it('hears nothing after its end', async () => {
    const { edit, end } = phone();
    end();
    expect(await edit((value) => `${value}a`)).toEqual([]);
  });
});
