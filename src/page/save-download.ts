import { randomId } from '../lib/secure-parts.ts';
import { withinOr } from '../lib/within.ts';
import { VitrineError } from '../lib/errors.ts';
import { SAVE_FOLDER } from '../lib/save-folder.ts';
import type { PageToSave, PageToShell, SaveToPage } from '../protocol/save-messages.ts';
import type { SaveSink } from './save-sink.ts';
import { serviceWorkers } from './secure-parts.ts';

/** A service worker that was there answers in milliseconds; one that has to be started, in less than this. */
const READY_MS = 4000;
/** From going to the address to the browser's asking for it. Safari does not ask service workers for downloads. */
const BEGUN_MS = 8000;
/** A first visit: the worker is still putting the page's files away. */
const INSTALL_MS = 10_000;
/** Browsers end a service worker 30 s after its last event. */
const ALIVE_MS = 10_000;
/** A browser does not say when it has made a download of what a frame went to; a small file's end comes before. */
const FRAME_LIVES_MS = 60_000;

/**
 * A download that the page's own service worker answers with the bytes that are written here. Null where there is no
 * service worker, or where it or the browser does not take part; then nothing has been downloaded. `lost` is aborted
 * when the visitor cancels the download or the service worker ends. A page that goes away makes the download fail.
 */
export async function openDownloadSink(name: string, sizeBytes: number | null): Promise<SaveSink | null> {
  const shell = await activeShell();
  if (!shell) return null;
  const id = randomId();
  const { port1: port, port2 } = new MessageChannel();
  const heard = new Inbox(port);
  shell.worker.postMessage({ type: 'save-offer', id } satisfies PageToShell, [port2]);
  if (!(await heard.within('ready', READY_MS))) {
    giveUp(port);
    return null;
  }
  // A frame, not the page: the page's own address must not change, and it must not be asked whether it may be left.
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.src = `${shell.scope}${SAVE_FOLDER}${id}/${encodeURIComponent(name)}`;
  document.body.append(frame);
  if (!(await heard.within('begun', BEGUN_MS))) {
    giveUp(port);
    frame.remove();
    return null;
  }
  return new DownloadSink(port, heard, frame, shell.worker, id, name, sizeBytes);
}

class DownloadSink implements SaveSink {
  readonly way = 'download';
  readonly #lost = new AbortController();
  readonly lost = this.#lost.signal;
  readonly #port: MessagePort;
  readonly #heard: Inbox;
  readonly #frame: HTMLIFrameElement;
  readonly #head: PageToSave;
  readonly #beat: ReturnType<typeof setInterval>;
  #isHeadSent = false;

  constructor(
    port: MessagePort,
    heard: Inbox,
    frame: HTMLIFrameElement,
    worker: ServiceWorker,
    id: string,
    name: string,
    sizeBytes: number | null,
  ) {
    this.#port = port;
    this.#heard = heard;
    this.#frame = frame;
    this.#head = { type: 'head', name, sizeBytes };
    const lose = (): void => this.#lost.abort(new VitrineError('save/interrupted', { name }));
    void heard.next('cancelled').then(lose);
    this.#beat = setInterval(() => {
      worker.postMessage({ type: 'save-alive', id } satisfies PageToShell);
      void heard.within('alive', ALIVE_MS).then((isAlive) => isAlive || lose());
    }, ALIVE_MS);
    addEventListener('pagehide', this.#abandon);
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#sendHead();
    await this.#heard.next('pull');
    // Only a whole buffer can be given away.
    const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    this.#send({ type: 'chunk', bytes: whole }, [whole.buffer]);
  }

  async close(): Promise<void> {
    this.#sendHead();
    // The chunk before this one has been taken.
    await this.#heard.next('pull');
    this.#send({ type: 'end' });
    this.#leave();
    setTimeout(() => this.#frame.remove(), FRAME_LIVES_MS);
  }

  async abort(): Promise<void> {
    this.#abandon();
  }

  #sendHead(): void {
    if (!this.#isHeadSent) this.#send(this.#head);
    this.#isHeadSent = true;
  }

  readonly #abandon = (): void => {
    giveUp(this.#port);
    this.#leave();
    this.#frame.remove();
  };

  #leave(): void {
    clearInterval(this.#beat);
    removeEventListener('pagehide', this.#abandon);
  }

  #send(message: PageToSave, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}

/** What came over a port, kept by kind until somebody waits for it. */
class Inbox {
  readonly #kept = new Map<SaveToPage['type'], number>();
  readonly #waiting = new Map<SaveToPage['type'], (() => void)[]>();

  constructor(port: MessagePort) {
    port.onmessage = ({ data }: MessageEvent<SaveToPage>) => {
      const waiter = this.#waiting.get(data.type)?.shift();
      if (waiter) waiter();
      else this.#kept.set(data.type, (this.#kept.get(data.type) ?? 0) + 1);
    };
  }

  next(type: SaveToPage['type']): Promise<void> {
    const kept = this.#kept.get(type) ?? 0;
    if (kept > 0) {
      this.#kept.set(type, kept - 1);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(type) ?? [];
      waiting.push(resolve);
      this.#waiting.set(type, waiting);
    });
  }

  /** Whether it comes in time. */
  within(type: SaveToPage['type'], ms: number): Promise<boolean> {
    return withinOr(
      this.next(type).then(() => true),
      ms,
      false,
    );
  }
}

function giveUp(port: MessagePort): void {
  port.postMessage({ type: 'abort' } satisfies PageToSave);
  port.close();
}

/** The service worker that serves this page's folder; null where there is none, and none is on its way. */
async function activeShell(): Promise<{ worker: ServiceWorker; scope: string } | null> {
  const registration = await serviceWorkers()
    ?.getRegistration()
    .catch(() => undefined);
  if (!registration) return null;
  const worker = registration.active ?? (await activated(registration));
  return worker && { worker, scope: registration.scope };
}

function activated({ installing, waiting }: ServiceWorkerRegistration): Promise<ServiceWorker | null> {
  const worker = installing ?? waiting;
  if (!worker) return Promise.resolve(null);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), INSTALL_MS);
    worker.addEventListener('statechange', () => {
      if (worker.state !== 'activated' && worker.state !== 'redundant') return;
      clearTimeout(timer);
      resolve(worker.state === 'activated' ? worker : null);
    });
  });
}
