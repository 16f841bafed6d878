/**
 * Files that mean harm, of every kind that is taken from outside: what each costs in time and memory until it is refused
 * or open. `npm run hostile` prints a table; `npm run hostile -- NAME` those whose name has it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { encodeHead as encodeSegmentHead } from '../src/disk/segment-head.ts';
import { isoBytes, text, windowsDisc } from '../src/media/testing/discs.ts';
import { buildUdfDisc } from '../src/media/testing/udf-builder.ts';
import { rawDisc } from '../src/media/testing/raw-disc.ts';
import { SparseImage } from '../src/media/testing/sparse-image.ts';
import type { ArchiveManifest } from '../src/snapshot/archive-manifest.ts';
import { encodeDetail } from '../src/snapshot/moment-detail.ts';
import { encodePack } from '../src/snapshot/pack-record.ts';
import { PageCodec } from '../src/snapshot/page-codec.ts';
import { putTogether, takeApart, type ArchiveParts } from '../src/worker/testing/archive-forgery.ts';
import { aMachineFile } from '../src/worker/testing/machine-file.ts';

/** Files that are brought together, by their paths. */
export interface HostileCase {
  readonly name: string;
  readonly files: readonly string[];
}

export interface HostileOutcome {
  readonly name: string;
  /** The verdict, the codes of its reasons, or that of the refusal. */
  readonly outcome: string;
  readonly ms: number;
  /** The most memory that the process has had until then. */
  readonly peakBytes: number;
}

export const LIMITS = { ms: 2000, bytes: 64 << 20 };

const MIB = 1 << 20;
type Made = Uint8Array | SparseImage | string;
type Maker = () => Made | Promise<Made> | Record<string, Made> | Promise<Record<string, Made>>;

const codec = PageCodec.standalone();
const latin1 = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'latin1'));

let apart: Promise<ArchiveParts & { manifest: ArchiveManifest }> | null = null;

/** A small honest machine file, taken apart. */
function machineParts(): Promise<ArchiveParts & { manifest: ArchiveManifest }> {
  return (apart ??= aMachineFile().then(takeApart));
}

const saying = (json: (manifest: string) => string) => async () => putTogether(await machineParts(), json);
const holding = (change: (parts: ArchiveParts & { manifest: ArchiveManifest }) => ArchiveParts) => async () =>
  putTogether(change(await machineParts()));

/** A machine with so many moments, each with a disk of its own over that of the one before. */
const withMoments = (count: number) =>
  holding(({ manifest }) => {
    const [first] = manifest.moments;
    const ids = Array.from({ length: count }, (_, i) => i + 1);
    return {
      chunks: [],
      manifest: {
        ...manifest,
        machine: { ...manifest.machine, top: count + 1, kept: ids },
        generations: [...ids, count + 1].map((id) => ({
          id,
          parent: id === 1 ? null : id - 1,
          layer: id,
          createdAt: 1,
        })),
        heads: [],
        segments: [],
        packs: [],
        details: [],
        thumbnails: [],
        current: null,
        moments: ids.map((id) => ({
          ...first,
          id: `m${id}`,
          parent: id === 1 ? null : `m${id - 1}`,
          label: '',
          kind: 'disk' as const,
          isFirst: false,
          generation: id,
          packs: [],
        })),
      },
    };
  });

/** Chunks that unpack to far more than they are. */
const bombs = (packs: number, details: number, mebibytes = 1) =>
  holding(({ manifest }) => {
    const identity = { ...(manifest.moments[0].identity as object), memoryMiB: 2047, videoMemoryMiB: 128 };
    const places = new Uint32Array((2047 + 128) * 256);
    const chunks: Uint8Array<ArrayBuffer>[] = Array.from({ length: packs }, (_, i) =>
      encodePack(codec, i + 1, new Uint8Array(MIB)),
    );
    for (let i = 0; i < details; i++) {
      const devices = new Uint8Array(mebibytes * MIB);
      devices[0] = i;
      chunks.push(encodeDetail(codec, { places, devices }));
    }
    const ids = Array.from({ length: details }, (_, i) => `m${i + 1}`);
    const { machine, generations } = manifest;
    return {
      chunks,
      manifest: {
        ...manifest,
        machine: { ...machine, kept: [generations[0].id], top: generations[1].id },
        generations: [generations[0], { ...generations[1], parent: generations[0].id }],
        heads: [],
        segments: [],
        thumbnails: [],
        current: null,
        packs: Array.from({ length: packs }, (_, i) => ({ pack: i + 1, pages: 256, chunk: i })),
        details: ids.map((moment, i) => ({ moment, chunk: packs + i })),
        moments: ids.map((id) => ({
          ...manifest.moments[0],
          id,
          parent: null,
          isFirst: false,
          generation: generations[0].id,
          packs: Array.from({ length: packs }, (_, i) => i + 1),
          identity,
        })),
      },
    };
  });

