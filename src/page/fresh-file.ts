/**
 * A file that a museum edits: its exhibit file or a picture in it, as the server has it now. A server that says nothing
 * of caches lets a browser take what it fetched before for a tenth of the file's age (RFC 9111 §4.2.2), so an edit of a
 * file that lay untouched for a year would show in a month; `no-cache` asks the server each time.
 */
export function fetchFresh(url: URL | string): Promise<Response> {
  return fetch(url, { cache: 'no-cache' });
}

/**
 * Makes an `<img>` of this address show what the server has now: what is fetched takes the place of what the browser
 * had. Never rejects: without the server it shows what there is.
 */
export async function freshen(url: string): Promise<void> {
  try {
    await (await fetchFresh(url)).arrayBuffer();
  } catch {
    // The server cannot be reached: the picture tells that itself, or the browser still has one.
  }
}
