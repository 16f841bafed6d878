import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder that lasts as long as the tests of one file. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-media-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Writes files below a folder, their folders too. */
export function writeTree(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), contents);
  }
}
