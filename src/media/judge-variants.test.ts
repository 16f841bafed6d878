import { describe, expect, it } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import type { DiscReport } from './disc-report.ts';
import { inspectDisc } from './inspect-disc.ts';
import { BOOT_IMAGE, isoBytes, isoSource, windowsDisc, type WindowsDiscSpec } from './testing/discs.ts';
import { buildWim, windows7Images, type WimImageSpec } from './testing/wim-builder.ts';

const codesOf = ({ reasons }: DiscReport): string[] => reasons.map(({ code }) => code);
const words = ({ reasons }: DiscReport): string => reasons.map(({ message }) => message).join(' ');
const windows10 = (arch: number): WimImageSpec[] => [
  { name: 'Windows 10', editionId: 'Core', arch, version: [10, 0, 19041, 1, 0] },
];
const pe = (arch: number, version?: WimImageSpec['version']): WimImageSpec[] => [
  { name: 'Microsoft Windows PE', editionId: 'WindowsPE', installationType: 'WindowsPE', arch, version },
];

describe('a Windows for each kind of processor, in folders of their own', () => {
  const disc = (folders: Record<string, WimImageSpec[]>) =>
    isoSource(
      Object.fromEntries([
        ['bootmgr', 'x'],
        ...Object.entries(folders).flatMap(([folder, images]) => [
          [`${folder}/sources/install.wim`, buildWim({ images }).bytes()],
          [
            `${folder}/sources/boot.wim`,
            buildWim({ images: pe(images[0].arch!, images[0].version) }).bytes(),
          ],
          [`${folder}/sources/setup.exe`, 'x'],
        ]),
      ]),
    );

  it('tells which Windows 7 can run', async () => {
    const report = await inspectDisc(
      await disc({ x64: windows7Images(7601, 9), x86: windows7Images(7601, 0) }),
    );
    expect(report).toMatchObject({ verdict: 'may-run', windows: { name: 'Windows 7', architecture: 'x86' } });
    expect(codesOf(report)).toEqual(['arch/folders']);
    expect(words(report)).toMatch(
      /Only the 32-bit Windows 7 in the folder x86 can run here, not what is in x64/u,
    );
  });

  it('refuses Windows 10 in both, 64-bit Windows 7 in all, and takes one folder alone as a disc', async () => {
    const ten = await inspectDisc(await disc({ x86: windows10(0), x64: windows10(9) }));
    expect([ten.verdict, codesOf(ten)[0]]).toEqual(['cannot-run', 'windows/too-new']);
    const x64 = await inspectDisc(await disc({ x64: windows7Images(7601, 9) }));
    expect([x64.verdict, codesOf(x64)[0]]).toEqual(['cannot-run', 'arch/x64']);
    const one = await inspectDisc(await disc({ x86: windows7Images() }));
    expect([one.verdict, codesOf(one)[0]]).toEqual(['runs', 'windows/made-for']);
    const both = await inspectDisc(await disc({ ten: windows10(0), seven: windows7Images() }));
    expect(codesOf(both)).toEqual(['arch/folders']);
    expect(both.windows?.name).toBe('Windows 7');
  });
});

describe('discs without a Windows to install', () => {
  const unsaid = [{ name: 'PE' }];
  it('a rescue disc whose boot.wim says nothing may start', async () => {
    const wim = buildWim({ images: unsaid }).bytes();
    const report = await inspectDisc(
      await isoSource({ bootmgr: 'x', 'boot/bcd': 'x', 'sources/boot.wim': wim }),
    );
    expect([report.verdict, ...codesOf(report)]).toEqual(['may-run', 'windows/repair-disc']);
    expect(words(report)).toBe(
      'This disc holds a repair or setup environment of Windows, and no Windows to install. It may start.',
    );
  });

  it('a Windows disc that lost its install.wim is still refused', async () => {
    const report = await inspectDisc(windowsDisc({ install: null, bootWim: { images: unsaid } }));
    expect([report.verdict, ...codesOf(report)]).toEqual(['cannot-run', 'wim/missing']);
  });

  it('an install.wim that says nothing may start, unless its Setup is for 64 bits', async () => {
    const spec = { install: { images: unsaid } };
    const open = await inspectDisc(windowsDisc(spec));
    expect([open.verdict, ...codesOf(open)]).toEqual(['may-run', 'windows/unknown-version']);
    const x64 = await inspectDisc(windowsDisc({ ...spec, bootWim: { images: pe(9) } }));
    expect([x64.verdict, codesOf(x64)[0]]).toEqual(['cannot-run', 'arch/x64']);
    expect(words(x64)).not.toMatch(/may (?:run|start)/u);
  });

  it('Windows Embedded Standard 7 installs from packages', async () => {
    const embedded = (arch: number): WindowsDiscSpec => ({
      install: null,
      bootWim: { images: [{ name: 'Windows Embedded Standard 7 Setup (x86)', arch }] },
    });
    const report = await inspectDisc(windowsDisc(embedded(0)));
    expect([report.verdict, ...codesOf(report)]).toEqual(['may-run', 'windows/embedded']);
    expect((await inspectDisc(windowsDisc(embedded(9)))).verdict).toBe('cannot-run');
  });
});

