import type { WireError } from '../lib/errors.ts';
import type { Progress } from '../lib/progress-meter.ts';
import type { DiscSum } from '../media/hash-disc.ts';

/** To the worker that sums one file, once; the file is read in place. To stop it, end the worker. */
export interface PageToHasher {
  type: 'hash-start';
  file: Blob;
  name: string;
}

/** From it: any number of progresses, then one sum or one failure. */
export type HasherToPage =
  | { type: 'hash-progress'; progress: Progress }
  | { type: 'hash-done'; sum: DiscSum }
  | { type: 'hash-failed'; error: WireError };
