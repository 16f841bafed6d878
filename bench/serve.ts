import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';

const require = createRequire(import.meta.url);
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What the plain page needs, as the packages have it. */
const UPSTREAM_FILES = [
  'v86/build/libv86.mjs',
  'v86/build/v86.wasm',
  'v86-firmware/bios/seabios.bin',
  'v86-firmware/bios/vgabios.bin',
];

/** A page that is being served: the address of its root, with a slash at the end. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** The built app as `npm run preview` serves it, with the production headers, on a free port. */
export async function serveProduct(): Promise<Served> {
  return serve({
    root: ROOT,
    configFile: join(ROOT, 'vite.config.ts'),
    preview: { port: 0, strictPort: false },
  });
}

/** Upstream's own page: v86 straight from its package, by the same server. It needs a worker from a blob: no policy. */
export async function servePlainPage(): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-plain-'));
  const site = join(folder, 'dist');
  mkdirSync(site);
  const own = join(ROOT, 'bench/plain');
  for (const name of readdirSync(own)) copyFileSync(join(own, name), join(site, name));
  for (const file of UPSTREAM_FILES)
    copyFileSync(require.resolve(file), join(site, file.slice(file.lastIndexOf('/') + 1)));
  const served = await serve({ root: folder, configFile: false, preview: { host: '127.0.0.1', port: 0 } });
  return {
    url: served.url,
    close: async () => {
      await served.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function serve(config: Parameters<typeof preview>[0]): Promise<Served> {
  const server = await preview({ ...config, logLevel: 'warn' });
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error('The preview server has no local address.');
  return { url, close: () => server.close() };
}
