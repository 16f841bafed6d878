import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALT_GR_WAIT_MS, KeyTracker, type KeyInput } from './key-tracker.ts';
import { knownCodes } from './scancodes.ts';

function key(code: string, more: Partial<KeyInput> = {}): KeyInput {
  return { code, key: 'x', repeat: false, shiftKey: false, timeMs: 0, ...more };
}
const CONTROL = { key: 'Control' };
const ALT_GR = { key: 'AltGraph' };

describe('KeyTracker', () => {
  it('sends make on press, make again on repeat, break on release', () => {
    const keys = new KeyTracker('other');
    expect(keys.down(key('KeyA'))).toEqual([0x1e]);
    expect(keys.down(key('KeyA', { repeat: true }))).toEqual([0x1e]);
    expect(keys.up(key('KeyA'))).toEqual([0x9e]);
    expect(keys.held).toEqual([]);
  });

  it('sends nothing for the release of a key that was pressed before the guest had the keyboard', () => {
    expect(new KeyTracker('other').up(key('KeyA'))).toEqual([]);
  });

  it('releases with the stroke it pressed, though the modifier has come up meanwhile', () => {
    const keys = new KeyTracker('other');
    keys.down(key('AltLeft'));
    expect(keys.down(key('PrintScreen'))).toEqual([0x54]);
    keys.up(key('AltLeft'));
    expect(keys.down(key('PrintScreen', { repeat: true }))).toEqual([0x54]);
    expect(keys.up(key('PrintScreen'))).toEqual([0xd4]);
  });

  it('releases all keys, last pressed first, once', () => {
    const keys = new KeyTracker('other');
    for (const code of ['ControlLeft', 'ShiftRight', 'ArrowUp']) keys.down(key(code));
    expect(keys.releaseAll()).toEqual([0xe0, 0xc8, 0xb6, 0x9d]);
    expect(keys.releaseAll()).toEqual([]);
  });

  it('takes both Shifts up when the one keyup says that none is left', () => {
    const keys = new KeyTracker('windows');
    keys.down(key('ShiftLeft'));
    keys.down(key('ShiftRight'));
    expect(keys.up(key('ShiftRight', { shiftKey: false }))).toEqual([0xb6, 0xaa]);
    keys.down(key('ShiftLeft'));
    keys.down(key('ShiftRight'));
    expect(keys.up(key('ShiftRight', { shiftKey: true }))).toEqual([0xb6]);
  });

  it('presses and releases PrintScreen when only its release is told', () => {
    expect(new KeyTracker('windows').up(key('PrintScreen'))).toEqual([
      0xe0, 0x2a, 0xe0, 0x37, 0xe0, 0xb7, 0xe0, 0xaa,
    ]);
  });

  it('never leaves a Japanese mode key down on Windows', () => {
    const keys = new KeyTracker('windows');
    expect(keys.down(key('Backquote', { key: 'Hankaku' }))).toEqual([0x29, 0xa9]);
    expect(keys.held).toEqual([]);
  });

  it('leaves every guest with no key down after releaseAll, whatever came before', () => {
    const event = fc.record({
      down: fc.boolean(),
      code: fc.constantFrom(...knownCodes()),
      key: fc.constantFrom('x', 'AltGraph', 'Control', 'Hankaku'),
      repeat: fc.boolean(),
      shiftKey: fc.boolean(),
      timeMs: fc.nat(1000),
    });
    fc.assert(
      fc.property(fc.constantFrom('windows', 'mac', 'other'), fc.array(event), (platform, events) => {
        const keys = new KeyTracker(platform);
        const sent = events.flatMap(({ down, ...input }) => (down ? keys.down(input) : keys.up(input)));
        expect(downAfter([...sent, ...keys.releaseAll()])).toEqual([]);
      }),
    );
  });
});

/** What a guest that reads set 1 believes to be down after `bytes`; Pause and the make-only keys come and go. */
function downAfter(bytes: number[]): number[] {
  const down = new Set<number>();
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0xe1) {
      at += 5;
      continue;
    }
    if (bytes[at] === 0xf1 || bytes[at] === 0xf2) continue;
    const prefix = bytes[at] === 0xe0 ? 0xe000 : 0;
    if (prefix) at++;
    const code = prefix | (bytes[at] & 0x7f);
    if (bytes[at] & 0x80) down.delete(code);
    else down.add(code);
  }
  return [...down];
}

