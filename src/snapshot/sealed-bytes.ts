import type { PageCodec } from './page-codec.ts';

const MAGIC = 0x4c534d56; // "VMSL"
const BLOCK_BYTES = 1 << 20;
const HEAD_WORDS = 4;
const BLOCK_WORDS = 4;

/**
 * Bytes of any length, in any parts, as a packed, checked record, version 1. Little-endian u32 words: magic and version, length (two
 * words), number of blocks; for each block of up to 1 MiB its length, its stored length (the same when it is stored as
 * it is) and the XXH64 of its bytes; then the stored blocks.
 */
export function sealBytes(codec: PageCodec, ...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const total = parts.reduce((sum, { length }) => sum + length, 0);
  const blocks: { check: bigint; length: number; stored: Uint8Array }[] = [];
  for (let at = 0; at < total; at += BLOCK_BYTES) {
    const block = blockOf(parts, at, Math.min(BLOCK_BYTES, total - at));
    blocks.push({ check: codec.hash(block), length: block.length, stored: codec.pack(block) ?? block });
  }
  const head = new Uint32Array(HEAD_WORDS + blocks.length * BLOCK_WORDS);
  head.set([MAGIC, total % 0x1_0000_0000, Math.floor(total / 0x1_0000_0000), blocks.length]);
  for (const [i, { check, length, stored }] of blocks.entries()) {
    head.set(
      [length, stored.length, Number(check & 0xffff_ffffn), Number(check >> 32n)],
      HEAD_WORDS + i * BLOCK_WORDS,
    );
  }
  const sealed = new Uint8Array(head.byteLength + blocks.reduce((sum, { stored }) => sum + stored.length, 0));
  sealed.set(new Uint8Array(head.buffer));
  let at = head.byteLength;
  for (const { stored } of blocks) {
    sealed.set(stored, at);
    at += stored.length;
  }
  return sealed;
}

/** Bytes of the parts as if they were one: they can be many MiB, and are not copied but here. */
function blockOf(parts: readonly Uint8Array[], from: number, length: number): Uint8Array {
  const block = new Uint8Array(length);
  let start = 0;
  for (const part of parts) {
    const first = Math.max(from, start);
    const piece = part.subarray(first - start, Math.max(first, from + length) - start);
    if (piece.length > 0 && first < from + length) block.set(piece, first - from);
    start += part.length;
  }
  return block;
}

/**
 * What `sealBytes` was given, or null when a bit of it is not as it was or it is longer than `most`. Nothing is allocated
 * for a record that has not as many bytes as it says its blocks have.
 */
export function openSealed(codec: PageCodec, value: unknown, most: number): Uint8Array | null {
  if (!(value instanceof Uint8Array) || value.length < HEAD_WORDS * 4) return null;
  const [magic, low, high, count] = new Uint32Array(value.slice(0, HEAD_WORDS * 4).buffer);
  const length = high * 0x1_0000_0000 + low;
  const headBytes = (HEAD_WORDS + count * BLOCK_WORDS) * 4;
  if (magic !== MAGIC || length > most || count !== Math.ceil(length / BLOCK_BYTES)) return null;
  if (value.length < headBytes) return null;
  const head = new Uint32Array(value.slice(0, headBytes).buffer, HEAD_WORDS * 4);
  let storedBytes = 0;
  for (let i = 0; i < count; i++) storedBytes += head[i * BLOCK_WORDS + 1];
  if (headBytes + storedBytes !== value.length) return null;
  const bytes = new Uint8Array(length);
  let from = headBytes;
  for (let i = 0; i < count; i++) {
    const [size, storedSize, checkLow, checkHigh] = head.subarray(i * BLOCK_WORDS, (i + 1) * BLOCK_WORDS);
    if (size !== Math.min(BLOCK_BYTES, length - i * BLOCK_BYTES) || storedSize > size) return null;
    const stored = value.subarray(from, from + storedSize);
    const part = storedSize === size ? stored : codec.unpack(stored, size);
    if (!part) return null;
    bytes.set(part, i * BLOCK_BYTES);
    const check = codec.hash(bytes.subarray(i * BLOCK_BYTES, i * BLOCK_BYTES + size));
    if (check !== (BigInt(checkHigh) << 32n) + BigInt(checkLow)) return null;
    from += storedSize;
  }
  return bytes;
}
