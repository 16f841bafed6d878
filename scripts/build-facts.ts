import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildFacts } from '../src/page/report/build-facts.ts';
import { REPAIRS } from '../src/worker/v86/repairs/table.ts';
import { readPatchedEngine } from './engine/engine-patches.ts';

const require = createRequire(import.meta.url);
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What a report says of the build it comes from. */
export function buildFacts(): BuildFacts {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const { version: engine } = require('v86/package.json') as { version: string };
  return {
    version,
    source: hashOfSource(),
    engine,
    engineSha256: sha256(readPatchedEngine()),
    biosSha256: sha256(readFileSync(require.resolve('v86-firmware/bios/seabios.bin'))),
    vgaBiosSha256: sha256(readFileSync(require.resolve('v86-firmware/bios/vgabios.bin'))),
    repairs: REPAIRS.length,
    repairsSum: sha256(REPAIRS.map(({ id }) => id).join()).slice(0, 16),
  };
}

/** Of everything that is built, tests left out: two builds of the same sources have the same. */
function hashOfSource(): string {
  const hash = createHash('sha256');
  addFolder(hash, join(ROOT, 'src'));
  return hash.digest('hex').slice(0, 16);
}

function addFolder(hash: Hash, folder: string): void {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'testing') addFolder(hash, path);
    else if (entry.isFile() && !entry.name.endsWith('.test.ts'))
      hash.update(entry.name).update(readFileSync(path));
  }
}

function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}
