import { createServer } from 'node:http';
import { build } from 'vite';

/** A tiny page served from localhost (a secure context: Web Locks and storage work), for tests and benches. */
export interface TestPage {
  readonly url: string;
  close(): Promise<void>;
}

export interface TestPageOptions {
  /** Sent with everything, as a server in production does. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the exhibit's own service worker is served too, as `/sw.js`. It keeps the page alone. */
  readonly offlineShell?: boolean;
}

/**
 * Bundles `entry` (a module path from the repository's root) and serves it alone on a page of its own origin. The
 * module runs as the page's only script; what it wants to be called by tests it puts on `window`. A worker's module,
 * if given, is served as `/worker.js`.
 */
export async function serveTestPage(
  entry: string,
  workerEntry?: string,
  { headers = {}, offlineShell = false }: TestPageOptions = {},
): Promise<TestPage> {
  const scripts = new Map([['/page.js', await bundle(entry)]]);
  if (workerEntry) scripts.set('/worker.js', await bundle(workerEntry));
  if (offlineShell) scripts.set('/sw.js', await bundle('src/sw.ts', SHELL_OF_THE_PAGE));
  const server = createServer((request, response) => {
    const script = scripts.get(request.url ?? '');
    response.writeHead(200, {
      ...headers,
      'content-type': script ? 'text/javascript' : 'text/html; charset=utf-8',
    });
    response.end(
      script ?? '<!doctype html><title>store</title><script type="module" src="/page.js"></script>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The test server has no port.');
  return {
    url: `http://localhost:${address.port}/`,
    close: () =>
      new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  };
}

/** What the build fills in for the exhibit's files (`scripts/build-plugins.ts`). */
const SHELL_OF_THE_PAGE = {
  __VITRINE_POLICY__: JSON.stringify(''),
  __VITRINE_FILES__: JSON.stringify([
    { path: './', sha256: null },
    { path: './page.js', sha256: null },
  ]),
  __VITRINE_VERSION__: JSON.stringify('test'),
};

async function bundle(entry: string, define: Record<string, string> = {}): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    define,
    build: { write: false, target: 'es2022', minify: false, rolldownOptions: { input: entry } },
  });
  for (const file of 'output' in result ? result.output : []) if (file.type === 'chunk') return file.code;
  throw new Error(`Bundling ${entry} gave no script.`);
}
