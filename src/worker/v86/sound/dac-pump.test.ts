import { describe, expect, it } from 'vitest';
import { DacPump, TARGET_SECONDS } from './dac-pump.ts';

const RATE = 44100;
const BLOCK = 512;
const BLOCK_SECONDS = BLOCK / RATE;

/** A pump between a card that answers each request with a block (while `stock` lasts) and a player of our own. */
function setUp(stock = Infinity) {
  const card = { stock, requests: 0 };
  const played: number[] = [];
  let pings = 0;
  let now = 0;
  let timer: { at: number; call: () => void } | null = null;
  const pump = new DacPump(
    {
      request() {
        card.requests++;
        if (card.stock-- > 0) pump.offer(new Float32Array(BLOCK), new Float32Array(BLOCK));
      },
      play: (left, _right, rate) => void played.push(left.length / rate),
      ping: () => void pings++,
    },
    {
      now: () => now,
      after(ms, call) {
        const mine = { at: now + ms, call };
        timer = mine;
        return () => {
          if (timer === mine) timer = null;
        };
      },
    },
  );
  pump.setRate(RATE);
  pump.setEnabled(true);
  pump.setRunning(true);
  const advance = (ms: number) => {
    const until = now + ms;
    while (timer !== null && timer.at <= until) {
      const due: { at: number; call: () => void } = timer;
      timer = null;
      now = due.at;
      due.call();
    }
    now = until;
  };
  const sent = () => played.reduce((sum, seconds) => sum + seconds, 0);
  const level = (bufferedSeconds: number) =>
    pump.onLevel({ type: 'level', receivedSeconds: sent(), bufferedSeconds });
  return { pump, card, played, sent, level, advance, pings: () => pings, waits: () => timer !== null };
}

describe('DacPump', () => {
  it('fills up to the target and no further', () => {
    const { pump, sent } = setUp();
    expect(sent()).toBeGreaterThanOrEqual(TARGET_SECONDS);
    expect(sent()).toBeLessThan(TARGET_SECONDS + BLOCK_SECONDS);
    const before = sent();
    pump.pump();
    expect(sent()).toBe(before);
  });

  it('draws as much as was played', () => {
    const { level, played } = setUp();
    const first = played.length;
    level(TARGET_SECONDS - 2 * BLOCK_SECONDS + 0.001);
    expect(played.length).toBe(first + 2);
    level(TARGET_SECONDS);
    expect(played.length).toBe(first + 2);
  });

  it('counts what is on its way to the player as waiting', () => {
    const { pump, sent, played } = setUp();
    const before = played.length;
    pump.onLevel({ type: 'level', receivedSeconds: sent() - 2 * BLOCK_SECONDS, bufferedSeconds: 0.04 });
    expect(played.length).toBe(before);
  });

  it('stops asking a card that has nothing, until it says it has again', () => {
    const { pump, card, level, played } = setUp(1);
    expect(card.requests).toBe(2);
    level(0);
    expect(card.requests).toBe(3);
    card.stock = 1;
    pump.setEnabled(true);
    pump.pump();
    expect(played).toHaveLength(2);
  });

  it('draws nothing from a stopped machine, nor from a paused card', () => {
    const { pump, level, card } = setUp();
    const before = card.requests;
    pump.setRunning(false);
    level(0);
    pump.setRunning(true);
    expect(card.requests).toBeGreaterThan(before);
    const after = card.requests;
    pump.setEnabled(false);
    level(0);
    expect(card.requests).toBe(after);
  });

  it('goes on at the pace of the clock when nobody plays, and keeps nothing of it', () => {
    const { card, played, advance, pings } = setUp();
    advance(250);
    const sentBefore = played.length;
    const askedBefore = card.requests;
    expect(pings()).toBe(1);
    advance(2000);
    expect((card.requests - askedBefore) * BLOCK_SECONDS).toBeGreaterThan(1.9);
    expect((card.requests - askedBefore) * BLOCK_SECONDS).toBeLessThan(2.1);
    expect(played.length).toBe(sentBefore);
    expect(pings()).toBe(1);
  });

  it('plays again as soon as the player reports, from an empty lane', () => {
    const { played, advance, level, sent } = setUp();
    advance(1000);
    const before = played.length;
    const sentBefore = sent();
    level(0);
    expect(played.length).toBeGreaterThan(before);
    expect(sent() - sentBefore).toBeLessThan(TARGET_SECONDS + BLOCK_SECONDS);
  });

  it('takes a player that had nothing to play for present', () => {
    const { level, card, advance, pings, waits } = setUp(3);
    level(0);
    expect(waits()).toBe(false);
    advance(5000);
    expect(pings()).toBe(0);
    expect(card.requests).toBe(5);
  });

  it('leaves no timer behind', () => {
    const { pump, waits } = setUp();
    expect(waits()).toBe(true);
    pump.dispose();
    expect(waits()).toBe(false);
  });

  it('ignores a rate that is none', () => {
    const { pump, level, played } = setUp();
    pump.setRate(0);
    pump.setRate(NaN);
    level(0);
    expect(played.every(Number.isFinite)).toBe(true);
  });
});
