import type { Locator, Page } from '@playwright/test';

/**
 * A window of the exhibit, by the name that its dialog has for those who hear it. What it holds stands in the page beside
 * that dialog's own frame, so the whole element is given.
 */
export function windowOf(page: Page, name: string | RegExp): Locator {
  return page.locator('vitrine-window').filter({ has: page.getByRole('dialog', { name }) });
}
