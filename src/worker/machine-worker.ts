import type { PageToMachine } from '../protocol/machine-messages.ts';
import { MachineHost } from './machine-host.ts';
import { loadEngineParts } from './v86/load-v86.ts';

/** Entry of the machine's worker: one worker is one machine from power-on to power-off. */
void loadEngineParts().catch(() => {
  // Told when the machine is started, which asks for the same.
});
const host = new MachineHost((message, transfer) => self.postMessage(message, { transfer }));

self.addEventListener('message', (event: MessageEvent<PageToMachine>) => host.receive(event.data));
// A fault that no call waits for: v86 starts and runs in callbacks of its own.
self.addEventListener('error', (event) => host.fail(event.error ?? event.message));
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  host.fail(event.reason);
});
