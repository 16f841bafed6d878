import { expect, test } from 'vitest';
import { MemoryRecords, MemoryRecordStore } from '../disk/memory-record-store.ts';
import { ManualClock } from '../disk/testing/manual-clock.ts';
import { newMachine } from '../disk/testing/new-machine.ts';
import { VirtualDisk } from '../disk/virtual-disk.ts';
import type { MomentEntry, MomentIndex, MomentKind } from '../snapshot/moment-index.ts';
import { openRunningDisk } from './running-disk.ts';

async function setUp(kind: MomentKind) {
  const store = new MemoryRecordStore(new MemoryRecords());
  await newMachine(store, 'a', { sizeBytes: 2 ** 20 });
  const device = await VirtualDisk.open(store, { machineId: 'a', clock: new ManualClock() });
  const generation = await device.freezeTop();
  const index = { moments: [{ id: 'm1', kind, generation } as MomentEntry] } as Partial<MomentIndex>;
  return {
    generation,
    open: () => openRunningDisk({ device, base: null }, { index: index as MomentIndex }, 'm1'),
  };
}

for (const kind of ['checkpoint', 'before'] as const) {
  test(`a moment that the running machine replaces by itself (${kind}) is not exported`, async () => {
    const { open } = await setUp(kind);
    await expect(open()).rejects.toMatchObject({ code: 'export/passing-moment' });
  });
}

test('a moment that the visitor keeps is exported as it is', async () => {
  const { open, generation } = await setUp('kept');
  expect((await open()).generation).toBe(generation);
});
