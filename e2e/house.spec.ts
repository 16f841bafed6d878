import { expect, test } from '@playwright/test';
import { cardCell, cardPixel, type CardMode } from '../guest/protocol.ts';
import { CODE_PAGE_437 } from '../src/worker/v86/screen/code-page-437.ts';
import { Exhibit, HOUSE_ISO } from './exhibit.ts';

/** The machine as the house disc sees it: it says on COM1 exactly what reached it. */
test.describe('the house disc in the machine', () => {
  test('starts at the first click, with no network card', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await page.getByRole('button', { name: 'Boot the house disc' }).click();
    const log = await exhibit.waitForSerial('HOUSE READY', { timeout: 30_000 });
    expect(log).toMatch(/^DISC VITRINE_HOUSE/m);
    expect(log).toMatch(/^NET 0/m);
    expect(log).not.toMatch(/^PCI \w{4}:\w{4} 02/m);
    await exhibit.waitForPower('running');
    expect(await exhibit.log()).toContain('screen 1024x768 graphics');
    expect(exhibit.foreignRequests).toEqual([]);
    expect(exhibit.consoleErrors).toEqual([]);
  });

  for (const mode of [
    '1024x768x32',
    '1024x768x24',
    '800x600x16',
    '800x600x15',
    '800x600x8',
    '320x200x8',
    '640x480x4',
  ]) {
    test(`shows the test card of ${mode} right to the pixel`, async ({ page }) => {
      const exhibit = await Exhibit.open(page);
      await exhibit.bootHouse();
      const { answer } = await exhibit.command(`card ${mode}`);
      expect(answer).toMatch(/^OK card/);
      const [width, height, bpp] = mode.split('x').map(Number);
      const shown = await exhibit.pixels();
      expect({ width: shown.width, height: shown.height }).toEqual({ width, height });
      expect(differences(shown.rgba, { width, height, bpp })).toEqual([]);
    });
  }

  test('shows text modes in the guest’s own font and says what they read', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    expect((await exhibit.command('card text')).answer).toMatch(/^OK card/);
    const rows = await exhibit.call((machine) => machine.screenText());
    const expected = Array.from({ length: 25 }, (_, row) =>
      Array.from({ length: 80 }, (_, column) => CODE_PAGE_437[cardCell(column, row).character]).join(''),
    );
    expect(rows).toEqual(expected);
    const { width, height, rgba } = await exhibit.pixels();
    expect([width, height]).toEqual([720, 400]);
    // Cell (0, 0) is a space on the background of attribute 0; its ink shows nowhere.
    expect([...rgba.subarray(0, 4)]).toEqual([0, 0, 0, 255]);
    // The picture has no more colours than the 16 of a text mode.
    const colours = new Set(new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.byteLength / 4));
    expect(colours.size).toBeLessThanOrEqual(16);
    expect(await exhibit.call((machine) => machine.stats())).toMatchObject({ screen: { mode: 'text' } });
  });

  test('hears every key that is pressed and every move of the mouse', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    const from = (await exhibit.serial()).length;
    await exhibit.glass.click();
    for (const key of ['KeyA', 'ArrowUp', 'F12', 'NumpadEnter', 'ContextMenu'])
      await page.keyboard.press(key);
    const log = await exhibit.waitForSerial(/KEY e05d up/i, { from });
    const keys = [...log.slice(from).matchAll(/^KEY (\w+) (down|up)/gm)].map(
      ([, code, way]) => `${code.toLowerCase()} ${way}`,
    );
    expect(keys).toEqual(
      ['1e', 'e048', '58', 'e01c', 'e05d'].flatMap((code) => [`${code} down`, `${code} up`]),
    );

    const before = (await exhibit.serial()).length;
    await exhibit.call(async (machine) => {
      machine.movePointer(300, -200);
      await machine.clickPointer('right');
    });
    await exhibit.waitForSerial(/MOUSE 0 0 0/, { from: before });
    const moves = [...(await exhibit.serial()).slice(before).matchAll(/^MOUSE (-?\d+) (-?\d+) (\d+)/gm)].map(
      (m) => m.slice(1).map(Number),
    );
    const sum = moves.reduce((total, [dx, dy]) => [total[0] + dx, total[1] + dy], [0, 0]);
    expect(sum.map(Math.abs)).toEqual([300, 200]);
    expect(moves.every(([dx, dy]) => Math.abs(dx) <= 127 && Math.abs(dy) <= 127)).toBe(true);
    expect(moves.some(([, , buttons]) => buttons === 2)).toBe(true);
  });

  test('types text and presses keys together for the page', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    const from = (await exhibit.serial()).length;
    await exhibit.call(async (machine) => {
      await machine.typeText('A1');
      await machine.pressKeys(['ControlLeft', 'AltLeft', 'Delete']);
    });
    const log = await exhibit.waitForSerial(/KEY 1d up/i, { from });
    const keys = [...log.slice(from).matchAll(/^KEY (\w+) (down|up)/gm)].map(
      ([, code, way]) => `${code.toLowerCase()} ${way}`,
    );
    expect(keys).toEqual([
      '2a down',
      '1e down',
      '1e up',
      '2a up',
      '02 down',
      '02 up',
      '1d down',
      '38 down',
      'e053 down',
      'e053 up',
      '38 up',
      '1d up',
    ]);
  });

  test('notices its disc going out and another coming in', async ({ page }) => {
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    const from = (await exhibit.serial()).length;
    await page.getByRole('button', { name: 'Eject the disc' }).click();
    await exhibit.waitForSerial(/^DISC (none|out)/, { from });
    await exhibit.drop(HOUSE_ISO);
    await exhibit.waitForSerial(/^DISC VITRINE_HOUSE/, { from });
    expect((await exhibit.command('cdsum')).answer).toMatch(/^OK \d+ bytes crc32/);
  });

  test('reads the whole disc right', async ({ page }) => {
    const { readFileSync } = await import('node:fs');
    const { cdsum } = await import('../guest/protocol.ts');
    const expected = cdsum(readFileSync(HOUSE_ISO));
    const exhibit = await Exhibit.open(page);
    await exhibit.bootHouse();
    for (const mode of ['on', 'off']) {
      await exhibit.command(`dma disc ${mode}`);
      expect((await exhibit.command('cdsum')).answer).toContain(expected.crc32);
    }
  });
});

function differences(rgba: Uint8Array, mode: CardMode): string[] {
  const wrong: string[] = [];
  for (let y = 0; y < mode.height && wrong.length < 5; y++) {
    for (let x = 0; x < mode.width && wrong.length < 5; x++) {
      const at = (y * mode.width + x) * 4;
      const expected = cardPixel(x, y, mode);
      if (rgba[at] !== expected[0] || rgba[at + 1] !== expected[1] || rgba[at + 2] !== expected[2]) {
        wrong.push(`(${x}, ${y}) is ${rgba.subarray(at, at + 3).join(' ')}, not ${expected.join(' ')}`);
      }
    }
  }
  return wrong;
}
