import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { firstDrawingDone, firstDrawingTurn } from './first-drawing.ts';

let now = 0;

/** An element that takes `ms` to draw itself, and then draws what it holds. */
async function draw(order: string[], name: string, ms: number, inside: () => Promise<void>[] = () => []) {
  for (let turn = firstDrawingTurn(); turn; turn = firstDrawingTurn()) await turn;
  now += ms;
  order.push(name);
  await Promise.all(inside());
}

describe('the first drawing', () => {
  beforeEach(() => vi.spyOn(performance, 'now').mockImplementation(() => now));
  afterEach(async () => {
    await firstDrawingDone();
    vi.restoreAllMocks();
  });

  it('goes on at once as long as its turn lasts', async () => {
    const order: string[] = [];
    const all = [draw(order, 'a', 3), draw(order, 'b', 3)];
    // Nothing was awaited: both were drawn in this task.
    expect(order).toEqual(['a', 'b']);
    await Promise.all(all);
  });

  it('gives the browser a turn when it was long, and goes on in order', async () => {
    const order: string[] = [];
    const all = ['a', 'b', 'c'].map((name) => draw(order, name, 10));
    expect(order).toEqual(['a']);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => order.push('the browser');
    port2.postMessage(null);
    await Promise.all(all);
    port1.close();
    expect(order.filter((name) => name.length === 1)).toEqual(['a', 'b', 'c']);
    expect(order.indexOf('the browser')).toBeLessThan(order.indexOf('c'));
  });

  it('is done when what was drawn in the last turn holds nothing more to draw', async () => {
    const order: string[] = [];
    const outer = draw(order, 'outer', 10, () => [
      draw(order, 'first inside', 10, () => [draw(order, 'innermost', 10)]),
      draw(order, 'second inside', 10),
    ]);
    await firstDrawingDone();
    expect(order).toHaveLength(4);
    await outer;
  });
});
