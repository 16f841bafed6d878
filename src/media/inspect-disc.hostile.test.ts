import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemorySource, type ByteSource } from '../bytes/byte-source.ts';
import type { DiscReport } from './disc-report.ts';
import { inspectDisc } from './inspect-disc.ts';
import { readUsedEnd } from './used-end.ts';
import { mapDisc } from './map-disc.ts';
import { isoBytes, windowsDisc } from './testing/discs.ts';
import { SparseImage } from './testing/sparse-image.ts';
import { buildUdfDisc } from './testing/udf-builder.ts';
import { sealDescriptor } from './testing/udf-tags.ts';
import { buildWim, windows7Images } from './testing/wim-builder.ts';

const VERDICTS = ['runs', 'may-run', 'cannot-run', 'not-a-disc'];
const SECTOR = 2048;

/** Every promise about hostile input at once: a whole report, in time and within the budget. */
async function inspectHostile(source: ByteSource): Promise<DiscReport> {
  const startedAt = performance.now();
  const report = await inspectDisc(source);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect(report.bytesRead).toBeLessThanOrEqual(16_000_000);
  expect(VERDICTS).toContain(report.verdict);
  expect(report.reasons.length).toBeGreaterThan(0);
  expect(
    report.reasons.every(({ code, message }) => /^[a-z]+\/[a-z0-9-]+$/u.test(code) && message !== ''),
  ).toBe(true);
  return report;
}

const memory = (bytes: Uint8Array): ByteSource => new MemorySource(bytes, 'hostile.iso');

/** File entries that stand for all: the root, a directory, a file whose contents are read. */
const TELLING_ENTRIES = ['entry ', 'entry sources', 'entry sources/install.wim'];

/** A small disc with the places of its descriptors. */
function smallUdf(): { bytes: Uint8Array<ArrayBuffer>; places: [number, number][] } {
  const places: [number, number][] = [];
  const onLayout = (what: string, offset: number, size: number): void => {
    if (!what.startsWith('entry') || TELLING_ENTRIES.includes(what)) places.push([offset, size]);
  };
  const image = windowsDisc({ onLayout });
  return { bytes: image.bytes(), places };
}