describe('a file shorter than its disc says', () => {
  const padded = async (files: Record<string, string>, padding: number): Promise<Uint8Array> => {
    const disc = await isoBytes(files);
    const bytes = new Uint8Array(disc.length + padding);
    bytes.set(disc);
    const view = new DataView(bytes.buffer);
    for (let sector = 16; bytes[sector * 2048] !== 255; sector++) {
      if (bytes[sector * 2048] === 0) continue;
      view.setUint32(sector * 2048 + 80, bytes.length / 2048, true);
      view.setUint32(sector * 2048 + 84, bytes.length / 2048, false);
    }
    return bytes;
  };
  const cut = async (bytes: Uint8Array, by: number) =>
    inspectDisc(new MemorySource(bytes.subarray(0, bytes.length - by), 'short.iso'));

  it.each([1, 2048, 4096, 307_200])('lacks %i bytes of padding and is judged as it is', async (by) => {
    const report = await cut(await padded({ WIN51IP: 'x', 'I386/TXTSETUP.SIF': 'x' }, 307_200), by);
    expect([report.verdict, ...codesOf(report)]).toEqual([
      'may-run',
      'windows/older',
      'media/padding-missing',
    ]);
  });

  it('lacks a byte of its last file and is refused', async () => {
    const report = await cut(await padded({ A: 'x'.repeat(2048) }, 0), 1);
    expect([report.verdict, codesOf(report)[0]]).toEqual(['cannot-run', 'media/truncated']);
    expect(words(report)).not.toMatch(/can start|may (?:run|start)/u);
  });

  it.each([
    [600, ['windows/made-for', 'windows/setup-not-shown', 'media/padding-missing']],
    [2000, ['media/end-missing']],
  ])('keeps the price of an inspection of 5 GB, with %i files', async (count, codes) => {
    const files = Array.from({ length: count }, (_, index) => ({
      path: `sources/dir${index % 30}/file${index}.dll`,
      contents: new Uint8Array(100),
    }));
    const whole = windowsDisc({
      install: { sizeBytes: 4_000_000_000, images: windows7Images() },
      volumeBytes: 5_000_000_000,
      files,
    });
    const short = { name: 'short.iso', sizeBytes: whole.sizeBytes - 4096, read: whole.read.bind(whole) };
    const report = await inspectDisc(short);
    expect(report.bytesRead).toBeLessThan(4_000_000);
    expect(codesOf(report)).toEqual(codes);
  });
});

it('no report that refuses a disc promises that it may run', async () => {
  const discs = [
    isoSource({ 'A.TXT': 'x' }, { boot: [] }),
    isoSource({ WIN51IP: '', 'I386/TXTSETUP.SIF': '' }, { boot: [] }),
    isoSource({ 'isolinux/vmlinuz': 'x' }, { boot: [{ image: new Uint8Array(2048) }] }),
    isoSource({ 'boot/memtest': 'x' }, { boot: [{ image: BOOT_IMAGE, platform: 'efi' }] }),
    Promise.resolve(windowsDisc({ install: null, bootWim: { images: pe(9, [10, 0, 19041, 1, 0]) } })),
  ];
  for (const disc of discs) {
    const report = await inspectDisc(await disc);
    expect(report.verdict).toBe('cannot-run');
    expect(words(report)).not.toMatch(/can start, but|may run|may start|not tried here/u);
  }
});
