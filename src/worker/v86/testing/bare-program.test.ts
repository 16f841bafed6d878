import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { BARE_PROGRAMS } from './bare-program.ts';

const folder = fileURLToPath(new URL('programs/', import.meta.url));
const nasm = (() => {
  try {
    execFileSync('nasm', ['-v']);
    return true;
  } catch {
    console.warn('nasm is not here: the assembled programs are not compared with their sources.');
    return false;
  }
})();

it.runIf(nasm).each(BARE_PROGRAMS)('%s.bin is what its source says', (name) => {
  const output = join(mkdtempSync(join(tmpdir(), 'bare-')), name);
  execFileSync('nasm', ['-f', 'bin', '-o', output, `${name}.asm`], { cwd: folder });
  expect(Buffer.compare(readFileSync(output), readFileSync(`${folder}${name}.bin`))).toBe(0);
});
