import { afterEach, describe, expect, it, vi } from 'vitest';
import { browserPage } from './kiosk-page.ts';

afterEach(() => void vi.unstubAllGlobals());

/** What is found at the page's address. */
function network(answer: () => Promise<Response>): { asked: string[] } {
  const asked: string[] = [];
  vi.stubGlobal('location', { href: 'http://exhibit.lan/room/?kiosk&exhibit=a.json#top' });
  vi.stubGlobal('fetch', (url: URL) => {
    asked.push(url.href);
    return answer();
  });
  return { asked };
}

const page = (body: string, status = 200): (() => Promise<Response>) => {
  return () => Promise.resolve(new Response(body, { status, headers: { 'content-type': 'text/html' } }));
};

describe('whether a page that is loaded again would be answered', () => {
  it('asks for the file of the page, and nothing of what its address says besides', async () => {
    const { asked } = network(page('<body><vitrine-machine slot="machine"></vitrine-machine>'));
    expect(await browserPage.answers()).toBe(true);
    expect(asked).toEqual(['http://exhibit.lan/room/index.html']);
  });

  it.each([
    ['a network’s sign-in page', page('<html><form action="/login">Room number')],
    ['an empty page', page('')],
    ['an error', page('<vitrine-machine>', 503)],
  ])('takes %s for no answer', async (_name, answer) => {
    network(answer);
    expect(await browserPage.answers()).toBe(false);
  });

  it('rejects when nobody answers', async () => {
    network(() => Promise.reject(new TypeError('Failed to fetch')));
    await expect(browserPage.answers()).rejects.toThrow('Failed to fetch');
  });
});