/** Heads of a disk of 127 GiB that name zeros here and there. */
const heads = (count: number, runs: number) =>
  holding(({ manifest }) => {
    const layer = manifest.generations[0].layer;
    const chunks = Array.from({ length: count }, (_, i) => {
      const zeros = Uint32Array.from({ length: runs }, (_, at) => i + at * 16);
      const words = encodeSegmentHead({ id: i + 1, order: i + 1, blocks: new Uint32Array(0), zeros });
      return new Uint8Array(words.buffer);
    });
    const { machine, generations } = manifest;
    return {
      chunks,
      manifest: {
        ...manifest,
        machine: { ...machine, sizeBytes: 127 * 2 ** 30, kept: [], top: generations[0].id },
        generations: [generations[0]],
        heads: chunks.map((_, chunk) => ({ layer, chunk })),
        segments: [],
        packs: [],
        details: [],
        thumbnails: [],
        moments: [],
        current: null,
      },
    };
  });

/** A file whose chunks are many MiB of nothing, so that its manifest may be long. */
const long = (mebibytes: number, json: (bytes: number) => string) => async () =>
  putTogether({ chunks: [new Uint8Array(mebibytes * MIB)], manifest: {} }, () =>
    json(Math.floor(3 * MIB + (mebibytes * MIB) / 16 - 64)),
  );

function wim(xml: string): SparseImage {
  return windowsDisc({ install: { images: [], xml } });
}

function qcow2(change: (view: DataView) => void, sizeBytes = 1 << 20): SparseImage {
  const head = new Uint8Array(65_536 * 3);
  const view = new DataView(head.buffer);
  view.setUint32(0, 0x514649fb);
  view.setUint32(4, 2);
  view.setUint32(20, 16);
  view.setBigUint64(24, BigInt(10 * 2 ** 30));
  view.setUint32(36, 20);
  view.setBigUint64(40, 65_536n);
  view.setBigUint64(48, 131_072n);
  view.setUint32(56, 1);
  change(view);
  return new SparseImage(sizeBytes, 'x').put(0, head.subarray(0, Math.min(head.length, sizeBytes)));
}

/** A sparse extent whose grains lie as far apart as they can in a file of `sizeBytes`. */
function scatteredVmdk(sizeBytes: number): SparseImage {
  const image = new SparseImage(sizeBytes, 'x.vmdk');
  const grain = 8;
  const entries = 8192;
  const tables = 256;
  const head = new Uint8Array(512);
  const view = new DataView(head.buffer);
  view.setUint32(0, 0x564d444b, true);
  view.setUint32(4, 1, true);
  view.setUint32(8, 3, true);
  view.setBigUint64(12, BigInt(grain * entries * tables), true);
  view.setBigUint64(20, BigInt(grain), true);
  view.setBigUint64(28, 1n, true);
  view.setBigUint64(36, 1n, true);
  view.setUint32(44, entries, true);
  view.setBigUint64(56, 2n, true);
  view.setBigUint64(64, 1n, true);
  head.set([0x0a, 0x20, 0x0d, 0x0a], 73);
  image.put(0, head);
  image.put(
    512,
    latin1(
      `# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\ncreateType="monolithicSparse"\nRW ${grain * entries * tables} SPARSE "x.vmdk"\n`,
    ),
  );
  const directory = new Uint32Array(tables);
  const first = 16;
  for (let i = 0; i < tables; i++) directory[i] = first + i * 64;
  image.put(1024, new Uint8Array(directory.buffer));
  const sectors = sizeBytes / 512;
  const start = first + tables * 64;
  const step = Math.floor((sectors - start) / (tables * entries));
  for (let i = 0; i < tables; i++) {
    const table = new Uint32Array(entries);
    for (let at = 0; at < entries; at++) table[at] = start + (i * entries + at) * step;
    image.put(directory[i] * 512, new Uint8Array(table.buffer));
  }
  return image;
}

