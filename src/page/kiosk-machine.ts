import type { KioskMachine } from './kiosk-session.ts';
import type { MachineSession } from './machine-session.ts';

/** The machine in the case as a kiosk handles it. `opened`: when it is decided what becomes of one that was left running. */
export function kioskMachine(session: MachineSession, opened: () => Promise<void>): KioskMachine {
  const { power } = session;

  async function toFirst(): Promise<boolean> {
    const done = await session.moments.resetToFirst();
    // What is said of going back is for visitors of their own machine, not for these.
    session.deeds.dismiss();
    return done;
  }

  async function anew(): Promise<void> {
    if (power.value.power !== 'off' && power.value.power !== 'failed') await session.powerOff();
    await session.powerOn();
  }

  return {
    async start() {
      await opened();
      if (!(await toFirst())) await anew();
    },
    async reset() {
      if (!(await toFirst())) await anew();
    },
    async powerOff() {
      await session.powerOff();
    },
    standing() {
      const state = power.value;
      if (state.power === 'failed') return 'failed';
      if (state.power === 'off') return 'ended';
      if (state.power === 'paused') return state.reason === 'storage-full' ? 'full' : 'other';
      if (state.power === 'running') return session.halted.value ? 'stopped' : 'runs';
      return 'other';
    },
    failure() {
      const state = power.value;
      return state.power === 'failed' ? `${state.error.code}: ${state.error.message}` : '';
    },
    ping: () => session.stats(),
  };
}
