import { expect, test } from '@playwright/test';
import { boot, Moments } from './moments.ts';
import { Exhibit } from './exhibit.ts';

/** Parts of the page that come when they are needed, and what is said when one does not. */

test.use({ serviceWorkers: 'block' });

test('a part that cannot be loaded leaves no blank screen, and a message stays until it is read', async ({
  page,
}) => {
  const before = await boot(page);
  await before.write(5);
  await before.exhibit.call((machine) => machine.session.moments.prepareToLeave());
  const next = await page.context().newPage();
  await page.close();

  let isGone = true;
  await next.route('**/assets/vitrine-opening-*.js', (route) => (isGone ? route.abort() : route.continue()));
  await next.route('**/assets/vitrine-story-*.js', (route) => route.abort());
  // As the checkpoint was left: it is asked, because going on was cut off the last time.
  await next.addInitScript(() =>
    localStorage.setItem('vitrine-resuming', JSON.stringify({ machineId: 'default' })),
  );
  const exhibit = await Exhibit.open(next);
  const incomplete = next.getByRole('alertdialog', { name: 'The page is incomplete' });
  await expect(incomplete).toContainText('A part of the page could not be loaded.');
  await next.getByRole('tab', { name: 'The story' }).click();
  await expect(next.getByRole('tabpanel').getByRole('alert')).toContainText('could not be loaded');

  isGone = false;
  await next.getByRole('button', { name: 'Reload the page' }).click();
  await next.getByRole('button', { name: /^Go on from/ }).click();
  await exhibit.waitForPower('running');
  await new Moments(exhibit).check(5);

  // What a note does, that it went, takes no message away.
  await expect(next.getByText('The machine goes on where it was left.')).toBeVisible();
  await next.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['no disc'], 'letter.iso'));
    document.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  const refused = next.getByRole('alertdialog', { name: 'letter.iso is not a disc' });
  await expect(refused).toBeVisible();
  await exhibit.call((machine) => machine.session.deeds.dismiss());
  await expect(next.getByText('The machine goes on where it was left.')).toBeHidden();
  await expect(refused).toBeVisible();
  await next.getByRole('button', { name: 'Close' }).click();
  await expect(refused).toBeHidden();
});