function vdi(sizeBytes: number, blocks: number): SparseImage {
  const image = new SparseImage(sizeBytes, 'x.vdi');
  const head = new Uint8Array(512);
  const view = new DataView(head.buffer);
  view.setUint32(64, 0xbeda107f, true);
  view.setUint32(68, 0x10001, true);
  view.setUint32(76, 1, true);
  view.setUint32(340, 512, true);
  view.setUint32(344, 512 + blocks * 4 + 512, true);
  view.setUint32(360, 512, true);
  view.setBigUint64(368, BigInt(blocks * MIB), true);
  view.setUint32(376, MIB, true);
  view.setUint32(384, blocks, true);
  const map = Uint32Array.from({ length: blocks }, (_, i) => blocks - 1 - i);
  return image.put(0, head).put(512, new Uint8Array(map.buffer));
}

function gpt(entries: number, entryBytes: number): SparseImage {
  const image = new SparseImage(64 * MIB, 'gpt.raw');
  const mbr = new Uint8Array(512);
  mbr.set([0xeb, 0xfe], 0);
  mbr[450] = 0xee;
  new DataView(mbr.buffer).setUint32(454, 1, true);
  new DataView(mbr.buffer).setUint32(458, 0xffffffff, true);
  mbr.set([0x55, 0xaa], 510);
  const head = new Uint8Array(512);
  const view = new DataView(head.buffer);
  head.set(latin1('EFI PART'));
  view.setUint32(8, 0x10000, true);
  view.setUint32(12, 92, true);
  view.setBigUint64(24, 1n, true);
  view.setBigUint64(72, 2n, true);
  view.setUint32(80, entries, true);
  view.setUint32(84, entryBytes, true);
  return image.put(0, mbr).put(512, head);
}

const descriptor = (lines: string): string =>
  `# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\ncreateType="x"\n${lines}`;
const isoWith = (label: string, extra: number) => async () => {
  const iso = await isoBytes({ 'a.txt': label });
  return new SparseImage(iso.length + extra, 'x.iso').put(0, iso);
};

function zipEntry(name: string, packedBytes: number, sizeBytes: number): Uint8Array {
  const entry = new Uint8Array(46 + name.length);
  const view = new DataView(entry.buffer);
  view.setUint32(0, 0x02014b50, true);
  view.setUint32(20, packedBytes, true);
  view.setUint32(24, sizeBytes, true);
  view.setUint16(28, name.length, true);
  entry.set(latin1(name), 46);
  return entry;
}

function zip(count: number, says: { bytes?: number; at?: number } = {}): Uint8Array {
  const entries = Array.from({ length: count }, (_, i) => zipEntry(`disk${i}.vmdk`, 1, 0xfffffffe));
  const body = Buffer.concat([latin1('PK\x03\x04'), ...entries]);
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint32(12, says.bytes ?? body.length - 4, true);
  view.setUint32(16, says.at ?? 4, true);
  return Buffer.concat([body, end]);
}

function tar(name: string, size: string): Uint8Array {
  const bytes = new Uint8Array(1024);
  bytes.set(latin1(name));
  bytes.set(latin1(size), 124);
  bytes.set(latin1('0ustar'), 156);
  bytes.set(latin1('ustar'), 257);
  return bytes;
}

