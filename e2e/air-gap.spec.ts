import { expect, test } from '@playwright/test';
import { Exhibit } from './exhibit.ts';

test.describe('the air gap', () => {
  test('the page is refused every connection to another origin', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    const refusals = await page.evaluate(async () => {
      const violated = new Set<string>();
      Object.assign(window, { violated });
      // The page's own policy and the server's each report; what was refused counts once.
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
        violated.add(`${effectiveDirective} ${blockedURI}`),
      );
      const outcome = async (attempt: () => Promise<unknown>) => {
        try {
          await attempt();
          return 'went through';
        } catch {
          return 'refused';
        }
      };
      const other = 'http://127.0.0.2:4173/';
      const results = {
        fetch: await outcome(() => fetch(other)),
        xhr: await outcome(
          () =>
            new Promise((resolve, reject) => {
              const request = new XMLHttpRequest();
              request.open('GET', other);
              request.onload = resolve;
              request.onerror = reject;
              request.send();
            }),
        ),
        socket: await outcome(
          () =>
            new Promise((resolve, reject) => {
              const socket = new WebSocket('ws://127.0.0.2:4173/');
              socket.onopen = resolve;
              socket.onerror = reject;
            }),
        ),
        image: await outcome(
          () =>
            new Promise((resolve, reject) => {
              const image = new Image();
              image.onload = resolve;
              image.onerror = reject;
              image.src = `${other}icon.svg`;
            }),
        ),
        beacon: navigator.sendBeacon(other) ? 'queued' : 'refused',
        inline: await outcome(async () => {
          const script = document.createElement('script');
          script.textContent = 'window.inlineRan = true';
          document.head.append(script);
          if (!('inlineRan' in window)) throw new Error('did not run');
        }),
        // oxlint-disable-next-line typescript/no-implied-eval -- that it is refused is what is tested
        eval: await outcome(async () => new Function('return 1')()),
      };
      return results;
    });
    expect(refusals).toMatchObject({
      fetch: 'refused',
      xhr: 'refused',
      socket: 'refused',
      image: 'refused',
      inline: 'refused',
      eval: 'refused',
    });
    // Each was refused by the policy itself, which tells of it a little later.
    const told = () => page.evaluate(() => [...(window as unknown as { violated: Set<string> }).violated]);
    await expect.poll(told).toEqual(
      expect.arrayContaining([
        'connect-src http://127.0.0.2:4173/',
        'connect-src ws://127.0.0.2:4173/',
        'img-src http://127.0.0.2:4173/icon.svg',
        // Texts that would become scripts meet this first; `script-src` refuses them too.
        'require-trusted-types-for trusted-types-sink',
      ]),
    );
    expect(exhibit.foreignRequests.filter((url) => !url.startsWith('http://127.0.0.2'))).toEqual([]);
  });

  test('the policy is in the page itself and in the server’s headers', async ({ page, request }) => {
    await page.goto('/');
    const meta = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    expect(meta).toContain("connect-src 'self'");
    expect(meta).toContain("default-src 'none'");
    expect(meta).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(meta).toContain("require-trusted-types-for 'script'");
    const { 'content-security-policy': header } = (await request.get('/')).headers();
    expect(header).toContain("connect-src 'self'");
    expect(header).toContain("script-src 'self' 'wasm-unsafe-eval';");
    await expect(page.locator('script:not([src])')).toHaveCount(0);
  });

  test('the machine’s worker is bound by the same policy', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    const worker = page.workers().find((candidate) => candidate.url().includes('machine-worker'))!;
    const outcome = await worker.evaluate(() =>
      fetch('http://127.0.0.2:4173/').then(
        () => 'went through',
        () => 'refused',
      ),
    );
    expect(outcome).toBe('refused');
  });

  test('no text becomes a script or markup, and no script of elsewhere a worker', async ({ page }) => {
    await Exhibit.open(page);
    const outcomes = await page.evaluate(() => {
      const outcome = (attempt: () => unknown) => {
        try {
          attempt();
          return 'went through';
        } catch (error) {
          return error instanceof TypeError ? 'refused' : String(error);
        }
      };
      return [
        outcome(() => (document.createElement('div').innerHTML = '<b>x</b>')),
        outcome(() => document.body.insertAdjacentHTML('beforeend', '<img>')),
        outcome(() => (document.createElement('script').textContent = 'x')),
        outcome(() => new Worker('http://127.0.0.2:4173/worker.js')),
        outcome(() => new Worker('data:text/javascript,0')),
      ];
    });
    expect(outcomes).toEqual(Array.from({ length: 5 }, () => 'refused'));
  });

  test('the badge says what it rests on', async ({ page }) => {
    await Exhibit.open(page);
    await page.getByText('Air-gapped').click();
    await expect(page.getByText(/built without a network card/)).toBeVisible();
    await expect(page.getByText('Your browser enforces that')).toBeVisible();
  });
});
