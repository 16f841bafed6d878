import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideOpening, type OpeningFacts } from './opening.ts';

const facts: fc.Arbitrary<OpeningFacts> = fc.record({
  leaving: fc.constantFrom('running' as const, 'left' as const, 'off' as const),
  checkpoint: fc.option(fc.record({ id: fc.string(), createdAt: fc.nat() })),
  diskMovedOn: fc.boolean(),
  diskAt: fc.nat(),
});

describe('decideOpening', () => {
  it('goes on by itself after a clean leave', () => {
    const checkpoint = { id: 'm4', createdAt: 1000 };
    expect(decideOpening({ leaving: 'left', checkpoint, diskMovedOn: false, diskAt: 900 })).toEqual({
      kind: 'resume',
      momentId: 'm4',
      at: 1000,
      isClean: true,
    });
  });

  it('offers both truths after a crash in which the disk went on', () => {
    const checkpoint = { id: 'm4', createdAt: 1000 };
    expect(decideOpening({ leaving: 'running', checkpoint, diskMovedOn: true, diskAt: 1500 })).toEqual({
      kind: 'offer-both',
      momentId: 'm4',
      at: 1000,
      diskAt: 1500,
    });
  });

  it('never starts a machine that was turned off, and never drops a disk that went on', () => {
    fc.assert(
      fc.property(facts, (known) => {
        const opening = decideOpening(known);
        if (known.leaving === 'off' || !known.checkpoint) expect(opening.kind).toBe('cold');
        if (known.diskMovedOn) expect(opening.kind).not.toBe('resume');
        if (opening.kind === 'resume') expect(opening.isClean).toBe(known.leaving === 'left');
      }),
    );
  });
});
