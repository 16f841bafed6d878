import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listenToPeople } from './kiosk-ears.ts';

class Corner {
  readonly classList = { contains: (name: string) => name === 'corner' };
}

let page = new EventTarget();
let heard: string[] = [];
let at = 0;

function fire(type: string, fields: object = {}, path: object[] = []): void {
  const event = new Event(type);
  for (const [name, value] of Object.entries({ key: '', code: '', ...fields }))
    Object.defineProperty(event, name, { value });
  Object.defineProperty(event, 'composedPath', { value: () => path });
  page.dispatchEvent(event);
}

beforeEach(() => {
  page = new EventTarget();
  heard = [];
  at = 0;
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('Element', Corner);
  const hear = (what: string) => (): void => void heard.push(what);
  listenToPeople(
    {
      touched: hear('touched'),
      moved: hear('moved'),
      staffKeys: hear('staff'),
      letGo: hear('let go'),
      error: (detail) => void heard.push(detail),
    },
    () => at,
    new AbortController().signal,
  );
});
afterEach(() => void vi.unstubAllGlobals());

describe('what a kiosk hears of people', () => {
  it('is fingers, buttons, wheels and keys', () => {
    for (const type of ['pointerdown', 'touchstart', 'wheel', 'keydown']) fire(type);
    expect(heard).toEqual(['touched', 'touched', 'touched', 'touched']);
  });

  it('is no key that only repeats, however long', () => {
    fire('keydown', { key: 'a' });
    for (let times = 0; times < 1000; times++) fire('keydown', { key: 'a', repeat: true });
    expect(heard).toEqual(['touched']);
  });

  it('is no mouse that trembles, and a hand that moves it', () => {
    for (; at < 60_000; at += 10) fire('pointermove', { movementX: at % 20 ? 1 : -1, movementY: 0 });
    expect(heard).toEqual([]);
    for (let times = 0; times < 5; times++) fire('pointermove', { movementX: 3, movementY: 0 });
    expect(heard).toEqual(['moved']);
  });

  it('is nobody yet who holds the corner', () => {
    const path = [new Corner()];
    for (const type of ['pointerdown', 'touchstart', 'keydown']) fire(type, {}, path);
    expect(heard).toEqual([]);
  });

  it('is staff who hold Ctrl, Alt and S, whatever keyboard it is', () => {
    fire('keydown', { key: 's', code: '', ctrlKey: true, altKey: true });
    fire('keydown', { key: 'ś', code: 'KeyS', ctrlKey: true, altKey: true });
    fire('keyup');
    expect(heard.filter((what) => what !== 'touched')).toEqual(['staff', 'staff', 'let go']);
  });

  it('is told of errors, and of promises that were broken for no reason', () => {
    fire('error', { message: 'Script error.' });
    fire('unhandledrejection', { reason: undefined });
    expect(heard).toEqual(['Script error.', 'undefined']);
  });
});
