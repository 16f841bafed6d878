import { describe, expect, it } from 'vitest';
import { Typist, type Pace } from './typist.ts';

function recorder() {
  const log: (number[] | string)[] = [];
  const pace: Pace = { wait: async (ms) => void log.push(`wait ${ms}`), strokeMs: 10, holdMs: 60 };
  const sink = { sendScancodes: (bytes: number[]) => void log.push(bytes) };
  const strokes = () => log.filter((entry) => typeof entry !== 'string');
  return { log, pace, sink, strokes };
}

describe('Typist', () => {
  it('types a text as strokes of a US keyboard, one wait for each', async () => {
    const { log, pace, sink } = recorder();
    await new Typist(sink, pace).typeText('aA\n');
    expect(log).toEqual([
      [0x1e, 0x9e],
      'wait 10',
      [0x2a, 0x1e, 0x9e, 0xaa],
      'wait 10',
      [0x1c, 0x9c],
      'wait 10',
    ]);
  });

  it('types every printable ASCII character, each in its own way', async () => {
    const { pace, sink, strokes } = recorder();
    const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');
    await new Typist(sink, pace).typeText(ascii);
    expect(new Set(strokes().map(String)).size).toBe(95);
  });

  it('makes one Enter of a line end, whichever kind', async () => {
    const { pace, sink, strokes } = recorder();
    await new Typist(sink, pace).typeText('\r\n\n\r');
    expect(strokes()).toHaveLength(3);
  });

  it('refuses a text with characters that have no key before typing any of it', async () => {
    const { pace, sink, log } = recorder();
    await expect(new Typist(sink, pace).typeText('naïve ñ ï')).rejects.toMatchObject({
      code: 'keyboard/no-key',
      params: { characters: 'ï ñ' },
    });
    expect(log).toEqual([]);
  });

  it('waits for the guest to take a stroke before it sends the next', async () => {
    const { pace } = recorder();
    const taken: (() => void)[] = [];
    const sink = { sendScancodes: () => new Promise<void>((resolve) => taken.push(resolve)) };
    const done = new Typist(sink, pace).typeText('ab');
    await settle();
    expect(taken).toHaveLength(1);
    taken[0]();
    await settle();
    expect(taken).toHaveLength(2);
    taken[1]();
    await done;
  });

  it('presses keys in order and releases them in reverse', async () => {
    const { log, pace, sink } = recorder();
    await new Typist(sink, pace).pressKeys(['ControlLeft', 'AltLeft', 'Delete']);
    expect(log).toEqual([[0x1d], [0x38], [0xe0, 0x53], 'wait 60', [0xe0, 0xd3], [0xb8], [0x9d]]);
  });

  it('makes SysRq and Break of keys pressed together with Alt and Ctrl', async () => {
    const { pace, sink, strokes } = recorder();
    const typist = new Typist(sink, pace);
    await typist.pressKeys(['AltLeft', 'PrintScreen']);
    await typist.pressKeys(['ControlLeft', 'Pause']);
    expect(strokes()).toEqual([[0x38], [0x54], [0xd4], [0xb8], [0x1d], [0xe0, 0x46, 0xe0, 0xc6], [0x9d]]);
  });

  it('refuses an unknown key before pressing any', async () => {
    const { pace, sink, log } = recorder();
    await expect(new Typist(sink, pace).pressKeys(['ControlLeft', 'KeyÄ'])).rejects.toMatchObject({
      code: 'keyboard/unknown-key',
      params: { key: 'KeyÄ' },
    });
    expect(log).toEqual([]);
  });

  it('does one job after the other', async () => {
    const { pace, sink, strokes } = recorder();
    const typist = new Typist(sink, pace);
    await Promise.all([typist.typeText('ab'), typist.pressKeys(['Enter'])]);
    expect(strokes()).toEqual([[0x1e, 0x9e], [0x30, 0xb0], [0x1c], [0x9c]]);
  });

  it('goes on with the next job after one that failed, and tells the failed one', async () => {
    const { pace, strokes, sink } = recorder();
    let broken = true;
    const typist = new Typist(
      {
        sendScancodes: (bytes) => {
          if (broken) throw new Error('gone');
          sink.sendScancodes(bytes);
        },
      },
      pace,
    );
    await expect(typist.typeText('a')).rejects.toThrow('gone');
    broken = false;
    await typist.typeText('b');
    expect(strokes()).toEqual([[0x30, 0xb0]]);
  });

  it('stops a text that is cancelled, and the ones behind it', async () => {
    const { pace, log } = recorder();
    const typist = new Typist(
      {
        sendScancodes: (bytes) => {
          log.push(bytes);
          if (log.length === 3) typist.cancel();
        },
      },
      pace,
    );
    await Promise.all([typist.typeText('abcdef'), typist.typeText('g')]);
    expect(log).toEqual([[0x1e, 0x9e], 'wait 10', [0x30, 0xb0], 'wait 10']);
  });
});

/** Lets every promise that can go on go on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
