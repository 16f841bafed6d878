import './speak-first.ts';
import type { VitrineMachine } from './ui/vitrine-machine.ts';
import './ui/vitrine-exhibit.ts';
import './ui/vitrine-machine.ts';

declare global {
  interface Window {
    /** The exhibit's machine, for tests and for the curious at the console. */
    vitrineMachine(): VitrineMachine | null;
  }
}

window.vitrineMachine = () => document.querySelector('vitrine-machine');

// Offline after one visit. Not in development, where files change under it; a browser without it is only online.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  navigator.serviceWorker.register('./sw.js').catch((error: unknown) => {
    console.warn(
      'The exhibit will not work without its server: no service worker could be installed.',
      error,
    );
  });
}
