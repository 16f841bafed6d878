import { setMaxListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PointerMessage } from '../../protocol/input-messages.ts';
import { GuestPointer } from './guest-pointer.ts';

/** A page of one screen whose browser grants or refuses pointer lock as told. */
type Lock = 'granted' | 'refused' | 'refused by event' | 'missing';

function page(lock: Lock = 'granted') {
  const browser = { lock };
  const window = new EventTarget();
  const noLock: unknown = null;
  const document = Object.assign(new EventTarget(), {
    defaultView: window,
    hidden: false,
    pointerLockElement: noLock,
    exitPointerLock: () => setLock(null),
  });
  const screen = Object.assign(new EventTarget(), {
    ownerDocument: document,
    style: { touchAction: 'pan-y' },
    focus: vi.fn(),
    setPointerCapture: vi.fn(),
    getRootNode: () => document,
    ...(lock !== 'missing' && {
      requestPointerLock(): Promise<void> | undefined {
        if (browser.lock === 'refused') return Promise.reject(new DOMException('no', 'SecurityError'));
        if (browser.lock === 'granted') setLock(screen);
        else fire(document, 'pointerlockerror');
        return undefined;
      },
    }),
  });
  function setLock(element: unknown) {
    document.pointerLockElement = element;
    fire(document, 'pointerlockchange');
  }
  const sent: PointerMessage[] = [];
  const pointer = new GuestPointer(
    { sendPointer: (message) => void sent.push(message) },
    {
      picture: () => ({ left: 10, top: 20, width: 640, height: 480 }),
      wait: async () => undefined,
      platform: 'other',
    },
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a stand-in with all that is used of an element
  const detach = pointer.attach(screen as unknown as HTMLElement);
  return { browser, window, document, screen, sent, pointer, detach };
}

function fire(target: EventTarget, type: string, fields: object = {}): Event {
  const event = new Event(type, { cancelable: true });
  for (const [name, value] of Object.entries(fields)) Object.defineProperty(event, name, { value });
  target.dispatchEvent(event);
  return event;
}

const MOUSE = {
  pointerType: 'mouse',
  pointerId: 1,
  button: -1,
  buttons: 0,
  clientX: 0,
  clientY: 0,
  movementX: 0,
  movementY: 0,
};
const mouse = (target: EventTarget, type: string, fields: object = {}) =>
  fire(target, type, { ...MOUSE, ...fields });
const click = (target: EventTarget) => {
  mouse(target, 'pointerdown', { button: 0, buttons: 1 });
  mouse(target, 'pointerup', { button: 0 });
};
const buttons = (left: boolean, middle: boolean, right: boolean) => ({
  type: 'pointer-buttons',
  left,
  middle,
  right,
});

// Node warns of many listeners on one signal, which is how they are all ended here.
setMaxListeners(32);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('GuestPointer with a mouse', () => {
  it('locks on a click, which is not the guest’s, then sends motion with up positive', () => {
    const { screen, sent, pointer } = page();
    mouse(screen, 'pointermove', { movementX: 50 });
    click(screen);
    expect(pointer.mode.value).toBe('locked');
    expect(screen.focus).toHaveBeenCalledOnce();
    mouse(screen, 'pointermove', { movementX: 300, movementY: 6 });
    expect(sent).toEqual([
      { type: 'pointer-move', dx: 100, dy: -2 },
      { type: 'pointer-move', dx: 100, dy: -2 },
      { type: 'pointer-move', dx: 100, dy: -2 },
    ]);
  });

  it('sends each change of the buttons once, chords among them', () => {
    const { screen, sent } = page();
    click(screen);
    mouse(screen, 'pointerdown', { button: 0, buttons: 1 });
    mouse(screen, 'pointermove', { button: 2, buttons: 3 });
    mouse(screen, 'pointermove', { buttons: 3 });
    mouse(screen, 'pointermove', { button: 0, buttons: 2 });
    mouse(screen, 'pointerup', { button: 2, buttons: 0 });
    expect(sent).toEqual([
      buttons(true, false, false),
      buttons(true, false, true),
      buttons(false, false, true),
      buttons(false, false, false),
    ]);
  });

  it('lets go with the lock: buttons up, mode free', () => {
    const { document, screen, sent, pointer } = page();
    click(screen);
    mouse(screen, 'pointerdown', { button: 2, buttons: 2 });
    document.exitPointerLock();
    expect(pointer.mode.value).toBe('free');
    expect(sent).toEqual([buttons(false, false, true), buttons(false, false, false)]);
    mouse(screen, 'pointermove', { movementX: 9 });
    expect(sent).toHaveLength(2);
  });

  it('leaves the lock on release and when the window loses the focus', () => {
    const { window, document, screen, pointer } = page();
    click(screen);
    pointer.release();
    expect(document.pointerLockElement).toBeNull();
    click(screen);
    fire(window, 'blur');
    expect(document.pointerLockElement).toBeNull();
    expect(pointer.mode.value).toBe('free');
  });

  it.each(['refused', 'refused by event', 'missing'] as const)(
    'follows the mouse over the picture where the lock is %s',
    async (lock) => {
      const { screen, sent, pointer } = page(lock);
      mouse(screen, 'pointerdown', { button: 0, buttons: 1, clientX: 100, clientY: 100 });
      await vi.waitFor(() => expect(pointer.mode.value).toBe('following'));
      mouse(screen, 'pointerup', { button: 0, clientX: 100, clientY: 100 });
      mouse(screen, 'pointermove', { clientX: 110, clientY: 95 });
      mouse(screen, 'pointerdown', { button: 0, buttons: 1, clientX: 110, clientY: 95 });
      mouse(screen, 'pointermove', { buttons: 1, clientX: 111, clientY: 95 });
      expect(sent).toEqual([
        { type: 'pointer-move', dx: 10, dy: 5 },
        buttons(true, false, false),
        { type: 'pointer-move', dx: 1, dy: 0 },
      ]);
      expect(screen.setPointerCapture).toHaveBeenCalledWith(1);
    },
  );

  it.each(['refused', 'refused by event'] as const)(
    'asks again with the next click where the lock was %s once, and that click is the guest’s',
    async (lock) => {
      const { browser, document, screen, sent, pointer } = page(lock);
      click(screen);
      await vi.waitFor(() => expect(pointer.mode.value).toBe('following'));
      browser.lock = 'granted';
      click(screen);
      expect(pointer.mode.value).toBe('locked');
      mouse(screen, 'pointermove', { movementX: 9, clientX: 500 });
      expect(sent).toEqual([
        buttons(true, false, false),
        buttons(false, false, false),
        { type: 'pointer-move', dx: 9, dy: 0 },
      ]);
      document.exitPointerLock();
      expect(pointer.mode.value).toBe('free');
    },
  );

  it('sends places when the guest asks for them, without capture', () => {
    const { document, screen, sent, pointer } = page();
    click(screen);
    pointer.setAbsolute(true);
    expect(pointer.mode.value).toBe('absolute');
    expect(document.pointerLockElement).toBeNull();
    mouse(screen, 'pointerdown', { button: 0, buttons: 1, clientX: 330, clientY: 260 });
    expect(sent).toEqual([
      { type: 'pointer-absolute', x: 320, y: 240, width: 640, height: 480 },
      buttons(true, false, false),
    ]);
    expect(document.pointerLockElement).toBeNull();
    pointer.setAbsolute(false);
    expect(pointer.mode.value).toBe('free');
    expect(sent.at(-1)).toEqual(buttons(false, false, false));
  });

  it('scrolls the guest while it has the mouse, the page while not', () => {
    const { screen, sent } = page();
    const turn = { deltaX: 0, deltaY: 100, deltaMode: 0 };
    expect(fire(screen, 'wheel', turn).defaultPrevented).toBe(false);
    click(screen);
    expect(fire(screen, 'wheel', turn).defaultPrevented).toBe(true);
    expect(sent).toEqual([{ type: 'wheel', dx: 0, dy: 1 }]);
  });

  it('keeps the browser’s menu off the picture', () => {
    expect(fire(page().screen, 'contextmenu').defaultPrevented).toBe(true);
  });

  it('undoes what it did to the element', () => {
    const { screen, sent, detach } = page();
    expect(screen.style.touchAction).toBe('none');
    detach();
    expect(screen.style.touchAction).toBe('pan-y');
    click(screen);
    expect(sent).toEqual([]);
  });
});

describe('GuestPointer with fingers', () => {
  const touch = (target: EventTarget, type: string, timeStamp: number, fields: object = {}) =>
    mouse(target, type, { pointerType: 'touch', timeStamp, ...fields });

  it('clicks on a tap without any capture', () => {
    const { screen, sent, pointer } = page();
    touch(screen, 'pointerdown', 0);
    touch(screen, 'pointerup', 50);
    expect(sent).toEqual([buttons(true, false, false)]);
    vi.advanceTimersByTime(1000);
    expect(sent).toEqual([buttons(true, false, false), buttons(false, false, false)]);
    expect(pointer.mode.value).toBe('free');
  });

  it('moves with a finger and scrolls with two', () => {
    const { screen, sent } = page();
    touch(screen, 'pointerdown', 0);
    touch(screen, 'pointermove', 100, { clientX: 10 });
    touch(screen, 'pointermove', 200, { clientX: 20, clientY: 5 });
    touch(screen, 'pointerup', 300);
    expect(sent).toEqual([{ type: 'pointer-move', dx: 10, dy: -5 }]);
    sent.length = 0;
    touch(screen, 'pointerdown', 1000);
    touch(screen, 'pointerdown', 1000, { pointerId: 2, clientX: 50 });
    touch(screen, 'pointermove', 1100, { clientY: 80 });
    expect(sent).toEqual([{ type: 'wheel', dx: 0, dy: -1 }]);
  });

  it('ignores a pen that hovers', () => {
    const { screen, sent } = page();
    mouse(screen, 'pointermove', { pointerType: 'pen', clientX: 50 });
    expect(sent).toEqual([]);
  });

  it('drops what a finger drags when the window loses the focus', () => {
    const { window, screen, sent } = page();
    touch(screen, 'pointerdown', 0);
    touch(screen, 'pointerup', 50);
    fire(window, 'blur');
    expect(sent).toEqual([buttons(true, false, false), buttons(false, false, false)]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('GuestPointer for the page', () => {
  it('moves by screen pixels and clicks', async () => {
    const { sent, pointer } = page();
    pointer.move(10, 20);
    await pointer.click('right');
    expect(sent).toEqual([
      { type: 'pointer-move', dx: 10, dy: -20 },
      buttons(false, false, true),
      buttons(false, false, false),
    ]);
  });
});
