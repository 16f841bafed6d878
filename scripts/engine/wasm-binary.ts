/** A WebAssembly binary taken apart just so far that functions can be changed and added (WebAssembly Core 1.0, §5). */

const HEADER_BYTES = 8;
const SECTION = { custom: 0, type: 1, import: 2, function: 3, global: 6, export: 7, code: 10 } as const;
/** Kinds of imports and exports, §5.5.5 and §5.5.10. */
const KIND = { function: 0, table: 1, memory: 2, global: 3 } as const;
const FUNCTION_NAMES = 1;

type Code = readonly number[];

/** The instructions that patches are written with, §5.4. Numbers are of 32 bits. */
export const code = {
  get: (local: number): Code => [0x20, local],
  set: (local: number): Code => [0x21, local],
  constant: (value: number): Code => [0x41, ...signed(value)],
  /** A word at a fixed address. */
  load: (address: number): Code => [0x41, 0, 0x28, 2, ...unsigned(address)],
  /** A byte at a fixed address. */
  loadByte: (address: number): Code => [0x41, 0, 0x2d, 0, ...unsigned(address)],
  /** Stores the byte on the stack at the address below it. */
  storeByte: [0x3a, 0, 0],
  add: [0x6a],
  subtract: [0x6b],
  /** Without signs. */
  isGreater: [0x4b],
  return: [0x0f],
  and: [0x71],
  or: [0x72],
  shiftRight: [0x76],
  isZero: [0x45],
  /** Leaves so many blocks. */
  leave: (depth: number): Code => [0x0c, ...unsigned(depth)],
  call: (index: number): Code => [0x10, ...unsigned(index)],
  callTable: (type: number, slot: number): Code => [0x41, ...signed(slot), 0x11, ...unsigned(type), 0],
  /** What is done where the number on the stack is not zero. */
  when: (...parts: readonly Code[]): Code => [0x04, 0x40, ...parts.flat(), 0x0b],
} as const;

/** A jump table of as many entries as there are labels, and the label for all other numbers (§5.4.1). */
export function jumpTable(labels: readonly number[], otherwise: number): Code {
  return [0x0e, ...unsigned(labels.length), ...labels.flatMap(unsigned), ...unsigned(otherwise)];
}

/** The jump table with so many entries that begins at a byte of a body, and how many bytes it takes; null where none does. */
export function readJumpTable(
  body: Uint8Array,
  at: number,
  entries: number,
): { labels: number[]; otherwise: number; bytes: number } | null {
  const head = [0x0e, ...unsigned(entries)];
  if (!head.every((byte, i) => body[at + i] === byte)) return null;
  const reader = new Reader(body, at + head.length);
  const labels = Array.from({ length: entries }, () => reader.unsigned());
  const otherwise = reader.unsigned();
  return { labels, otherwise, bytes: reader.at - at };
}

/** The body of a function without locals beside its parameters. */
export function bodyOf(...parts: readonly Code[]): Uint8Array {
  return Uint8Array.from([0, ...parts.flat(), 0x0b]);
}

interface Section {
  readonly id: number;
  bytes: Uint8Array;
}

/** Throws an Error for what is no module, or one without the names of its functions. */
export class WasmBinary {
  readonly #header: Uint8Array;
  readonly #sections: Section[] = [];
  readonly #imports: string[] = [];
  readonly #types: string[] = [];
  readonly #typeOf: number[] = [];
  readonly #bodies: Uint8Array[] = [];
  readonly #exports: { name: string; kind: number; index: number }[] = [];
  readonly #names = new Map<string, number>();

