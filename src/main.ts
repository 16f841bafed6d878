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
