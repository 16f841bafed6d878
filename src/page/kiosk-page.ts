import { withinOr } from '../lib/within.ts';
import type { KioskPage } from './kiosk-session.ts';
import { takeNewVersion } from './offline-shell.ts';

/** A new version that takes longer than this to come is taken another morning. */
const NEW_VERSION_MS = 30_000;
/** What stands in every page with a machine, and in no other. */
const OWN_MARK = '<vitrine-machine';

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
    // A network's own sign-in page answers in everybody's name, and leads nowhere.
    return response.ok && (await response.text()).includes(OWN_MARK);
  },
  async reload() {
    // One that cannot be taken is no reason to keep the old page.
    const isNew = await withinOr(
      takeNewVersion().catch(() => false),
      NEW_VERSION_MS,
      false,
    );
    if (!isNew) location.reload();
  },
};
