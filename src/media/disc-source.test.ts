import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { DiscSource, openDisc } from './disc-source.ts';
import { hashDisc } from './hash-disc.ts';
import { inspectDisc } from './inspect-disc.ts';
import { mapDisc } from './map-disc.ts';
import { isoBytes } from './testing/discs.ts';
import { rawDisc } from './testing/raw-disc.ts';

const HOUSE = new Uint8Array(readFileSync(new URL('../../guest/house.iso', import.meta.url)));
const NERO = Uint8Array.from('NER5\0\0\0\0\0\x01\0\0', (char) => char.charCodeAt(0));

const concat = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const plain = (leadIn: number): Uint8Array => concat(new Uint8Array(leadIn * 2048), HOUSE);

const KINDS: [what: string, file: Uint8Array][] = [
  ['mode 1', rawDisc(HOUSE, { sectorBytes: 2352, dataOffsetBytes: 16 })],
  ['mode 2, form 1', rawDisc(HOUSE, { sectorBytes: 2352, dataOffsetBytes: 24 })],
  ['mode 1 with subchannel', rawDisc(HOUSE, { sectorBytes: 2448, dataOffsetBytes: 16 })],
  ['mode 2 with subchannel', rawDisc(HOUSE, { sectorBytes: 2448, dataOffsetBytes: 24 })],
  ['mode 2 without sync', rawDisc(HOUSE, { sectorBytes: 2336, dataOffsetBytes: 8 })],
  ['mode 1 behind a lead-in', rawDisc(HOUSE, { sectorBytes: 2352, dataOffsetBytes: 16 }, 150)],
  [
    'mode 2 with subchannel behind a lead-in',
    rawDisc(HOUSE, { sectorBytes: 2448, dataOffsetBytes: 24 }, 150),
  ],
  ['Nero, plain sectors behind a lead-in', concat(plain(150), NERO)],
  ['Nero, raw sectors', concat(rawDisc(HOUSE, { sectorBytes: 2352, dataOffsetBytes: 16 }, 150), NERO)],
];

it.each(KINDS)('%s holds what the .iso file holds: report, map and sum', async (_, file) => {
  const raw = new MemorySource(file, 'house.bin');
  const iso = new MemorySource(HOUSE, 'house.iso');
  const report = await inspectDisc(raw);
  expect(report).toMatchObject({ verdict: 'runs', label: 'VITRINE_HOUSE', bootable: true });
  expect(report.sizeBytes).toBe(HOUSE.length);
  expect(report.reasons.map(({ code }) => code)).toEqual(['system/house', 'media/raw-copy']);
  expect(await mapDisc(raw)).toMatchObject({ stretches: (await mapDisc(iso)).stretches, isComplete: true });
  expect((await hashDisc(await openDisc(raw))).sha1).toBe((await hashDisc(iso)).sha1);
});

it('reads any range of any layout as the plain disc has it', async () => {
  const disc = Uint8Array.from({ length: 40 * 2048 }, (_, at) => (at * 7 + (at >> 9)) & 0xff);
  const layout = fc.constantFrom(
    { sectorBytes: 2352, dataOffsetBytes: 16 },
    { sectorBytes: 2448, dataOffsetBytes: 24 },
    { sectorBytes: 2336, dataOffsetBytes: 8 },
  );
  const range = fc.tuple(fc.nat(disc.length), fc.nat(disc.length)).map((ends) => ends.sort((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(layout, fc.constantFrom(0, 3), range, async (sector, leadIn, [from, to]) => {
      const file = new MemorySource(rawDisc(disc, sector, leadIn));
      const source = new DiscSource(file, { ...sector, startBytes: leadIn * sector.sectorBytes });
      expect(source.sizeBytes).toBe(disc.length);
      expect(Buffer.compare(await source.read(from, to - from), disc.subarray(from, to))).toBe(0);
    }),
  );
});

it('leaves a hard disk alone that holds an .iso file where a lead-in would end', async () => {
  const disk = concat(new Uint8Array(150 * 2048).with(510, 0x55).with(511, 0xaa), await isoBytes({ a: 'b' }));
  const file = new MemorySource(disk, 'disk.img');
  expect(await openDisc(file)).toBe(file);
});
