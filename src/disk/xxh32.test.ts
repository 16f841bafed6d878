import { assert, asyncProperty, integer, uint32Array } from 'fast-check';
import { xxhash32 } from 'hash-wasm';
import { test } from 'vitest';
import { checkEqual } from './testing/check.ts';
import { xxh32 } from './xxh32.ts';

test('equals the XXH32 of another implementation, for any words and seed', async () => {
  const anySeed = integer({ min: 0, max: 0xffff_ffff });
  await assert(
    asyncProperty(uint32Array({ maxLength: 40 }), anySeed, async (words, seed) => {
      const expected = Number.parseInt(await xxhash32(new Uint8Array(words.buffer), seed), 16);
      checkEqual(xxh32(words, seed), expected, 'hash');
    }),
  );
});
