import type { Generation, MachineEntry } from '../disk/shelf.ts';
import type { MomentEntry } from './moment-index.ts';

/** Number of a chunk in the manifest's table. */
export type ChunkIndex = number;

/**
 * What a `.vitrine` file says about its machine. Ids are those of where it came from; importing gives new ones. What each
 * field may be: `src/worker/archive/manifest-schema.ts`.
 */
export interface ArchiveManifest {
  readonly machine: Pick<
    MachineEntry,
    'name' | 'sizeBytes' | 'base' | 'profile' | 'createdAt' | 'top' | 'kept'
  >;
  /** Milliseconds since the epoch of the disk's last commit. */
  readonly committedAt: number;
  readonly generations: readonly Generation[];
  /** The heads of each layer's segments. */
  readonly heads: readonly { readonly layer: number; readonly chunk: ChunkIndex }[];
  readonly segments: readonly { readonly id: number; readonly chunk: ChunkIndex }[];
  readonly moments: readonly MomentEntry[];
  readonly current: string | null;
  readonly leaving: 'left' | 'off';
  readonly details: readonly { readonly moment: string; readonly chunk: ChunkIndex }[];
  readonly thumbnails: readonly {
    readonly moment: string;
    readonly type: string;
    readonly chunk: ChunkIndex;
  }[];
  readonly packs: readonly { readonly pack: number; readonly pages: number; readonly chunk: ChunkIndex }[];
  /** In the order of the file. */
  readonly chunks: readonly { readonly length: number; readonly sha256: string }[];
}
