import { expect, test } from 'vitest';
import { PageCodec } from './page-codec.ts';
import { openSealed, sealBytes } from './sealed-bytes.ts';

const MIB = 2 ** 20;
const codec = PageCodec.standalone();

test('gives what was sealed, up to the length that is allowed', () => {
  const bytes = Uint8Array.from({ length: 2 * MIB + 77 }, (_, i) => (i * 2_654_435_761) >>> 13);
  const sealed = sealBytes(codec, bytes);
  expect(Buffer.from(openSealed(codec, sealed, bytes.length)!).equals(Buffer.from(bytes))).toBe(true);
  expect(openSealed(codec, sealed, bytes.length - 1)).toBeNull();
});

test('parts are sealed as if they were one', () => {
  const bytes = Uint8Array.from({ length: 3 * MIB + 5 }, (_, i) => (i * 2_654_435_761) >>> 13);
  const whole = Buffer.from(sealBytes(codec, bytes));
  for (const cuts of [[], [0, 4], [1, 2 * MIB], [MIB, MIB, 2 * MIB], [MIB - 1, 3 * MIB + 5]]) {
    const places = [0, ...cuts, bytes.length];
    const parts = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
    expect(whole.equals(Buffer.from(sealBytes(codec, ...parts))), String(cuts)).toBe(true);
  }
});

test('a record that is cut, or goes on after its end, is none', () => {
  const sealed = sealBytes(codec, new Uint8Array(3 * MIB));
  expect(openSealed(codec, sealed.subarray(0, -1), 4 * MIB)).toBeNull();
  expect(openSealed(codec, new Uint8Array([...sealed, 0]), 4 * MIB)).toBeNull();
});

test('what a few kilobytes claim to be is not given room before it is there', () => {
  const blocks = 1000;
  const words = new Uint32Array(4 + 4 * blocks);
  words.set([0x4c534d56, blocks * MIB, 0, blocks]);
  for (let i = 0; i < blocks; i++) words.set([MIB, MIB, 0, 0], 4 + i * 4);
  const before = process.memoryUsage().arrayBuffers;
  expect(openSealed(codec, new Uint8Array(words.buffer), blocks * MIB)).toBeNull();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MIB);
});
