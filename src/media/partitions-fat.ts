import { ByteReader } from '../bytes/byte-reader.ts';
import { checkRange, type ByteSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { parseFatLayout, type FatLayout } from './partitions-fat-layout.ts';

const ENTRY_BYTES = 32;
const ATTRIBUTE_DIRECTORY = 0x10;
/** A volume label, or a part of a long name. */
const ATTRIBUTE_VOLUME = 0x08;
/** Longest directory that is searched: 16384 names. */
const MAX_DIRECTORY_BYTES = 512 << 10;
/** Clusters of a file that are followed, a ring among them: a kernel in the smallest ones has 4000. */
const MAX_CHAIN = 16_384;
/** Part of the allocation table that is read and held at once. */
const FAT_PART_BYTES = 32 << 10;

/** A name in a directory. */
interface Entry {
  readonly isDirectory: boolean;
  readonly firstCluster: number;
  readonly sizeBytes: number;
}

/**
 * As much of FAT12, FAT16 and FAT32 (Microsoft "FAT: General Overview of On-Disk Format") as it takes to find a few
 * files by their short names and read parts of them. A structure that contradicts itself throws `image/file-system`;
 * the caller's source limits how much is read.
 */
export class FatVolume {
  readonly #volume: ByteSource;
  readonly #layout: FatLayout;
  #part: { start: number; bytes: Uint8Array } | null = null;

  private constructor(volume: ByteSource, layout: FatLayout) {
    this.#volume = volume;
    this.#layout = layout;
  }

  /** Opens the volume by its boot sector. */
  static async open(volume: ByteSource): Promise<FatVolume> {
    const layout = parseFatLayout(new ByteReader(await volume.read(0, 512), volume.name));
    if (layout === null) throw damaged(volume, 'boot sector');
    return new FatVolume(volume, layout);
  }

  /** The file at `path` below the root, upper and lower case being the same; null where it is not found. */
  async openFile(path: readonly string[]): Promise<ByteSource | null> {
    let directory = this.#root();
    for (const [depth, name] of path.entries()) {
      const entry = await this.#find(directory, name);
      const isLast = depth === path.length - 1;
      if (entry === null || entry.isDirectory === isLast) return null;
      if (isLast) return this.#openContents(entry);
      directory = this.#clustersOf(entry.firstCluster);
    }
    return null;
  }

  async #find(directory: AsyncIterable<Uint8Array>, name: string): Promise<Entry | null> {
    const wanted = shortName(name);
    let left = MAX_DIRECTORY_BYTES;
    for await (const bytes of directory) {
      const reader = new ByteReader(bytes, this.#volume.name);
      for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
        if (bytes[at] === 0) return null;
        const attributes = bytes[at + 11];
        if ((attributes & ATTRIBUTE_VOLUME) !== 0 || reader.at(at).latin1(11) !== wanted) continue;
        // Before FAT32 the upper half of the number belonged to others.
        const high = this.#layout.kind === 'fat32' ? reader.at(at + 20).u16() : 0;
        return {
          isDirectory: (attributes & ATTRIBUTE_DIRECTORY) !== 0,
          firstCluster: high * 65536 + reader.at(at + 26).u16(),
          sizeBytes: reader.u32(),
        };
      }
      left -= bytes.length;
      if (left <= 0) return null;
    }
    return null;
  }

  #root(): AsyncIterable<Uint8Array> {
    return this.#layout.kind === 'fat32' ? this.#clustersOf(this.#layout.rootCluster) : this.#fixedRoot();
  }

  async *#fixedRoot(): AsyncGenerator<Uint8Array> {
    const { rootOffset, rootBytes } = this.#layout;
    yield await this.#volume.read(rootOffset, rootBytes);
  }

  /** A directory does not know its size: it is as long as its chain. */
  async *#clustersOf(firstCluster: number): AsyncGenerator<Uint8Array> {
    const chain = this.#chain(firstCluster);
    for (let index = 0; ; index++) {
      const offset = await chain(index);
      if (offset === null) return;
      yield await this.#volume.read(offset, this.#layout.clusterBytes);
    }
  }

  #openContents({ firstCluster, sizeBytes }: Entry): ByteSource {
    const { clusterBytes } = this.#layout;
    const chain = this.#chain(firstCluster);
    const source: ByteSource = {
      name: this.#volume.name,
      sizeBytes,
      read: async (offset, length) => {
        checkRange(source, offset, length);
        const out = new Uint8Array(length);
        for (let done = 0; done < length;) {
          const cluster = await chain(Math.floor((offset + done) / clusterBytes));
          if (cluster === null) throw damaged(this.#volume, 'a file with more bytes than clusters');
          const within = (offset + done) % clusterBytes;
          const count = Math.min(length - done, clusterBytes - within);
          out.set(await this.#volume.read(cluster + within, count), done);
          done += count;
        }
        return out;
      },
    };
    return source;
  }

  /** Where the clusters of a chain lie, by their number in it; null behind its end. Followed as far as is asked. */
  #chain(firstCluster: number): (index: number) => Promise<number | null> {
    const { clusterBytes, clusters, dataOffset } = this.#layout;
    const found = [firstCluster];
    return async (index) => {
      while (found.length <= index) {
        const next = await this.#next(found.at(-1)!);
        if (next === null) return null;
        if (found.length >= MAX_CHAIN) throw damaged(this.#volume, 'a chain of clusters that is too long');
        found.push(next);
      }
      const cluster = found[index];
      if (cluster < 2 || cluster >= clusters + 2) throw damaged(this.#volume, `cluster ${cluster}`);
      return dataOffset + (cluster - 2) * clusterBytes;
    };
  }

  /** The cluster after another in its chain, null at the end. */
  async #next(cluster: number): Promise<number | null> {
    const { kind, fatBytes, clusters } = this.#layout;
    if (cluster < 2 || cluster >= clusters + 2) throw damaged(this.#volume, `cluster ${cluster}`);
    const [at, bytes] =
      kind === 'fat32' ? [cluster * 4, 4] : [kind === 'fat16' ? cluster * 2 : cluster + (cluster >> 1), 2];
    if (at + bytes > fatBytes) throw damaged(this.#volume, 'an allocation table that is too short');
    const part = await this.#fatPart(at - (at % FAT_PART_BYTES));
    const reader = new ByteReader(part, this.#volume.name).at(at % FAT_PART_BYTES);
    if (kind === 'fat32') return inChain(reader.u32() & 0x0fffffff, 0x0ffffff8);
    const value = reader.u16();
    if (kind === 'fat16') return inChain(value, 0xfff8);
    return inChain((cluster & 1) === 1 ? value >> 4 : value & 0xfff, 0xff8);
  }

  /** A part of the allocation table, with what an entry of FAT12 may have in the next part. */
  async #fatPart(start: number): Promise<Uint8Array> {
    const { fatOffset, fatBytes } = this.#layout;
    if (this.#part?.start !== start) {
      const length = Math.min(FAT_PART_BYTES + 1, fatBytes - start);
      this.#part = { start, bytes: await this.#volume.read(fatOffset + start, length) };
    }
    return this.#part.bytes;
  }
}

const inChain = (cluster: number, end: number): number | null => (cluster >= end ? null : cluster);

/** A name as directories hold it: eight letters and three, in capitals, filled up with spaces. */
function shortName(name: string): string {
  const [stem, ending = ''] = name.toUpperCase().split('.');
  return stem.padEnd(8) + ending.padEnd(3);
}

function damaged(volume: ByteSource, detail: string): VitrineError {
  return new VitrineError('image/file-system', { name: volume.name }, { detail });
}
