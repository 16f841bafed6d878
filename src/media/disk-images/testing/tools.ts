import { spawnSync } from 'node:child_process';

/** True, with a line that says so, where a program that a test compares with is not installed. */
export function toolMissing(...programs: string[]): boolean {
  const missing = programs.filter((program) => spawnSync('which', [program]).status !== 0);
  if (missing.length > 0) console.warn(`skipped: ${missing.join(', ')} not installed`);
  return missing.length > 0;
}

/** Runs a program and gives what it printed; throws with its messages when it fails. */
export function run(program: string, args: string[], options: { input?: string | Uint8Array } = {}): string {
  const done = spawnSync(program, args, { ...options, maxBuffer: 2 ** 28 });
  if (done.status !== 0) {
    throw new Error(
      `${program} ${args.join(' ')}\n${String(done.error ?? '')}${String(done.stdout)}${String(done.stderr)}`,
    );
  }
  return done.stdout.toString();
}
