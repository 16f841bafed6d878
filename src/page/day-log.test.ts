import { describe, expect, it } from 'vitest';
import { DayLog, LONGEST_LOG } from './day-log.ts';
import { LocalMemory } from './local-memory.ts';

function memory(items = new Map<string, string>()): LocalMemory {
  return new LocalMemory(
    () => ({
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
    }),
    'log',
  );
}

describe('the log of the day', () => {
  it('survives the page, is bounded, and is plain text', () => {
    const kept = memory();
    const log = new DayLog(kept);
    log.note(Date.UTC(2026, 10, 26, 9), 'started');
    log.note(Date.UTC(2026, 10, 26, 10), 'machine-failed', 'it\nstopped\there');
    const again = new DayLog(kept);
    expect(again.text()).toBe(
      'time\tkind\tdetail\n2026-11-26T09:00:00.000Z\tstarted\t\n2026-11-26T10:00:00.000Z\tmachine-failed\tit stopped here\n',
    );
    for (let index = 0; index < LONGEST_LOG + 10; index++) again.note(index, 'reset', 'x'.repeat(1000));
    expect(again.entries).toHaveLength(LONGEST_LOG);
    expect(again.entries[0]).toEqual({ at: 10, kind: 'reset', detail: 'x'.repeat(300) });
  });

  it('begins anew where what was kept is damaged', () => {
    const items = new Map([
      ['log', '{"entries": [7, {"at": "x"}, {"at": 1, "kind": "reset", "detail": ""}]}'],
    ]);
    expect(new DayLog(memory(items)).entries).toEqual([{ at: 1, kind: 'reset', detail: '' }]);
    expect(new DayLog(memory(new Map([['log', '{']]))).entries).toEqual([]);
  });
});
