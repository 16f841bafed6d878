import type { ReadableStore } from '../lib/store.ts';
import { isOn, type PowerState } from '../machine/power.ts';

/** Held, shared, by every page of the exhibit whose machine is on. */
const LOCK = 'vitrine-machine-on';

/** What is used of the browser's locks. */
export type Locks = Pick<LockManager, 'request' | 'query'>;

/** Lets every tab know, from now on, whether the machine of this one is on. */
export function announceMachine(power: ReadableStore<PowerState>, locks: Locks): void {
  let release: (() => void) | null = null;
  const follow = (state: PowerState): void => {
    if (isOn(state) && !release) {
      const off = new Promise<void>((resolve) => (release = resolve));
      void locks.request(LOCK, { mode: 'shared' }, () => off);
    } else if (!isOn(state) && release) {
      release();
      release = null;
    }
  };
  follow(power.value);
  power.subscribe(follow);
}

/** Whether any tab's machine is on. */
export async function isAnyOn(locks: Locks): Promise<boolean> {
  const { held = [], pending = [] } = await locks.query();
  return [...held, ...pending].some(({ name, mode }) => name === LOCK && mode === 'shared');
}

/** Does `deed` while it is sure that no tab's machine is on, and gives true; gives false where one is. */
export function whileAllAreOff(locks: Locks, deed: () => Promise<void>): Promise<boolean> {
  return locks.request(LOCK, { mode: 'exclusive', ifAvailable: true }, async (lock) => {
    if (lock) await deed();
    return lock !== null;
  });
}

/**
 * Resolves when the machines that are on now are off. Another may have been turned on meanwhile: look again with
 * `whileAllAreOff`.
 */
export async function untilOff(locks: Locks): Promise<void> {
  await locks.request(LOCK, { mode: 'exclusive' }, () => undefined);
}
