import { afterEach, describe, expect, it } from 'vitest';
import { speak, t, translate } from './language.ts';

afterEach(() => speak('en'));

describe('a sentence', () => {
  it('is said in the language of the page, its values in the order of the translation', () => {
    speak('de', { 'Saved {0} at {1}': 'Um {1} wurde {0} gespeichert', Close: 'Schließen' });
    expect(t`Saved ${'all'} at ${12}`).toBe('Um 12 wurde all gespeichert');
    expect(translate('Close')).toBe('Schließen');
  });

  it('stays English where the language has none, or one that is not written yet', () => {
    speak('fr', { Close: '', 'Saved {0}': '' });
    expect(translate('Close')).toBe('Close');
    expect(t`Saved ${'all'}`).toBe('Saved all');
    expect(t`Open`).toBe('Open');
  });
});
