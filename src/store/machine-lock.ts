import { webLocks } from '../lib/secure-parts.ts';

/**
 * One writer for each machine, across tabs and workers of the site: a Web Lock, with a way to ask its holder to let
 * go. The lock is manners; that nothing is ever written by two is made sure by the session of the disk itself.
 */

const lockName = (machineId: string) => `vitrine-machine:${machineId}`;

/** Asks whoever holds the lock to let go of it. */
const LET_GO = 'let-go';

export interface MachineLock {
  /** Lets go; another tab may have the machine then. */
  release(): void;
}

/** How to have the lock when another tab holds it. */
export type LockWish =
  /** Do not: the answer is null. One that is let go of within a moment counts as free. */
  | { readonly kind: 'if-free' }
  /**
   * Ask the holder to let go and wait for it; one that does not answer within `patienceMs` (frozen, or hung) loses it
   * anyway, and finds that out at its next commit.
   */
  | { readonly kind: 'take-over'; readonly patienceMs: number };

/**
 * Takes the lock of a machine, or null when another holds it and the wish was 'if-free'. `onAsked` is called once when
 * another tab wants it: save, close, then `release`.
 */
export async function takeMachineLock(
  machineId: string,
  wish: LockWish,
  onAsked: () => void,
): Promise<MachineLock | null> {
  if (wish.kind === 'if-free') return requestSoon(machineId, onAsked);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), wish.patienceMs);
  const channel = new BroadcastChannel(lockName(machineId));
  try {
    channel.postMessage(LET_GO);
    return await request(machineId, { signal: patience.signal }, onAsked);
  } catch (error) {
    if (!patience.signal.aborted) throw error;
    return await request(machineId, { steal: true }, onAsked);
  } finally {
    clearTimeout(timer);
    channel.close();
  }
}

/**
 * How long a lock may take to come free by itself: the browser lets go of what a worker held some time after it was
 * ended, so a machine that is turned off hard and on again would meet its own lock.
 */
const ENDING_MS = 1_500;

/** Null when another holds it now and goes on holding it. */
async function requestSoon(machineId: string, onAsked: () => void): Promise<MachineLock | null> {
  const lock = await request(machineId, { ifAvailable: true }, onAsked);
  if (lock) return lock;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), ENDING_MS);
  try {
    return await request(machineId, { signal: patience.signal }, onAsked);
  } catch (error) {
    if (patience.signal.aborted) return null;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The machines that any tab has open, this one too. */
export async function lockedMachines(): Promise<Set<string>> {
  const { held = [] } = await webLocks().query();
  const prefix = lockName('');
  const names = held.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  return new Set(names);
}

/** Whether any tab has the machine open. */
export async function isMachineLocked(machineId: string): Promise<boolean> {
  const { held = [] } = await webLocks().query();
  return held.some(({ name }) => name === lockName(machineId));
}

function request(machineId: string, options: LockOptions, onAsked: () => void): Promise<MachineLock | null> {
  return new Promise((resolve, reject) => {
    const hold = (lock: Lock | null) => {
      if (!lock) {
        resolve(null);
        return undefined;
      }
      const channel = new BroadcastChannel(lockName(machineId));
      channel.addEventListener('message', onAsked, { once: true });
      return new Promise<void>((done) => {
        resolve({
          release() {
            channel.close();
            done();
          },
        });
      });
    };
    // Rejects before `hold` when the wait was given up, and after it when the lock was stolen: then this promise is
    // settled already, and the disk's session is what ends this tab's writing.
    webLocks().request(lockName(machineId), options, hold).catch(reject);
  });
}
