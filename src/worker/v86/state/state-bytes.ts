/**
 * Plain values, typed arrays and things with `get_state` as bytes: what upstream's `src/state.js` does for its files,
 * without the memory. Little-endian: length of the JSON (u32), the JSON, then each typed array's bytes at its length.
 */

const KINDS = {
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
} as const;

type Kind = keyof typeof KINDS;
type TypedArray = InstanceType<(typeof KINDS)[Kind]>;

/** How a typed array stands in the JSON: its type and how many items. */
interface Reference {
  readonly typed: Kind;
  readonly length: number;
}

/** Something of the emulator that tells its own state. */
interface Stateful {
  get_state(): unknown[];
}

/**
 * `stateOf` gives the state of each object with `get_state`. Views on a WebAssembly memory are copied. A hole in an
 * array comes back as null, as from upstream's own files.
 */
export function encodeState(value: unknown, stateOf = (object: Stateful) => object.get_state()): Uint8Array {
  const parts: Uint8Array[] = [];
  const plain = (item: unknown): unknown => {
    if (typeof item !== 'object' || item === null) return item;
    if (Array.isArray(item)) return Array.from(item, plain);
    const kind = kindOf(item);
    if (kind) {
      const view = item as TypedArray;
      parts.push(new Uint8Array(view.buffer, view.byteOffset, view.length * KINDS[kind].BYTES_PER_ELEMENT));
      return { typed: kind, length: view.length } satisfies Reference;
    }
    if (isStateful(item)) return Array.from(stateOf(item), plain);
    return Object.fromEntries(Object.entries(item).map(([name, part]) => [name, plain(part)]));
  };
  const json = new TextEncoder().encode(JSON.stringify(plain(value)));
  const bytes = new Uint8Array(4 + json.length + parts.reduce((sum, { length }) => sum + length, 0));
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  let at = 4 + json.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** What `encodeState` was given, every typed array a copy of its own. Throws an Error when the bytes are not that. */
export function decodeState(bytes: Uint8Array): unknown {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  const json = new TextDecoder().decode(bytes.subarray(4, 4 + length));
  let at = 4 + length;
  const whole = (item: unknown): unknown => {
    if (typeof item !== 'object' || item === null) return item;
    if (Array.isArray(item)) return item.map(whole);
    if (isReference(item)) {
      const end = at + item.length * KINDS[item.typed].BYTES_PER_ELEMENT;
      if (end > bytes.length) throw new Error('a state ends before its arrays');
      const copy = bytes.slice(at, end);
      at = end;
      return new KINDS[item.typed](copy.buffer);
    }
    return Object.fromEntries(Object.entries(item).map(([name, part]) => [name, whole(part)]));
  };
  return whole(JSON.parse(json));
}

/** Upstream's views on wasm memory are proxies: they are known by their constructor's name only. */
function kindOf(item: object): Kind | null {
  if ((item as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT === undefined) return null;
  const name = item.constructor.name.replace('bound ', '');
  return name in KINDS ? (name as Kind) : null;
}

function isStateful(item: object): item is Stateful {
  return typeof (item as Partial<Stateful>).get_state === 'function';
}

function isReference(item: object): item is Reference {
  const { typed, length } = item as Partial<Reference>;
  const isKind = typeof typed === 'string' && Object.hasOwn(KINDS, typed);
  return isKind && Number.isSafeInteger(length) && length! >= 0;
}