  constructor(bytes: Uint8Array) {
    this.#header = bytes.slice(0, HEADER_BYTES);
    if (new DataView(this.#header.buffer).getUint32(0) !== 0x0061736d)
      throw new Error('This is no WebAssembly.');
    const reader = new Reader(bytes, HEADER_BYTES);
    while (!reader.atEnd) {
      const id = reader.byte();
      const section = { id, bytes: reader.take(reader.unsigned()) };
      if (id === SECTION.custom && this.#readCustom(section.bytes)) continue;
      this.#sections.push(section);
    }
    this.#readTypes();
    this.#readImports();
    this.#readFunctions();
    this.#readExports();
    if (this.#names.size === 0) throw new Error('The module does not name its functions.');
  }

  /** The index of the one function whose name (mangled as the compiler did it) ends so. */
  functionIndex(nameEnd: string): number {
    const found = [...this.#names].filter(([name]) => name.endsWith(nameEnd));
    if (found.length !== 1) throw new Error(`${found.length} functions are named …${nameEnd}.`);
    return found[0][1];
  }

  importIndex(name: string): number {
    const index = this.#imports.indexOf(name);
    if (index < 0) throw new Error(`No function ${name} is imported.`);
    return index;
  }

  /** The index of the type that a function has, for `call_indirect`. */
  typeIndexOf(index: number): number {
    return this.#typeOf[index];
  }

  /** The index of a type, written as the bytes of its parameters and results: `127,127:127` for two i32 to one. */
  typeIndex(type: string): number {
    const index = this.#types.indexOf(type);
    if (index < 0) throw new Error(`The module has no type ${type}.`);
    return index;
  }

  /** Locals and instructions of a function that is not imported. */
  body(index: number): Uint8Array {
    return this.#bodies[index - this.#imports.length];
  }

  setBody(index: number, body: Uint8Array): void {
    this.#bodies[index - this.#imports.length] = body;
  }

  /** Adds a function of the type of another; gives its index. */
  addFunction(likeIndex: number, body: Uint8Array): number {
    this.#typeOf.push(this.#typeOf[likeIndex]);
    return this.#imports.length + this.#bodies.push(body) - 1;
  }

  exportFunction(name: string, index: number): void {
    this.#exports.push({ name, kind: KIND.function, index });
  }

  exportGlobal(name: string, index: number): void {
    this.#exports.push({ name, kind: KIND.global, index });
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    const own = this.#typeOf.slice(this.#imports.length);
    const exports = this.#exports.map(({ name, kind, index }) => {
      const bytes = new TextEncoder().encode(name);
      return [...unsigned(bytes.length), ...bytes, kind, ...unsigned(index)];
    });
    const written = new Map<number, Uint8Array>([
      [SECTION.function, vector(own.map((type) => unsigned(type)))],
      [SECTION.export, vector(exports)],
    ]);
    const parts: Uint8Array[] = [this.#header];
    for (const { id, bytes } of this.#sections) {
      const content = id === SECTION.code ? this.#codeSection() : (written.get(id) ?? bytes);
      parts.push(Uint8Array.from([id, ...unsigned(content.length)]), content);
    }
    return join(parts);
  }

  #codeSection(): Uint8Array {
    const parts: Uint8Array[] = [Uint8Array.from(unsigned(this.#bodies.length))];
    for (const body of this.#bodies) parts.push(Uint8Array.from(unsigned(body.length)), body);
    return join(parts);
  }

  /** True for a section that is left out: what only a debugger reads. */
  #readCustom(bytes: Uint8Array): boolean {
    const reader = new Reader(bytes, 0);
    const name = reader.name();
    if (name !== 'name') return name.startsWith('.debug_');
    while (!reader.atEnd) {
      const kind = reader.byte();
      const part = new Reader(reader.take(reader.unsigned()), 0);
      if (kind !== FUNCTION_NAMES) continue;
      for (let left = part.unsigned(); left > 0; left--) {
        const index = part.unsigned();
        this.#names.set(part.name(), index);
      }
    }
    return false;
  }

  #section(id: number): Reader {
    const section = this.#sections.find((candidate) => candidate.id === id);
    if (!section) throw new Error(`The module has no section ${id}.`);
    return new Reader(section.bytes, 0);
  }

  #readTypes(): void {
    const reader = this.#section(SECTION.type);
    for (let left = reader.unsigned(); left > 0; left--) {
      reader.byte();
      const parameters = reader.take(reader.unsigned());
      this.#types.push(`${parameters.join()}:${reader.take(reader.unsigned()).join()}`);
    }
  }

  #readImports(): void {
    const reader = this.#section(SECTION.import);
    for (let left = reader.unsigned(); left > 0; left--) {
      reader.name();
      const name = reader.name();
      const kind = reader.byte();
      if (kind === KIND.function) {
        this.#imports.push(name);
        this.#typeOf.push(reader.unsigned());
        continue;
      }
      if (kind === KIND.table) reader.byte();
      else if (kind !== KIND.memory) throw new Error(`Import ${name} is of an unknown kind.`);
      const bounded = reader.byte() !== 0;
      reader.unsigned();
      if (bounded) reader.unsigned();
    }
  }

  #readFunctions(): void {
    const types = this.#section(SECTION.function);
    for (let left = types.unsigned(); left > 0; left--) this.#typeOf.push(types.unsigned());
    const code = this.#section(SECTION.code);
    for (let left = code.unsigned(); left > 0; left--) this.#bodies.push(code.take(code.unsigned()));
  }

  #readExports(): void {
    const reader = this.#section(SECTION.export);
    for (let left = reader.unsigned(); left > 0; left--) {
      this.#exports.push({ name: reader.name(), kind: reader.byte(), index: reader.unsigned() });
    }
  }
}

/** LEB128 without a sign, §5.2.2. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value >>>= 7;
  } while (value > 0);
  return bytes;
}

/** LEB128 of a signed 32-bit number. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (;;) {
    const byte = value & 0x7f;
    value >>= 7;
    const done = value === -(byte >> 6);
    if (done) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

function vector(items: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from([...unsigned(items.length), ...items.flat()]);
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    if (this.atEnd) throw new Error('The module ends too early.');
    return this.#bytes[this.#at++];
  }

  unsigned(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new Error('The module ends too early.');
    return this.#bytes.subarray(this.#at, (this.#at += length));
  }

  name(): string {
    return new TextDecoder().decode(this.take(this.unsigned()));
  }
}
