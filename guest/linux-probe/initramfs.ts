import { gzipSync } from 'node:zlib';

/** A file system in memory that a Linux kernel starts with: the "new ASCII" format of cpio, compressed. */
export class Initramfs {
  readonly #parts: Buffer[] = [];
  readonly #names = new Set<string>();
  #inode = 0;

  folder(name: string): this {
    if (name === '' || this.#names.has(name)) return this;
    return this.#add(name, 0o040755, Buffer.alloc(0));
  }

  file(name: string, data: Uint8Array, executable = false): this {
    return this.#add(name, executable ? 0o100755 : 0o100644, data);
  }

  link(name: string, target: string): this {
    return this.#add(name, 0o120777, Buffer.from(target));
  }

  /** A character device. */
  device(name: string, major: number, minor: number): this {
    return this.#add(name, 0o020600, Buffer.alloc(0), [major, minor]);
  }

  bytes(): Buffer {
    return gzipSync(Buffer.concat([...this.#parts, entry('TRAILER!!!', 0, 0, Buffer.alloc(0), [0, 0])]));
  }

  #add(name: string, mode: number, data: Uint8Array, device: readonly [number, number] = [0, 0]): this {
    const slash = name.lastIndexOf('/');
    if (slash > 0) this.folder(name.slice(0, slash));
    if (this.#names.has(name)) throw new Error(`${name} is in the initramfs already`);
    this.#names.add(name);
    this.#parts.push(entry(name, ++this.#inode, mode, data, device));
    return this;
  }
}

/** Linux, Documentation/driver-api/early-userspace/buffer-format.rst: header, name and data, each on 4 bytes. */
function entry(
  name: string,
  inode: number,
  mode: number,
  data: Uint8Array,
  [major, minor]: readonly [number, number],
): Buffer {
  const fields = [inode, mode, 0, 0, 1, 0, data.length, 0, 0, major, minor, name.length + 1, 0];
  const head = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`;
  return Buffer.concat([padded(Buffer.from(head, 'latin1')), padded(data)]);
}

function padded(data: Uint8Array): Buffer {
  return Buffer.concat([data, Buffer.alloc(-data.length & 3)]);
}
