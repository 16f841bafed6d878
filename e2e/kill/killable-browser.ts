import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import config from '../../playwright.config.ts';
import { Exhibit } from '../exhibit.ts';

/**
 * A real Chromium with a profile of its own on the drive: what it stores outlives it, and its process can be killed
 * at any moment, as a power cut or the task manager does.
 */
export class KillableBrowser {
  readonly #profile = mkdtempSync(join(tmpdir(), 'vitrine-profile-'));
  #context: BrowserContext | null = null;
  #pid = 0;

  /** Starts the browser on the same profile as before, with one empty page. */
  async start(): Promise<Page> {
    const { baseURL, viewport, launchOptions } = config.use!;
    this.#context = await chromium.launchPersistentContext(this.#profile, {
      ...launchOptions,
      baseURL,
      viewport,
    });
    const session = await this.#context.browser()!.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    this.#pid = processInfo.find(({ type }) => type === 'browser')!.id;
    return this.#context.pages()[0] ?? (await this.#context.newPage());
  }

  /** Starts it and opens the exhibit. */
  async open(path = '/'): Promise<Exhibit> {
    return Exhibit.open(await this.start(), path);
  }

  get context(): BrowserContext {
    return this.#context!;
  }

  /** SIGKILL to the browser process; its children go down with it. Resolves when it is gone. */
  async kill(): Promise<void> {
    const context = this.#context!;
    this.#context = null;
    const gone = new Promise((resolve) => context.once('close', resolve));
    process.kill(this.#pid, 'SIGKILL');
    await gone;
  }

  /** Ends the browser in good order and keeps its profile. */
  async close(): Promise<void> {
    await this.#context?.close();
    this.#context = null;
  }

  /** Ends the browser, if it runs, and throws its profile away. */
  async dispose(): Promise<void> {
    await this.close();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
