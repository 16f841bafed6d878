import type { Progress } from '../lib/progress-meter.ts';
import type { Reply, Request } from '../lib/rpc.ts';
import type { DiscSum } from '../media/hash-disc.ts';

/** What the worker that sums files answers; a file is read in place. To stop it at once, end the worker. */
export interface HashCalls {
  hash(file: Blob, name: string): DiscSum;
}

export type PageToHasher = Request<HashCalls>;
export type HasherToPage = Reply<Progress>;
