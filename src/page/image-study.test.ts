import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { VitrineError } from '../lib/errors.ts';
import { ERROR_WORDS } from '../lib/error-words.ts';
import { rawDisc } from '../media/testing/raw-disc.ts';
import { asImage, sortBrought } from './image-study.ts';
import { MediaBays } from './media-bays.ts';
import type { PickedFile } from './picked-file.ts';

const HOUSE = readFileSync(new URL('../../guest/house.iso', import.meta.url));
const RAW = rawDisc(HOUSE, { sectorBytes: 2352, dataOffsetBytes: 16 });
const CUE = 'FILE "win7.bin" BINARY\n  TRACK 01 MODE1/2352\n    INDEX 01 00:00:00\n';
const DISK = new Uint8Array(2 ** 20);
DISK.set([0x80, 1, 1, 0, 6, 0, 0, 0, 63, 0, 0, 0, 0, 4, 0, 0], 446);
DISK.set([0x55, 0xaa], 510);

function picked(name: string, ...parts: (string | Uint8Array)[]): PickedFile {
  return {
    file: new File(
      parts.map((part) => (typeof part === 'string' ? part : new Uint8Array(part))),
      name,
    ),
    handle: null,
  };
}

/** What became of it: the drive and the file that went into it, or the error's code. */
async function sorted(...files: PickedFile[]): Promise<string> {
  try {
    const brought = await sortBrought(files);
    return `${brought.kind} ${brought.kind === 'disk' ? brought.image.files[0].name : brought.picked.file.name}`;
  } catch (thrown) {
    return (thrown as VitrineError).code;
  }
}

describe('what is dropped together', () => {
  const cue = picked('win7.cue', CUE);
  const bin = picked('win7.bin', RAW);
  it.each([
    ['a raw copy with its cue sheet', [bin, cue], 'disc win7.bin'],
    ['in the other order', [cue, bin], 'disc win7.bin'],
    ['a cue sheet alone', [cue], 'disc win7.cue'],
    [
      'CloneCD',
      [picked('w.ccd', '[CloneCD]\r\n'), picked('w.img', RAW), picked('w.sub', DISK.slice(600))],
      'disc w.img',
    ],
    ['an Alcohol set', [picked('w.mds', 'MEDIA DESCRIPTOR\x01'), picked('w.mdf', RAW)], 'disc w.mdf'],
    [
      'a disc with audio tracks of their own',
      [bin, picked('win7.cue', `${CUE}FILE "two.bin" BINARY\n`), picked('two.bin', RAW.slice(700))],
      'disc win7.bin',
    ],
    [
      'a machine in pieces',
      [picked('m.ovf', '<Envelope>'), picked('m.mf', 'SHA1(m)= 00\n'), picked('m.img', DISK)],
      'disk m.img',
    ],
    ['a disc and its sum', [picked('a.iso', HOUSE), picked('a.iso.sha1', 'da39a3ee\n')], 'disc a.iso'],
    ['two discs', [picked('a.iso', HOUSE), picked('b.iso', HOUSE)], 'machine/one-file'],
    ['a disc and a disk', [picked('a.iso', HOUSE), picked('b.img', DISK)], 'machine/one-file'],
    ['a disc and an archive', [picked('a.iso', HOUSE), picked('b.zip', 'PK\x03\x04')], 'machine/one-file'],
    ['nothing', [], 'machine/no-file'],
  ])('%s', async (_, files, outcome) => {
    expect(await sorted(...files)).toBe(outcome);
  });
});

