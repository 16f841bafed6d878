import { expect, test, type Page } from '@playwright/test';
import { Exhibit } from './exhibit.ts';
import { ScreenReader } from './screen-reader.ts';
import { windowOf } from './windows.ts';

/** The lines of `wanted` are there, in this order, with whatever between them. */
function expectInOrder(lines: readonly string[], wanted: readonly (string | RegExp)[]): void {
  let at = 0;
  for (const want of wanted) {
    const found = lines.findIndex(
      (line, i) => i >= at && (typeof want === 'string' ? line === want : want.test(line)),
    );
    expect(found, `${String(want)} after line ${at} of\n${lines.join('\n')}`).toBeGreaterThanOrEqual(0);
    at = found + 1;
  }
}

/** Everything that can be acted on says what it is, and there is one name for the page. */
function expectNamed(lines: readonly string[]): void {
  expect(
    lines.filter((line) =>
      /^(button|tab|link|slider|checkbox|textbox|menuitem|image|dialog):\s*$/.test(line),
    ),
  ).toEqual([]);
  expect(lines.filter((line) => line.startsWith('heading 1:'))).toHaveLength(1);
}

const press = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: true }).last().press('Enter');

test('a whole visit by ear: the room, the machine, a wrong file, a photograph, the story, the end', async ({
  page,
}) => {
  const reader = await ScreenReader.start(page);
  const exhibit = await Exhibit.open(page);
  await exhibit.configure({ memoryMiB: 64 });

  const room = await reader.read();
  expectNamed(room);
  expectInOrder(room, [
    'main:',
    'application: Screen of the machine',
    'heading 2: A personal computer, as it was in 2009',
    /^Drop a disc image/,
    'button: Boot the house disc',
    'button: Disc tray: put in your disc (.iso)',
    'button: Power: turn on',
    'button: Reset (disabled)',
    'The machine is off. Press its power button.',
    'complementary: About this exhibit',
    'heading 1: Vitrine',
    'tab: The label (selected)',
    'heading 2: THE TRAY IS EMPTY',
    'button: English (pressed)',
  ]);
  // What the page opens with is read, not said.
  expect(await reader.heard()).toEqual([]);

  await press(page, 'Boot the house disc');
  await exhibit.waitForSerial('HOUSE READY');
  await reader.hear(/^The machine is running\.$/);
  expect(await reader.heard()).toEqual([
    'The machine is starting.',
    'In the tray: The house disc. The right kind of disc.',
    'The machine is running.',
  ]);

  await press(page, 'Pause');
  await reader.hear(/^The machine is paused\.$/);
  await press(page, 'Resume');
  await reader.hear(/^The machine is running\.$/);
  expect(await reader.heard()).toEqual(['The machine is paused.', 'The machine is running.']);

  // A window takes the focus and begins with its name.
  await press(page, 'Photograph…');
  const photo = windowOf(page, 'A photograph of the machine');
  await expect(photo.getByRole('img')).toBeVisible();
  const card = await reader.read();
  expect(card[0]).toBe('dialog: A photograph of the machine');
  expectInOrder(card, [
    'image: The machine’s screen on a card with its label',
    'button: Save',
    'button: Close',
  ]);
  const saving = page.waitForEvent('download');
  await photo.getByRole('button', { name: 'Save' }).press('Enter');
  await saving;
  await reader.hear(/handed to the browser/);
  await page.keyboard.press('Escape');
  await expect(photo).toHaveCount(0);
  expect(await reader.heard()).toEqual(['The photograph was handed to the browser’s downloads.']);

  await exhibit.drop(import.meta.filename ?? new URL(import.meta.url).pathname);
  const wrong = page.getByRole('alertdialog', { name: 'screen-reader.spec.ts is not a disc' });
  await reader.hear(/^screen-reader\.spec\.ts is not a disc This is not a disc image: it holds text\./);
  expectInOrder(await reader.read(), [
    'alertdialog: screen-reader.spec.ts is not a disc',
    /^This is not a disc image: it holds text\./,
    'button: Close',
  ]);
  await page.locator('vitrine-message').getByRole('button', { name: 'Close' }).press('Enter');
  await expect(wrong).toHaveCount(0);

  await press(page, 'Moments…');
  const moments = windowOf(page, /moments/i);
  await expect(moments).toBeVisible();
  expectNamed([...(await reader.read()), 'heading 1: Vitrine']);
  await page.keyboard.press('Escape');
  await expect(moments).toHaveCount(0);

  await page.getByRole('tab', { name: 'The story' }).press('Enter');
  await page.getByRole('button', { name: /What an ISO is/ }).press('Enter');
  await expect(page.getByRole('heading', { name: 'What an ISO is' })).toBeFocused();
  const chapter = await reader.read();
  expectNamed(chapter);
  expectInOrder(chapter, [
    'tab: The story (selected)',
    'heading 2: What an ISO is',
    /^image: A disc unrolls/,
    /^An ISO is a copy of a disc/,
    'heading 2: LOOK FOR THIS ON THE MACHINE',
    /^button: The disc in the tray/,
  ]);

  await reader.heard();
  await press(page, 'Power: turn off or pause…');
  await page.getByRole('menuitem', { name: /^Turn off now/ }).press('Enter');
  await reader.hear(/^The machine is off\./);
  await press(page, 'Eject the disc');
  await reader.hear(/^The tray is empty$/);

  // The other language is said as such, and nothing is left of the first.
  await press(page, 'Deutsch');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  const german = await reader.read();
  expectNamed(german);
  expectInOrder(german, ['application: Bildschirm des Computers', 'button: Deutsch (pressed)']);
  expect(german.filter((line) => /\b(the|machine|press|with)\b/i.test(line))).toEqual([]);

  // Whatever was news came where it is heard; the first line of all is read with the page.
  expect(await reader.missed()).toEqual([]);
});
