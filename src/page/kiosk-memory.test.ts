import { expect, it } from 'vitest';
import { defaultKioskSettings, readKioskSettings } from '../exhibit/kiosk-settings.ts';
import { kioskAsked, kioskSetupAsked, withoutSetup } from './kiosk-asked.ts';
import { KioskMemory } from './kiosk-memory.ts';
import { LocalMemory } from './local-memory.ts';

function memoryOf(kept: Map<string, string>): KioskMemory {
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  return new KioskMemory(new LocalMemory(() => storage, 'kiosk'));
}

it('what a file said of the kiosk the last time is known when it cannot be read, its PIN among it', () => {
  const kept = new Map<string, string>();
  const pin = { salt: '07'.repeat(16), hash: '0a'.repeat(32), iterations: 300_000 };
  memoryOf(kept).remember('room.json', { ...defaultKioskSettings(), enabled: true, pin });
  memoryOf(kept).remember('exhibit.json', null);
  const later = memoryOf(kept);
  expect(later.wasEnabled('room.json')).toBe(true);
  expect(readKioskSettings(later.recall('room.json'))?.pin).toEqual(pin);
  expect(later.wasEnabled('exhibit.json')).toBe(false);
  expect(later.recall('other.json')).toBe(undefined);
});

it('damaged, it is nothing and no accident', () => {
  for (const text of ['{', '{"files": 7}', '{"files": [1, ["a"], ["room.json", {"enabled": "yes"}]]}']) {
    const memory = memoryOf(new Map([['kiosk', text]]));
    expect(memory.wasEnabled('room.json')).toBe(false);
    expect(readKioskSettings(memory.recall('room.json'))).toBe(null);
  }
});

it('the address says whether it is a kiosk, and whether staff set it up', () => {
  const asked = ['', '?kiosk', '?kiosk=1', '?kiosk=setup', '?kiosk=0', '?kiosk=false'].map(kioskAsked);
  expect(asked).toEqual([null, true, true, true, false, false]);
  expect(['?kiosk', '?kiosk=setup', '?kiosk=0'].map(kioskSetupAsked)).toEqual([false, true, false]);
  expect(withoutSetup('http://x/?kiosk=setup&exhibit=a.json')).toBe('http://x/?kiosk=1&exhibit=a.json');
});
