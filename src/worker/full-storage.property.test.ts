import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFullCommand, FullScenario, type FullCommand } from './testing/full-scenario.ts';

async function run(commands: readonly FullCommand[]): Promise<FullScenario> {
  const scenario = new FullScenario();
  await scenario.begin();
  for (const command of commands) await scenario.do(command);
  await scenario.checkAll();
  return scenario;
}

/** The guest waits: for room to write, and for a flush. */
const full = (left: 'little' | 'none'): readonly FullCommand[] => [
  { kind: 'write', block: 0, blocks: 2, flush: true },
  { kind: 'tick' },
  { kind: 'take', as: 'kept' },
  { kind: 'pin', which: 0 },
  { kind: 'write', block: 1, blocks: 2, flush: true },
  { kind: 'tick' },
  { kind: 'room', left },
  { kind: 'write', block: 3, blocks: 9, flush: true },
  { kind: 'tick' },
];

const DEEDS: readonly FullCommand[] = [
  { kind: 'pause' },
  { kind: 'go-on' },
  { kind: 'export' },
  { kind: 'take', as: 'kept' },
  { kind: 'go-back', which: 0, keep: 'moment' },
  { kind: 'go-back', which: 0, keep: 'nothing' },
  { kind: 'pin', which: 0 },
  { kind: 'delete', which: 0 },
  { kind: 'kiosk-reset' },
  { kind: 'take-over' },
  { kind: 'power-off', unsaved: 'keep' },
  { kind: 'power-off', unsaved: 'drop' },
];

describe.each(['little', 'none'] as const)('a machine whose browser has %s room left', (left) => {
  it.each(DEEDS)('with I/O under way can be left by $kind $keep$unsaved', async (deed) => {
    await run([...full(left), deed, { kind: 'kiosk-reset' }, { kind: 'power-off', unsaved: 'drop' }]);
  });

  it.each(DEEDS)('may get there during $kind $keep$unsaved', async (deed) => {
    await run([...full(left).slice(0, -1), deed, { kind: 'tick' }, { kind: 'power-off', unsaved: 'drop' }]);
  });
});

describe('a machine whose browser runs out of room in the middle of what it does', () => {
  /** Room enough until then, with writes waiting. */
  const before = full('none')
    .filter(({ kind }) => kind !== 'room')
    .slice(0, -1);

  /** What takes more than one step. */
  const long = DEEDS.filter(({ kind }) => ['take', 'go-back', 'kiosk-reset', 'take-over'].includes(kind));

  it.each(long)('settles $kind $keep at every step of it, and loses nothing', async (deed) => {
    for (let after = 0; after < 6; after++) {
      const ends = { kind: 'room-ends', after, left: 'none' } as const;
      await run([...before, ends, deed, { kind: 'tick' }, { kind: 'power-off', unsaved: 'drop' }]);
    }
  });
});

describe('a machine whose browser has no room left', () => {
  it('goes back to its first state where there is room to note it', async () => {
    const { met } = await run([...full('little'), { kind: 'kiosk-reset' }]);
    expect([...met]).toEqual([]);
  });

  it('and where there is no room even for that, in the room of what was written since', async () => {
    const { met } = await run([...full('none'), { kind: 'kiosk-reset' }]);
    expect([...met]).toEqual([]);
  });

  it('is refused, and stays as it was, where nothing was written since or all is to be kept', async () => {
    const frozen = full('none').filter((command) => command.kind !== 'write' || command.block !== 1);
    expect([...(await run([...frozen, { kind: 'kiosk-reset' }])).met]).toEqual(['kiosk-reset refused']);
    const undo = { kind: 'go-back', which: 0, keep: 'moment' } as const;
    expect([...(await run([...full('none'), undo])).met]).toEqual(['go-back refused']);
  });

  it('settles whatever is done to it, in whatever order, and loses nothing that it was told is safe', async () => {
    const met = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(anyFullCommand, { minLength: 4, maxLength: 30 }), async (commands) => {
        for (const each of (await run(commands)).met) met.add(each);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 40) },
    );
    expect(met.size).toBeGreaterThan(2);
  }, 180_000);
});
