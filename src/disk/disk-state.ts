import type { VitrineError } from '../lib/errors.ts';

/** What the page may say about a disk. `committedAt`: milliseconds since the epoch of the last commit, 0 for none. */
export type DiskState =
  /** Every write so far is durable. */
  | { readonly phase: 'saved'; readonly committedAt: number }
  /** Some writes are not durable yet; a commit is due within a second. */
  | { readonly phase: 'unsaved'; readonly committedAt: number }
  /** No room. Everything waits in memory, writes and flushes too, until `retry`: pause the machine and say so. */
  | { readonly phase: 'full'; readonly committedAt: number; readonly waitingBytes: number }
  /** Nothing more will be made durable, the disk stays as of the last commit: stop the machine and say so. */
  | { readonly phase: 'failed'; readonly committedAt: number; readonly error: VitrineError }
  | { readonly phase: 'closed'; readonly committedAt: number };

export interface DiskStats {
  /** Since opening: what the guest read and wrote, what was made durable for it, and in how many commits. */
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly committedBytes: number;
  readonly commits: number;
  /** In memory now: what is not durable; that and clean bytes together (what the ceiling bounds); the index. */
  readonly dirtyBytes: number;
  readonly cacheBytes: number;
  readonly indexBytes: number;
  /** Stored for the disk as it is, all its layers; and how much of that is not overwritten. */
  readonly storedBytes: number;
  readonly liveBytes: number;
  /** Milliseconds since the epoch; 0 before the first commit ever. */
  readonly lastCommitAt: number;
}
