/** v86's bus as seen from the side of its adapters (upstream `src/bus.js`). */
export interface SoundBus {
  send(event: string, value?: unknown): void;
  register(event: string, listener: (value: never) => void, self?: unknown): void;
  unregister(event: string, listener: (value: never) => void): void;
}

/** What of v86's devices tells their state after a snapshot was restored, which sends no events (`cpu.devices`). */
export interface SoundDevices {
  sb16?: { readonly sampling_rate: number };
  pit?: { readonly counter_mode: ArrayLike<number>; readonly counter_reload: ArrayLike<number> };
}
