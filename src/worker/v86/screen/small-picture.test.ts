import fc from 'fast-check';
import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { encodePng, shrinkPicture } from './small-picture.ts';

function flat(width: number, height: number, colour: readonly [number, number, number]) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set([...colour, 255], at);
  return { width, height, data };
}

it('keeps shape and colour at any size', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 60 }),
      fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)),
      (width, height, largest, colour) => {
        const small = shrinkPicture(flat(width, height, colour), largest);
        expect(small.width).toBeLessThanOrEqual(Math.min(width, largest));
        expect(Math.abs(small.height - Math.max(1, (height * small.width) / width))).toBeLessThanOrEqual(
          height / width + 1,
        );
        expect(small.rgb.length).toBe(small.width * small.height * 3);
        for (let at = 0; at < small.rgb.length; at += 3)
          expect([...small.rgb.subarray(at, at + 3)]).toEqual(colour);
      },
    ),
  );
});

it('takes the mean of what a pixel stands for', () => {
  const data = Uint8ClampedArray.from([0, 10, 255, 255, 200, 20, 0, 255]);
  const { rgb } = shrinkPicture({ width: 2, height: 1, data }, 1);
  expect([...rgb]).toEqual([100, 15, 128]);
});

it('makes a PNG that holds the rows', async () => {
  const rgb = Uint8Array.from({ length: 3 * 2 * 3 }, (_, i) => i * 14);
  const png = Buffer.from(await (await encodePng({ width: 3, height: 2, rgb })).arrayBuffer());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([3, 2]);
  const length = png.readUInt32BE(33);
  expect(png.subarray(37, 41).toString()).toBe('IDAT');
  const lines = inflateSync(png.subarray(41, 41 + length));
  expect([...lines.subarray(1, 10)]).toEqual([...rgb.subarray(0, 9)]);
  expect([...lines.subarray(11)]).toEqual([...rgb.subarray(9)]);
  expect(png.subarray(-8, -4).toString()).toBe('IEND');
});
