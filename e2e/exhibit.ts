import { expect, type Page, type Request } from '@playwright/test';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { MachineProfile } from '../src/machine/profile.ts';
import { usKeysOf } from '../src/page/keyboard/us-layout.ts';
import type { VitrineMachine } from '../src/ui/vitrine-machine.ts';

/** A file that is always there: our own bootable disc. */
export const HOUSE_ISO = fileURLToPath(new URL('../guest/house.iso', import.meta.url));

/** Where a real guest lies, or null where this machine has none: such a test is skipped and says so. */
export function guestIso(name: string): string | null {
  const folder =
    process.env['VITRINE_GUESTS'] ?? fileURLToPath(new URL('../../shared/guests', import.meta.url));
  const path = `${folder}/${name}`;
  return existsSync(path) ? path : null;
}

declare global {
  interface Window {
    /** Everything the guest wrote to COM1 since the page was opened. */
    serialLog: string;
    /** The events of the machine, in order: "power running", "screen 720x400 text". */
    machineLog: string[];
  }
}

/** One visitor in front of the exhibit: the page, and what the machine in it says. */
export class Exhibit {
  readonly page: Page;
  /** Every request of the page and its workers that did not go to the exhibit's own origin. */
  readonly foreignRequests: string[] = [];
  readonly consoleErrors: string[] = [];

  constructor(page: Page) {
    this.page = page;
  }

  static async open(page: Page, path = '/'): Promise<Exhibit> {
    const exhibit = new Exhibit(page);
    const own = `http://127.0.0.1:${process.env['VITRINE_PORT'] ?? '4173'}`;
    const note = (request: Request) => {
      const url = request.url();
      if (!url.startsWith(own) && !url.startsWith('blob:') && !url.startsWith('data:'))
        exhibit.foreignRequests.push(url);
    };
    page.context().on('request', note);
    page.on('console', (message) => message.type() === 'error' && exhibit.consoleErrors.push(message.text()));
    page.on('pageerror', (error) => exhibit.consoleErrors.push(String(error)));
    await page.addInitScript(() => {
      window.serialLog = '';
      window.machineLog = [];
      addEventListener('vitrine-serial', (event) => {
        window.serialLog += (event as Event & { text: string }).text;
      });
      addEventListener('vitrine-power', (event) => {
        window.machineLog.push(`power ${(event as Event & { power: string }).power}`);
      });
      addEventListener('vitrine-screen', (event) => {
        const { width, height, mode } = event as Event & { width: number; height: number; mode: string };
        window.machineLog.push(`screen ${width}x${height} ${mode}`);
      });
    });
    await page.goto(path);
    await exhibit.machine.waitFor();
    return exhibit;
  }

  get machine() {
    return this.page.locator('vitrine-machine');
  }

  /** The glass that takes focus, keys and pointer. */
  get glass() {
    return this.page.locator('vitrine-monitor').getByRole('application');
  }

  /** Calls a method of the contract in the page. */
  call<T>(body: (machine: VitrineMachine) => T | Promise<T>): Promise<T>;
  call<T, A>(body: (machine: VitrineMachine, argument: A) => T | Promise<T>, argument: A): Promise<T>;
  call<T>(
    body: (machine: VitrineMachine, argument: never) => T | Promise<T>,
    argument?: unknown,
  ): Promise<T> {
    return this.machine.evaluate(body as never, argument as never);
  }

  configure(profile: Partial<MachineProfile>): Promise<void> {
    return this.machine.evaluate((machine, part) => (machine as VitrineMachine).configure(part), profile);
  }

  /** Drops files on the page as a hand does: trusted drag events with files of the disk. */
  async drop(...files: string[]): Promise<void> {
    const box = await this.glass.boundingBox();
    const x = box!.x + box!.width / 2;
    const y = box!.y + box!.height / 2;
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x, y, data });
    }
    await session.detach();
  }

  /** Types with the keys a hand would press on a US keyboard, Shift included. */
  async typeKeys(text: string): Promise<void> {
    for (const { code, shift } of usKeysOf(text).keys)
      await this.page.keyboard.press(shift ? `Shift+${code}` : code);
  }

  async pressPower(): Promise<void> {
    await this.page.getByRole('button', { name: 'Power: turn on' }).click();
  }

  async waitForPower(power: string, timeout = 60_000): Promise<void> {
    await expect(this.machine).toHaveAttribute('power', power, { timeout });
  }

  /** Waits until the guest has written `pattern` to COM1 (after `from`, if given) and gives the whole log. */
  async waitForSerial(
    pattern: RegExp | string,
    options: { timeout?: number; from?: number } = {},
  ): Promise<string> {
    const { timeout = 60_000, from = 0 } = options;
    const source =
      typeof pattern === 'string' ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : pattern.source;
    await this.page.waitForFunction(
      ([text, at]) => new RegExp(text, 'm').test(window.serialLog.slice(at)),
      [source, from] as const,
      { timeout },
    );
    return this.serial();
  }

  serial(): Promise<string> {
    return this.page.evaluate(() => window.serialLog);
  }

  log(): Promise<string[]> {
    return this.page.evaluate(() => window.machineLog);
  }

  /** Sends one command line to the house disc and gives its answer, "OK …" or "ERR …", and what came before it. */
  async command(line: string, timeout = 60_000): Promise<{ answer: string; lines: string[] }> {
    const from = (await this.serial()).length;
    await this.machine.evaluate((machine, text) => (machine as VitrineMachine).sendSerial(text), `${line}\n`);
    const log = await this.waitForSerial(/^(OK|ERR).*\r?\n/, { timeout, from });
    const lines = log
      .slice(from)
      .split(/\r?\n/)
      .filter((text) => text !== '');
    const answer = lines.find((text) => /^(OK|ERR)/.test(text)) ?? '';
    return { answer, lines };
  }

  /** Waits until it is decided what becomes of a machine that was left running; it is off, or runs again. */
  async opened(): Promise<string> {
    return this.call(async (machine) => {
      await machine.opened;
      return machine.power;
    });
  }

  /** The machine is off, whether or not it went on by itself: what matters is its disk. */
  async turnedOff(): Promise<void> {
    await this.machine.waitFor();
    await this.opened();
    await this.call((machine) => machine.powerOff());
    await this.waitForPower('off');
  }

  /** Starts the house disc and waits until it listens. */
  async bootHouse(profile: Partial<MachineProfile> = {}): Promise<void> {
    await this.configure({ memoryMiB: 64, ...profile });
    // It may have been on before.
    const from = (await this.serial()).length;
    await this.pressPower();
    await this.waitForSerial('HOUSE READY', { timeout: 30_000, from });
  }

  /** The screenshot's pixels: RGBA rows, guest pixels. */
  async pixels(): Promise<{ width: number; height: number; rgba: Uint8Array }> {
    const { width, height, base64 } = await this.machine.evaluate(async (machine) => {
      const png = await (machine as VitrineMachine).screenshot();
      const bitmap = await createImageBitmap(png);
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      let text = '';
      for (let at = 0; at < data.length; at += 32768)
        text += String.fromCharCode(...data.subarray(at, at + 32768));
      return { width: bitmap.width, height: bitmap.height, base64: btoa(text) };
    });
    return { width, height, rgba: new Uint8Array(Buffer.from(base64, 'base64')) };
  }
}
