import { ByteWriter } from '../../bytes/byte-writer.ts';

/** Gives a descriptor its tag: location, CRC and checksum, computed bit by bit, apart from the reader's own way. */
export function sealDescriptor(bytes: Uint8Array, tagId: number, location: number, version = 2): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setUint16(0, tagId, true);
  view.setUint16(2, version, true);
  view.setUint16(8, crcBitwise(bytes.subarray(16)), true);
  view.setUint16(10, bytes.length - 16, true);
  view.setUint32(12, location, true);
  bytes[4] = 0;
  bytes[4] = bytes.subarray(0, 16).reduce((sum, byte) => (sum + byte) & 0xff, 0);
  return bytes;
}

/** ECMA-167 3/7.2.6. */
export function crcBitwise(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc & 0x8000 ? 0x1021 : 0) ^ (crc << 1)) & 0xffff;
  }
  return crc;
}

/** OSTA compressed unicode: 8 bits a character where that is enough. */
export function ostaName(text: string): Uint8Array {
  const is8 = Array.from(text).every((character) => character.charCodeAt(0) < 256);
  const writer = new ByteWriter(1 + text.length * (is8 ? 1 : 2)).u8(is8 ? 8 : 16);
  for (let i = 0; i < text.length; i++) {
    if (is8) writer.u8(text.charCodeAt(i));
    else writer.u16Be(text.charCodeAt(i));
  }
  return writer.bytes;
}

/** A field of fixed length whose last byte counts the used ones. */
export function dstring(text: string, length: number): Uint8Array {
  const name = ostaName(text);
  return new ByteWriter(length)
    .put(name)
    .at(length - 1)
    .u8(name.length).bytes;
}
