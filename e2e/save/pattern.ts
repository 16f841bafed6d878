/** Chunk `index` of the pattern: every byte depends on where it lies in the file. */
export function patternChunk(index: number, bytes: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(bytes / 4);
  for (let at = 0; at < words.length; at++)
    words[at] = Math.imul(index * words.length + at + 1, 2_654_435_761) ^ (at >>> 3);
  return new Uint8Array(words.buffer);
}
