import { expect, it } from 'vitest';
import { LocalMemory } from './local-memory.ts';
import { DEFAULT_PREFERENCES, rememberPreferences } from './preferences.ts';

function memoryWith(text: string | null) {
  const items = new Map<string, string>(text === null ? [] : [['p', text]]);
  const storage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
  return new LocalMemory(() => storage, 'p');
}

it('begins with the defaults, and gives back what was chosen', () => {
  const memory = memoryWith(null);
  const preferences = rememberPreferences(memory);
  expect(preferences.value).toEqual(DEFAULT_PREFERENCES);
  preferences.patch({ pauseWhenHidden: false });
  expect(rememberPreferences(memory).value).toEqual({ ...DEFAULT_PREFERENCES, pauseWhenHidden: false });
});

it.each(['', '{', '7', 'null', '{"pauseWhenHidden":"no","sharpPicture":1}'])(
  'starts afresh from damage: %s',
  (text) => {
    expect(rememberPreferences(memoryWith(text)).value).toEqual(DEFAULT_PREFERENCES);
  },
);
