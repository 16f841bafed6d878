import { expect, it } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { tellMediumKind } from './medium-kind.ts';

const MIB = 2 ** 20;

function file(name: string, sizeBytes: number, parts: [offset: number, text: string][] = []): MemorySource {
  const bytes = new Uint8Array(sizeBytes);
  for (const [offset, text] of parts)
    bytes.set(
      Uint8Array.from(text, (char) => char.charCodeAt(0)),
      offset,
    );
  return new MemorySource(bytes, name);
}

const MARK: [number, string] = [510, '\x55\xaa'];
const ISO: [number, string] = [0x8001, 'CD001'];

it.each([
  ['disk', file('Windows 7.QCOW2', 0)],
  ['disk', file('xp.vhdx', 100)],
  ['disc', file('windows7.iso', 4 * MIB, [MARK])],
  ['floppy', file('answers.img', 1474560)],
  ['floppy', file('odd.img', 1000)],
  ['disk', file('disk.img', 4 * MIB, [MARK])],
  ['disk', file('blank.img', 4 * MIB)],
  ['disc', file('debian.img', 4 * MIB, [MARK, ISO])],
  ['disk', file('no-name', 4 * MIB, [MARK])],
  ['disk', file('no-name', 4096, [[0, 'QFI\xfb']])],
  ['disc', file('no-name', 4 * MIB, [ISO])],
  ['disc', file('letter.txt', 300)],
  ['disc', file('empty', 0)],
])('takes for a %s: %o', async (kind, source) => {
  expect(await tellMediumKind(source)).toBe(kind);
});
