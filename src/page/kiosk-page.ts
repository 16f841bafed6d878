import type { KioskPage } from './kiosk-session.ts';
import { takeNewVersion } from './offline-shell.ts';

/** A new version that takes longer than this to come is taken another morning. */
const NEW_VERSION_MS = 30_000;

/** The browser as a kiosk uses it. */
export const browserPage: KioskPage = {
  now: () => performance.now(),
  date: () => new Date(),
  every(ms, callback) {
    const id = setInterval(callback, ms);
    return () => clearInterval(id);
  },
  after(ms, callback) {
    const id = setTimeout(callback, ms);
    return () => clearTimeout(id);
  },
  async answers() {
    // As the page itself would be asked for: by its file, which the shell of this browser keeps under that name.
    const page = new URL(location.href);
    if (page.pathname.endsWith('/')) page.pathname += 'index.html';
    page.search = '';
    page.hash = '';
    const response = await fetch(page, { cache: 'no-store' });
    return response.ok && (response.headers.get('content-type') ?? '').includes('html');
  },
  async reload() {
    const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), NEW_VERSION_MS));
    // One that cannot be taken is no reason to keep the old page.
    const isNew = await Promise.race([takeNewVersion().catch(() => false), late]);
    if (!isNew) location.reload();
  },
};