describe('what is chosen for a drive', () => {
  const codeOf = async (take: () => Promise<unknown>): Promise<string> =>
    take().then(
      () => 'taken',
      (thrown: VitrineError) => `${thrown.code} ${thrown.message}`,
    );
  const floppy = (file: PickedFile) => codeOf(() => new MediaBays(() => null).insertFloppy(file.file));
  const disk = (file: PickedFile) => codeOf(() => asImage([file]));

  it('the floppy drive says what else it is, or how it was cut off', async () => {
    expect(await floppy(picked('a.img', HOUSE))).toMatch(
      /not-a-floppy .*a\.img is not a floppy image: it holds a disc/u,
    );
    expect(await floppy(picked('a.img', DISK))).toMatch(/not-a-floppy .*hard disk/u);
    expect(await floppy(picked('a.zip', 'PK\x03\x04'))).toMatch(/not-a-floppy .*ZIP/u);
    expect(await floppy(picked('a.img', new Uint8Array(1000)))).toMatch(/floppy-size .*1,000 bytes/u);
    expect(await floppy(picked('a', new Uint8Array(1680 * 1024)))).toBe('taken');
    expect(await floppy(picked('a', new Uint8Array(1722 * 1024)))).toBe('taken');
    const dos = new Uint8Array(600 * 1024);
    dos.set([
      0xeb,
      0x3c,
      0x90,
      ...Array.from({ length: 8 }, () => 65),
      0,
      2,
      1,
      1,
      0,
      2,
      224,
      0,
      0x40,
      0x0b,
      0xf0,
    ]);
    expect(await floppy(picked('a.img', dos))).toMatch(/floppy-cut .*1,474,560 bytes, the file has 614,400/u);
  });

  it('the hard disk says what else it is, and what to take out of it', async () => {
    expect(await disk(picked('a.img', DISK))).toBe('taken');
    expect(await disk(picked('a.cue', CUE))).toMatch(/not-a-disk .*win7\.bin/u);
    const ovf = '<Envelope><File ovf:href="w.vmdk"/></Envelope>';
    expect(await disk(picked('a.ovf', ovf))).toMatch(/not-a-disk .*a\.ovf .*w\.vmdk/u);
  });
});

describe('any bytes under any name', () => {
  const STARTS = [
    '',
    'PK\x03\x04',
    'PK\x05\x06',
    'MZ',
    'QFI\xfb',
    'KDMV',
    'conectix',
    'CISO',
    'MEDIA DESCRIPTOR',
    '[CloneCD]\r\n',
    'FILE "',
    '\x1f\x8b\x08\xff',
    '\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0',
    '# Disk DescriptorFile\n',
    '<Envelope',
    '\xeb<\x90',
  ];
  const name = fc.constantFrom(
    'a.iso',
    'a.img',
    'a.bin',
    'a.cue',
    'a.vhd',
    'a.ova',
    'a.zip',
    'a',
    '.gz',
    'ä.vmdk',
    'a.sub',
    '',
  );
  const mark = fc.record({
    at: fc.constantFrom(510, 257, 0x8000, 0x8000 + 300),
    text: fc.constantFrom('\x55\xaa', 'ustar', '\x01CD001\x01'),
  });
  const contents = fc
    .tuple(
      fc.constantFrom(...STARTS),
      fc.uint8Array({ maxLength: 600 }),
      fc.array(mark, { maxLength: 2 }),
      fc.constantFrom(0, 40_000, 163_840, 368_640),
    )
    .map(([start, noise, marks, sizeBytes]) => {
      const bytes = new Uint8Array(Math.max(sizeBytes, start.length + noise.length));
      bytes.set(Uint8Array.from(start, (char) => char.charCodeAt(0)));
      bytes.set(noise, start.length);
      for (const { at, text } of marks) {
        if (at + text.length <= bytes.length)
          bytes.set(
            Uint8Array.from(text, (char) => char.charCodeAt(0)),
            at,
          );
      }
      return bytes;
    });
  const file = fc.tuple(name, contents).map(([name, bytes]) => picked(name, bytes));

  it('goes into a drive, or is refused with a sentence that fits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 3 }), async (files) => {
        try {
          const brought = await sortBrought(files);
          if (brought.kind !== 'disc') return;
          const report = await new MediaBays(() => null).insertDisc(
            brought.picked.file,
            brought.picked.file.name,
          );
          for (const { message } of report.reasons) expect(message).toMatch(/^[^{}]{20,}[.!?]$/u);
          expect(report.reasons.length).toBeGreaterThan(0);
        } catch (thrown) {
          if (!(thrown instanceof VitrineError)) throw thrown;
          expect(thrown.code in ERROR_WORDS && thrown.code !== 'internal/unexpected').toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('is taken by the floppy drive and as a disk, or refused in the same way', async () => {
    await fc.assert(
      fc.asyncProperty(file, async (one) => {
        for (const take of [() => new MediaBays(() => null).insertFloppy(one.file), () => asImage([one])]) {
          await Promise.resolve(take()).catch((thrown: unknown) => {
            if (!(thrown instanceof VitrineError)) throw thrown;
            expect(thrown.message).toMatch(/^.{20,}[.!?]$/su);
          });
        }
      }),
      { numRuns: 200 },
    );
  });
});
