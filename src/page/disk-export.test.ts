import { expect, test } from 'vitest';
import { openDiskExport, type ExportingWorker } from './disk-export.ts';

function workerWith(pieces: number[], sizeBytes: number): ExportingWorker {
  return {
    begin: async () => ({ sizeBytes }),
    next: async () => {
      const length = pieces.shift();
      return length === undefined ? null : new Uint8Array(length);
    },
    end: async () => undefined,
  };
}

test('a file that has all its bytes ends', async () => {
  const { stream } = await openDiskExport(workerWith([3, 4], 7), {});
  expect((await new Response(stream).arrayBuffer()).byteLength).toBe(7);
});

for (const [what, sizeBytes] of [
  ['short', 8],
  ['long', 6],
] as const) {
  test(`a file that is too ${what} fails instead of ending`, async () => {
    const { stream } = await openDiskExport(workerWith([3, 4], sizeBytes), {});
    await expect(new Response(stream).arrayBuffer()).rejects.toMatchObject({ code: 'export/cut' });
  });
}
