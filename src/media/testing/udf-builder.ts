import { ByteWriter } from '../../bytes/byte-writer.ts';
import { bootCatalog, bootRecord } from '../boot-catalog-writer.ts';
import {
  descriptorTerminator,
  directoryRecord,
  packRecords,
  PARENT,
  SELF,
  volumeDescriptor,
} from '../iso-records.ts';
import { SparseImage } from './sparse-image.ts';
import { dstring, ostaName, sealDescriptor } from './udf-tags.ts';

const SECTOR = 2048;
const PARTITION_START = 257;
const README = 'This disc contains a "UDF" file system.\r\n';

export interface UdfFile {
  readonly path: string;
  readonly contents: Uint8Array | SparseImage;
  /** The same extents as another file of this path, as `oscdimg -o` makes them. */
  readonly sameAs?: string;
}

export interface UdfSpec {
  readonly label: string;
  readonly files: readonly UdfFile[];
  readonly allocation?: 'short' | 'long' | 'embedded';
  readonly extended?: boolean;
  /** Longest extent in sectors; a gap sector lies between two extents. */
  readonly extentSectors?: number;
  /** Allocation descriptors in one place before a continuation; left out: as many as fit. */
  readonly descriptorsPerBlock?: number;
  readonly anchors?: readonly (256 | 'last' | 'last-256')[];
  /** Damage the main volume descriptor sequence, so that the reserve one must do. */
  readonly breakMainSequence?: boolean;
  /** Put the volume descriptors behind a volume descriptor pointer. */
  readonly chainSequence?: boolean;
  readonly revision?: 0x102 | 0x150 | 0x200 | 0x201;
  /** Boot image; left out: a small one. Null: no boot record. */
  readonly boot?: Uint8Array | null;
  readonly iso?: boolean;
  readonly volumeBytes?: number;
  readonly onLayout?: (what: string, offsetBytes: number, sizeBytes: number) => void;
}

interface Node {
  name: string;
  path: string;
  file: UdfFile | null;
  children: Node[];
  icb: number;
}

/** A bridge disc laid out like Microsoft's: ISO 9660 with a README and El Torito, everything else in UDF. */
export function buildUdfDisc(spec: UdfSpec): SparseImage {
  return new UdfBuilder(spec).build();
}

class UdfBuilder {
  readonly #spec: UdfSpec;
  readonly #writes: { sector: number; bytes: Uint8Array }[] = [];
  readonly #images: { sector: number; image: SparseImage }[] = [];
  readonly #extentsOf = new Map<string, { block: number; bytes: number }[]>();
  /** Next free block of the partition. */
  #block = 0;

  constructor(spec: UdfSpec) {
    this.#spec = spec;
  }

  build(): SparseImage {
    const spec = this.#spec;
    const fileSet = this.#take(2);
    const root = this.#tree();
    this.#assignIcbs(root);
    this.#writeNode(root, root);
    const boot = spec.boot === undefined ? new Uint8Array(4096).fill(0x90) : spec.boot;
    const bootBlock = boot ? this.#take(Math.ceil(boot.length / SECTOR)) : 0;
    if (boot) this.#put(PARTITION_START + bootBlock, boot);
    const partitionSectors = Math.max(
      this.#block,
      Math.floor((spec.volumeBytes ?? 0) / SECTOR) - PARTITION_START - 1,
    );
    const sectors = PARTITION_START + partitionSectors + 1;

    this.#writeFileSet(fileSet, root.icb);
    this.#writeSequence(32, partitionSectors, spec.breakMainSequence === true);
    this.#writeSequence(64, partitionSectors, false);
    for (const anchor of spec.anchors ?? ([256, 'last'] as const)) {
      this.#writeAnchor(anchor === 256 ? 256 : anchor === 'last' ? sectors - 1 : sectors - 257);
    }
    this.#writeRecognition(sectors, boot && { bytes: boot, sector: PARTITION_START + bootBlock });
    const image = new SparseImage(sectors * SECTOR, 'udf.iso');
    for (const { sector, bytes } of this.#writes) image.put(sector * SECTOR, bytes);
    for (const { sector, image: part } of this.#images) image.putImage(sector * SECTOR, part);
    return image;
  }

  #take(blocks: number): number {
    const first = this.#block;
    this.#block += blocks;
    return first;
  }

  #put(sector: number, bytes: Uint8Array, what = ''): void {
    this.#writes.push({ sector, bytes });
    if (what) this.#spec.onLayout?.(what, sector * SECTOR, bytes.length);
  }

