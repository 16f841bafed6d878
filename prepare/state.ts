import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/**
 * How far a disk is: `copying` is Setup's first part, from the disc; an interruption there means to begin again.
 * From `configuring` on the machine starts from the disk and can be continued.
 */
export type Stage = 'copying' | 'configuring' | 'done';

const STAGES: readonly string[] = ['copying', 'configuring', 'done'];

/** The stage that is written beside the disk; null when none is. Throws when the file is not one of ours. */
export function readStage(path: string): Stage | null {
  if (!existsSync(path)) return null;
  let state: unknown;
  try {
    state = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${path} is damaged. Begin again with --restart.`, { cause });
  }
  const stage = typeof state === 'object' && state !== null && 'stage' in state ? state.stage : null;
  if (isStage(stage)) return stage;
  throw new Error(`${path} is not a state of this script. Begin again with --restart.`);
}

/** Replaces the file in one step, so that a crash leaves the old or the new one. */
export function writeStage(path: string, stage: Stage): void {
  writeFileSync(`${path}.new`, `${JSON.stringify({ stage, at: new Date().toISOString() })}\n`);
  renameSync(`${path}.new`, path);
}

const isStage = (value: unknown): value is Stage => typeof value === 'string' && STAGES.includes(value);