describe('inspectDisc on hostile input', () => {
  it('reports on random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.nat(60), async (bytes, sectors) => {
        const file = new Uint8Array(sectors * SECTOR + bytes.length);
        file.set(bytes, sectors * SECTOR);
        await inspectHostile(memory(file));
      }),
      { numRuns: 300 },
    );
  });

  it('reports on random volume descriptors', async () => {
    const identifier = fc.constantFrom('CD001', 'BEA01', 'NSR02', 'NSR03', 'TEA01');
    const sector = fc.record({
      identifier,
      type: fc.constantFrom(0, 1, 2, 3, 255),
      body: fc.uint8Array({ minLength: 300, maxLength: 300 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(sector, { maxLength: 8 }), async (sectors) => {
        const file = new Uint8Array(700_000);
        sectors.forEach(({ identifier: name, type, body }, index) => {
          const at = (16 + index) * SECTOR;
          file.set(body, at + 7);
          file.set([type, ...new TextEncoder().encode(name), 1], at);
          if (type === 0) file.set(new TextEncoder().encode('EL TORITO SPECIFICATION\0'), at + 7);
        });
        await inspectHostile(memory(file));
      }),
      { numRuns: 300 },
    );
  });

  it('reports on every prefix of a good disc by sectors, and on prefixes in between; none runs that lacks a byte of what it holds', async () => {
    const { bytes } = smallUdf();
    const { endBytes } = await readUsedEnd(memory(bytes));
    expect(endBytes).toBeGreaterThan(bytes.length - 4 * SECTOR);
    const lengths = Array.from({ length: Math.ceil(bytes.length / SECTOR) }, (_, index) => index * SECTOR);
    for (const length of [...lengths, ...lengths.map((at) => at + 1), ...lengths.map((at) => at + 1777)]) {
      if (length >= endBytes) continue;
      const report = await inspectHostile(memory(bytes.subarray(0, length)));
      expect(['cannot-run', 'not-a-disc'], `${length} bytes`).toContain(report.verdict);
    }
  });

  it('reports on a disc with any single bit of its UDF, ISO 9660 and boot descriptors flipped', async () => {
    const { bytes, places } = smallUdf();
    for (const [offset, size] of places) {
      for (let at = offset; at < offset + Math.min(size, 512); at++) {
        // In stretches of zeros one bit of each byte stands for all.
        const bits = bytes[at] === 0 ? [at % 8] : [0, 1, 2, 3, 4, 5, 6, 7];
        for (const bit of bits) {
          bytes[at] ^= 1 << bit;
          await inspectHostile(memory(bytes));
          bytes[at] ^= 1 << bit;
        }
      }
    }
  });

  it('reports on an ISO 9660 disc with any single bit of its descriptors and directories flipped', async () => {
    const bytes = await isoBytes({
      'isolinux/vmlinuz': 'x',
      'sources/ei.cfg': '[EditionID]\r\nX',
      '.disk/info': 'y',
    });
    const ends = bytes.length - 8 * SECTOR;
    for (let at = 16 * SECTOR; at < ends; at++) {
      // Most of a sector is zeros after what matters; those bits are sampled.
      if (bytes[at] === 0 && at % 61 !== 0) continue;
      for (let bit = 0; bit < 8; bit++) {
        bytes[at] ^= 1 << bit;
        await inspectHostile(memory(bytes));
        bytes[at] ^= 1 << bit;
      }
    }
  });

  it('reports on a disc whose every 32-bit word may be anything', async () => {
    const { bytes, places } = smallUdf();
    const values = [1, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffff800];
    const view = new DataView(bytes.buffer);
    for (const [offset, size] of places) {
      const whole = bytes.slice(offset, offset + size);
      for (let at = 16; at + 4 <= Math.min(size, 512); at += 4) {
        // Far into a descriptor, zeros are reserved space: every eighth word of it is tried.
        if (at > 300 && at % 32 !== 0 && view.getUint32(offset + at, true) === 0) continue;
        for (const value of values) {
          view.setUint32(offset + at, value, true);
          // UDF tags are made right again: what is judged is the value.
          const tag = view.getUint16(offset, true);
          const isUdf =
            [1, 2, 3, 5, 6, 8, 256, 258, 261, 266].includes(tag) && view.getUint16(offset + 2, true) === 2;
          if (isUdf)
            sealDescriptor(bytes.subarray(offset, offset + size), tag, view.getUint32(offset + 12, true));
          await inspectHostile(memory(bytes));
        }
        bytes.set(whole, offset);
      }
    }
  });

  it('ends at a directory that contains itself', async () => {
    const bytes = await isoBytes({ 'sources/inner/x': 'x' }, { joliet: false });
    const isInner = (at: number): boolean => String.fromCharCode(...bytes.subarray(at, at + 5)) === 'INNER';
    // Not the path tables, where the name stands too: in a directory its length comes first, 33 bytes into the record.
    const name = [...bytes.keys()].findLast(
      (at) => at > 20 * SECTOR && isInner(at) && bytes[at - 33] === 38,
    )!;
    // The record of `inner` gets the place and size that `sources` has for itself, two records before.
    bytes.copyWithin(name - 33 + 2, name - 33 - 68 + 2, name - 33 - 68 + 18);
    const map = await mapDisc(memory(bytes));
    expect(map).toMatchObject({ directoryCount: 2, fileCount: 0, isComplete: true });
    await inspectHostile(memory(bytes));
  });

  it('ends at volume descriptor pointers that lead to themselves', async () => {
    const places = new Map<string, number>();
    const image = buildUdfDisc({
      label: 'LOOP',
      files: [],
      chainSequence: true,
      onLayout: (what, at) => places.set(what, at),
    });
    const bytes = image.bytes();
    for (const start of [32, 64]) {
      const at = places.get(`pointer at ${start}`)!;
      const view = new DataView(bytes.buffer, at, 512);
      view.setUint32(24, start, true);
      sealDescriptor(bytes.subarray(at, at + 512), 3, start);
    }
    const report = await inspectHostile(memory(bytes));
    expect(report.verdict).toBe('cannot-run');
  });

  it('ends at allocation descriptors that continue in themselves', async () => {
    const places: [string, number, number][] = [];
    const spec = {
      extentSectors: 1,
      descriptorsPerBlock: 2,
      onLayout: (what: string, at: number, size: number) => places.push([what, at, size]),
    };
    const bytes = windowsDisc(spec).bytes();
    for (const [what, at, size] of places) {
      if (what !== 'continuation') continue;
      const view = new DataView(bytes.buffer, at, size);
      const block = view.getUint32(12, true);
      view.setUint32(24, (SECTOR | (3 << 30)) >>> 0, true);
      view.setUint32(28, block, true);
      sealDescriptor(bytes.subarray(at, at + size), 258, block);
    }
    const report = await inspectHostile(memory(bytes));
    expect(report.verdict).toBe('cannot-run');
  });

  it('stops at the budget on a disc of huge directories', async () => {
    const names = 'sources boot efi i386 amd64 isolinux syslinux casper live arch install images'.split(' ');
    const image = await isoBytes(Object.fromEntries(names.map((name) => [`${name}/file`, 'x'])));
    const view = new DataView(image.buffer);
    let block = 1000;
    for (let at = 20 * SECTOR; at + 8 <= image.length; at++) {
      // The size of a directory of one sector, in both byte orders, as its records give it: now it has 2 MB, elsewhere.
      if (view.getUint32(at, true) !== SECTOR || view.getUint32(at + 4, false) !== SECTOR) continue;
      if (image[at + 22] === 1) continue;
      view.setUint32(at - 8, block, true);
      view.setUint32(at, 2_000_000, true);
      block += 1000;
    }
    const report = await inspectHostile(new SparseImage(3_000_000_000).put(0, image));
    expect(report.reasons.map(({ code }) => code)).toEqual(['media/tangled']);
  });

  it('takes sizes of 2^63 in a WIM and a UDF entry for what they are', async () => {
    const wim = buildWim({ images: windows7Images() });
    for (const at of [0x48, 0x50, 0x58]) {
      for (const value of [1n << 63n, (1n << 64n) - 1n, 1n << 53n, 1n << 31n]) {
        const bytes = wim.bytes();
        new DataView(bytes.buffer).setBigUint64(at, value, true);
        const disc = buildUdfDisc({
          label: 'GSP1RMCPRFRER_EN_DVD',
          files: [{ path: 'sources/install.wim', contents: bytes }],
        });
        const report = await inspectHostile(disc);
        if (at !== 0x58) expect(report.reasons.map(({ code }) => code)).toContain('wim/unreadable');
      }
    }
  });

  it('reports on any description that a WIM may carry', async () => {
    const word = fc.constantFrom(
      '<WIM>',
      '</WIM>',
      '<IMAGE INDEX="1">',
      '</IMAGE>',
      '<WINDOWS>',
      '<ARCH>0',
      '</ARCH>',
      '&amp;',
      '&#x110000;',
      '<!--',
      ' ',
      '<a/>',
      '<',
      '>',
      '6',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 40 }), async (words) => {
        await inspectHostile(windowsDisc({ install: { images: [], xml: words.join('') } }));
      }),
      { numRuns: 100 },
    );
  });

  it('reads a description as long as it may be in time', async () => {
    const xml = `<WIM>${'<IMAGE INDEX="1">'.repeat(40_000)}`;
    const report = await inspectHostile(windowsDisc({ install: { images: [], xml } }));
    expect(report.verdict).toBe('cannot-run');
  });
});
