import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureWords } from './capture.ts';
import { belongsToBrowser, COMBOS, reservedShortcuts } from './combos.ts';
import { lockSystemKeys } from './keyboard-lock.ts';
import { isTypingInOwnField } from './own-fields.ts';
import { platformOf } from './platform.ts';
import { strokeOf } from './scancodes.ts';
import { textEdit } from './text-edits.ts';
import { codeOfNamedKey } from './us-layout.ts';

describe('isTypingInOwnField', () => {
  const host = { localName: 'vitrine-note' };

  it('sees fields through shadow roots', () => {
    expect(isTypingInOwnField([{ localName: 'textarea' }, {}, host])).toBe(true);
    expect(isTypingInOwnField([{ localName: 'input', type: 'text' }, {}, host])).toBe(true);
    expect(isTypingInOwnField([{ localName: 'select' }])).toBe(true);
    expect(isTypingInOwnField([{ localName: 'b' }, { localName: 'div', isContentEditable: true }])).toBe(
      true,
    );
  });

  it('lets keys on everything else go to the guest', () => {
    expect(isTypingInOwnField([{ localName: 'canvas' }, {}, host, null])).toBe(false);
    expect(isTypingInOwnField([{ localName: 'input', type: 'checkbox' }])).toBe(false);
    expect(isTypingInOwnField([{ localName: 'button' }])).toBe(false);
  });

  it('counts the field for the phone keyboard as the guest’s', () => {
    const field = { localName: 'textarea' };
    expect(isTypingInOwnField([field, host], field)).toBe(false);
    expect(isTypingInOwnField([{ localName: 'textarea' }, host], field)).toBe(true);
  });
});

describe('belongsToBrowser', () => {
  const press = (
    code: string,
    keys: Partial<Record<'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey', boolean>>,
  ) => ({
    code,
    ctrlKey: false,
    shiftKey: false,
    altKey: false,
    metaKey: false,
    ...keys,
  });

  it('leaves developer tools, and on a Mac closing and quitting, to the browser', () => {
    expect(belongsToBrowser(press('KeyI', { ctrlKey: true, shiftKey: true }), 'other')).toBe(true);
    expect(belongsToBrowser(press('KeyI', { metaKey: true, altKey: true }), 'mac')).toBe(true);
    expect(belongsToBrowser(press('KeyW', { metaKey: true }), 'mac')).toBe(true);
  });

  it('gives the guest everything else', () => {
    expect(belongsToBrowser(press('KeyW', { ctrlKey: true }), 'windows')).toBe(false);
    expect(belongsToBrowser(press('KeyS', { metaKey: true }), 'mac')).toBe(false);
    expect(belongsToBrowser(press('Delete', { ctrlKey: true, altKey: true }), 'other')).toBe(false);
    expect(belongsToBrowser(press('F5', {}), 'windows')).toBe(false);
  });
});

describe('the words and lists for the page', () => {
  it('has the six buttons, made of keys that exist', () => {
    expect(COMBOS.map((combo) => combo.id)).toEqual(
      'ctrl-alt-del windows alt-tab alt-f4 escape print-screen'.split(' '),
    );
    for (const code of COMBOS.flatMap((combo) => combo.codes)) expect(strokeOf(code), code).not.toBeNull();
  });

  it('names the gesture as the keyboard of the platform is labelled', () => {
    expect(captureWords({ state: 'captured', keys: 'page' }, 'windows')).toContain('Ctrl + Alt');
    expect(captureWords({ state: 'captured', keys: 'system' }, 'mac')).toContain('Control + Option');
    expect(captureWords({ state: 'free', because: 'tab-key' }, 'other')).toContain('Enter');
  });

  it('lists reserved shortcuts for each platform, each once', () => {
    for (const platform of ['windows', 'mac', 'other'] as const) {
      const keys = reservedShortcuts(platform).map((shortcut) => shortcut.keys);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.some((name) => name.includes(platform === 'mac' ? 'Command+W' : 'Ctrl+W'))).toBe(true);
    }
  });

  it('tells platforms apart by what navigator says', () => {
    expect(platformOf({ userAgentData: { platform: 'Windows' }, platform: 'Linux' })).toBe('windows');
    expect(platformOf({ platform: 'MacIntel' })).toBe('mac');
    expect(platformOf({ platform: 'iPhone' })).toBe('mac');
    expect(platformOf({ platform: 'Linux x86_64' })).toBe('other');
    expect(platformOf({})).toBe('other');
  });
});

describe('lockSystemKeys', () => {
  it('says whether the guest gets the shortcuts', async () => {
    const calls: string[] = [];
    const keyboard = { lock: async () => void calls.push('lock'), unlock: () => void calls.push('unlock') };
    expect(await lockSystemKeys({ keyboard }, true)).toBe(true);
    expect(await lockSystemKeys({ keyboard }, false)).toBe(false);
    expect(calls).toEqual(['lock', 'unlock']);
  });

  it('does without where the browser has none or refuses', async () => {
    expect(await lockSystemKeys({}, true)).toBe(false);
    const refuse = () => Promise.reject(new DOMException('not in this frame', 'InvalidAccessError'));
    expect(await lockSystemKeys({ keyboard: { lock: refuse, unlock: () => undefined } }, true)).toBe(false);
  });

  it('does not hide an error of another kind', async () => {
    const fail = () => Promise.reject(new Error('bug'));
    await expect(lockSystemKeys({ keyboard: { lock: fail, unlock: () => undefined } }, true)).rejects.toThrow(
      'bug',
    );
  });
});

describe('textEdit', () => {
  it('applied to the old text gives the new one', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '🙂', ' '), maxLength: 12 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const edit = textEdit(before, after);
        const points = Array.from(before);
        expect(points.slice(0, points.length - edit.backspaces).join('') + edit.text).toBe(after);
      }),
    );
  });

  it('keeps what both have in common', () => {
    expect(textEdit('helo', 'hello')).toEqual({ backspaces: 1, text: 'lo' });
    expect(textEdit('cat', 'cat ')).toEqual({ backspaces: 0, text: ' ' });
  });
});

describe('codeOfNamedKey', () => {
  it('names keys that only say what they are', () => {
    expect(codeOfNamedKey('Backspace')).toBe('Backspace');
    expect(codeOfNamedKey('AltGraph')).toBe('AltRight');
    for (const key of ['a', 'Unidentified', 'Process', 'Dead', 'toString'])
      expect(codeOfNamedKey(key)).toBeNull();
  });
});
