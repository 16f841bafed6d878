import type { Bus, PitDevice, SoundBlaster } from '../internals.ts';

/** v86's bus as seen from the side of its adapters (upstream `src/bus.js`). */
export type SoundBus = Bus;

/** What of v86's devices tells their state after a snapshot was restored, which sends no events (`cpu.devices`). */
export interface SoundDevices {
  sb16?: SoundBlaster;
  pit?: {
    readonly [Name in 'counter_mode' | 'counter_reload']: Pick<PitDevice[Name], number>;
  };
}
