import { expect, it } from 'vitest';
import { watchPixelDensity } from './pixel-density.ts';

/** A window that tells a query's listeners when it matches no more, as browsers do. */
function movingWindow() {
  const queries = new Map<string, EventTarget>();
  return {
    devicePixelRatio: 1,
    matchMedia(query: string) {
      const list = queries.get(query) ?? new EventTarget();
      queries.set(query, list);
      return list;
    },
    moveTo(density: number) {
      const left = queries.get(`(resolution: ${this.devicePixelRatio}dppx)`);
      this.devicePixelRatio = density;
      left?.dispatchEvent(new Event('change'));
    },
  };
}

it('hears of every move to another density, until it ends', () => {
  const window = movingWindow();
  const ears = new AbortController();
  const heard: number[] = [];
  watchPixelDensity(window, () => heard.push(window.devicePixelRatio), ears.signal);
  for (const density of [1.5, 2, 1, 1.5]) window.moveTo(density);
  expect(heard).toEqual([1.5, 2, 1, 1.5]);
  ears.abort();
  window.moveTo(2);
  expect(heard).toHaveLength(4);
});
