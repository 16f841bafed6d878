import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** Runs a script of this folder; what it cannot do here it says in a line "skipped: why". */
function run(command: string, script: string) {
  const { status, stdout, stderr } = spawnSync(command, [fileURLToPath(new URL(script, import.meta.url))], {
    encoding: 'utf8',
    timeout: 240_000,
  });
  const output = stdout + stderr;
  return { status, output, skipped: /^skipped: .*$/m.exec(output)?.[0] };
}

describe('the house disc', () => {
  it('is, bit for bit, what its sources make', { timeout: 120_000 }, (context) => {
    const { status, output, skipped } = run('sh', './check.sh');
    if (skipped) context.skip(skipped);
    expect(status, output).toBe(0);
  });

  it('boots and answers in QEMU', { timeout: 240_000 }, (context) => {
    const { status, output, skipped } = run('node', './test-qemu.mjs');
    if (skipped) context.skip(skipped);
    expect(status, output).toBe(0);
  });
});
