import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Where a real guest for tests lies, or null where this machine has none. The folder is `VITRINE_GUESTS` if that
 * is set, else `../shared/guests` beside the repository.
 */
export function guestPath(name: string): string | null {
  const folder = process.env['VITRINE_GUESTS'] ?? join(REPOSITORY, '../shared/guests');
  const path = resolve(folder, name);
  return existsSync(path) ? path : null;
}
