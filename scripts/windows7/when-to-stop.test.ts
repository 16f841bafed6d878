import { describe, expect, it } from 'vitest';
import {
  NO_COUNTS,
  NO_RECORD,
  type BootRecord,
  type MilestoneId,
} from '../../src/machine/milestones/milestones.ts';
import { RunClock } from './when-to-stop.ts';

const LIMITS = { quietMs: 1000, longestMs: 10_000 };
const WHEN = { atMs: 1, instructions: 1, restarts: 0 };
const reached = (...ids: MilestoneId[]): BootRecord => ({
  ...NO_RECORD,
  reached: ids.map((id) => ({ id, evidence: [], ...WHEN })),
});

describe('RunClock', () => {
  it('goes on while milestones or data come, and ends when nothing new does', () => {
    const clock = new RunClock(LIMITS, 0);
    expect(clock.look(NO_RECORD, 'running', 900)).toBeNull();
    expect(clock.look(reached('bootmgr'), 'running', 1800)).toBeNull();
    const reads = { ...reached('bootmgr'), counts: { ...NO_COUNTS, discReadBytes: 2048 } };
    expect(clock.look(reads, 'running', 2700)).toBeNull();
    const polls = { ...reads, counts: { ...reads.counts, packets: { '4a': 7 } } };
    expect(clock.look(polls, 'running', 3600)).toBeNull();
    expect(clock.look(polls, 'running', 3700)).toBe('nothing-new');
  });

  it('ends at the second boot, at a stop, when the machine is off, and at the limit', () => {
    const clock = () => new RunClock(LIMITS, 0);
    expect(clock().look(reached('second-boot'), 'running', 1)).toBe('second-boot');
    const stopped = { ...NO_RECORD, stops: [{ kind: 'bug-check' as const, code: 0x7b, ...WHEN }] };
    expect(clock().look(stopped, 'running', 1)).toBe('stop-screen');
    expect(clock().look(NO_RECORD, 'off', 1)).toBe('machine-off');
    expect(clock().look(NO_RECORD, 'failed', 1)).toBe('machine-off');
    expect(clock().look(NO_RECORD, 'starting', 1)).toBeNull();
    expect(clock().look(NO_RECORD, 'running', 10_000)).toBe('time-is-up');
  });
});
