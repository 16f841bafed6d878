import { ByteReader } from '../bytes/byte-reader.ts';
import { checkRange, type ByteSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { lastAtOrBefore } from '../lib/last-at-or-before.ts';

/**
 * As much of NTFS as it takes to find a few files by their path and read parts of them (layout as documented by
 * the Linux NTFS project). What is rare on a fresh Windows disk and costs many reads is not followed: an attribute
 * list, a compressed or encrypted file are "not found". A structure that contradicts itself throws
 * `image/file-system`; the caller's source limits how much is read.
 */
const ROOT_RECORD = 5;
const VOLUME_RECORD = 3;
const ATTRIBUTE_DATA = 0x80;
const ATTRIBUTE_INDEX_ROOT = 0x90;
const ATTRIBUTE_INDEX_ALLOCATION = 0xa0;
const ATTRIBUTE_VOLUME_NAME = 0x60;
const ATTRIBUTE_END = 0xffffffff;
const COMPRESSED_OR_ENCRYPTED = 0x0001 | 0x4000;
const FIXUP_BYTES = 512;
const ENTRY_HAS_CHILD = 1;
const ENTRY_IS_LAST = 2;
const MAX_INDEX_DEPTH = 12;
const MAX_RUNS = 100_000;

/** A run of clusters; `cluster` is null for a hole. */
interface Run {
  cluster: number | null;
  count: number;
}

/** The contents of an attribute: in its record, or in runs of clusters. */
type Content = { bytes: Uint8Array } | { runs: Run[]; sizeBytes: number };

export class NtfsVolume {
  readonly #volume: ByteSource;
  readonly #clusterBytes: number;
  readonly #recordBytes: number;
  readonly #indexBytes: number;
  #mft: ByteSource;

  private constructor(
    volume: ByteSource,
    sizes: { cluster: number; record: number; index: number; mft: number },
  ) {
    this.#volume = volume;
    this.#clusterBytes = sizes.cluster;
    this.#recordBytes = sizes.record;
    this.#indexBytes = sizes.index;
    const mftOffset = sizes.mft * sizes.cluster;
    // Until its own record is read, only the start of the file table is known.
    this.#mft = slice(volume, mftOffset, 16 * sizes.record);
  }

  /** Opens the volume by its boot sector and the first record of its file table. */
  static async open(volume: ByteSource): Promise<NtfsVolume> {
    const boot = new ByteReader(await volume.read(0, 512), volume.name);
    const sectorBytes = boot.at(11).u16();
    const perCluster = boot.u8();
    const cluster = sectorBytes * (perCluster > 128 ? 2 ** (256 - perCluster) : perCluster);
    const sizeOf = (value: number): number => (value > 127 ? 2 ** (256 - value) : value * cluster);
    const record = sizeOf(boot.at(64).u8());
    const index = sizeOf(boot.at(68).u8());
    const mft = boot.at(48).size();
    const sound =
      [512, 1024, 2048, 4096].includes(sectorBytes) &&
      [cluster, record, index].every((size) => size >= 512 && size <= 2 << 20 && (size & (size - 1)) === 0) &&
      record <= 65536 &&
      index <= 65536;
    if (!sound) throw damaged(volume, 'boot sector');
    const ntfs = new NtfsVolume(volume, { cluster, record, index, mft });
    const data = findContent(await ntfs.#readRecord(0), ATTRIBUTE_DATA, '', ntfs.#volume);
    if (data === null) throw damaged(volume, 'file table without data');
    ntfs.#mft = ntfs.#open(data);
    return ntfs;
  }

  /** The label, '' where there is none. */
  async readLabel(): Promise<string> {
    const content = findContent(
      await this.#readRecord(VOLUME_RECORD),
      ATTRIBUTE_VOLUME_NAME,
      '',
      this.#volume,
    );
    return content !== null && 'bytes' in content ? new TextDecoder('utf-16le').decode(content.bytes) : '';
  }

  /** The file at `path` below the root, upper and lower case being the same; null where it is not found. */
  async openFile(path: readonly string[]): Promise<ByteSource | null> {
    let record: number | null = ROOT_RECORD;
    for (const name of path) {
      record = await this.#lookUp(record, name.toUpperCase());
      if (record === null) return null;
    }
    const content = findContent(await this.#readRecord(record), ATTRIBUTE_DATA, '', this.#volume);
    return content === null ? null : this.#open(content);
  }

  async #lookUp(directory: number, name: string): Promise<number | null> {
    const record = await this.#readRecord(directory);
    const root = findContent(record, ATTRIBUTE_INDEX_ROOT, '$I30', this.#volume);
    if (root === null || !('bytes' in root)) return null;
    const allocation = findContent(record, ATTRIBUTE_INDEX_ALLOCATION, '$I30', this.#volume);
    const blocks = allocation === null ? null : this.#open(allocation);
    let found = searchNode(root.bytes, 16, name, this.#volume);
    for (let depth = 0; depth < MAX_INDEX_DEPTH; depth++) {
      if (found.record !== null || found.child === null || blocks === null) return found.record;
      // A child is counted in clusters, or in sectors where a cluster is larger than an index block.
      const unit = this.#clusterBytes <= this.#indexBytes ? this.#clusterBytes : 512;
      const block = await blocks.read(found.child * unit, this.#indexBytes);
      if (!new ByteReader(block).startsWith('INDX')) throw damaged(this.#volume, 'index block');
      applyFixups(block, this.#volume);
      found = searchNode(block, 24, name, this.#volume);
    }
    throw damaged(this.#volume, 'index too deep');
  }

  async #readRecord(number: number): Promise<Uint8Array> {
    const record = await this.#mft.read(number * this.#recordBytes, this.#recordBytes);
    if (!new ByteReader(record).startsWith('FILE')) throw damaged(this.#volume, `file record ${number}`);
    applyFixups(record, this.#volume);
    return record;
  }

  #open(content: Content): ByteSource {
    if ('bytes' in content) return memory(content.bytes, this.#volume.name);
    return runSource(this.#volume, content.runs, content.sizeBytes, this.#clusterBytes);
  }
}

/** Puts back the last two bytes of each sector, which are kept in the header while on disk. */
function applyFixups(block: Uint8Array, volume: ByteSource): void {
  const reader = new ByteReader(block, volume.name);
  const offset = reader.at(4).u16();
  const count = reader.u16();
  if (count === 0 || (count - 1) * FIXUP_BYTES > block.length) throw damaged(volume, 'fixups');
  const check = reader.at(offset).u16();
  for (let sector = 1; sector < count; sector++) {
    const at = sector * FIXUP_BYTES - 2;
    if (reader.at(at).u16() !== check) throw damaged(volume, 'a record that was not written whole');
    block.set(reader.at(offset + sector * 2).bytes(2), at);
  }
}

/** An attribute of a file record by type and name; null where it is not there or cannot be read plainly. */
function findContent(record: Uint8Array, type: number, name: string, volume: ByteSource): Content | null {
  const reader = new ByteReader(record, volume.name);
  let at = reader.at(20).u16();
  for (let guard = 0; guard < 256; guard++) {
    const found = reader.at(at).u32();
    if (found === ATTRIBUTE_END) return null;
    const length = reader.u32();
    if (length < 16 || at + length > record.length) throw damaged(volume, 'attribute length');
    const attribute = new ByteReader(record.subarray(at, at + length), volume.name);
    const resident = attribute.at(8).u8() === 0;
    const nameLength = attribute.u8();
    const nameOffset = attribute.u16();
    const flags = attribute.u16();
    const ownName = new TextDecoder('utf-16le').decode(attribute.at(nameOffset).bytes(nameLength * 2));
    if (found === type && ownName === name) {
      if ((flags & COMPRESSED_OR_ENCRYPTED) !== 0) return null;
      return resident ? readResident(attribute) : readRuns(attribute, volume);
    }
    at += length;
  }
  throw damaged(volume, 'too many attributes');
}

function readResident(attribute: ByteReader): Content {
  const length = attribute.at(16).u32();
  const offset = attribute.u16();
  return { bytes: attribute.at(offset).bytes(length) };
}

/** The mapping pairs: for each run a byte of two lengths, the count, and the way from the last run's cluster. */
function readRuns(attribute: ByteReader, volume: ByteSource): Content | null {
  // A part that does not begin at the start belongs to an attribute list.
  if (attribute.at(16).u64() !== 0n) return null;
  const offset = attribute.at(32).u16();
  const sizeBytes = attribute.at(48).size();
  const runs: Run[] = [];
  let cluster = 0;
  attribute.at(offset);
  for (;;) {
    const head = attribute.u8();
    if (head === 0) break;
    if (runs.length >= MAX_RUNS) throw damaged(volume, 'too many runs');
    const count = readSigned(attribute, head & 15);
    const step = head >> 4;
    if (step > 0) cluster += readSigned(attribute, step);
    if (count <= 0 || cluster < 0) throw damaged(volume, 'run list');
    runs.push({ cluster: step > 0 ? cluster : null, count });
  }
  return { runs, sizeBytes };
}

function readSigned(reader: ByteReader, length: number): number {
  const bytes = reader.bytes(length);
  let value = 0;
  for (let index = 0; index < length; index++) value += bytes[index] * 2 ** (8 * index);
  return length > 0 && bytes[length - 1] > 127 ? value - 2 ** (8 * length) : value;
}

/** Looks for a name in the entries of an index node whose header is at `headerAt`. */
function searchNode(
  node: Uint8Array,
  headerAt: number,
  name: string,
  volume: ByteSource,
): { record: number | null; child: number | null } {
  const reader = new ByteReader(node, volume.name);
  let at = headerAt + reader.at(headerAt).u32();
  for (let guard = 0; guard < 4096; guard++) {
    const low = reader.at(at).u32();
    const high = reader.u16();
    const length = reader.at(at + 8).u16();
    const flags = reader.at(at + 12).u16();
    if (length < 16 || at + length > node.length) throw damaged(volume, 'index entry');
    const child = (flags & ENTRY_HAS_CHILD) !== 0 ? reader.at(at + length - 8).size() : null;
    if ((flags & ENTRY_IS_LAST) !== 0) return { record: null, child };
    const nameLength = reader.at(at + 16 + 64).u8();
    const entryName = new TextDecoder('utf-16le')
      .decode(reader.at(at + 16 + 66).bytes(nameLength * 2))
      .toUpperCase();
    if (entryName === name) return { record: high * 2 ** 32 + low, child: null };
    // Entries are in order, so the name is in front of the first one after it, or not at all.
    if (entryName > name) return { record: null, child };
    at += length;
  }
  throw damaged(volume, 'too many index entries');
}

/** The bytes of an attribute that is kept in runs; holes are zeros. */
function runSource(volume: ByteSource, runs: Run[], sizeBytes: number, clusterBytes: number): ByteSource {
  const starts: number[] = [];
  let mapped = 0;
  for (const { count } of runs) {
    starts.push(mapped);
    mapped += count * clusterBytes;
  }
  const source: ByteSource = {
    name: volume.name,
    sizeBytes,
    async read(offset, length) {
      checkRange(source, offset, length);
      if (offset + length > mapped) throw damaged(volume, 'a file with more bytes than clusters');
      const out = new Uint8Array(length);
      let done = 0;
      for (let index = lastAtOrBefore(starts, offset); done < length; index++) {
        const { cluster, count } = runs[index];
        const within = offset + done - starts[index];
        const part = Math.min(length - done, count * clusterBytes - within);
        if (cluster !== null) {
          const at = cluster * clusterBytes + within;
          if (at + part > volume.sizeBytes) throw damaged(volume, 'a run outside the volume');
          out.set(await volume.read(at, part), done);
        }
        done += part;
      }
      return out;
    },
  };
  return source;
}

function memory(bytes: Uint8Array, name: string): ByteSource {
  const source: ByteSource = {
    name,
    sizeBytes: bytes.length,
    async read(offset, length) {
      checkRange(source, offset, length);
      return bytes.slice(offset, offset + length);
    },
  };
  return source;
}

function slice(volume: ByteSource, offset: number, length: number): ByteSource {
  return {
    name: volume.name,
    sizeBytes: length,
    read: (at, count) => volume.read(offset + at, count),
  };
}

function damaged(volume: ByteSource, detail: string): VitrineError {
  return new VitrineError('image/file-system', { name: volume.name }, { detail });
}
