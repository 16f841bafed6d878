import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { MemorySource } from '../bytes/byte-source.ts';
import { findBootFiles } from './boot-files.ts';
import { isoSource, windowsDisc } from './testing/discs.ts';

describe('findBootFiles', () => {
  it('finds on a disc as Microsoft’s what Setup starts from, in pieces too', async () => {
    for (const spec of [{}, { extentSectors: 2 }]) {
      const disc = windowsDisc(spec);
      const files = await findBootFiles(disc);
      expect(files.map(({ id }) => id)).toEqual(['boot-image', 'bootmgr', 'bcd', 'boot-wim', 'install-wim']);
      const bootmgr = files.find(({ id }) => id === 'bootmgr')!;
      expect(bootmgr.sizeBytes).toBe(3000);
      const bytes = bootmgr.extents.flatMap(({ offsetBytes, lengthBytes }) => [
        ...disc.bytes(offsetBytes, lengthBytes),
      ]);
      expect(bytes).toEqual(Array(3000).fill(1));
    }
  });

  it('finds them on a disc without UDF, whatever the case of their names', async () => {
    const files = await findBootFiles(await isoSource({ BOOTMGR: 'x', 'SOURCES/BOOT.WIM': 'wim' }));
    expect(files.map(({ id, sizeBytes }) => [id, sizeBytes])).toEqual([
      ['boot-image', 2048],
      ['bootmgr', 1],
      ['boot-wim', 3],
    ]);
  });

  it('gives what there is, and never more, for bytes of any kind', async () => {
    const whole = windowsDisc().bytes(0, 700_000);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length),
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 40 }),
        async (length, changes) => {
          const bytes = whole.slice(0, length);
          for (const [at, value] of changes) if (at < length) bytes[at] = value;
          const files = await findBootFiles(new MemorySource(bytes, 'disc.iso'));
          for (const { extents } of files)
            for (const { lengthBytes } of extents) expect(lengthBytes).toBeGreaterThan(0);
        },
      ),
      { numRuns: 40 },
    );
  });
});
