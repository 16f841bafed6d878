import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MemorySource } from '../../bytes/byte-source.ts';
import { sumMore } from './fingerprint.ts';
import { inFolder } from './testing/qemu-image.ts';
import { run, toolMissing } from './testing/tools.ts';
import { readTellingPlaces } from './telling-places.ts';

const MIB = 1 << 20;
/** Beyond this size not every byte of a file is looked at. */
const DISK_BYTES = 300 * MIB;

/** A disk whose one partition, at 1 MiB, `make` fills and `use` then works with. */
function usedDisk(
  make: (path: string, sectors: number) => void,
  use: (path: string) => void,
): { before: Uint8Array; after: Uint8Array } {
  return inFolder((folder) => {
    const path = join(folder, 'disk');
    writeFileSync(path, '');
    truncateSync(path, DISK_BYTES);
    make(path, DISK_BYTES / 512 - 2048);
    const withTable = (): Uint8Array => {
      const bytes = new Uint8Array(readFileSync(path));
      const view = new DataView(bytes.buffer);
      bytes[450] = 7;
      view.setUint32(454, 2048, true);
      view.setUint32(458, DISK_BYTES / 512 - 2048, true);
      view.setUint16(510, 0x55aa);
      return bytes;
    };
    const before = withTable();
    use(path);
    return { before, after: withTable() };
  });
}

const sum = async (bytes: Uint8Array): Promise<string> => {
  const source = new MemorySource(bytes);
  return sumMore(source, await readTellingPlaces(source));
};

describe('a disk that was used meanwhile has another sum, though hardly anything of it changed', () => {
  test.skipIf(toolMissing('mformat', 'mcopy'))('FAT: one small file more', { timeout: 240_000 }, async () => {
    const { before, after } = usedDisk(
      (path, sectors) =>
        run('mformat', ['-i', `${path}@@${MIB}`, '-T', String(sectors), '-h', '64', '-s', '32', '-F', '::']),
      (path) => run('mcopy', ['-i', `${path}@@${MIB}`, '-', '::/NEW.TXT'], { input: 'new' }),
    );
    expect(await sum(before)).toBe(await sum(before.slice()));
    expect(await sum(after)).not.toBe(await sum(before));
  });

  test.skipIf(toolMissing('mkntfs', 'ntfscp'))(
    'NTFS: one small file more',
    { timeout: 240_000 },
    async () => {
      const { before, after } = inFolder((folder) => {
        const volume = join(folder, 'volume');
        writeFileSync(volume, '');
        truncateSync(volume, DISK_BYTES);
        run('mkntfs', ['--force', '--quick', '--quiet', volume]);
        const before = new Uint8Array(readFileSync(volume));
        writeFileSync(join(folder, 'new'), 'new');
        run('ntfscp', ['--quiet', '--force', volume, join(folder, 'new'), 'new.txt']);
        return { before, after: new Uint8Array(readFileSync(volume)) };
      });
      expect(await sum(after)).not.toBe(await sum(before));
    },
  );
});

test('of anything at all the places can be read', async () => {
  for (const bytes of [
    new Uint8Array(512),
    new Uint8Array(200_000).fill(0xff),
    new Uint8Array(8192).fill(0xeb),
  ])
    expect((await readTellingPlaces(new MemorySource(bytes)))[0].length).toBe(Math.min(65_536, bytes.length));
});
