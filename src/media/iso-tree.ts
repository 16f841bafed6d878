import { ByteWriter } from '../bytes/byte-writer.ts';
import { jolietNames, primaryNames } from './iso-names.ts';
import {
  directoryRecord,
  encodeIsoText,
  packedSectors,
  packRecords,
  PARENT,
  SELF,
  type IsoTextKind,
  type RecordTarget,
  type TreePlace,
} from './iso-records.ts';
import { SECTOR_BYTES } from './volume-descriptors.ts';

/** A file for a new disc. Folders come from the paths. */
export interface IsoFile {
  /** With `/` between names; different from all others, letter case ignored. */
  readonly path: string;
  readonly contents: Uint8Array<ArrayBuffer> | Blob;
}

/** A folder of a new disc, made from the paths of its files. */
export interface Directory {
  readonly name: string;
  readonly parent: Directory | null;
  readonly directories: Directory[];
  readonly files: IsoFile[];
}

/** A directory record's size is 32 bits; longer files get several extents of whole sectors (ECMA-119 §6.5.1). */
const MAX_EXTENT_BYTES = 0xffff_f800;

/** Where one tree of names lies and what its sectors hold. */
export class TreeLayout {
  readonly kind: IsoTextKind;
  readonly #directories: Directory[];
  readonly #names = new Map<Directory | IsoFile, Uint8Array>();
  readonly #sectors = new Map<Directory, RecordTarget>();
  readonly #pathTableBytes: number;
  readonly #littleSector: number;
  readonly #bigSector: number;

  constructor(kind: IsoTextKind, root: Directory, take: (count: number) => number) {
    this.kind = kind;
    this.#names.set(root, SELF);
    this.#directories = [root];
    // Breadth first, each level in the order of its parents and names: the order of the path table (§6.9.1).
    for (let at = 0; at < this.#directories.length; at++) {
      this.#nameChildren(this.#directories[at]);
      this.#directories.push(...this.#sorted(this.#directories[at].directories));
    }
    this.#pathTableBytes = this.#directories.reduce((sum, directory) => {
      const { length } = this.#names.get(directory)!;
      return sum + 8 + length + (length & 1);
    }, 0);
    this.#littleSector = take(sectorsOf(this.#pathTableBytes));
    this.#bigSector = take(sectorsOf(this.#pathTableBytes));
    for (const directory of this.#directories) {
      const sectors = packedSectors(this.#recordLengths(directory));
      const target = { sector: take(sectors), sizeBytes: sectors * SECTOR_BYTES, isDirectory: true };
      this.#sectors.set(directory, target);
    }
  }

  get place(): TreePlace {
    return {
      root: this.#sectors.get(this.#directories[0])!,
      pathTable: { sizeBytes: this.#pathTableBytes, little: this.#littleSector, big: this.#bigSector },
    };
  }

  /** Path tables and directories in the order in which their sectors were taken. */
  write(dataSectors: ReadonlyMap<IsoFile, number>, date: Date): Uint8Array<ArrayBuffer>[] {
    return [
      this.#pathTable(false),
      this.#pathTable(true),
      ...this.#directories.map((directory) => this.#writeDirectory(directory, dataSectors, date)),
    ];
  }

  #nameChildren({ directories, files }: Directory): void {
    const children = [
      ...directories.map((node) => ({ node, name: node.name, isDirectory: true })),
      ...files.map((node) => ({ node, name: node.path.split('/').pop() ?? '', isDirectory: false })),
    ];
    const names = this.kind === 'joliet' ? jolietNames(children) : primaryNames(children);
    children.forEach(({ node }, index) => this.#names.set(node, encodeIsoText(names[index], this.kind)));
  }

  #sorted<Node extends Directory | IsoFile>(nodes: readonly Node[]): Node[] {
    return [...nodes].sort((a, b) => compareBytes(this.#names.get(a)!, this.#names.get(b)!));
  }

  #recordLengths({ directories, files }: Directory): number[] {
    const lengthOf = (node: Directory | IsoFile): number => {
      const { length } = this.#names.get(node)!;
      return 33 + length + ((length & 1) ^ 1);
    };
    const nodes = this.#sorted<Directory | IsoFile>([...directories, ...files]);
    return [34, 34, ...nodes.flatMap((node) => extentsOf(node).map(() => lengthOf(node)))];
  }

  #writeDirectory(
    directory: Directory,
    dataSectors: ReadonlyMap<IsoFile, number>,
    date: Date,
  ): Uint8Array<ArrayBuffer> {
    const self = this.#sectors.get(directory)!;
    const parent = this.#sectors.get(directory.parent ?? directory)!;
    const records = [directoryRecord(SELF, self, date), directoryRecord(PARENT, parent, date)];
    for (const node of this.#sorted<Directory | IsoFile>([...directory.directories, ...directory.files])) {
      const name = this.#names.get(node)!;
      if ('directories' in node) {
        records.push(directoryRecord(name, this.#sectors.get(node)!, date));
        continue;
      }
      const extents = extentsOf(node);
      let sector = dataSectors.get(node)!;
      extents.forEach((sizeBytes, index) => {
        const hasMoreExtents = index < extents.length - 1;
        records.push(directoryRecord(name, { sector, sizeBytes, isDirectory: false, hasMoreExtents }, date));
        sector += sectorsOf(sizeBytes);
      });
    }
    return packRecords(records);
  }

  /** ECMA-119 §9.4. */
  #pathTable(isBig: boolean): Uint8Array<ArrayBuffer> {
    const writer = new ByteWriter(sectorsOf(this.#pathTableBytes) * SECTOR_BYTES);
    for (const directory of this.#directories) {
      const name = this.#names.get(directory)!;
      const { sector } = this.#sectors.get(directory)!;
      const parent = this.#directories.indexOf(directory.parent ?? directory) + 1;
      writer.u8(name.length).u8(0);
      if (isBig) writer.u32Be(sector).u16Be(parent);
      else writer.u32(sector).u16(parent);
      writer.put(name);
      if (name.length & 1) writer.u8(0);
    }
    return writer.bytes;
  }
}

/** The folders of a disc with these files. `RangeError` where a path is empty or there twice. */
export function treeOf(files: readonly IsoFile[]): Directory {
  const root: Directory = { name: '', parent: null, directories: [], files: [] };
  const seen = new Set<string>();
  for (const file of files) {
    const names = file.path.split('/');
    const key = file.path.toLowerCase();
    if (names.includes('') || seen.has(key)) throw new RangeError(`path “${file.path}”`);
    seen.add(key);
    let directory = root;
    for (const name of names.slice(0, -1)) {
      let next = directory.directories.find((child) => child.name.toLowerCase() === name.toLowerCase());
      if (!next) {
        next = { name, parent: directory, directories: [], files: [] };
        directory.directories.push(next);
      }
      directory = next;
    }
    directory.files.push(file);
  }
  return root;
}

/** The lengths of a file's extents; a directory has one, whatever its size. */
function extentsOf(node: Directory | IsoFile): number[] {
  if ('directories' in node) return [0];
  const extents: number[] = [];
  let left = sizeOf(node.contents);
  do {
    extents.push(Math.min(left, MAX_EXTENT_BYTES));
    left -= MAX_EXTENT_BYTES;
  } while (left > 0);
  return extents;
}

export function sizeOf(contents: IsoFile['contents']): number {
  return contents instanceof Blob ? contents.size : contents.byteLength;
}

export function sectorsOf(bytes: number): number {
  return Math.ceil(bytes / SECTOR_BYTES);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
