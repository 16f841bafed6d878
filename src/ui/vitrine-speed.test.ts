import { describe, expect, it } from 'vitest';
import { signsOf } from './vitrine-speed.ts';

describe('the counter of the speed', () => {
  it('has three places, so that the words beside it do not move', () => {
    expect(signsOf(1)).toEqual([' ', ' ', '1']);
    expect(signsOf(85)).toEqual([' ', '8', '5']);
    expect(signsOf(406)).toEqual(['4', '0', '6']);
  });

  it('has a fourth for a computer that needs one', () => {
    expect(signsOf(1203)).toEqual(['1', '2', '0', '3']);
  });
});
