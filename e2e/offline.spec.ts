import { expect, test } from '@playwright/test';
import { Exhibit } from './exhibit.ts';

test('after one visit the exhibit boots the house disc from a cold start with the cable pulled', async ({
  page,
  context,
}) => {
  await Exhibit.open(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.close();

  await context.setOffline(true);
  const cold = await context.newPage();
  const exhibit = await Exhibit.open(cold);
  await cold.getByRole('button', { name: 'Boot the house disc' }).click();
  await exhibit.waitForSerial('HOUSE READY');
  expect(await exhibit.serial()).toMatch(/^DISC VITRINE_HOUSE/m);
  expect(exhibit.consoleErrors).toEqual([]);
});
