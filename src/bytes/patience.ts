import { VitrineError } from '../lib/errors.ts';
import { within } from '../lib/within.ts';

/** A disk that has to spin up takes some ten seconds, a file that has to come from a network a few more. */
const PATIENCE_MS = 60_000;

/**
 * What a read of a visitor's file gives; rejects with `bytes/silent` when its drive never answers, as one does that was
 * pulled out at the wrong moment.
 */
export function silentAfter<T>(read: Promise<T>, name: string): Promise<T> {
  return within(read, PATIENCE_MS, () => new VitrineError('bytes/silent', { name }));
}
