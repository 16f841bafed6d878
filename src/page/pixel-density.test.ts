import { expect, it } from 'vitest';
import { watchPixelDensity } from './pixel-density.ts';

/** A window that tells a query's listeners when it matches no more, as most browsers do, and whose time is turned by hand. */
function movingWindow({ tells }: { tells: boolean }) {
  const queries = new Map<string, EventTarget>();
  const looks = new Map<number, () => void>();
  return {
    devicePixelRatio: 1,
    looks,
    matchMedia(query: string) {
      const list = queries.get(query) ?? new EventTarget();
      queries.set(query, list);
      return list;
    },
    setInterval: (look: () => void) => {
      looks.set(1, look);
      return 1;
    },
    clearInterval: (id: number) => void looks.delete(id),
    moveTo(density: number) {
      const left = queries.get(`(resolution: ${this.devicePixelRatio}dppx)`);
      this.devicePixelRatio = density;
      if (tells) left?.dispatchEvent(new Event('change'));
    },
  };
}

it.each([
  ['at once', true],
  ['at its next look where the browser is silent', false],
])('hears of every move to another density, %s, until it ends', (_, tells) => {
  const window = movingWindow({ tells });
  const ears = new AbortController();
  const heard: number[] = [];
  watchPixelDensity(window, () => heard.push(window.devicePixelRatio), ears.signal);
  for (const density of [1.5, 2, 1, 1.5]) {
    window.moveTo(density);
    if (!tells) window.looks.get(1)!();
  }
  expect(heard).toEqual([1.5, 2, 1, 1.5]);
  window.looks.get(1)!();
  ears.abort();
  window.moveTo(2);
  expect(heard).toHaveLength(4);
  expect(window.looks.size).toBe(0);
});
