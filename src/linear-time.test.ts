import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { MemorySource, type ByteSource } from './bytes/byte-source.ts';
import { bytesStored, chainOf, EMPTY_SHELF, findMergeable, reachedFrom, type Shelf } from './disk/shelf.ts';
import { readExhibit } from './exhibit/read-exhibit.ts';
import { countSteps } from './lib/testing/count-steps.ts';
import { readIsoDirectory } from './media/iso9660-directory.ts';
import { trimField } from './media/iso9660-text.ts';
import { layStretches } from './media/disc-stretches.ts';
import { asImageFiles, inspectImageFiles } from './media/disk-images/image-files.ts';
import { inflateRaw } from './media/disk-images/inflate.ts';
import { inspectDiskImage } from './media/disk-images/inspect-disk-image.ts';
import { openDiskImage } from './media/disk-images/open-disk-image.ts';
import { inFolder } from './media/disk-images/testing/qemu-image.ts';
import { run, toolMissing } from './media/disk-images/testing/tools.ts';
import { isVmdkDescriptor, parseVmdkDescriptor } from './media/disk-images/vmdk-descriptor.ts';
import { decompressZstd } from './media/disk-images/zstd.ts';
import { readPartitions } from './media/partitions.ts';
import { parseSetupTexts } from './media/setup-texts.ts';
import { crcBitwise, sealDescriptor } from './media/testing/udf-tags.ts';
import { parseDescriptor, TAG } from './media/udf-descriptor.ts';
import { openIcb } from './media/udf-icb.ts';
import { readWimHeader } from './media/wim-header.ts';
import { readWimXml } from './media/wim-xml.ts';
import { buildWim } from './media/testing/wim-builder.ts';
import { parseXml } from './media/xml.ts';
import { bytesOfMoments, EMPTY_INDEX } from './snapshot/moment-index.ts';
import { readMachineChoice } from './page/machine-choice.ts';

/** Sizes that are compared: each twice the one before. */
const SIZES = [500, 1000, 2000, 4000];
/** What a doubled input may cost: twice, and what does not depend on it. Quadratic work would be at four times. */
const MOST_TIMES = 2.2;
const ALLOWANCE = 3000;

type Work = () => unknown;

/** Runs what may refuse its input: that is an answer too. */
const whatever = async (work: Work): Promise<void> => {
  try {
    await work();
  } catch {
    // Only what it cost is asked.
  }
};

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const xml = (text: string) => () => parseXml(text, 'x');
const vmdk = (text: string) => {
  const bytes = latin1(text);
  return () => [isVmdkDescriptor(bytes), parseVmdkDescriptor(bytes)];
};
const exhibit = (text: string) => () => readExhibit(text);

