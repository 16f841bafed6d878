import { expect, test } from '@playwright/test';
import type { VitrineMachine } from '../../src/ui/vitrine-machine.ts';
import { Exhibit } from '../exhibit.ts';
import { KillableBrowser } from './killable-browser.ts';
import { seededRandom } from './seeded-random.ts';

/**
 * A small disk, where most writes hit a block that was written before and room is reclaimed all the time, and one of
 * the default size, where hardly any does. COUNT is more than a guest writes before it is killed on the small disk;
 * on the large one every write is a block to read again, so there are fewer.
 */
const ROUNDS = [
  { machineId: 'small', sizeBytes: 8 * 2 ** 20, kills: killsOf('small', 18), count: 100_000 },
  { machineId: 'large', sizeBytes: 16 * 2 ** 30, kills: killsOf('large', 8), count: 4_000 },
].filter(({ kills }) => kills > 0);
/** Writes between two flushes; the last is "hardly ever", where the disk saves by its own clock. */
const EVERY = [1, 8, 40, 200, 1000, 50_000];
const LONGEST_LIFE_MS = 1_200;

/** What the guest had been told when its browser was killed. */
interface Kill {
  readonly seed: number;
  readonly every: number;
  readonly afterMs: number;
  readonly flushed: number;
  readonly visits: number;
}

test('a browser killed at any moment leaves a moment that existed, not older than the last flush', async () => {
  test.setTimeout(600_000);
  const seed = Number(process.env['VITRINE_KILL_SEED'] ?? Date.now() % 1_000_000);
  const random = seededRandom(seed);
  const browser = new KillableBrowser();
  const story: string[] = [];
  try {
    for (const { machineId, sizeBytes, kills, count } of ROUNDS) {
      let last: Kill | null = null;
      for (let i = 0; i <= kills; i++) {
        const told = { serial: '' };
        const exhibit = await open(browser, told);
        await exhibit.configure({ memoryMiB: 64, machineId });
        if (!last)
          await exhibit.machine.evaluate(
            (m, size) => (m as VitrineMachine).createDisk({ sizeBytes: size }),
            sizeBytes,
          );
        await exhibit.bootHouse({ machineId });
        const visits = Number(/^VISITS (\d+) counted/m.exec(await exhibit.serial())?.[1]);
        const where = `VITRINE_KILL_SEED=${seed}, ${machineId} disk, kill ${i}: ${JSON.stringify(last)}`;
        expect(visits, where).toBe((last?.visits ?? 0) + 1);
        if (last) {
          const { answer } = await exhibit.command(`scatterprefix ${count} ${last.seed}`);
          const prefix = Number(/^OK prefix (\d+) of/.exec(answer)?.[1] ?? NaN);
          story.push(`${where} -> ${answer}`);
          expect(prefix, `${where}: ${answer}`).toBeGreaterThanOrEqual(last.flushed);
        }
        if (i === kills) break;

        const every = EVERY[random(EVERY.length)];
        const afterMs = random(LONGEST_LIFE_MS);
        const scatter = { seed: 1 + i, every, afterMs };
        const line = `scatter ${count} ${scatter.seed} ${every}\n`;
        await exhibit.machine.evaluate((machine, text) => (machine as VitrineMachine).sendSerial(text), line);
        // The moment of a power cut has no reason in the machine, so this is a time and not a state.
        await new Promise((resolve) => setTimeout(resolve, afterMs));
        // Taken before the kill: what the test has heard by now was said by the guest before it.
        const flushed = Number([...told.serial.matchAll(/^FLUSHED (\d+)\r?\n/gm)].at(-1)?.[1] ?? 0);
        await browser.kill();
        last = { ...scatter, flushed, visits };
      }
      await browser.close();
    }
    // Kills that all came before the first flush, or left nothing, would have shown nothing.
    const few = story.length / 5;
    expect(story.filter((line) => !line.includes('"flushed":0')).length).toBeGreaterThan(few);
    expect(story.filter((line) => !line.includes('OK prefix 0 ')).length).toBeGreaterThan(few);
  } finally {
    await test.info().attach('kills', { body: story.join('\n') });
    await browser.dispose();
  }
});

/** `VITRINE_KILLS=small:25,large:0` for other numbers than the usual ones, to run many in pieces. */
function killsOf(machineId: string, usual: number): number {
  const asked = new RegExp(`\\b${machineId}:(\\d+)`, 'u').exec(process.env['VITRINE_KILLS'] ?? '');
  return asked ? Number(asked[1]) : usual;
}

/** Opens the exhibit so that each word of the guest reaches the test by itself: a killed page cannot be asked. */
async function open(browser: KillableBrowser, told: { serial: string }): Promise<Exhibit> {
  const page = await browser.start();
  await page.exposeFunction('tellTest', (text: string) => {
    told.serial += text;
  });
  await page.addInitScript(() =>
    addEventListener('vitrine-serial', (event) => {
      const test = window as unknown as { tellTest(text: string): void };
      test.tellTest((event as Event & { text: string }).text);
    }),
  );
  return Exhibit.open(page);
}
