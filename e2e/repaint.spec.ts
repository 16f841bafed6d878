import { expect, test, type CDPSession, type Page } from '@playwright/test';
import { Exhibit } from './exhibit.ts';

// Without the line about use without network, which comes when it will.
test.use({ serviceWorkers: 'block' });

/**
 * What changes while the machine runs must repaint nothing: the browser paints on the threads on which it compiles
 * the engine, and each painting holds the page's frames up until there is one free.
 */
test('lights, the turning disc and the speed change without painting anything anew', async ({ page }) => {
  const exhibit = await Exhibit.open(page);
  await exhibit.bootHouse();
  await page.evaluate(() => {
    // The machine's own changes as the guest pleases.
    const speed = document.createElement('vitrine-speed');
    speed.mips = 100;
    speed.style.position = 'fixed';
    speed.style.top = '0';
    document.body.append(speed);
  });
  await expect(page.getByText('the processor rests')).toBeVisible();
  await useParts(page, 111);

  const painted = await countRasterTasks(page, async () => {
    for (const mips of [112, 345, 678, 90]) await useParts(page, mips);
  });
  expect(painted).toBe(0);

  const control = await countRasterTasks(page, async () => {
    await page.evaluate(() => {
      const words = document.createElement('p');
      words.textContent = 'painted';
      words.style.position = 'fixed';
      words.style.top = '0';
      document.body.append(words);
      return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    });
  });
  expect(control, 'what is painted anew is counted').toBeGreaterThan(0);
});

/** Both drives at work, and another speed; until the lights are off again. */
async function useParts(page: Page, mips: number): Promise<void> {
  await page.evaluate((mips) => {
    document.querySelector<HTMLElement & { mips: number }>('body > vitrine-speed')!.mips = mips;
    const computer = document
      .querySelector('vitrine-machine')!
      .shadowRoot!.querySelector('vitrine-case')!
      .shadowRoot!.querySelector('vitrine-computer')!;
    computer.flash('disc', 'read');
    computer.flash('disk', 'write');
  }, mips);
  const lights = page.locator('vitrine-computer .light:is(.read, .write)');
  await expect(lights).toHaveCount(2);
  await expect(lights).toHaveCount(0);
}

/** How often the browser painted a piece of the page while `action` went on. */
async function countRasterTasks(page: Page, action: () => Promise<void>): Promise<number> {
  const client = await page.context().browser()!.newBrowserCDPSession();
  const events = await trace(client, 'cc,devtools.timeline', action);
  const screens = new Set(
    events.filter((event) => event.name === 'FireAnimationFrame').map((event) => event.pid),
  );
  await client.detach();
  return events.filter((event) => event.name === 'RasterTask' && screens.has(event.pid)).length;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
}

async function trace(client: CDPSession, categories: string, action: () => Promise<void>) {
  const events: TraceEvent[] = [];
  client.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const complete = new Promise((resolve) => client.once('Tracing.tracingComplete', resolve));
  await client.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: categories.split(',') },
  });
  await action();
  await client.send('Tracing.end');
  await complete;
  return events;
}