describe('KeyTracker on Windows with AltGr', () => {
  it('drops the Ctrl that Windows invents, on press, on repeat and on release', () => {
    const keys = new KeyTracker('windows');
    expect(keys.down(key('ControlLeft', CONTROL))).toEqual([]);
    expect(keys.down(key('AltRight', { ...ALT_GR, timeMs: 1 }))).toEqual([0xe0, 0x38]);
    expect(keys.down(key('ControlLeft', { ...CONTROL, repeat: true, timeMs: 500 }))).toEqual([]);
    expect(keys.down(key('AltRight', { ...ALT_GR, repeat: true, timeMs: 500 }))).toEqual([0xe0, 0x38]);
    expect(keys.deadlineMs).toBeNull();
    expect(keys.up(key('ControlLeft', { ...CONTROL, timeMs: 600 }))).toEqual([]);
    expect(keys.up(key('AltRight', { ...ALT_GR, timeMs: 600 }))).toEqual([0xe0, 0xb8]);
    expect(keys.held).toEqual([]);
  });

  it('sends a lone Ctrl when its wait is over, not before', () => {
    const keys = new KeyTracker('windows');
    keys.down(key('ControlLeft', { ...CONTROL, timeMs: 100 }));
    expect(keys.deadlineMs).toBe(100 + ALT_GR_WAIT_MS);
    expect(keys.expire(99 + ALT_GR_WAIT_MS)).toEqual([]);
    expect(keys.expire(100 + ALT_GR_WAIT_MS)).toEqual([0x1d]);
    expect(keys.deadlineMs).toBeNull();
    expect(keys.up(key('ControlLeft', CONTROL))).toEqual([0x9d]);
  });

  it('sends Ctrl before the next key without waiting', () => {
    const keys = new KeyTracker('windows');
    keys.down(key('ControlLeft', CONTROL));
    expect(keys.down(key('KeyC'))).toEqual([0x1d, 0x2e]);
    expect(keys.up(key('KeyC'))).toEqual([0xae]);
    expect(keys.up(key('ControlLeft', CONTROL))).toEqual([0x9d]);
  });

  it('sends a tapped Ctrl as press and release', () => {
    const keys = new KeyTracker('windows');
    keys.down(key('ControlLeft', CONTROL));
    expect(keys.up(key('ControlLeft', CONTROL))).toEqual([0x1d, 0x9d]);
  });

  it('keeps a real Ctrl with a right Alt that is no AltGr', () => {
    const keys = new KeyTracker('windows');
    keys.down(key('ControlLeft', CONTROL));
    expect(keys.down(key('AltRight', { key: 'Alt', timeMs: 1 }))).toEqual([0x1d, 0xe0, 0x38]);
  });

  it('takes the Ctrl back when the page was too busy to hear of AltGr in time', () => {
    const keys = new KeyTracker('windows');
    keys.down(key('ControlLeft', CONTROL));
    expect(keys.expire(ALT_GR_WAIT_MS)).toEqual([0x1d]);
    expect(keys.down(key('AltRight', { ...ALT_GR, timeMs: 1 }))).toEqual([0x9d, 0xe0, 0x38]);
    expect(keys.up(key('ControlLeft', CONTROL))).toEqual([]);
    expect(keys.up(key('AltRight', ALT_GR))).toEqual([0xe0, 0xb8]);
  });

  it('keeps a Ctrl that was held long before AltGr', () => {
    const keys = new KeyTracker('windows');
    keys.down(key('ControlLeft', CONTROL));
    keys.expire(ALT_GR_WAIT_MS);
    expect(keys.down(key('AltRight', { ...ALT_GR, timeMs: 400 }))).toEqual([0xe0, 0x38]);
    expect(keys.held).toEqual(['ControlLeft', 'AltRight']);
  });

  it('does not make Ctrl wait elsewhere', () => {
    const keys = new KeyTracker('other');
    expect(keys.down(key('ControlLeft', CONTROL))).toEqual([0x1d]);
    expect(keys.deadlineMs).toBeNull();
  });

  it('forgets a waiting Ctrl when all is released', () => {
    const keys = new KeyTracker('windows');
    keys.down(key('ControlLeft', CONTROL));
    expect(keys.releaseAll()).toEqual([]);
    expect(keys.expire(1000)).toEqual([]);
  });
});

describe('KeyTracker on a Mac', () => {
  it('presses and releases at once what Command would hold for ever', () => {
    const keys = new KeyTracker('mac');
    expect(keys.down(key('MetaLeft'))).toEqual([0xe0, 0x5b]);
    expect(keys.down(key('KeyC'))).toEqual([0x2e, 0xae]);
    expect(keys.up(key('MetaLeft'))).toEqual([0xe0, 0xdb]);
    expect(keys.held).toEqual([]);
  });

  it('releases with Command the keys held before it, but no modifier', () => {
    const keys = new KeyTracker('mac');
    for (const code of ['ShiftLeft', 'KeyC', 'MetaLeft']) keys.down(key(code));
    expect(keys.up(key('MetaLeft'))).toEqual([0xe0, 0xdb, 0xae]);
    expect(keys.held).toEqual(['ShiftLeft']);
  });

  it('presses CapsLock once for its light going on and once for it going off', () => {
    const keys = new KeyTracker('mac');
    expect(keys.down(key('CapsLock'))).toEqual([0x3a, 0xba]);
    expect(keys.up(key('CapsLock'))).toEqual([0x3a, 0xba]);
  });

  it('keeps CapsLock an ordinary key elsewhere', () => {
    const keys = new KeyTracker('other');
    expect(keys.down(key('CapsLock'))).toEqual([0x3a]);
    expect(keys.up(key('CapsLock'))).toEqual([0xba]);
  });
});