  #tree(): Node {
    const root: Node = { name: '', path: '', file: null, children: [], icb: 0 };
    for (const file of this.#spec.files) {
      let node = root;
      const names = file.path.split('/');
      names.forEach((name, index) => {
        const path = names.slice(0, index + 1).join('/');
        let next = node.children.find((child) => child.name === name);
        if (!next) {
          next = { name, path, file: index === names.length - 1 ? file : null, children: [], icb: 0 };
          node.children.push(next);
        }
        node = next;
      });
    }
    return root;
  }

  #assignIcbs(node: Node): void {
    node.icb = this.#take(1);
    for (const child of node.children) this.#assignIcbs(child);
  }

  #writeNode(node: Node, parent: Node): void {
    const isDirectory = node.file === null;
    const given = node.file ? node.file.contents : this.#directoryBytes(node, parent);
    const fragmented = this.#spec.extentSectors !== undefined;
    const contents = given instanceof SparseImage && fragmented ? given.bytes() : given;
    const size = contents instanceof SparseImage ? contents.sizeBytes : contents.length;
    const embed = this.#spec.allocation === 'embedded' && contents instanceof Uint8Array && size <= 1500;
    if (embed) {
      this.#writeEntry(node, isDirectory, size, 3, contents);
    } else {
      const extents =
        (node.file?.sameAs !== undefined && this.#extentsOf.get(node.file.sameAs)) ||
        this.#place(contents, size);
      this.#extentsOf.set(node.path, extents);
      this.#writeEntry(node, isDirectory, size, ...this.#descriptors(extents));
    }
    for (const child of node.children) this.#writeNode(child, node);
  }

  /** Puts contents into extents of at most `extentSectors`, and of less than 2^30 bytes. */
  #place(contents: Uint8Array | SparseImage, size: number): { block: number; bytes: number }[] {
    const longest = Math.min(this.#spec.extentSectors ?? Infinity, (1 << 19) - 1) * SECTOR;
    const extents: { block: number; bytes: number }[] = [];
    for (let done = 0; done < size; done += longest) {
      const bytes = Math.min(longest, size - done);
      const block = this.#take(Math.ceil(bytes / SECTOR));
      if (this.#spec.extentSectors !== undefined) this.#take(1);
      extents.push({ block, bytes });
      if (contents instanceof Uint8Array)
        this.#put(PARTITION_START + block, contents.subarray(done, done + bytes));
    }
    // A sparse image stays in one piece: its extents lie side by side unless a length was asked for.
    if (contents instanceof SparseImage && extents.length > 0) {
      this.#images.push({ sector: PARTITION_START + extents[0].block, image: contents });
    }
    return extents;
  }

  /** Allocation descriptors, chained through further blocks where they are to be few in one place. */
  #descriptors(extents: readonly { block: number; bytes: number }[]): [kind: number, area: Uint8Array] {
    const isLong = this.#spec.allocation === 'long';
    const step = isLong ? 16 : 8;
    const perBlock = this.#spec.descriptorsPerBlock ?? Infinity;
    const entry = (length: number, block: number): Uint8Array => {
      const writer = new ByteWriter(step).u32(length).u32(block);
      return isLong ? writer.u16(0).bytes : writer.bytes;
    };
    const make = (from: number): Uint8Array => {
      const parts = extents.slice(from, from + perBlock).map(({ bytes, block }) => entry(bytes, block));
      if (from + perBlock < extents.length) {
        const next = this.#take(1);
        const area = make(from + perBlock);
        const writer = new ByteWriter(24 + area.length).at(20).u32(area.length).put(area);
        this.#put(PARTITION_START + next, sealDescriptor(writer.bytes, 258, next), 'continuation');
        parts.push(entry((SECTOR | (3 << 30)) >>> 0, next));
      }
      return concat(parts);
    };
    return [isLong ? 1 : 0, make(0)];
  }

  #writeEntry(node: Node, isDirectory: boolean, size: number, kind: number, area: Uint8Array): void {
    const extended = this.#spec.extended === true;
    const fixed = extended ? 216 : 176;
    const writer = new ByteWriter(fixed + area.length);
    writer
      .at(20)
      .u16(4)
      .at(24)
      .u16(1)
      .at(27)
      .u8(isDirectory ? 4 : 5);
    writer.at(34).u16(kind).at(48).u16(1).at(56).u64(size);
    writer
      .at(fixed - 8)
      .u32(0)
      .u32(area.length)
      .put(area);
    const bytes = sealDescriptor(writer.bytes, extended ? 266 : 261, node.icb);
    this.#put(PARTITION_START + node.icb, bytes, `entry ${node.path}`);
  }

  #directoryBytes(node: Node, parent: Node): Uint8Array {
    const parts = [this.#identifier(0x0a, '', parent.icb, node.icb)];
    for (const child of node.children) {
      parts.push(this.#identifier(child.file === null ? 2 : 0, child.name, child.icb, node.icb));
    }
    return concat(parts);
  }

  #identifier(characteristics: number, name: string, icb: number, location: number): Uint8Array {
    const encoded = name === '' ? new Uint8Array(0) : ostaName(name);
    const writer = new ByteWriter((38 + encoded.length + 3) & ~3);
    writer.at(16).u16(1).u8(characteristics).u8(encoded.length).u32(SECTOR).u32(icb).u16(0);
    writer.at(36).u16(0).put(encoded);
    return sealDescriptor(writer.bytes, 257, location);
  }

  #writeFileSet(block: number, rootIcb: number): void {
    const writer = new ByteWriter(512);
    writer.at(112).put(dstring(this.#spec.label, 128)).at(304).put(dstring(this.#spec.label, 32));
    writer.at(400).u32(SECTOR).u32(rootIcb).u16(0);
    this.#put(PARTITION_START + block, sealDescriptor(writer.bytes, 256, block), 'file set');
    this.#put(PARTITION_START + block + 1, sealDescriptor(new Uint8Array(512), 8, block + 1));
  }

  #writeSequence(sector: number, partitionSectors: number, broken: boolean): void {
    let at = sector;
    const put = (tagId: number, writer: ByteWriter, what: string): void => {
      const bytes = sealDescriptor(writer.bytes, tagId, at);
      if (broken) bytes[100] ^= 1;
      this.#put(at, bytes, `${what} at ${at}`);
      at++;
    };
    if (this.#spec.chainSequence) {
      put(
        3,
        new ByteWriter(512)
          .at(16)
          .u32(0)
          .u32(8 * SECTOR)
          .u32(sector + 8),
        'pointer',
      );
      at = sector + 8;
    }
    put(1, new ByteWriter(512).at(16).u32(1).at(24).put(dstring(this.#spec.label, 32)), 'volume');
    const partition = new ByteWriter(512).at(16).u32(2).u16(1).u16(0).ascii('\0+NSR02', 32);
    put(5, partition.at(184).u32(1).u32(PARTITION_START).u32(partitionSectors), 'partition');
    const logical = new ByteWriter(446).at(16).u32(3).at(84).put(dstring(this.#spec.label, 128)).u32(SECTOR);
    logical
      .u8(0)
      .ascii('*OSTA UDF Compliant', 23)
      .u16(this.#spec.revision ?? 0x102);
    logical
      .at(248)
      .u32(2 * SECTOR)
      .u32(0)
      .u16(0)
      .at(264)
      .u32(6)
      .u32(1);
    put(6, logical.at(440).u8(1).u8(6).u16(1).u16(0), 'logical volume');
    put(8, new ByteWriter(512), 'end');
  }

  #writeAnchor(sector: number): void {
    const writer = new ByteWriter(512)
      .at(16)
      .u32(16 * SECTOR)
      .u32(32)
      .u32(16 * SECTOR)
      .u32(64);
    this.#put(sector, sealDescriptor(writer.bytes, 2, sector), `anchor at ${sector}`);
  }

  /** Sectors 16 to 24: the ISO 9660 side, El Torito and the announcement of UDF. */
  #writeRecognition(sectors: number, boot: { bytes: Uint8Array; sector: number } | null): void {
    let sector = 16;
    const put = (bytes: Uint8Array, what: string): void => this.#put(sector++, bytes, what);
    if (this.#spec.iso !== false) {
      const date = new Date(Date.UTC(2010, 10, 20));
      const root = { sector: 30, sizeBytes: SECTOR, isDirectory: true };
      const readme = new TextEncoder().encode(README);
      const records = [
        directoryRecord(SELF, root, date),
        directoryRecord(PARENT, root, date),
        directoryRecord(
          new TextEncoder().encode('README.TXT;1'),
          { sector: 31, sizeBytes: readme.length, isDirectory: false },
          date,
        ),
      ];
      const pathTable = { sizeBytes: 10, little: 28, big: 29 };
      put(
        volumeDescriptor('primary', { volumeId: this.#spec.label, date }, sectors, { root, pathTable }),
        'primary',
      );
      if (boot) put(bootRecord(27), 'boot record');
      put(descriptorTerminator(), 'terminator');
      this.#put(30, packRecords(records), 'iso root');
      this.#put(31, readme);
      if (boot) {
        const image = { image: Uint8Array.from(boot.bytes), sector: boot.sector, loadSectors: 8 };
        this.#put(27, bootCatalog([image], 'Microsoft Corporation'), 'boot catalog');
      }
    }
    for (const identifier of ['BEA01', 'NSR02', 'TEA01']) {
      put(new ByteWriter(SECTOR).u8(0).ascii(identifier).u8(1).bytes, identifier);
    }
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter(parts.reduce((sum, { length }) => sum + length, 0));
  for (const part of parts) writer.put(part);
  return writer.bytes;
}
