import type { PageToMachine } from '../protocol/machine-messages.ts';
import { MachineHost } from './machine-host.ts';
import { onUncaught } from './uncaught.ts';
import { loadEngineParts } from './v86/load-v86.ts';

/** Entry of the machine's worker: one worker is one machine from power-on to power-off. */
void loadEngineParts().catch(() => {
  // Told when the machine is started, which asks for the same.
});
const host = new MachineHost((message, transfer) => self.postMessage(message, { transfer }));

self.addEventListener('message', (event: MessageEvent<PageToMachine>) => host.receive(event.data));
onUncaught(self, (thrown) => host.fail(thrown));
