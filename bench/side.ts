import type { Browser, BrowserContext, Page } from '@playwright/test';
import type { VitrineMachine } from '../src/ui/vitrine-machine.ts';
import { RECORDER_SCRIPT } from './recorder.ts';

/** The machine to build for a measurement. */
export interface Machine {
  memoryMiB: number;
  acpi: boolean;
}

/** Opens a page of its own for each measurement and starts a guest in it. Everything else is alike on both sides. */
export interface Side {
  readonly name: 'ours' | 'plain';
  readonly url: string;
  /** Powers a machine on with the disc of the page's file input. Resolves when the guest was told to run. */
  start(page: Page, machine: Machine): Promise<void>;
  /** What the page must have before a visitor could do anything. */
  ready(page: Page): Promise<void>;
  send(page: Page, text: string): Promise<void>;
  /** Guest instructions so far; on the plain page modulo 2³². */
  instructions(page: Page): Promise<number>;
}

declare global {
  interface Window {
    startPlain(disc: File, machine: Machine): void;
    plainReady?: boolean;
    plainEmulator: { serial0_send(text: string): void; get_instruction_counter(): number };
    benchDisc: HTMLInputElement;
  }
}

/** The built app. `jitPages` varies an engine setting; left out, the product's own is used. */
export function ourSide(url: string, jitPages?: number): Side {
  return {
    name: 'ours',
    url,
    ready: async (page) => {
      await page.waitForFunction(() => customElements.get('vitrine-machine') !== undefined);
    },
    start: (page, machine) =>
      page.evaluate(
        async ({ machine, jitPages }) => {
          const element = document.querySelector('vitrine-machine') as VitrineMachine;
          element.configure(machine);
          if (jitPages !== undefined) element.session.tuning = { ...element.session.tuning, jitPages };
          // What is measured is not to be saved in the midst of it.
          element.session.checkpointSeconds = null;
          await element.insertDisc(window.benchDisc.files![0]);
          window.recorder.watchFrames();
          await element.powerOn();
        },
        { machine, jitPages },
      ),
    send: (page, text) =>
      page.evaluate(
        (text) => (document.querySelector('vitrine-machine') as VitrineMachine).sendSerial(text),
        text,
      ),
    instructions: (page) =>
      page.evaluate(
        async () =>
          (await (document.querySelector('vitrine-machine') as VitrineMachine).stats()).instructions,
      ),
  };
}

/** Plain v86 on a page of its own. */
export function plainSide(url: string): Side {
  return {
    name: 'plain',
    url,
    ready: async (page) => {
      await page.waitForFunction(() => window.plainReady === true);
    },
    start: (page, machine) =>
      page.evaluate((machine) => {
        window.recorder.watchFrames();
        window.startPlain(window.benchDisc.files![0], machine);
      }, machine),
    send: (page, text) => page.evaluate((text) => window.plainEmulator.serial0_send(text), text),
    instructions: (page) => page.evaluate(() => window.plainEmulator.get_instruction_counter()),
  };
}

/**
 * From an empty page to a guest that was told to run: navigation, the disc through a file input, power on.
 * The recorder's clock began with the navigation. `beforeStart`: what a measurement does to a machine that is off.
 */
export async function startGuest(
  browser: Browser | BrowserContext,
  side: Side,
  iso: string,
  machine: Machine,
  beforeStart: (page: Page) => Promise<void> = async () => {},
): Promise<Page> {
  const page = await browser.newPage();
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.addInitScript({ path: RECORDER_SCRIPT });
  await page.goto(side.url);
  await side.ready(page);
  const input = await page.evaluateHandle(() => {
    window.benchDisc = document.createElement('input');
    window.benchDisc.type = 'file';
    window.benchDisc.hidden = true;
    document.body.append(window.benchDisc);
    return window.benchDisc;
  });
  await input.setInputFiles(iso);
  await beforeStart(page);
  await side.start(page, machine);
  return page;
}

/** Waits until the guest has written `text` to COM1. Rejects when it has not within `timeoutMs`. */
export async function waitForSerial(
  page: Page,
  text: string,
  options: { from?: number; timeoutMs?: number } = {},
): Promise<{ atMs: number; end: number }> {
  const { from = 0, timeoutMs = 300_000 } = options;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), timeoutMs);
  });
  const found = await Promise.race([
    page.evaluate(([text, from]) => window.recorder.when(text, from), [text, from] as const),
    late,
  ]);
  clearTimeout(timer);
  if (found !== 'late') return found;
  const heard = await page.evaluate(() => window.recorder.serial.slice(-300));
  throw new Error(`The guest did not say “${text}” within ${timeoutMs / 1000} s. Its last words: ${heard}`);
}
