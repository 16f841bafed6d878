import { SAVE_FOLDER } from './lib/save-folder.ts';
import type { PageToSave, SaveToPage } from './protocol/save-messages.ts';

/** How often it is looked whether the page that makes the bytes is still there. */
const WATCH_MS = 3000;

/** One download, from the offer to its end. */
interface Save {
  readonly port: MessagePort;
  /** Whether the page that offered it is still open. */
  readonly isPageOpen: () => Promise<boolean>;
  /** Settles when the last byte was taken or the save was given up. */
  readonly ended: Promise<void>;
  readonly end: () => void;
  isTaken: boolean;
}

/**
 * Downloads whose bytes a page makes. Each has an address that works once; its answer is a stream that asks the page
 * for one chunk at a time, so no more than two are here. Nothing of it is cached. A page that goes away, a save that
 * it gives up and a port that brings nonsense all break the stream off, which makes the browser's download fail.
 */
export class Saves {
  readonly #scope: string;
  readonly #saves = new Map<string, Save>();

  /** `scope` is the address of the folder that the service worker serves, with a slash at its end. */
  constructor(scope: string) {
    this.#scope = scope;
  }

  /** Takes an offer; the promise settles when the save is over. */
  offer(id: string, port: MessagePort, isPageOpen: () => Promise<boolean>): Promise<void> {
    let end!: () => void;
    const ended = new Promise<void>((resolve) => {
      end = () => {
        this.#saves.delete(id);
        port.close();
        resolve();
      };
    });
    this.#saves.set(id, { port, isPageOpen, ended, end, isTaken: false });
    port.onmessage = ({ data }: MessageEvent<PageToSave>) => {
      // Given up before the browser came for it.
      if (data.type === 'abort') end();
    };
    post(port, { type: 'ready' });
    return ended;
  }

  /** Tells the page that its save is still known; the promise settles when the save is over. */
  keepAlive(id: string): Promise<void> {
    const save = this.#saves.get(id);
    if (!save) return Promise.resolve();
    post(save.port, { type: 'alive' });
    return save.ended;
  }

  /** The answer to a request for an offer's address; null for any other address. */
  answer(url: URL): Promise<Response> | null {
    if (!url.href.startsWith(this.#scope + SAVE_FOLDER)) return null;
    const id = url.href.slice(this.#scope.length + SAVE_FOLDER.length).split('/', 1)[0];
    const save = this.#saves.get(id);
    if (!save || save.isTaken) return Promise.resolve(new Response(null, { status: 404 }));
    save.isTaken = true;
    return respond(save);
  }
}

async function respond(save: Save): Promise<Response> {
  const { port, end } = save;
  let headCame!: (head: Extract<PageToSave, { type: 'head' }> | null) => void;
  const head = new Promise<Extract<PageToSave, { type: 'head' }> | null>((resolve) => (headCame = resolve));
  let body!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  /** Settles the pull that is under way. */
  let pulled: (() => void) | null = null;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      body = controller;
    },
    pull: () => {
      post(port, { type: 'pull' });
      return new Promise<void>((resolve) => (pulled = resolve));
    },
    cancel: () => {
      clearInterval(watch);
      post(port, { type: 'cancelled' });
      end();
    },
  });
  const breakOff = (): void => {
    clearInterval(watch);
    headCame(null);
    body.error(new TypeError('The page gave the file up.'));
    pulled?.();
    end();
  };
  const watch = setInterval(() => void save.isPageOpen().then((isOpen) => isOpen || breakOff()), WATCH_MS);
  port.onmessage = ({ data }: MessageEvent<PageToSave>) => {
    switch (data.type) {
      case 'head':
        headCame(data);
        return;
      case 'chunk':
        body.enqueue(data.bytes);
        pulled?.();
        return;
      case 'end':
        clearInterval(watch);
        body.close();
        pulled?.();
        end();
        return;
      case 'abort':
        breakOff();
    }
  };
  post(port, { type: 'begun' });
  const known = await head;
  // No content: the frame stays as it is, and nothing is downloaded.
  return known ? new Response(stream, { headers: headersOf(known) }) : new Response(null, { status: 204 });
}

function headersOf({ name, sizeBytes }: { name: string; sizeBytes: number | null }): Headers {
  const headers = new Headers({
    'Content-Type': 'application/octet-stream',
    // RFC 6266 with RFC 8187: the name in UTF-8, everything else but letters and digits escaped.
    'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, escapeAscii)}`,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  if (sizeBytes !== null) headers.set('Content-Length', String(sizeBytes));
  return headers;
}

const escapeAscii = (letter: string): string => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;

function post(port: MessagePort, message: SaveToPage): void {
  port.postMessage(message);
}
