import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PageToSave, SaveToPage } from './protocol/save-messages.ts';
import { Saves } from './sw-saves.ts';

const SCOPE = 'https://museum.example/exhibit/';

/** An offer, and the page's end of its channel. */
function offered(isPageOpen: () => Promise<boolean> = async () => true) {
  const { port1, port2 } = new MessageChannel();
  const heard: SaveToPage['type'][] = [];
  port1.onmessage = ({ data }: MessageEvent<SaveToPage>) => void heard.push(data.type);
  const saves = new Saves(SCOPE);
  const ended = saves.offer('one', port2, isPageOpen);
  const send = (message: PageToSave): void => port1.postMessage(message);
  const count = (type: SaveToPage['type']): number => heard.filter((one) => one === type).length;
  const hears = (type: SaveToPage['type'], times = 1) =>
    vi.waitFor(() => expect(count(type)).toBeGreaterThanOrEqual(times));
  const go = (path = 'save/one/a.bin') => saves.answer(new URL(path, SCOPE));
  ports.push(port1);
  return { saves, ended, send, count, hears, go };
}

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
  vi.useRealTimers();
});

const chunk = (byte: number): PageToSave => ({ type: 'chunk', bytes: new Uint8Array(4).fill(byte) });

describe('Saves', () => {
  it('answers an offer’s address once, and no other of its folder', async () => {
    const { go, send, hears } = offered();
    expect(go('index.html')).toBeNull();
    expect(go('../save/one/a.bin')).toBeNull();
    await expect(go('save/two/a.bin')).resolves.toMatchObject({ status: 404 });
    const answer = go();
    await hears('begun');
    send({ type: 'head', name: 'Ä (b).bin', sizeBytes: 4 });
    const response = await answer;
    expect(Object.fromEntries(response!.headers)).toEqual({
      'content-disposition': "attachment; filename*=UTF-8''%C3%84%20%28b%29.bin",
      'content-type': 'application/octet-stream',
      'content-length': '4',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    await expect(go()).resolves.toMatchObject({ status: 404 });
    await hears('pull');
    send(chunk(7));
    const whole = response!.arrayBuffer();
    await hears('pull', 2);
    send({ type: 'end' });
    expect(new Uint8Array(await whole)).toEqual(new Uint8Array(4).fill(7));
    await expect(go()).resolves.toMatchObject({ status: 404 });
  });

  it('asks for one chunk more than was taken, never for two', async () => {
    const { go, send, hears, count } = offered();
    const answer = go();
    send({ type: 'head', name: 'a', sizeBytes: null });
    const reader = (await answer)!.body!.getReader();
    for (let taken = 1; taken <= 5; taken++) {
      await hears('pull', taken);
      send(chunk(taken));
      expect((await reader.read()).value).toEqual(new Uint8Array(4).fill(taken));
    }
    await hears('pull', 6);
    send(chunk(6));
    // What it would have asked for by mistake arrives before the answer to this does.
    await reader.read();
    await hears('pull', 7);
    expect(count('pull')).toBe(7);
  });

  it('breaks off when the page gives up, and tells the page when the browser does', async () => {
    const first = offered();
    const answer = first.go();
    first.send({ type: 'head', name: 'a', sizeBytes: null });
    const reader = (await answer)!.body!.getReader();
    first.send({ type: 'abort' });
    await expect(reader.read()).rejects.toThrow(TypeError);
    await first.ended;

    const second = offered();
    const other = second.go();
    second.send({ type: 'head', name: 'a', sizeBytes: null });
    await (await other)!.body!.cancel();
    await second.hears('cancelled');
    await second.ended;
  });

  it('gives no content where the page gives up before the head', async () => {
    const { go, send, ended } = offered();
    const answer = go();
    send({ type: 'abort' });
    await expect(answer).resolves.toMatchObject({ status: 204 });
    await ended;
  });

  it('breaks off when the page is no longer there', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let isOpen = true;
    const { go, send, ended } = offered(async () => isOpen);
    const answer = go();
    send({ type: 'head', name: 'a', sizeBytes: null });
    const reader = (await answer)!.body!.getReader();
    const read = reader.read();
    await vi.advanceTimersByTimeAsync(10_000);
    isOpen = false;
    const refused = expect(read).rejects.toThrow(TypeError);
    await vi.advanceTimersByTimeAsync(10_000);
    await refused;
    await ended;
  });

  it('tells a page that its save is known, and nothing of one that is over', async () => {
    const { saves, hears, count, send, ended } = offered();
    void saves.keepAlive('one');
    await hears('alive');
    await saves.keepAlive('two');
    send({ type: 'abort' });
    await ended;
    await saves.keepAlive('one');
    expect(count('alive')).toBe(1);
  });
});