/** Every kind by name; the ending of a file is that of the name. */
const CASES: Record<string, Maker> = {
  'machine, honest.vitrine': holding((parts) => parts),
  'machine, deep JSON.vitrine': saying(() => '['.repeat(1.5 * MIB)),
  'machine, empty objects.vitrine': saying(() => `[${'{},'.repeat(500_000)}{}]`),
  'machine, as many objects as are let through.vitrine': saying(
    () => `{"x":[${`${'{}'.padEnd(33)},`.repeat(120_000)}{}]}`,
  ),
  'machine, members.vitrine': saying(
    () => `{${Array.from({ length: 300_000 }, (_, i) => `"k${i}":    0`).join(',')}}`,
  ),
  'machine, names that are all different.vitrine': saying(
    () => `{${Array.from({ length: 140_000 }, (_, i) => `"k${i}":0`).join(',')}}`,
  ),
  'machine, the same name.vitrine': saying(
    (json) => `{${`"machine":{"a":[]},`.repeat(100_000)}${json.slice(1)}`,
  ),
  'machine, numbers.vitrine': saying((json) => json.replace('"kept":[', `"kept":[${'0,'.repeat(900_000)}`)),
  'machine, large numbers.vitrine': saying((json) =>
    json.replace('"kept":[', `"kept":[${'1e9,'.repeat(450_000)}`),
  ),
  'machine, letters by their numbers.vitrine': saying((json) =>
    json.replace('"label":"', `"label":"${'\\u4e2d'.repeat(300_000)}`),
  ),
  'machine, a long manifest of objects.vitrine': long(
    64,
    (bytes) => `[${'{"a":1,"b":1,              "c":1},'.repeat(bytes / 34 - 8)}{}]`,
  ),
  'machine, a long manifest of numbers.vitrine': long(
    64,
    (bytes) => `{"machine":{"kept":[${'1000,'.repeat(bytes / 5 - 8)}0]}}`,
  ),
  'machine, a long manifest of one text.vitrine': long(64, (bytes) => `"${'中'.repeat(bytes / 3 - 8)}"`),
  'machine, a manifest that is too long for its file.vitrine': long(64, (bytes) => ' '.repeat(2 * bytes)),
  'machine, thousands of moments over one another.vitrine': withMoments(2500),
  'machine, packs that nobody needs.vitrine': bombs(250, 0),
  'machine, packs that unpack to 250 MiB.vitrine': bombs(250, 1),
  'machine, records that unpack to 31 MiB.vitrine': bombs(0, 2, 31),
  'machine, records that unpack to 9 MiB.vitrine': bombs(0, 8, 9),
  'machine, heads that are too long.vitrine': heads(2, 2_000_000),
  'machine, long heads.vitrine': heads(24, 250_000),
  'machine, many short heads.vitrine': heads(3000, 10),
  'machine, cut.vitrine': async () => (await putTogether(await machineParts())).subarray(0, 5000),
  'wim, a tag that does not end.iso': () => wim(`<${'a'.repeat(MIB - 100)}`),
  'wim, attributes.iso': () => wim(`<WIM ${'a="b" '.repeat(170_000)}/>`),
  'wim, elements.iso': () => wim(`<WIM>${'<IMAGE/>'.repeat(130_000)}</WIM>`),
  'wim, nested.iso': () => wim('<a>'.repeat(340_000)),
  'wim, entities.iso': () => wim(`<WIM>${'&#65;'.repeat(200_000)}</WIM>`),
  'wim, images.iso': () => wim(`<WIM>${'<IMAGE INDEX="1"><NAME>a</NAME></IMAGE>'.repeat(26_000)}</WIM>`),
  'wim, comments.iso': () => wim(`<WIM>${'<!---->'.repeat(149_000)}`),
  'vmdk, 10^6 lines.vmdk': () => descriptor('RW 1 ZERO\n'.repeat(1_000_000)),
  'vmdk, as many lines as are read.vmdk': () => descriptor('RW 1 ZERO\n'.repeat(6400)),
  'vmdk, 1024 parts of zeros.vmdk': () => descriptor(`RW ${2 ** 27} ZERO\n`.repeat(500)),
  'vmdk, one line.vmdk': () => descriptor(`RW 1 FLAT "${'a/'.repeat(32_000)}"`),
  'vmdk, itself as its part.vmdk': () => descriptor('RW 1 FLAT "vmdk, itself as its part.vmdk" 0'),
  'vmdk, UTF-16 that is cut.vmdk': () =>
    Buffer.concat([latin1('\xff\xfe'), Buffer.from(descriptor('RW 1 FLAT "a"'), 'utf16le'), latin1('x')]),
  'vmdk, scattered over 8 GiB.vmdk': () => scatteredVmdk(8 * 2 ** 30),
  'vmdk, scattered over 40 GiB.vmdk': () => scatteredVmdk(40 * 2 ** 30),
  'vmdk, a set with a thousand parts': () => ({
    'a.vmdk': descriptor(Array.from({ length: 1000 }, (_, i) => `RW 8 SPARSE "p${i}.vmdk"`).join('\n')),
    ...Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`p${i}.vmdk`, 'KDMV'])),
  }),
  'vmdk, one file for a thousand parts': () => ({
    'a.vmdk': descriptor(Array.from({ length: 1000 }, () => `RW 8 FLAT "b.vmdk" 0`).join('\n')),
    'b.vmdk': new SparseImage(MIB, 'b'),
  }),
  'qcow2, snapshots and a long table.qcow2': () =>
    qcow2((view) => {
      view.setUint32(60, 0xffffffff);
      view.setUint32(36, 32 << 20);
      view.setBigUint64(24, 2n ** 60n);
    }),
  'qcow2, a table of 32 MiB.qcow2': () => qcow2((view) => view.setUint32(36, 4 << 20), 40 * MIB),
  'qcow2, tables in one place.qcow2': () =>
    qcow2((view) => {
      for (let at = 0; at < 20; at++) view.setBigUint64(65_536 + at * 8, 0x8000000000020000n);
    }),
  'qcow2, clusters of 512 bytes.qcow2': () =>
    qcow2((view) => {
      view.setUint32(20, 9);
      view.setUint32(36, 4 << 20);
      view.setBigUint64(24, 2n ** 37n);
    }, 200 * MIB),
  'qcow2, clusters of 2 MiB and 2^63.qcow2': () =>
    qcow2((view) => {
      view.setUint32(20, 21);
      view.setBigUint64(40, 2n ** 63n);
    }),
  'vdi, a long map.vdi': () => vdi(2 ** 30, 4_000_000),
  'vdi, turned around.vdi': () => vdi(127 * 2 ** 30, 126 * 1024),
  'vhd, a cookie and nothing.vhd': () => new SparseImage(MIB, 'x').put(0, latin1('conectix')),
  'vhdx.vhdx': () => new SparseImage(8 * MIB, 'x').put(0, latin1('vhdxfile')),
  'gpt, 2^32 entries.raw': () => gpt(0xffffffff, 128),
  'gpt, entries of 4 GiB.raw': () => gpt(128, 0xffffff80),
  'raw, more than a drive can have.raw': () => new SparseImage(2 ** 41, 'x').put(510, latin1('\x55\xaa')),
  'raw, no whole sectors.img': () => new SparseImage(5 * MIB + 7, 'x').put(510, latin1('\x55\xaa')),
  'disc, raw copy mode 1.bin': async () =>
    rawDisc(await isoBytes({ 'a.txt': 'a' }), { sectorBytes: 2352, dataOffsetBytes: 16 }),
  'disc, a raw copy that is cut.bin': async () =>
    rawDisc(await isoBytes({ 'a.txt': 'a' }), { sectorBytes: 2448, dataOffsetBytes: 24 }).subarray(0, 45_000),
  'disc, sync and nothing.bin': () =>
    new SparseImage(700 * MIB, 'x').put(0, latin1('\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0')),
  'disc, an honest one.iso': isoWith('a', 0),
  'disc, files in many pieces.iso': () =>
    buildUdfDisc({
      label: 'PIECES',
      extentSectors: 1,
      descriptorsPerBlock: 200,
      files: Array.from({ length: 30 }, (_, i) => ({
        path: `f${i}`,
        contents: new SparseImage(10_000 * 2048, 'f'),
        sameAs: 'f0',
      })),
    }),
  'disc, a boot record that leads nowhere.iso': async () => {
    const iso = await isoBytes({ 'a.txt': 'a' });
    for (let at = 0x8800 + 0x47; at < 0x8800 + 0x4b; at++) iso[at] = 0xff;
    return iso;
  },
  'disc, boot catalog in the boot record.iso': async () => {
    const iso = await isoBytes({ 'a.txt': 'a' });
    new DataView(iso.buffer).setUint32(0x8800 + 0x47, 17, true);
    return iso;
  },
  'archive.zip': () => zip(5),
  'archive of 60000 members.zip': () => zip(60_000),
  'archive that lies of its size.zip': () => zip(5, { bytes: 0xfffffffe, at: 0 }),
  'archive that lies of its place.zip': () => zip(5, { bytes: 10, at: 0xfffffffe }),
  'archive of its end alone.zip': () => Buffer.concat([latin1('PK\x05\x06'), Buffer.alloc(18)]),
  'archive of zeros.gz': () => gzipSync(new Uint8Array(16 * MIB)),
  'archive with a name that does not end.gz': () => latin1(`\x1f\x8b\x08\x08\0\0\0\0\0\0${'a'.repeat(MIB)}`),
  'archive of negative size.tar': () => tar('a.ovf', '-0000000001'),
  'archive of 8 EiB.tar': () => tar('a.ovf', '\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff'),
  'archive of headers.tar': () =>
    Buffer.concat(Array.from({ length: 20_000 }, () => tar('a.ovf', '0').subarray(0, 512))),
  'appliance.ova': () => Buffer.concat([tar('a.ovf', '1'), tar('a-disk1.vmdk', '77777777777')]),
  'archive.7z': () => new SparseImage(MIB, 'x').put(0, latin1('7z\xbc\xaf\x27\x1c')),
  'archive.rar': () => new SparseImage(MIB, 'x').put(0, latin1('Rar!\x1a\x07\x01\0')),
  'archive.xz': () => new SparseImage(MIB, 'x').put(0, latin1('\xfd7zXZ\0')),
  'archive.zst': () => new SparseImage(MIB, 'x').put(0, latin1('\x28\xb5\x2f\xfd')),
  'machine of another program.ovf': () => `<Envelope ${'<a x="a.vmdk">'.repeat(140_000)}`,
  'list of tracks.cue': () => 'FILE "a.bin" BINARY\n'.repeat(100_000),
  'text of quotes.txt': () => '"'.repeat(2 * MIB),
  'deflate.bin': () => deflateRawSync(new Uint8Array(16 * MIB)),
  'exhibit, brackets.json': () => '['.repeat(1_900_000),
  'exhibit, mistakes.json': () => `{"title":"x","chapters":[${'{},'.repeat(600_000)}{}]}`,
  'exhibit, quotes.json': () => `"${'\\"'.repeat(900_000)}`,
};

