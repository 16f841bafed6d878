import { within } from '../lib/within.ts';

/** A server, or what stands before it, that has not given a file of a museum's by then does not give it. */
const PATIENCE_MS = 30_000;

export interface FreshFile {
  readonly ok: boolean;
  readonly status: number;
  readonly bytes: Uint8Array;
}

/**
 * A file that a museum edits: its exhibit file or a picture in it, as the server has it now. A server that says nothing
 * of caches lets a browser take what it fetched before for a tenth of the file's age (RFC 9111 §4.2.2), so an edit of a
 * file that lay untouched for a year would show in a month; `no-cache` asks the server each time. Rejects when it cannot
 * be reached, or has not answered in full within half a minute: a kiosk waits for it.
 */
export async function fetchFresh(url: URL | string): Promise<FreshFile> {
  const asked = new AbortController();
  const file = fetch(url, { cache: 'no-cache', signal: asked.signal }).then(async (response) => {
    return { ok: response.ok, status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
  });
  return within(file, PATIENCE_MS, () => {
    asked.abort();
    return new DOMException(`no answer for ${PATIENCE_MS / 1000} s`, 'TimeoutError');
  });
}

/**
 * Makes an `<img>` of this address show what the server has now: what is fetched takes the place of what the browser
 * had. Never rejects: without the server it shows what there is.
 */
export async function freshen(url: string): Promise<void> {
  try {
    await fetchFresh(url);
  } catch {
    // The server cannot be reached: the picture tells that itself, or the browser still has one.
  }
}
