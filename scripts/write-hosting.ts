import { mkdirSync, writeFileSync } from 'node:fs';
import { HOSTING_FILES } from './hosting.ts';

/** `npm run hosting`: writes the servers' settings again, after a change of `security.ts` or `hosting.ts`. */
const folder = new URL('../hosting/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, write] of Object.entries(HOSTING_FILES)) writeFileSync(new URL(name, folder), write());
