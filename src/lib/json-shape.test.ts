import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasJsonShape } from './json-shape.ts';

const limits = { depth: 4, bytesPerList: 16, bytesPerMember: 16, bytesPerItem: 4 };
const shapeOf = (text: string) => hasJsonShape(new TextEncoder().encode(text), limits);

describe('the shape of JSON', () => {
  it('is looked at outside of strings alone', () => {
    expect(shapeOf('[[[[1]]]]')).toBe(true);
    expect(shapeOf('[[[[[1]]]]]')).toBe(false);
    expect(shapeOf('["[[[[[[[[[["]')).toBe(true);
    expect(shapeOf(String.raw`["\"[[[[[[[[\\", [[[[1]]]]]`)).toBe(false);
    expect(shapeOf('[],'.repeat(10_000))).toBe(false);
    expect(shapeOf(`{${'"a":1,'.repeat(10_000)}"b":1}`)).toBe(false);
    expect(shapeOf(`[${'1,'.repeat(20_000)}1]`)).toBe(false);
    expect(shapeOf(`[${'1234,'.repeat(20_000)}1]`)).toBe(true);
    expect(shapeOf('"a string that never ends [[[[[[[')).toBe(true);
  });

  it('takes whatever is no deeper and not more than allowed', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, depthSize: 'small' }), (value) => {
        const depthOf = (item: unknown): number =>
          typeof item === 'object' && item !== null
            ? 1 + Math.max(0, ...Object.values(item).map(depthOf))
            : 0;
        expect(shapeOf(JSON.stringify(value))).toBe(depthOf(value) <= 4);
      }),
    );
  });
});
