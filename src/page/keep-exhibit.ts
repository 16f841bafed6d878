import { cacheStorage } from '../lib/secure-parts.ts';
import type { Exhibit } from '../exhibit/exhibit-file.ts';
import { MUSEUM_CACHE } from '../lib/museum-cache.ts';

/**
 * Keeps an exhibit file and its pictures for use without network, and forgets those of an earlier one. Where the
 * browser keeps nothing (a private window, a full device) the exhibit needs its server; the promise is rejected then.
 */
export async function keepExhibit(url: URL, exhibit: Exhibit): Promise<void> {
  const cache = await cacheStorage()?.open(MUSEUM_CACHE);
  if (!cache) return;
  const pictures = exhibit.chapters.flatMap(({ picture }) =>
    picture ? [new URL(picture.src, new URL('./', url)).href] : [],
  );
  const wanted = new Set([url.href, ...pictures]);
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
  // One that is missing is no reason to keep none of the others.
  await Promise.allSettled(
    [...wanted].map((address) => cache.add(new Request(address, { cache: 'no-cache' }))),
  );
}
