import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import { isMuseumFile } from '../src/lib/museum-cache.ts';
import type { ShellFile } from '../src/sw-install.ts';
import { SHIPPED_HOSTING_FILES } from './hosting.ts';
import { CONTENT_SECURITY_POLICY, PAGE_POLICY } from './security.ts';

const require = createRequire(import.meta.url);

const FIRMWARE = {
  'v86-firmware/bios/seabios.bin': '3a3c564433b066fb9fa12a0cb71797105e90155cfed70a0891f3bcc6b1e2681f',
  'v86-firmware/bios/vgabios.bin': '4322ee709a6599324ccfc6b2dd37245f7c27fe6927160d8ae306277838ca7155',
};

/** Refuses to build with firmware that is not, byte for byte, the one this product was tested with. */
export function checkFirmware(): Plugin {
  return {
    name: 'vitrine-check-firmware',
    buildStart() {
      for (const [file, expected] of Object.entries(FIRMWARE)) {
        const actual = createHash('sha256')
          .update(readFileSync(require.resolve(file)))
          .digest('hex');
        if (actual !== expected) {
          this.error(`${file} has sha256 ${actual}, expected ${expected}. Install again with npm ci.`);
        }
      }
    },
  };
}

/** Puts the policy into the page itself, for servers that send no headers. Not in development: Vite needs more. */
export function policyMetaTag(): Plugin {
  return {
    name: 'vitrine-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: PAGE_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** The licences of what is shipped go out with it. */
export function shipLicences(): Plugin {
  return {
    name: 'vitrine-licences',
    apply: 'build',
    generateBundle() {
      for (const name of ['LICENSE', 'THIRD-PARTY']) {
        this.emitFile({
          type: 'asset',
          fileName: `${name}.txt`,
          source: readFileSync(new URL(`../${name}`, import.meta.url)),
        });
      }
    },
  };
}

/** Settings for the servers that read them from the folder they serve. */
export function shipHosting(): Plugin {
  return {
    name: 'vitrine-hosting',
    apply: 'build',
    generateBundle() {
      for (const [fileName, write] of Object.entries(SHIPPED_HOSTING_FILES))
        this.emitFile({ type: 'asset', fileName, source: write() });
    },
  };
}

/** Keeps the exhibit for use without network: see `src/sw.ts`. */
export function offlineShell(): Plugin {
  return {
    name: 'vitrine-offline-shell',
    apply: 'build',
    enforce: 'post',
    writeBundle: ({ dir }) => (dir ? writeOfflineShell(dir) : undefined),
  };
}

/**
 * Builds `src/sw.ts` to `sw.js` at the root of the built site (its place is its scope), with the list of all files
 * there, what each must hold, and a hash over them: any change of any file makes a new version.
 */
export async function writeOfflineShell(dir: string): Promise<void> {
  const files = listFiles(dir).filter((file) => !file.endsWith('.map') && !NOT_KEPT.has(file));
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(join(dir, file)));
  const shell: ShellFile[] = files.map((file) => ({
    path: `./${file}`,
    sha256: isMadeWhole(file)
      ? createHash('sha256')
          .update(readFileSync(join(dir, file)))
          .digest('hex')
      : null,
  }));
  const index = shell.find(({ path }) => path === './index.html');
  await build({
    configFile: false,
    logLevel: 'warn',
    define: {
      __VITRINE_FILES__: JSON.stringify([...(index ? [{ ...index, path: './' }] : []), ...shell]),
      __VITRINE_POLICY__: JSON.stringify(CONTENT_SECURITY_POLICY),
      __VITRINE_VERSION__: JSON.stringify(hash.digest('hex').slice(0, 16)),
    },
    build: {
      outDir: dir,
      emptyOutDir: false,
      copyPublicDir: false,
      lib: {
        entry: fileURLToPath(new URL('../src/sw.ts', import.meta.url)),
        formats: ['iife'],
        name: 'sw',
        fileName: () => 'sw.js',
      },
    },
  });
}

/** What runs, and is of one piece: nobody edits it. Of texts and pictures each may be another one. */
function isMadeWhole(file: string): boolean {
  return !isMuseumFile(file) && /\.(html|js|css|wasm|iso|bin)$/.test(file);
}

/** The shell itself, and what servers read and give to nobody. */
const NOT_KEPT = new Set(['sw.js', ...Object.keys(SHIPPED_HOSTING_FILES)]);

function listFiles(folder: string, under = ''): string[] {
  return readdirSync(join(folder, under), { withFileTypes: true })
    .flatMap((entry) => {
      const name = under ? `${under}/${entry.name}` : entry.name;
      return entry.isDirectory() ? listFiles(folder, name) : [name];
    })
    .toSorted();
}
