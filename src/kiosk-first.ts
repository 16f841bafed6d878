import { kioskAsked } from './page/kiosk-asked.ts';

// Before the machine's element is defined: what a kiosk left running does not go on by itself.
if (kioskAsked(location.search) === true)
  document.querySelector('vitrine-machine')?.setAttribute('kiosk', '');
