import './speak-first.ts';
import './kiosk-first.ts';
import { isSecureAddress } from './lib/secure-parts.ts';
import type { NewVersion } from './page/new-version.ts';
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
if (import.meta.env.PROD && isSecureAddress()) {
  keepOffline().catch((error: unknown) => {
    console.warn(
      'The exhibit will not work without its server: no service worker could be installed.',
      error,
    );
  });
}

/** The exhibit's files are 4 MB: a small computer would fetch and keep them instead of drawing the first view. */
const AFTER_FIRST_VIEW_MS = 2_500;

/** Nobody waits for it: what it needs is loaded after the page, and its words only when there is something to say. */
async function keepOffline(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, AFTER_FIRST_VIEW_MS));
  const { openShell, SHELL_SCRIPT } = await import('./page/offline-shell.ts');
  const machine = window.vitrineMachine();
  if (!machine) return;
  const shell = openShell(machine.session.power);
  if (!shell) return;
  const end = shell.state.subscribe(() => {
    end();
    void showShell(shell, SHELL_SCRIPT);
  });
  await shell.start(SHELL_SCRIPT);
}

async function showShell(shell: NewVersion, script: string): Promise<void> {
  // The public of a kiosk has no use for it; the kiosk takes new versions by itself.
  if (window.vitrineMachine()?.kiosk) return;
  await import('./ui/vitrine-update.ts');
  const line = document.createElement('vitrine-update');
  line.version = shell;
  line.script = script;
  document.body.append(line);
}
