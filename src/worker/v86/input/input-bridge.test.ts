import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InputBridge } from './input-bridge.ts';
import { splitKeyCodes } from './key-codes.ts';

/** A controller of v86's kind: what is sent stays in its buffer until the guest reads it. */
function machine() {
  const sent: [string, unknown][] = [];
  const listeners = new Map<string, (value: never) => void>();
  const keys: number[] = [];
  const mouse: number[] = [];
  const ps2 = {
    enable_keyboard_stream: true,
    enable_mouse_stream: true,
    command_register: 3,
    kbd_buffer: keys,
    mouse_buffer: mouse,
  };
  const bus = {
    send(event: string, value?: unknown) {
      sent.push([event, value]);
      if (event === 'keyboard-code') keys.push(Number(value));
      if (event === 'mouse-delta') mouse.push(8, 0, 0, 0);
    },
    register: (event: string, listener: (value: never) => void) => void listeners.set(event, listener),
    unregister: (event: string) => void listeners.delete(event),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each listener knows what its own event carries
  const tell = (event: string, value?: unknown) => listeners.get(event)?.(value as never);
  const codes = () => sent.filter(([event]) => event === 'keyboard-code').map(([, code]) => code);
  return { bridge: new InputBridge(bus, ps2), ps2, keys, mouse, sent, tell, codes, listeners };
}

const press = (...scancodes: number[]) => ({ type: 'keys', scancodes }) as const;
const moveBy = (dx: number, dy: number) => ({ type: 'pointer-move', dx, dy }) as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('InputBridge, keys', () => {
  it('gives one key code at a time, each when the guest has read the one before', () => {
    const { bridge, keys, codes } = machine();
    bridge.apply(press(0x1e, 0x9e, 0xe0, 0x48));
    expect(codes()).toEqual([0x1e]);
    vi.advanceTimersByTime(50);
    expect(codes()).toEqual([0x1e]);
    keys.length = 0;
    vi.advanceTimersByTime(5);
    expect(codes()).toEqual([0x1e, 0x9e]);
    expect(bridge.busy).toBe(true);
    keys.length = 0;
    vi.advanceTimersByTime(5);
    expect(codes()).toEqual([0x1e, 0x9e, 0xe0, 0x48]);
    keys.length = 0;
    expect(bridge.busy).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps the releases of a guest that does not read, so that no key stays down', () => {
    const { bridge, keys, codes } = machine();
    for (let count = 0; count < 2000; count++) bridge.apply(press(0x1e));
    bridge.apply(press(0x9e));
    while (bridge.busy) {
      keys.length = 0;
      vi.advanceTimersByTime(2);
    }
    expect(codes().length).toBeLessThan(1100);
    expect(codes().at(-1)).toBe(0x9e);
  });

  it('forgets keys for a keyboard that the guest switched off', () => {
    const { bridge, ps2, codes } = machine();
    ps2.enable_keyboard_stream = false;
    bridge.apply(press(0x1e));
    ps2.enable_keyboard_stream = true;
    vi.advanceTimersByTime(50);
    expect(codes()).toEqual([]);
    expect(bridge.busy).toBe(false);
  });

  it('forgets what the last visitor typed and moved when the machine becomes another one', async () => {
    const { bridge, keys, codes, sent, tell } = machine();
    for (let count = 0; count < 500; count++) bridge.apply(press(0x1c, 0x9c));
    const read = bridge.sendKeys([0x1e]);
    tell('emulator-stopped');
    bridge.apply(moveBy(300, 0));
    bridge.clear();
    await read;
    keys.length = 0;
    const before = sent.length;
    tell('emulator-started');
    vi.advanceTimersByTime(5_000);
    expect(codes()).toHaveLength(1);
    expect(sent).toHaveLength(before);
    expect(bridge.busy).toBe(false);
  });

  it('gives the next visitor of the same machine nothing of the last one’s but that all keys are up', () => {
    const { bridge, keys, codes, sent } = machine();
    for (let count = 0; count < 400; count++) bridge.apply(press(0x1c, 0x9c));
    bridge.apply(press(0xe0, 0x1d, 0xe0, 0x9d, 0x2a));
    bridge.apply(moveBy(2, 3));
    bridge.apply(moveBy(300, 0));
    bridge.apply({ type: 'forget-input' });
    // What lifts the keys that were held comes after it.
    bridge.apply(press(0xaa));
    const before = codes().length;
    for (let read = 0; read < 500; read++) {
      keys.length = 0;
      vi.advanceTimersByTime(5);
    }
    const after = codes().slice(before);
    expect(after).toEqual([0x9c, 0xe0, 0x9d, 0xaa]);
    const motion = sent.length;
    bridge.apply(moveBy(1, 0));
    expect(sent.slice(motion)).toEqual([['mouse-delta', [1, 0]]]);
    expect(bridge.busy).toBe(false);
  });

  it('waits while the machine stands still', () => {
    const { bridge, tell, codes } = machine();
    tell('emulator-stopped');
    bridge.apply(press(0x1e));
    vi.advanceTimersByTime(50);
    expect(codes()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    tell('emulator-started');
    expect(codes()).toEqual([0x1e]);
  });

  it('answers when the guest has read every key, not before', async () => {
    const { bridge, keys } = machine();
    const answered = vi.fn();
    void bridge.sendKeys([0x1e, 0x9e]).then(answered);
    await vi.advanceTimersByTimeAsync(50);
    keys.length = 0;
    await vi.advanceTimersByTimeAsync(50);
    expect(answered).not.toHaveBeenCalled();
    keys.length = 0;
    await vi.advanceTimersByTimeAsync(5);
    expect(answered).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('answers for a keyboard that is switched off, and for a machine that is gone', async () => {
    const off = machine();
    off.ps2.enable_keyboard_stream = false;
    await off.bridge.sendKeys([0x1e]);
    const gone = machine();
    const answer = gone.bridge.sendKeys([0x1e]);
    gone.bridge.dispose();
    await answer;
    expect(gone.codes()).toEqual([0x1e]);
  });

  it('is quiet after dispose', () => {
    const { bridge, keys, codes, listeners } = machine();
    bridge.apply(press(0x1e, 0x9e));
    bridge.dispose();
    keys.length = 0;
    vi.advanceTimersByTime(50);
    expect(codes()).toEqual([0x1e]);
    expect(listeners.size).toBe(0);
  });
});

describe('InputBridge, pointer', () => {
  it('passes motion, buttons and the wheel as the bus counts them', () => {
    const { bridge, sent } = machine();
    bridge.apply(moveBy(3, -4));
    bridge.apply({ type: 'pointer-buttons', left: true, middle: false, right: false });
    bridge.apply({ type: 'wheel', dx: 2, dy: 1 });
    expect(sent).toEqual([
      ['mouse-delta', [3, -4]],
      ['mouse-click', [true, false, false]],
      ['mouse-wheel', [-1, 0]],
    ]);
  });

  it('adds up motion that the guest has no time for, and sends it in steps before the next click', () => {
    const { bridge, mouse, sent } = machine();
    mouse.length = 32;
    bridge.apply(moveBy(100, 10));
    bridge.apply(moveBy(100, 10));
    expect(sent).toEqual([]);
    bridge.apply({ type: 'pointer-buttons', left: false, middle: false, right: true });
    expect(sent).toEqual([
      ['mouse-delta', [127, 20]],
      ['mouse-delta', [73, 0]],
      ['mouse-click', [false, false, true]],
    ]);
  });

  it('sends what was added up as soon as the guest reads again', () => {
    const { bridge, mouse, sent } = machine();
    mouse.length = 32;
    bridge.apply(moveBy(5, 5));
    mouse.length = 0;
    vi.advanceTimersByTime(5);
    expect(sent).toEqual([['mouse-delta', [5, 5]]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ['its stream', { enable_mouse_stream: false }],
    ['its port', { command_register: 0x23 }],
  ])(
    'moves and turns nothing while the guest has the mouse off by %s, but keeps the buttons right',
    (_, off) => {
      const { bridge, ps2, sent } = machine();
      Object.assign(ps2, off);
      bridge.apply(moveBy(5, 5));
      bridge.apply({ type: 'wheel', dx: 0, dy: 1 });
      bridge.apply({ type: 'pointer-buttons', left: false, middle: false, right: false });
      expect(sent).toEqual([['mouse-click', [false, false, false]]]);
    },
  );

  it('wakes a guest with an absolute pointer by a packet that goes nowhere in the end', () => {
    const { bridge, tell, sent } = machine();
    tell('vmware-absolute-mouse', true);
    const place = { type: 'pointer-absolute', x: 1, y: 2, width: 640, height: 480 } as const;
    bridge.apply(place);
    bridge.apply(place);
    expect(sent).toEqual([
      ['mouse-absolute', [1, 2, 640, 480]],
      ['mouse-delta', [1, 0]],
      ['mouse-absolute', [1, 2, 640, 480]],
      ['mouse-delta', [-1, 0]],
    ]);
  });

  it('tells such a guest of a lock for as long as the hand moves relatively', () => {
    const { bridge, tell, sent } = machine();
    tell('vmware-absolute-mouse', true);
    bridge.apply(moveBy(1, 0));
    bridge.apply(moveBy(1, 0));
    bridge.apply({ type: 'pointer-absolute', x: 0, y: 0, width: 1, height: 1 });
    expect(sent.map(([event, value]) => (event === 'mouse-pointer-lock' ? [event, value] : event))).toEqual([
      ['mouse-pointer-lock', true],
      'mouse-delta',
      'mouse-delta',
      ['mouse-pointer-lock', false],
      'mouse-absolute',
      'mouse-delta',
    ]);
  });
});

describe('splitKeyCodes', () => {
  it('parts whole key codes and nothing else', () => {
    expect(splitKeyCodes([0x1e, 0xe0, 0x48, 0x9e, 0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5, 0xf2])).toEqual([
      [0x1e],
      [0xe0, 0x48],
      [0x9e],
      [0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5],
      [0xf2],
    ]);
  });
});
