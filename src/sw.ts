/// <reference lib="webworker" />
import { isMuseumFile, MUSEUM_CACHE } from './lib/museum-cache.ts';
import { within } from './lib/within.ts';
import type { PageToShell } from './protocol/save-messages.ts';
import type { ShellToPage, TakeOver } from './protocol/shell-messages.ts';
import { installShell, ShellInstallError, type ShellFile } from './sw-install.ts';
import { Saves } from './sw-saves.ts';

declare const self: ServiceWorkerGlobalScope;

/** Filled in by the build (`scripts/build-plugins.ts`): every file of the exhibit, a hash over all of them, and the page's policy. */
const FILES: readonly ShellFile[] = __VITRINE_FILES__;
const VERSION: string = __VITRINE_VERSION__;
const POLICY: string = __VITRINE_POLICY__;

declare const __VITRINE_FILES__: ShellFile[];
declare const __VITRINE_VERSION__: string;
declare const __VITRINE_POLICY__: string;

const PREFIX = 'vitrine-shell-';
const CACHE = PREFIX + VERSION;

/**
 * The offline shell: after one visit the exhibit works with the cable pulled. It holds the exhibit's own files
 * and nothing else, never a byte of a guest's disc or disk. A version is installed whole or not at all, and a new
 * one waits until no page of the old one is open, or until a page says that no machine is on (`page/new-version.ts`):
 * a running machine never changes under its visitor.
 */
self.addEventListener('install', (event) => {
  event.waitUntil(install());
});

async function install(): Promise<void> {
  const isUpdate = self.registration.active !== null;
  try {
    await installShell({
      files: FILES,
      policy: POLICY,
      cache: await caches.open(CACHE),
      kept: (file) => caches.match(file, { ignoreVary: true }),
      fetch: (file) => fetch(new Request(file, { cache: 'reload' })),
      onProgress: (done, total) => void tell({ type: 'shell-progress', isUpdate, done, total }),
    });
  } catch (error) {
    await caches.delete(CACHE);
    const failure = error instanceof ShellInstallError ? error.failure : 'unexpected';
    await tell({ type: 'shell-failed', isUpdate, failure });
    throw error;
  }
}

/** To every page of the exhibit, those too that are not served from here yet. */
async function tell(message: ShellToPage): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  for (const page of pages) page.postMessage(message);
}

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
      await Promise.all(old.map((name) => caches.delete(name)));
      // The visit that installs it is already served from it, so that even a first visit may lose its cable.
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  event.respondWith(
    saves.answer(url) ?? (isMuseums(url) ? answerMuseums(event.request) : answer(event.request, url)),
  );
});

/** What the page saves as a download, where it cannot write files itself: see `page/save-stream.ts`. */
const saves = new Saves(self.registration.scope);

self.addEventListener('message', (event) => {
  const message = event.data as PageToShell | TakeOver;
  const [port] = event.ports;
  if (message.type === 'shell-take-over') event.waitUntil(self.skipWaiting());
  else if (message.type === 'save-alive') event.waitUntil(saves.keepAlive(message.id));
  else if (message.type === 'save-offer' && port && event.source instanceof Client) {
    const { id } = event.source;
    const isPageOpen = async (): Promise<boolean> => (await self.clients.get(id)) !== undefined;
    event.waitUntil(saves.offer(message.id, port, isPageOpen));
  }
});

async function answer(request: Request, url: URL): Promise<Response> {
  const cache = await caches.open(CACHE);
  // The query chooses an exhibit or a machine; the page is the same.
  const held = await cache.match(request.mode === 'navigate' ? pageOf(url) : request, {
    ignoreSearch: true,
    // Some servers vary by Origin, which a module's request has and the one of the installation had not.
    ignoreVary: true,
  });
  return held ?? fetch(request);
}

function isMuseums(url: URL): boolean {
  return isMuseumFile(url.pathname.slice(new URL(self.registration.scope).pathname.length));
}

/** A server that has not begun to answer by then counts as gone. */
const MUSEUM_PATIENCE_MS = 10_000;

/** From the server, so that an edit shows at once; without it, as it was kept, by the page or with this version. */
async function answerMuseums(request: Request): Promise<Response> {
  try {
    // Not as the browser may have it still: see `page/fresh-file.ts`.
    return await within(
      fetch(request, { cache: 'no-cache' }),
      MUSEUM_PATIENCE_MS,
      () => new TypeError(`no answer for ${MUSEUM_PATIENCE_MS / 1000} s`),
    );
  } catch (unreachable) {
    const kept =
      (await (await caches.open(MUSEUM_CACHE)).match(request, { ignoreVary: true })) ??
      (await (await caches.open(CACHE)).match(request, { ignoreVary: true, ignoreSearch: true }));
    if (kept) return kept;
    throw unreachable;
  }
}

/** A folder's address means its index page. */
function pageOf(url: URL): string {
  return url.pathname.endsWith('/') ? `${url.pathname}index.html` : url.pathname;
}
