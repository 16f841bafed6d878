import { describe, expect, it } from 'vitest';
import { MemorySource, type ByteSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { inspectDisc } from './inspect-disc.ts';
import { BOOT_IMAGE, isoBytes, isoSource, text, windowsDisc } from './testing/discs.ts';
import { buildWim, windows7Images, type WimImageSpec } from './testing/wim-builder.ts';

type Version = NonNullable<WimImageSpec['version']>;

const codesOf = (report: { reasons: { code: string }[] }): string[] => report.reasons.map(({ code }) => code);
const memory = (bytes: Uint8Array, name = 'file.iso'): ByteSource => new MemorySource(bytes, name);
const images = (version: Version, arch: number, more: Partial<WimImageSpec> = {}): WimImageSpec[] => [
  { name: 'Image', editionId: 'Professional', arch, version, ...more },
];

describe('Windows 7', () => {
  it('SP1 for 32 bits runs, in words that promise no more than was tried', async () => {
    const report = await inspectDisc(windowsDisc());
    expect(report).toMatchObject({
      verdict: 'runs',
      label: 'GSP1RMCPRFRER_EN_DVD',
      bootable: true,
      fileSystems: ['iso9660', 'udf'],
      windows: {
        name: 'Windows 7',
        release: 'SP1',
        build: '6.1.7601.17514',
        answerEdition: 'Professional',
        channel: 'Retail',
      },
      system: { id: 'windows-7', architecture: 'x86' },
      bootEntries: [{ platform: 'x86', emulation: 'none', bootable: true }],
    });
    expect(codesOf(report)).toEqual(['windows/made-for', 'windows/setup-not-shown']);
    expect(report.reasons[0].message).toContain('the kind of disc this machine is made for');
    expect(report.reasons[1].message).toMatch(/has not been shown yet.*prepared elsewhere is the surer way/u);
  });

  it('RTM for 32 bits runs', async () => {
    const report = await inspectDisc(
      windowsDisc({ install: { images: windows7Images(7600) }, label: 'GRMCPRFRER_EN_DVD' }),
    );
    expect(report.verdict).toBe('runs');
    expect(report.windows).toMatchObject({ release: 'RTM', build: '6.1.7600.16385', servicePack: 0 });
  });

  it('with updates of 2018 runs too', async () => {
    const report = await inspectDisc(windowsDisc({ install: { images: images([6, 1, 7601, 24214, 1], 0) } }));
    expect(report).toMatchObject({ verdict: 'runs', windows: { build: '6.1.7601.24214' } });
  });

  it('for 64 bits cannot run, and the disc to look for is named with label, file and size', async () => {
    const spec = {
      label: 'GSP1RMCULXFRER_EN_DVD',
      install: { images: windows7Images(7601, 9) },
      bootWim: null,
    };
    const report = await inspectDisc(windowsDisc(spec));
    expect(report).toMatchObject({ verdict: 'cannot-run', windows: { architecture: 'x64' } });
    expect(codesOf(report)).toContain('arch/x64');
    const advice = report.reasons.find(({ code }) => code === 'arch/look-for')!.message;
    expect(advice).toContain('GSP1RMCULFRER_EN_DVD');
    expect(advice).toContain('en_windows_7_ultimate_with_sp1_x86_dvd_u_677460.iso');
    expect(advice).toContain('2,564,476,928 bytes');
  });

  it('with a label that nobody knows still names a 32-bit disc', async () => {
    const spec = { label: 'REMADE', install: { images: windows7Images(7601, 9) }, bootWim: null };
    const report = await inspectDisc(windowsDisc(spec));
    expect(report.reasons.find(({ code }) => code === 'arch/look-for')?.message).toContain(
      'GSP1RMCPRFRER_EN_DVD',
    );
  });

  it('with several languages lists them', async () => {
    const found = images([6, 1, 7601, 17514, 1], 0, { languages: ['de-DE', 'fr-FR'] });
    const report = await inspectDisc(windowsDisc({ install: { images: found } }));
    expect(report.windows?.languages).toEqual(['de-DE', 'fr-FR']);
  });

  it('with 32-bit and 64-bit images joined may run', async () => {
    const both = [...windows7Images(7601, 9), ...windows7Images(7601, 0)];
    const report = await inspectDisc(windowsDisc({ install: { images: both } }));
    expect(report).toMatchObject({ verdict: 'may-run', windows: { architecture: 'x86' } });
    expect(report.windows?.editions).toHaveLength(10);
    expect(codesOf(report)).toEqual(['arch/mixed']);
  });

  it('behind a 64-bit or a newer Setup cannot run', async () => {
    const x64 = await inspectDisc(windowsDisc({ bootWim: { images: images([6, 1, 7601, 17514, 1], 9) } }));
    expect([x64.verdict, ...codesOf(x64)]).toEqual(['cannot-run', 'arch/setup-x64']);
    const newer = await inspectDisc(windowsDisc({ bootWim: { images: images([10, 0, 19041, 1, 0], 0) } }));
    expect([newer.verdict, ...codesOf(newer)]).toEqual(['cannot-run', 'windows/setup-too-new']);
  });

  it('under a label of another kind is judged by what is on it', async () => {
    const report = await inspectDisc(windowsDisc({ label: 'GSP1RMCPRXFRER_EN_DVD' }));
    expect(report.verdict).toBe('runs');
    expect(codesOf(report)).toContain('windows/label-differs');
  });

  it('before its release may run', async () => {
    const report = await inspectDisc(
      windowsDisc({ label: 'GRC1CULFRER_EN_DVD', install: { images: images([6, 1, 7100, 0, 0], 0) } }),
    );
    expect([report.verdict, ...codesOf(report)]).toEqual(['may-run', 'windows/test-version']);
  });

  it('is recognised by label and size as published', async () => {
    const report = await inspectDisc(windowsDisc({ volumeBytes: 2_564_476_928 }));
    expect(report.sizeBytes).toBe(2_564_476_928);
    expect(report.publishedAs).toBe('en_windows_7_professional_with_sp1_x86_dvd_u_677056.iso');
  });
});

describe('other versions of Windows', () => {
  it.each<[string, Version, string, string]>([
    ['Windows Vista', [6, 0, 6002, 18005, 2], 'may-run', 'windows/vista'],
    ['Windows 8', [6, 2, 9200, 16384, 0], 'cannot-run', 'windows/too-new'],
    ['Windows 8.1', [6, 3, 9600, 17053, 0], 'cannot-run', 'windows/too-new'],
    ['Windows 10', [10, 0, 19041, 1, 0], 'cannot-run', 'windows/too-new'],
    ['Windows 11', [10, 0, 22000, 1, 0], 'cannot-run', 'windows/too-new'],
  ])('%s', async (name, version, verdict, code) => {
    const spec = { label: 'X', install: { images: images(version, 0) }, bootWim: null };
    const report = await inspectDisc(windowsDisc(spec));
    expect(report.windows?.name).toBe(name);
    expect([report.verdict, ...codesOf(report)]).toEqual([verdict, code]);
  });

  it.each<[string, number, string]>([
    ['Itanium', 6, 'arch/ia64'],
    ['ARM', 12, 'arch/arm'],
    ['64-bit ones', 9, 'arch/x64'],
  ])('for %s processors cannot run', async (_, arch, code) => {
    const spec = { label: 'X', install: { images: images([6, 1, 7601, 0, 1], arch) }, bootWim: null };
    const report = await inspectDisc(windowsDisc(spec));
    expect(report.verdict).toBe('cannot-run');
    expect(codesOf(report)).toContain(code);
  });

  it.each<[string, Record<string, string>, string]>([
    ['Windows XP Professional', { WIN51: '', WIN51IP: '', 'I386/TXTSETUP.SIF': '' }, 'windows-xp'],
    ['Windows XP Home Edition', { WIN51: '', WIN51IC: '', 'I386/TXTSETUP.SIF': '' }, 'windows-xp'],
    ['Windows Server 2003', { WIN51: '', WIN51IS: '', 'I386/TXTSETUP.SIF': '' }, 'windows-2003'],
    [
      'Windows 2000 Professional',
      { 'CDROM_NT.5': '', 'CDROM_IP.5': '', 'I386/TXTSETUP.SIF': '' },
      'windows-2000',
    ],
    ['Windows NT 4.0 Workstation', { 'CDROM_W.40': '', 'I386/TXTSETUP.SIF': '' }, 'windows-nt4'],
    ['Windows Me', { 'WIN9X/SETUP.EXE': '' }, 'windows-me'],
    ['Windows 98', { 'WIN98/SETUP.EXE': '' }, 'windows-98'],
    ['Windows 95', { 'WIN95/SETUP.EXE': '' }, 'windows-95'],
  ])('%s may run', async (name, files, id) => {
    const report = await inspectDisc(await isoSource(files));
    expect(report.system).toEqual({ id, name, architecture: 'x86' });
    expect([report.verdict, ...codesOf(report)]).toEqual(['may-run', 'windows/older']);
  });

  it('Windows XP x64 cannot run', async () => {
    const report = await inspectDisc(await isoSource({ WIN51: '', WIN51AP: '', 'AMD64/SETUP.EXE': '' }));
    expect([report.verdict, codesOf(report)[0]]).toEqual(['cannot-run', 'arch/x64']);
  });
});

describe('other systems', () => {
  it.each<[string, Record<string, string>, object, string]>([
    ['Linux by isolinux', { 'isolinux/vmlinuz': 'x' }, { id: 'linux' }, 'may-run'],
    [
      'Debian for both',
      { '.disk/info': 'Debian GNU/Linux 12 i386', 'install.386/x': '' },
      { id: 'linux', architecture: 'x86' },
      'may-run',
    ],
    [
      'Ubuntu, 64-bit',
      { '.disk/info': 'Ubuntu 22.04 - Release amd64 (2022)', 'casper/x': '' },
      { id: 'linux', architecture: 'x64' },
      'cannot-run',
    ],
    ['a memory test', { 'isolinux/memtest': 'x' }, { id: 'memory-test' }, 'may-run'],
    ['ReactOS', { 'reactos/reactos.exe': 'x', 'freeldr.sys': 'x' }, { id: 'reactos' }, 'may-run'],
    ['FreeBSD', { 'boot/loader': 'x', 'boot/kernel/kernel': 'x' }, { id: 'bsd', name: 'FreeBSD' }, 'may-run'],
  ])('%s', async (_, files, system, verdict) => {
    const report = await inspectDisc(await isoSource(files));
    expect(report.system).toMatchObject(system);
    expect(report.verdict).toBe(verdict);
  });

  it('DOS on an emulated floppy', async () => {
    const floppy = new Uint8Array(1_474_560).fill(0xf6);
    floppy.set(text('KERNEL  SYS'), 19 * 512);
    const boot = [{ image: floppy, emulation: 'floppy-1440' as const }];
    const report = await inspectDisc(await isoSource({ 'README.TXT': 'x' }, { boot }));
    expect(report.system).toEqual({ id: 'dos', name: 'FreeDOS', architecture: 'x86' });
    expect(report).toMatchObject({ verdict: 'may-run', windows: null });
  });

  it('something that starts and is not known may run', async () => {
    const report = await inspectDisc(await isoSource({ 'README.TXT': 'x' }));
    expect([report.verdict, report.system, ...codesOf(report)]).toEqual(['may-run', null, 'system/unknown']);
  });
});

describe('discs that cannot start', () => {
  const damaged = async (change: (bytes: Uint8Array, catalog: number) => void): Promise<string[]> => {
    const bytes = await isoBytes({ 'isolinux/vmlinuz': 'x' });
    // Sectors of the writer: descriptors 16, 17 (boot record), 18 (Joliet), 19 (end), then the catalog.
    change(bytes, 20 * 2048);
    const report = await inspectDisc(memory(bytes));
    return [report.verdict, codesOf(report)[0]];
  };

  it('a data disc says how it can be used', async () => {
    const report = await inspectDisc(await isoSource({ 'photo.jpg': 'x' }, { boot: [] }));
    expect([report.verdict, report.bootable, codesOf(report)[0]]).toEqual(['cannot-run', false, 'boot/none']);
  });

  it('a wrong checksum in the boot catalog', async () => {
    expect(await damaged((bytes, catalog) => (bytes[catalog + 4] ^= 1))).toEqual([
      'may-run',
      'boot/catalog-checksum',
    ]);
  });

  it('a boot catalog without its key', async () => {
    expect(await damaged((bytes, catalog) => (bytes[catalog + 30] = 0))).toEqual([
      'cannot-run',
      'boot/catalog-damaged',
    ]);
  });

  it('a boot image that is not to be started', async () => {
    expect(await damaged((bytes, catalog) => (bytes[catalog + 32] = 0))).toEqual([
      'cannot-run',
      'boot/not-bootable',
    ]);
  });

  it('a boot image outside the file', async () => {
    expect(await damaged((bytes, catalog) => (bytes[catalog + 32 + 11] = 0x7f))).toEqual([
      'cannot-run',
      'boot/image-missing',
    ]);
  });

  it('a boot image of zeros', async () => {
    expect(
      await damaged((bytes) =>
        bytes.subarray(21 * 2048).forEach((byte, at, tail) => {
          if (byte === 0xeb) tail[at] = 0;
        }),
      ),
    ).toEqual(['cannot-run', 'boot/image-empty']);
  });

  it('a boot catalog outside the file', async () => {
    expect(await damaged((bytes) => (bytes[17 * 2048 + 0x4a] = 0x7f))).toEqual([
      'cannot-run',
      'boot/catalog-unreadable',
    ]);
  });

  it('a disc for EFI only', async () => {
    const report = await inspectDisc(
      await isoSource({ 'a.txt': 'x' }, { boot: [{ image: BOOT_IMAGE, platform: 'efi' }] }),
    );
    expect([report.verdict, codesOf(report)[0]]).toEqual(['cannot-run', 'boot/efi-only']);
  });
});

describe('damaged and changed Windows discs', () => {
  it('cut off anywhere, says how much is missing', async () => {
    const bytes = windowsDisc().bytes();
    const report = await inspectDisc(memory(bytes.subarray(0, bytes.length - 3_000)));
    expect([report.verdict, codesOf(report)[0]]).toEqual(['cannot-run', 'media/truncated']);
    expect(report.reasons[0].message).toContain('3.00 kB are missing');
  });

  it('without install.wim', async () => {
    const report = await inspectDisc(windowsDisc({ install: null }));
    expect([report.verdict, ...codesOf(report)]).toEqual(['cannot-run', 'wim/missing']);
  });

  it('with an install.wim that cannot be read is known by idwbinfo.txt', async () => {
    const idwbInfo = 'BuildLab=win7sp1_rtm.101119-1850\r\nBuildArch=amd64\r\n';
    const report = await inspectDisc(windowsDisc({ idwbInfo, bootWim: null, install: { xmlFlags: 4 } }));
    expect(report.system).toEqual({ id: 'windows-7', name: 'Windows 7', architecture: 'x64' });
    expect(codesOf(report)).toEqual(['wim/unreadable', 'arch/x64', 'arch/look-for']);
  });

  it('with a compressed, a damaged and an unfinished install.wim', async () => {
    const compressed = await inspectDisc(windowsDisc({ install: { xmlFlags: 4 } }));
    expect([compressed.verdict, ...codesOf(compressed)]).toEqual(['cannot-run', 'wim/unreadable']);
    const damaged = await inspectDisc(windowsDisc({ install: { xml: '<WIM><IMAGE></WIM>' } }));
    expect([damaged.verdict, ...codesOf(damaged)]).toEqual(['cannot-run', 'wim/unreadable']);
    const unfinished = await inspectDisc(windowsDisc({ install: { flags: 0x400c2 } }));
    expect([unfinished.verdict, ...codesOf(unfinished)]).toEqual(['cannot-run', 'wim/unfinished']);
  });

  it('with a split install.swm, whole and in part', async () => {
    const part = { path: 'sources/install2.swm', contents: buildWim({ images: [], part: [2, 2] }) };
    const spec = { installName: 'install.swm', install: { part: [1, 2] as const } };
    const whole = await inspectDisc(windowsDisc({ ...spec, files: [part] }));
    expect([whole.verdict, ...codesOf(whole)]).toEqual(['may-run', 'wim/split']);
    const incomplete = await inspectDisc(windowsDisc(spec));
    expect([incomplete.verdict, ...codesOf(incomplete)]).toEqual(['cannot-run', 'wim/split-incomplete']);
  });

  it('with an install.esd, open and encrypted', async () => {
    const spec = { installName: 'install.esd' };
    const open = await inspectDisc(windowsDisc({ ...spec, install: { version: 0xe00 } }));
    expect([open.verdict, ...codesOf(open)]).toEqual(['may-run', 'wim/esd']);
    const xml = '<WIM><ESD><ENCRYPTED><KEY>x</KEY></ENCRYPTED></ESD></WIM>';
    const encrypted = await inspectDisc(windowsDisc({ ...spec, install: { version: 0xe00, xml } }));
    expect(encrypted.verdict).toBe('cannot-run');
    expect(codesOf(encrypted)[0]).toBe('wim/encrypted');
  });

  it('with a UDF side that is damaged', async () => {
    const report = await inspectDisc(windowsDisc({ anchors: [] }));
    expect([report.verdict, codesOf(report)[0]]).toEqual(['cannot-run', 'media/damaged']);
  });
});

describe('files that are no discs', () => {
  const cases: [string, Uint8Array, string][] = [
    ['nothing', new Uint8Array(0), 'media/empty'],
    ['zeros', new Uint8Array(200_000), 'media/zeros'],
    ['text renamed to .iso', text('<html>404 Not Found</html>\n'.repeat(5000)), 'media/text'],
    [
      'a ZIP archive',
      new Uint8Array(90_000).fill(0xaa).with(0, 0x50).with(1, 0x4b).with(2, 3).with(3, 4),
      'media/archive',
    ],
    ['a WIM alone', buildWim({ images: windows7Images() }).bytes(), 'media/wim-alone'],
    ['a program', new Uint8Array(9000).fill(0xcc).with(0, 0x4d).with(1, 0x5a), 'media/program'],
    ['a floppy image', new Uint8Array(1_474_560).fill(0xf6), 'media/floppy-image'],
    ['a disk image', new Uint8Array(100_000).fill(0x90).with(510, 0x55).with(511, 0xaa), 'media/disk-image'],
    [
      'a raw copy of a CD',
      Uint8Array.from({ length: 47_040 }, (_, at) => (at % 2352 > 0 && at % 2352 < 11 ? 0xff : 0)),
      'media/raw-sectors',
    ],
    ['noise', Uint8Array.from({ length: 100_000 }, (_, at) => (at * at * 31 + at) & 0xff), 'media/unknown'],
  ];
  it.each(cases)('%s', async (_, bytes, code) => {
    const report = await inspectDisc(memory(bytes));
    expect([report.verdict, ...codesOf(report)]).toEqual(['not-a-disc', code]);
    expect(report).toMatchObject({ label: '', bootable: false, windows: null, fileSystems: [] });
  });

  it('a file that goes away while it is read', async () => {
    const read = () => Promise.reject(new VitrineError('bytes/unreadable', { name: 'gone.iso' }));
    const report = await inspectDisc({ name: 'gone.iso', sizeBytes: 1e9, read });
    expect([report.verdict, ...codesOf(report)]).toEqual(['not-a-disc', 'media/unreadable']);
  });
});

describe('what an inspection costs', () => {
  it('reads less than 4 MB of a disc of 5 GB, in at most 300 ms', async () => {
    const size = 4_000_000_000;
    const disc = windowsDisc({
      install: { sizeBytes: size, images: windows7Images() },
      volumeBytes: 5_000_000_000,
    });
    const report = await inspectDisc(disc);
    expect(report.verdict).toBe('runs');
    expect(report.sizeBytes).toBeGreaterThan(4_990_000_000);
    expect(report.bytesRead).toBe(disc.asked.reduce((sum, { length }) => sum + length, 0));
    expect(report.bytesRead).toBeLessThan(4_000_000);
    expect(report.elapsedMs).toBeLessThan(300);
  });
});
