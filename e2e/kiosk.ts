import { expect, type Page } from '@playwright/test';
import { pbkdf2Sync } from 'node:crypto';
import type { KioskState } from '../src/exhibit/kiosk-clock.ts';
import type { VitrineKiosk } from '../src/ui/vitrine-kiosk.ts';
import { Exhibit } from './exhibit.ts';

const NINE = new Date('2026-11-26T09:00:00');

/** A kiosk whose clock stands still until the test lets it run. */
export async function openKiosk(page: Page, settings: object = {}, query = 'kiosk'): Promise<Exhibit> {
  await page.clock.install({ time: NINE });
  await page.route('**/kiosk-test.json', (route) =>
    route.fulfill({
      json: { format: 1, title: 'Room 12', kiosk: { idleSeconds: 60, countdownSeconds: 10, ...settings } },
    }),
  );
  return Exhibit.open(page, `/?${query}&exhibit=kiosk-test.json`);
}

/** The PIN 2009, as an exhibit file has it. */
export function filedPin() {
  const salt = Buffer.alloc(16, 7);
  const hash = pbkdf2Sync('2009', salt, 10_000, 32, 'sha256').toString('hex');
  return { salt: salt.toString('hex'), hash, iterations: 10_000 };
}

/** Holds the upper right corner as staff do; any visitor can. */
export async function holdCorner(page: Page, ms = 3_100): Promise<void> {
  const box = (await page.getByRole('button', { name: /^Staff: hold/ }).boundingBox())!;
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  await page.clock.runFor(ms);
  await page.mouse.up();
}

/** As a finger does: what is there may be gone by the time that it is lifted. */
export async function touch(page: Page, name: string | RegExp): Promise<void> {
  const box = (await page.getByRole('button', { name }).boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

export async function enterPin(page: Page, pin: string): Promise<void> {
  await page.getByRole('textbox', { name: 'PIN' }).fill(pin);
  await page.keyboard.press('Enter');
}

export function phase(page: Page): Promise<KioskState['phase'] | null> {
  return page.evaluate(
    () =>
      document.querySelector('vitrine-exhibit')?.shadowRoot?.querySelector<VitrineKiosk>('vitrine-kiosk')
        ?.kiosk.state.value.phase ?? null,
  );
}

/** Lets the page's clock run until the kiosk is in a phase; the machine itself takes the time it takes. */
export async function until(page: Page, wanted: KioskState['phase'], stepMs = 1_000): Promise<void> {
  await expect(async () => {
    await page.clock.runFor(stepMs);
    expect(await phase(page)).toBe(wanted);
  }).toPass({ timeout: 60_000, intervals: [100] });
}

export function logText(page: Page): Promise<string> {
  return page.evaluate(() =>
    document
      .querySelector('vitrine-exhibit')!
      .shadowRoot!.querySelector<VitrineKiosk>('vitrine-kiosk')!
      .kiosk.log.text(),
  );
}
