import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { MEDIA_TYPES } from '../scripts/hosting.ts';
import { PRODUCTION_HEADERS } from '../scripts/security.ts';

/** A web server of a test's own: it serves one folder, can be given another meanwhile, and really ends. */
export class StaticServer {
  /** What is served from now on. */
  folder: string;
  /** Called before a file is sent; a status is sent in its place. For what goes wrong on the way. */
  meddle: (path: string) => Promise<number | undefined> = async () => undefined;
  /** As `python3 -m http.server` does it: no policy, no rules for caches, only the file's own time. */
  isPlain = false;
  /** The address of the folder; still the same when nobody answers there any more. */
  url = '';
  readonly #server: Server;

  private constructor(folder: string) {
    this.folder = folder;
    this.#server = createServer((request, response) => {
      const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
      void this.#answer(path.endsWith('/') ? `${path}index.html` : path, response);
    });
  }

  static async start(folder: string): Promise<StaticServer> {
    const server = new StaticServer(folder);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    server.url = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}/`;
    return server;
  }

  /** Cuts every connection; from then on nobody answers at the address. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const ended = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await ended;
  }

  async #answer(path: string, response: ServerResponse): Promise<void> {
    const status = await this.meddle(path);
    const file = join(this.folder, path);
    if (status !== undefined || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(status ?? 404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': typeOf(path),
      ...(this.isPlain
        ? { 'Last-Modified': statSync(file).mtime.toUTCString() }
        : { ...PRODUCTION_HEADERS, 'Cache-Control': 'no-cache' }),
    });
    createReadStream(file).pipe(response);
  }
}

/** The media type that every server must give a file of the exhibit. */
export function typeOf(path: string): string {
  const ending = extname(path).slice(1);
  const found = Object.entries(MEDIA_TYPES).find(([, endings]) => endings.includes(ending));
  if (!found) throw new Error(`No media type is known for ${path}: add it to scripts/hosting.ts.`);
  return found[0];
}
