import { ExtentSource, type Extent } from '../bytes/extent-source.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';

/** Where a file's bytes lie on its disc. Embedded contents of a UDF entry are an extent like any other. */
export interface FileLayout {
  readonly sizeBytes: number;
  /** In file order; their lengths add up to `sizeBytes`. */
  readonly extents: readonly Extent[];
}

/** A file or directory of any file system on a disc. Nothing is read before it is asked for. */
export interface DiscNode {
  readonly name: string;
  readonly isDirectory: boolean;
  /** Byte offset of what describes the node: the same for two names of one thing, and so a guard against loops. */
  readonly key: number;
  /** Throws `media/malformed` or `bytes/*` where the description is damaged or points outside the disc. */
  layout(): Promise<FileLayout>;
  /** The entries of a directory without itself and its parent; `media/malformed` where this is a file. */
  children(): Promise<DiscNode[]>;
}

/** Longest directory that is read: about twenty times the largest one on a Windows disc. */
export const MAX_DIRECTORY_BYTES = 2 * 1024 * 1024;

/** Deepest directory that a walk enters; ISO 9660 allows 8, UDF paths of 1023 bytes. */
const MAX_DEPTH = 64;

export function malformed(name: string, what: string, detail = ''): VitrineError {
  return new VitrineError('media/malformed', { name, what }, { detail });
}

/**
 * The node at a path such as `sources/install.wim`, letter case ignored (it varies between discs), or null.
 * The empty path is the root itself.
 */
export async function findNode(root: DiscNode, path: string): Promise<DiscNode | null> {
  let node: DiscNode | null = root;
  for (const part of path.split('/')) {
    if (part === '') continue;
    if (!node?.isDirectory) return null;
    const wanted = part.toLowerCase();
    node = (await node.children()).find((child) => child.name.toLowerCase() === wanted) ?? null;
  }
  return node;
}

/** A file of the disc as a source of its own: nothing is copied out. */
export async function openNode(disc: ByteSource, node: DiscNode): Promise<ByteSource> {
  const { extents } = await node.layout();
  return new ExtentSource(disc, extents, node.name);
}

/** Every node below `root`, nearest first, each description once whatever number of names and loops it has. */
export async function* walkTree(root: DiscNode): AsyncGenerator<{ path: string; node: DiscNode }> {
  const seen = new Set<number>([root.key]);
  let level = [{ path: '', node: root }];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const next: typeof level = [];
    for (const { path, node } of level) {
      for (const child of await node.children()) {
        const entry = { path: path === '' ? child.name : `${path}/${child.name}`, node: child };
        yield entry;
        if (!child.isDirectory || seen.has(child.key)) continue;
        seen.add(child.key);
        next.push(entry);
      }
    }
    level = next;
  }
}

/** Wraps a read so that it happens once and everybody gets the same answer. */
export function once<T>(read: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= read());
}
