import type { Page } from '@playwright/test';
import type { BootRecord } from '../../src/machine/milestones/milestones.ts';
import type { VitrineMachine } from '../../src/ui/vitrine-machine.ts';
import { RunClock, type Ending, type Limits } from './when-to-stop.ts';

export interface RunOptions extends Limits {
  /** The disc's image on this computer. It is read in place. */
  readonly disc: string;
  /** An image for the floppy drive. */
  readonly floppy?: Uint8Array | null;
  /** Each time that something is new. */
  readonly onNews: (record: BootRecord) => void;
}

const LOOK_MS = 500;

/**
 * Puts a disc into the machine of an open page as a hand does, turns the machine on, presses a key when the disc asks for one
 * on the first start and never again, and looks on until the run is at its end. The machine is left as it is then.
 */
export async function runDisc(page: Page, { disc, floppy, onNews, ...limits }: RunOptions): Promise<Ending> {
  const machine = page.locator('vitrine-machine');
  await machine.waitFor();
  await machine.evaluate((element) => (element as VitrineMachine).opened);
  await drop(page, disc);
  await page.waitForFunction(() => document.querySelector('vitrine-machine')!.disc !== null);
  if (floppy) {
    await machine.evaluate(
      (element, bytes) => (element as VitrineMachine).insertFloppy(new Blob([Uint8Array.from(bytes)])),
      [...floppy],
    );
  }
  // The prompt stands for some seconds only: the key is pressed in the page, at once.
  await machine.evaluate((element) => {
    const each = element as VitrineMachine;
    let pressed = false;
    each.session.bootRecord.subscribe(({ events }) => {
      const asks = events.some(
        (event) => event.kind === 'phrase' && event.phrase === 'press-any-key' && event.restarts === 0,
      );
      if (!asks || pressed) return;
      pressed = true;
      // Its release may be read by nobody: the disc goes on at once.
      void each.pressKeys(['Enter']);
    });
  });
  await page.getByRole('button', { name: 'Power: turn on' }).click();
  const clock = new RunClock(limits, Date.now());
  for (;;) {
    const { record, power } = await machine.evaluate(async (element) => {
      const each = element as VitrineMachine;
      return { record: await each.session.recallBoot(), power: each.power };
    });
    onNews(record);
    const ending = clock.look(record, record.ranMs === 0 && power === 'off' ? 'starting' : power, Date.now());
    if (ending) return ending;
    await page.waitForTimeout(LOOK_MS);
  }
}

/** Trusted drag events with a file of the disk: the page gets a handle to read, and nothing is copied. */
async function drop(page: Page, path: string): Promise<void> {
  const box = (await page.locator('vitrine-monitor').getByRole('application').boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x, y, data });
  await session.detach();
}
