import { sentence } from '../lib/language.ts';

/** What is known when a page opens on a machine that is off. */
export interface OpeningFacts {
  /** How the machine was left last; `running`: it was not, so the page, the browser or the computer ended under it. */
  readonly leaving: 'running' | 'left' | 'off';
  /** The rolling checkpoint; null when there is none. */
  readonly checkpoint: { readonly id: string; readonly createdAt: number } | null;
  /** Whether anything was written on the disk after the checkpoint. */
  readonly diskMovedOn: boolean;
  /** Milliseconds since the epoch of the last commit of the disk. */
  readonly diskAt: number;
}

/** The name of a checkpoint that is kept because its machine was started from its disk, or from another moment. */
export const UNUSED_CHECKPOINT_LABEL = sentence`Before it was started from its disk`;

/** What opening the page should do. */
export type Opening =
  /** Nothing to go on from: the machine is off, its disk is as it was left. */
  | { readonly kind: 'cold' }
  /** Memory and disk belong together: go on. `isClean`: nothing at all is lost; otherwise what came after `at` is. */
  | { readonly kind: 'resume'; readonly momentId: string; readonly at: number; readonly isClean: boolean }
  /** Two truths: the moment with its memory, or the disk as it stands, written on after it. */
  | { readonly kind: 'offer-both'; readonly momentId: string; readonly at: number; readonly diskAt: number };

/**
 * Decides what a page does with a machine when it opens. A machine that was turned off stays off. One that was running
 * goes on by itself when its checkpoint loses nothing that was ever saved, which can be seen from the disk: if nothing
 * was written after the checkpoint, there is no second truth.
 */
export function decideOpening({ leaving, checkpoint, diskMovedOn, diskAt }: OpeningFacts): Opening {
  if (leaving === 'off' || !checkpoint) return { kind: 'cold' };
  const { id: momentId, createdAt: at } = checkpoint;
  if (diskMovedOn) return { kind: 'offer-both', momentId, at, diskAt };
  return { kind: 'resume', momentId, at, isClean: leaving === 'left' };
}
