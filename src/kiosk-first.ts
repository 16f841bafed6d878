import { kioskAsked } from './page/kiosk-asked.ts';
import { KioskMemory } from './page/kiosk-memory.ts';
import { LocalMemory } from './page/local-memory.ts';

// Before the machine's element is defined: what a kiosk left running does not go on by itself. The exhibit file, which
// may make one of the page, is read much later; what it said the last time is known at once.
const memory = new KioskMemory(new LocalMemory(() => localStorage, 'vitrine-kiosk-settings'));
const file = new URLSearchParams(location.search).get('exhibit') ?? 'exhibit.json';
if (kioskAsked(location.search) ?? memory.wasEnabled(file))
  document.querySelector('vitrine-machine')?.setAttribute('kiosk', '');