/** Makes the files whose kind has `part` in its name in a folder. */
export async function makeHostileFiles(folder: string, part = ''): Promise<HostileCase[]> {
  const made: HostileCase[] = [];
  for (const [name, make] of Object.entries(CASES)) {
    if (!name.includes(part)) continue;
    const what = await make();
    const isOne = typeof what === 'string' || what instanceof Uint8Array || what instanceof SparseImage;
    const files: string[] = [];
    for (const [file, contents] of Object.entries(isOne ? { [name]: what } : what)) {
      const path = join(folder, `${isOne ? '' : `${made.length} `}${file}`.replaceAll('/', ' '));
      const own = isOne ? path : join(mkdtempSync(join(folder, 'set-')), file);
      if (contents instanceof SparseImage) await contents.writeTo(own);
      else writeFileSync(own, typeof contents === 'string' ? text(contents) : contents);
      files.push(own);
    }
    made.push({ name, files });
  }
  return made;
}

/** Takes files in a process of their own. */
export function takeInProcess(folder: string, cases: readonly HostileCase[]): HostileOutcome[] {
  const list = join(folder, 'list.json');
  writeFileSync(list, JSON.stringify(cases));
  const child = join(import.meta.dirname, 'hostile-child.ts');
  const told = execFileSync(process.execPath, ['--import', 'tsx', child, list], { encoding: 'utf8' });
  return told
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as HostileOutcome);
}

async function main(part: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  try {
    const honest = await makeHostileFiles(folder, 'honest');
    const before = takeInProcess(folder, honest).at(-1)!;
    console.log(`Nothing but honest files: ${Math.round(before.peakBytes / MIB)} MiB`);
    for (const one of await makeHostileFiles(folder, part)) {
      const taken = takeInProcess(folder, [...honest, one]).at(-1)!;
      const mebibytes = Math.max(0, Math.round((taken.peakBytes - before.peakBytes) / MIB));
      const isOver =
        taken.ms > LIMITS.ms || mebibytes * MIB > LIMITS.bytes || taken.outcome.startsWith('FAILED');
      console.log(
        `${isOver ? 'OVER' : '    '} ${taken.ms} ms, ${mebibytes} MiB | ${one.name} | ${taken.outcome}`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === import.meta.filename) await main(process.argv[2] ?? '');