const CASES: Record<string, (n: number) => Work> = {
  'XML: a tag that does not end': (n) => xml(`<${'a'.repeat(n)}`),
  'XML: an attribute without a value': (n) => xml(`<x ${'a'.repeat(n)}/>`),
  'XML: tags that do not end': (n) => xml('<a '.repeat(n)),
  'XML: quotes that do not end': (n) => xml(`<a ${`b="`.repeat(n)}`),
  'XML: comments that do not end': (n) => xml('<!--'.repeat(n)),
  'XML: declarations that do not end': (n) => xml('<?'.repeat(n)),
  'XML: spaces': (n) => xml(`<a${' '.repeat(n)}b${' '.repeat(n)}=${' '.repeat(n)}"${' '.repeat(n)}/>`),
  'XML: entities that do not end': (n) => xml(`<a>${'&a'.repeat(n)}</a>`),
  'XML: many elements': (n) => xml(`<a>${'<b c="d">e</b>'.repeat(n)}</a>`),
  'XML: many attributes': (n) => xml(`<a ${'b="c" '.repeat(n)}/>`),
  'WIM: NULs inside of its description': (n) => {
    const wim = buildWim({ images: [], xml: `${'\0'.repeat(n)}a` });
    return async () => readWimXml(wim, (await readWimHeader(wim))!);
  },
  'WIM: many images': (n) => {
    const wim = buildWim({ images: Array.from({ length: n / 10 }, () => ({ name: 'x', arch: 0 })) });
    return async () => readWimXml(wim, (await readWimHeader(wim))!);
  },
  'VMDK: spaces in a value': (n) => vmdk(`a=${' '.repeat(n)}""x`),
  'VMDK: quotes': (n) => vmdk(`version=${'"'.repeat(n)}`),
  'VMDK: digits in an extent': (n) => vmdk(`RW ${'1'.repeat(n)} ${'A'.repeat(n)} "${'\\'.repeat(n)}`),
  'VMDK: folders in an extent': (n) => vmdk(`RW 1 FLAT "${'a\\'.repeat(n)}"${' '.repeat(n)}x`),
  'VMDK: empty lines': (n) => vmdk(`${'\r\n'.repeat(n)}\n\r`),
  'VMDK: comments': (n) => vmdk('#\n'.repeat(n)),
  'VMDK: extents': (n) => vmdk('RW 1 FLAT "a" 0\n'.repeat(n)),
  'VMDK: files that a descriptor may name': (n) => async () => {
    const list = Array.from({ length: n / 10 }, (_, part) => `RW 1 FLAT "${part}" 0`).join('\n');
    const files = await asImageFiles([
      { file: new Blob([`version=1\n${list}`]), name: 'a.vmdk' },
      ...Array.from({ length: n / 10 }, (_, part) => ({ file: new Blob(['x']), name: `${part + 1}` })),
    ]);
    return inspectImageFiles(files!);
  },
  'exhibit: texts that do not end': (n) => exhibit(`"${'\\"'.repeat(n)}`),
  'exhibit: quotes in lines': (n) => exhibit('"\n'.repeat(n)),
  'exhibit: words that JSON does not know': (n) => exhibit('x\n'.repeat(n)),
  'exhibit: names that stand there twice': (n) => exhibit(`{${'"a":1,\n'.repeat(n)}"b":1}`),
  'exhibit: mistakes in a list': (n) => exhibit(`{"title":"x","chapters":[${'{},\n'.repeat(n)}{}]}`),
  'exhibit: brackets': (n) => exhibit('['.repeat(n)),
  'setup texts: lines': (n) => () =>
    parseSetupTexts('\r\n\r'.repeat(n), '[EditionID]\n'.repeat(n) + 'BuildLab'.repeat(n)),
  'a field: padding inside': (n) => () => trimField(`${'\0 '.repeat(n)}a`),
  'disc map: files that lie over one another': (n) => () =>
    layStretches(
      Array.from({ length: n }, (_, file) => ({
        kind: 'file' as const,
        name: 'x',
        offset: file * 2048,
        size: (2 * n - 2 * file) * 2048,
      })),
      n * 4096,
      n * 4096,
    ),
  'ISO 9660: a file in many parts': (n) => {
    const record = new Uint8Array(34);
    record.set([34, 0, 1], 0);
    record.set([0x80], 25);
    record.set([1, 65], 32);
    const bytes = new Uint8Array(Math.ceil(n / 60) * 2048);
    for (let at = 0; at < n; at++) bytes.set(record, Math.floor(at / 60) * 2048 + (at % 60) * 34);
    bytes[Math.floor((n - 1) / 60) * 2048 + ((n - 1) % 60) * 34 + 25] = 0;
    const disc = new MemorySource(bytes);
    return () => readIsoDirectory(disc, { offsetBytes: 0, sizeBytes: bytes.length }, { kind: 'plain' });
  },
  'UDF: file identifiers that share their checksums': (n) => {
    const { disc, partition } = udfDirectory(sharingIdentifiers(n / 10));
    return () => openIcb({ disc, partitions: [partition] }, { block: 0, partition: 0 }, '', true).children();
  },
  'UDF: many file identifiers': (n) => {
    const one = new Uint8Array(44);
    one.set([1, 0, 2], 16);
    one[19] = 2;
    one.set([8, 65], 38);
    const bytes = new Uint8Array(44 * n);
    for (let at = 0; at < n; at++) bytes.set(sealDescriptor(one, TAG.fileIdentifier, 0), at * 44);
    const { disc, partition } = udfDirectory(bytes);
    return () => openIcb({ disc, partitions: [partition] }, { block: 0, partition: 0 }, '', true).children();
  },
  'MBR: a chain of logical drives': (n) => {
    const bytes = new Uint8Array(n * 512);
    const view = new DataView(bytes.buffer);
    for (let sector = 0; sector < n; sector++) {
      view.setUint16(sector * 512 + 510, 0x55aa);
      const entry = sector * 512 + 446 + (sector === 0 ? 0 : 16);
      bytes[entry + 4] = 5;
      view.setUint32(entry + 8, sector === 0 ? 1 : sector, true);
      view.setUint32(entry + 12, 1, true);
    }
    return () => readPartitions(new MemorySource(bytes));
  },
  'deflate: what becomes large': (n) => {
    const packed = new Uint8Array(deflateRawSync(new Uint8Array(n * 64)));
    return () => inflateRaw(packed, n * 64);
  },
  'deflate: empty blocks': (n) => {
    const packed = new Uint8Array(n * 5).map((_, at) => [0, 0, 0, 255, 255][at % 5]);
    return () => inflateRaw(packed, n);
  },
  'zstd: empty blocks': (n) => {
    // A frame of one byte whose blocks are all empty and none the last (RFC 8878 §3.1.1).
    const packed = new Uint8Array(6 + 3 * n);
    packed.set([0x28, 0xb5, 0x2f, 0xfd, 0x20, 1]);
    return () => decompressZstd(packed, 1);
  },
  'zstd: frames to be left out': (n) => {
    const packed = new Uint8Array(8 * n).map((_, at) => [0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0][at % 8]);
    return () => decompressZstd(packed, 1);
  },
  'machine file: moments over one another': (n) => {
    const ids = Array.from({ length: n / 10 }, (_, i) => i + 1);
    const generations = ids.map((id) => ({ id, parent: id === 1 ? null : id - 1, layer: id, createdAt: 1 }));
    const machine = { id: 'a', name: '', sizeBytes: 4096, base: null, profile: {}, createdAt: 1 };
    const shelf: Shelf = {
      ...EMPTY_SHELF,
      generations,
      machines: [{ ...machine, top: ids.at(-1)!, kept: ids.slice(0, -1) }],
    };
    return () => [
      bytesStored(shelf, ids, () => 1),
      findMergeable(shelf, 'a'),
      chainOf(shelf, ids.at(-1)!),
      reachedFrom(shelf, ids),
    ];
  },
  'machine file: moments that share packs': (n) => {
    const packs = Array.from({ length: 100 }, (_, i) => i);
    const moments = Array.from({ length: n / 100 }, (_, i) => ({ id: `m${i}`, packs, recordBytes: 1 }));
    return () => bytesOfMoments({ ...EMPTY_INDEX, moments: moments as never, packs: {} });
  },
  'address: a long query': (n) => () =>
    readMachineChoice(`?${'machine=a&'.repeat(n)}`, { load: () => ({}), save: () => undefined } as never),
};

describe('twice the input costs at most twice the steps', () => {
  test.each(Object.entries(CASES))('%s', async (_, make) => {
    const steps: number[] = [];
    // Made beforehand, and run once so that nothing happens for the first time while it is counted.
    for (const work of SIZES.map(make)) {
      await whatever(work);
      steps.push(await countSteps(() => whatever(work)));
    }
    for (const [index, cost] of steps.slice(1).entries())
      expect(cost, steps.join(' → ')).toBeLessThan(steps[index] * MOST_TIMES + ALLOWANCE);
  });

  test('quadratic work is noticed', async () => {
    const cost = (n: number) =>
      countSteps(() => {
        for (let times = 0; times < n / 100; times++) trimField('a '.repeat(n).padEnd(n * 3));
      });
    expect(await cost(4000)).toBeGreaterThan((await cost(2000)) * 3);
  });
});

describe.skipIf(toolMissing('qemu-img'))('twice the disk costs at most twice the steps', () => {
  test.each(['qcow2', 'vpc', 'vdi', 'vmdk'])('%s', async (format) => {
    const steps: number[] = [];
    for (const size of ['8G', '8G', '16G', '32G', '64G']) {
      const bytes = inFolder((folder) => {
        run('qemu-img', ['create', '-f', format, `${folder}/disk`, size]);
        return new Uint8Array(readFileSync(`${folder}/disk`));
      });
      const walk = async () => {
        const image = await openDiskImage(new MemorySource(bytes));
        for await (const range of image.allocatedRanges()) expect(range.length).toBeGreaterThan(0);
        await inspectDiskImage(new MemorySource(bytes));
      };
      steps.push(await countSteps(walk));
    }
    for (const [index, cost] of steps.slice(2).entries())
      expect(cost, steps.join(' → ')).toBeLessThan(steps[index + 1] * MOST_TIMES + ALLOWANCE);
  });
});

/** A directory of these bytes, described by a file entry in block 0 of a partition. */
function udfDirectory(contents: Uint8Array) {
  const entry = new Uint8Array(184);
  const view = new DataView(entry.buffer);
  view.setUint16(20, 4, true);
  view.setUint32(56, contents.length, true);
  view.setUint32(172, 8, true);
  view.setUint32(176, contents.length, true);
  view.setUint32(180, 1, true);
  sealDescriptor(entry, TAG.fileEntry, 0);
  const block = new Uint8Array(2048);
  block.set(entry);
  const bytes = new Uint8Array(2048 + contents.length);
  bytes.set(contents, 2048);
  const disc: ByteSource = new MemorySource(bytes);
  const partition = {
    startBytes: 0,
    sizeBytes: bytes.length + 2048,
    readDescriptor: async (at: number) => (at === 0 ? parseDescriptor(block, 'x') : null),
  };
  return { disc, partition };
}

/** Each of them says that its checksum goes to the end of the directory, and it is right. */
function sharingIdentifiers(count: number): Uint8Array {
  const bytes = new Uint8Array(count * 40);
  const view = new DataView(bytes.buffer);
  for (let at = (count - 1) * 40; at >= 0; at -= 40) {
    view.setUint16(at, TAG.fileIdentifier, true);
    view.setUint16(at + 2, 2, true);
    view.setUint16(at + 10, Math.min(0xffff, bytes.length - at - 16), true);
    bytes.set([1, 0, 0, 0], at + 16);
    view.setUint16(
      at + 8,
      crcBitwise(bytes.subarray(at + 16, at + 16 + view.getUint16(at + 10, true))),
      true,
    );
    bytes[at + 4] = bytes.subarray(at, at + 16).reduce((sum, byte) => (sum + byte) & 0xff, 0);
  }
  return bytes;
}
