import { beforeAll, describe, expect, test } from 'vitest';
import { MemorySource } from '../../bytes/byte-source.ts';
import { VitrineError } from '../../lib/errors.ts';
import { inspectDiskImage } from './inspect-disk-image.ts';
import { openDiskImage } from './open-disk-image.ts';
import { altered, convert } from './testing/qemu-image.ts';
import { readAll } from './testing/read-all.ts';
import { toolMissing } from './testing/tools.ts';

const MIB = 1 << 20;
/** Four blocks of 2 MiB, the third of them empty. */
const DISK = new Uint8Array(8 * MIB);
for (const block of [0, 1, 3]) DISK.fill(block + 1, block * 2 * MIB, block * 2 * MIB + 5000);

/** The variant that it is opened as when it gives the right disk, else the code of the refusal. */
async function open(bytes: Uint8Array): Promise<string> {
  try {
    const image = await openDiskImage(new MemorySource(bytes, 'old.vhd'));
    if (image.format !== 'vhd') return image.format;
    expect(Buffer.compare(await readAll(image), DISK)).toBe(0);
    return image.variant;
  } catch (error) {
    if (error instanceof VitrineError) return error.code;
    throw error;
  }
}

const padded = (bytes: Uint8Array, count: number, value = 0): Uint8Array => {
  const out = new Uint8Array(bytes.length + count).fill(value);
  out.set(bytes);
  return out;
};

describe.skipIf(toolMissing('qemu-img'))('a VHD', () => {
  for (const variant of ['dynamic', 'fixed']) {
    describe(`that is ${variant}`, () => {
      let image: Uint8Array;
      beforeAll(() => {
        image = convert(DISK, '-O', 'vpc', '-o', `subformat=${variant},force_size=on`);
      });

      test('opens with a footer of 511 bytes, and with zeros behind it', async () => {
        expect(await open(image)).toBe(variant);
        expect(await open(image.subarray(0, image.length - 1))).toBe(variant);
        for (const zeros of [1, 511, 512, 4096, 100_000]) {
          expect(await open(padded(image, zeros)), String(zeros)).toBe(variant);
          expect(await open(padded(image.subarray(0, image.length - 1), zeros))).toBe(variant);
        }
        const { reasons } = await inspectDiskImage(new MemorySource(padded(image, 7)));
        expect(reasons.map(({ code }) => code)).not.toContain('disk/odd-size');
      });
    });
  }

  test('that is fixed opens when its footer is damaged and still says how long the disk is', async () => {
    const image = convert(DISK, '-O', 'vpc', '-o', 'subformat=fixed,force_size=on');
    const footer = image.length - 512;
    expect(await open(altered(image, (view) => view.setUint8(footer + 30, 1)))).toBe('fixed');
    expect(await open(altered(image, (view) => view.setUint8(footer + 55, 1)))).toBe('raw');
  });

  describe('that is dynamic, without a sound footer', () => {
    let image: Uint8Array;
    let footer = 0;
    beforeAll(() => {
      image = convert(DISK, '-O', 'vpc', '-o', 'subformat=dynamic,force_size=on');
      footer = image.length - 512;
    });

    test('opens by the copy at its start: zeros, noise, or nothing in its place, or anything behind it', async () => {
      expect(await open(altered(image, (_, copy) => copy.fill(0, footer)))).toBe('dynamic');
      expect(await open(altered(image, (_, copy) => copy.fill(0xa5, footer)))).toBe('dynamic');
      expect(await open(altered(image, (view) => view.setUint8(footer + 30, 1)))).toBe('dynamic');
      expect(await open(image.subarray(0, footer))).toBe('dynamic');
      expect(await open(image.subarray(0, footer + 200))).toBe('dynamic');
      expect(await open(padded(image, 3000, 0xf6))).toBe('dynamic');
    });

    test('is refused where a block was cut off, before anything of it is read', async () => {
      for (const missing of [1, 512, 2 * MIB, 4 * MIB]) {
        expect(await open(image.subarray(0, footer - missing)), String(missing)).toBe('image/cut');
      }
    });
  });
});
