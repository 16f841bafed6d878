import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import type { ByteSource } from '../bytes/byte-source.ts';
import { findNode, openNode, walkTree, type DiscNode } from './disc-tree.ts';
import { run, toolMissing } from './disk-images/testing/tools.ts';
import { readElTorito } from './el-torito.ts';
import { inspectDisc } from './inspect-disc.ts';
import { readIso9660 } from './iso9660.ts';
import { mapDisc } from './map-disc.ts';
import { openFile } from './testing/blob-file.ts';
import { BOOT_IMAGE, isoBytes } from './testing/discs.ts';
import { workFolder, writeTree } from './testing/work-folder.ts';
import { readUdf } from './udf.ts';
import { readWimHeader } from './wim-header.ts';
import { readWimXml } from './wim-xml.ts';

const WORK = workFolder();
const inWork = (name: string): string => join(WORK, name);

function need(ctx: TestContext, ...programs: string[]): void {
  ctx.skip(toolMissing(...programs), `not installed: one of ${programs.join(', ')}`);
}

/** Paths and contents of all files below a node. */
async function contentsOf(disc: ByteSource, root: DiscNode): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { path, node } of walkTree(root)) {
    if (node.isDirectory) continue;
    const file = await openNode(disc, node);
    found[path] = new TextDecoder().decode(await file.read(0, file.sizeBytes));
  }
  return found;
}

const LONG = `a rather long name that goes on ${'and on '.repeat(30)}.txt`;
const TREE = {
  'readme.txt': 'hello',
  'Überlänge und Größe.html': '<p>ü</p>',
  [LONG]: 'long',
  'sources/deep/deeper/still deeper/five/six/seven/eight/nine/file.bin': 'x'.repeat(70_000),
  ...Object.fromEntries(
    Array.from({ length: 90 }, (_, number) => [`many/file ${number}.dat`, `number ${number}`]),
  ),
};

/** A Windows image with the properties of a real one, made by wimlib. */
function makeWim(name: string, properties: Record<string, string>, ...options: string[]): string {
  writeTree(inWork('wim'), { 'windows/file.txt': 'x'.repeat(40_000) });
  run('wimlib-imagex', ['capture', inWork('wim'), inWork(name), 'Windows 7 PROFESSIONAL', ...options]);
  const given = Object.entries(properties).map(([key, value]) => `--image-property=${key}=${value}`);
  if (given.length > 0) run('wimlib-imagex', ['info', inWork(name), '1', ...given]);
  return inWork(name);
}

const WINDOWS_7 = {
  'WINDOWS/ARCH': '0',
  'WINDOWS/EDITIONID': 'Professional',
  'WINDOWS/INSTALLATIONTYPE': 'Client',
  'WINDOWS/PRODUCTTYPE': 'WinNT',
  'WINDOWS/LANGUAGES/LANGUAGE': 'de-DE',
  'WINDOWS/VERSION/MAJOR': '6',
  'WINDOWS/VERSION/MINOR': '1',
  'WINDOWS/VERSION/BUILD': '7601',
  'WINDOWS/VERSION/SPBUILD': '17514',
  'WINDOWS/VERSION/SPLEVEL': '1',
};

describe('genisoimage', () => {
  it('makes a UDF disc with El Torito whose every file is read, and a Windows disc that runs', async (ctx) => {
    need(ctx, 'genisoimage', 'wimlib-imagex');
    const folder = inWork('udf');
    const wim = readFileSync(makeWim('install.wim', WINDOWS_7));
    writeTree(folder, { ...TREE, 'boot/etfsboot.com': BOOT_IMAGE, 'sources/install.wim': wim });
    const boot = ['-b', 'boot/etfsboot.com', '-no-emul-boot', '-boot-load-size', '8'];
    const names = ['-V', 'GSP1RMCPRFRER_DE_DVD', '-udf', '-allow-limited-size', '-iso-level', '3'];
    run('genisoimage', ['-quiet', '-D', ...names, ...boot, '-o', inWork('udf.iso'), folder]);
    const disc = await openFile(inWork('udf.iso'));
    const udf = (await readUdf(disc))!;
    expect(udf).toMatchObject({ label: 'GSP1RMCPRFRER_DE_DVD', revision: '1.02' });
    const found = await contentsOf(disc, udf.root);
    for (const [path, contents] of Object.entries(TREE)) expect(found[path], path).toBe(contents);
    expect(await inspectDisc(disc)).toMatchObject({
      verdict: 'runs',
      windows: {
        build: '6.1.7601.17514',
        languages: ['de-DE'],
        editions: [{ index: 1, editionId: 'Professional' }],
      },
    });
    expect(await mapDisc(disc)).toMatchObject({ isComplete: true, fileSystem: 'udf' });
  });

  it('makes Rock Ridge and Joliet trees that are read', async (ctx) => {
    need(ctx, 'genisoimage');
    writeTree(inWork('rr'), TREE);
    run('genisoimage', [
      '-quiet',
      '-R',
      '-J',
      '-joliet-long',
      '-V',
      'BOTH',
      '-o',
      inWork('rr.iso'),
      inWork('rr'),
    ]);
    const disc = await openFile(inWork('rr.iso'));
    const volume = (await readIso9660(disc))!;
    expect(volume.rockRidge).toBe(true);
    const found = await contentsOf(disc, volume.primary.root);
    // Deep folders are moved to the root (RRIP §4.1.5); everything else is where it was.
    const { [LONG]: long, 'readme.txt': readme, 'many/file 42.dat': one } = found;
    expect([long, readme, one]).toEqual(['long', 'hello', 'number 42']);
    const joliet = await contentsOf(disc, volume.joliet!.root);
    expect(joliet['Überlänge und Größe.html']).toBe('<p>ü</p>');
    expect(await inspectDisc(disc)).toMatchObject({
      verdict: 'cannot-run',
      reasons: [{ code: 'boot/none' }, {}],
    });
  });
});

describe('xorriso', () => {
  it('makes discs whose names, deep folders and boot entries for BIOS and EFI are read', async (ctx) => {
    need(ctx, 'xorriso');
    const folder = inWork('xorriso');
    writeTree(folder, {
      ...TREE,
      'isolinux/isolinux.bin': BOOT_IMAGE,
      'isolinux/vmlinuz': 'k',
      'efi.img': new Uint8Array(4096).fill(1),
    });
    const bios = [
      '-b',
      'isolinux/isolinux.bin',
      '-c',
      'isolinux/boot.cat',
      '-no-emul-boot',
      '-boot-load-size',
      '4',
    ];
    const efi = ['-eltorito-alt-boot', '-e', 'efi.img', '-no-emul-boot'];
    run('xorriso', [
      '-as',
      'mkisofs',
      '-quiet',
      '-R',
      '-J',
      '-V',
      'LIVE',
      ...bios,
      ...efi,
      '-o',
      inWork('x.iso'),
      folder,
    ]);
    const disc = await openFile(inWork('x.iso'));
    const volume = (await readIso9660(disc))!;
    const found = await contentsOf(disc, volume.primary.root);
    for (const [path, contents] of Object.entries(TREE)) expect(found[path], path).toBe(contents);
    expect((await readElTorito(disc))?.entries).toMatchObject([
      { isDefault: true, platform: 'x86', emulation: 'none', loadSectors: 4 },
      { isDefault: false, platform: 'efi', emulation: 'none' },
    ]);
    expect(await inspectDisc(disc)).toMatchObject({
      verdict: 'may-run',
      system: { id: 'linux' },
      bootable: true,
    });
  });

  it('reads the discs that are written here: names, contents and boot entries', async (ctx) => {
    need(ctx, 'xorriso', 'isoinfo');
    const files = {
      'Read me first.txt': 'hello',
      'folder/A large file.bin': 'y'.repeat(5000),
      'folder/sub/z': 'z',
    };
    writeFileSync(
      inWork('ours.iso'),
      await isoBytes(files, {
        volumeId: 'OURS',
        boot: [{ image: BOOT_IMAGE }, { image: BOOT_IMAGE, platform: 'efi' }],
      }),
    );
    const listed = run('isoinfo', ['-J', '-f', '-i', inWork('ours.iso')])
      .trim()
      .split('\n')
      .sort();
    expect(listed).toEqual(
      ['/Read me first.txt', '/folder', '/folder/sub', '/folder/sub/z', '/folder/A large file.bin'].sort(),
    );
    expect(run('isoinfo', ['-x', '/FOLDER/SUB/Z.;1', '-i', inWork('ours.iso')])).toBe('z');
    expect(run('isoinfo', ['-d', '-i', inWork('ours.iso')])).toContain('Volume id: OURS');
    const report = run('xorriso', ['-indev', inWork('ours.iso'), '-report_el_torito', 'plain']);
    expect(report).toMatch(/El Torito boot img :\s+1\s+BIOS\s+y\s+none/u);
    expect(report).toMatch(/El Torito boot img :\s+2\s+UEFI\s+y\s+none/u);
    const checked = spawnSync('xorriso', [
      '-return_with',
      'SORRY',
      '32',
      '-indev',
      inWork('ours.iso'),
      '-find',
      '/',
      '-exec',
      'report_lba',
    ]);
    expect(checked.status, checked.stderr.toString()).toBe(0);
  });
});

describe('mkudffs', () => {
  for (const revision of ['1.02', '1.50', '2.00', '2.01']) {
    it(`makes a UDF ${revision} file system that is read`, async (ctx) => {
      need(ctx, 'mkudffs');
      const path = inWork(`udf-${revision}.img`);
      const options = [
        '--media-type=dvd',
        '--blocksize=2048',
        `--udfrev=${revision}`,
        '--label=Größe 日本',
        '--new-file',
      ];
      run('mkudffs', [...options, path, '4096']);
      const disc = await openFile(path);
      expect(await readUdf(disc)).toMatchObject({ label: 'Größe 日本', revision });
      expect(await contentsOf(disc, (await readUdf(disc))!.root)).toEqual({});
      expect(await inspectDisc(disc)).toMatchObject({
        fileSystems: ['udf'],
        reasons: [{ code: 'boot/none' }, {}],
      });
    });
  }

  it('makes a file system that Linux fills and that is read', async (ctx) => {
    need(ctx, 'mkudffs', 'mount');
    const path = inWork('filled.img');
    run('mkudffs', [
      '--media-type=hd',
      '--blocksize=2048',
      '--udfrev=2.01',
      '--label=FILLED',
      '--new-file',
      path,
      '8192',
    ]);
    const mountPoint = inWork('mounted');
    mkdirSync(mountPoint);
    const mounted = spawnSync('mount', ['-o', 'loop', '-t', 'udf', path, mountPoint]);
    ctx.skip(mounted.status !== 0, `UDF cannot be mounted here: ${mounted.stderr.toString().split('\n')[0]}`);
    try {
      writeTree(mountPoint, TREE);
    } finally {
      run('umount', [mountPoint]);
    }
    const disc = await openFile(path);
    expect(await contentsOf(disc, (await readUdf(disc))!.root)).toMatchObject(TREE);
  });

  it('makes a write-once disc with a virtual partition, which is refused', async (ctx) => {
    need(ctx, 'mkudffs');
    const path = inWork('cdr.img');
    run('mkudffs', ['--media-type=cdr', '--udfrev=1.50', '--new-file', path, '4096']);
    const report = await inspectDisc(await openFile(path));
    expect(report.verdict).toBe('cannot-run');
    expect(report.reasons[0].code).toBe('media/damaged');
  });
});

describe('wimlib-imagex', () => {
  it('makes WIM, split and solid files whose header and description are read', async (ctx) => {
    need(ctx, 'wimlib-imagex');
    const wim = await openFile(makeWim('plain.wim', WINDOWS_7));
    const header = (await readWimHeader(wim))!;
    expect(header).toMatchObject({
      version: 0x10d00,
      isSolid: false,
      partNumber: 1,
      totalParts: 1,
      imageCount: 1,
      compression: 'lzx',
    });
    const { images } = await readWimXml(wim, header);
    expect(images).toMatchObject([
      {
        index: 1,
        name: 'Windows 7 PROFESSIONAL',
        editionId: 'Professional',
        architecture: 'x86',
        build: 7601,
        servicePack: 1,
        languages: ['de-DE'],
      },
    ]);
    // Random contents do not shrink, so the parts of 1 MB are real.
    writeTree(inWork('wim'), {
      noise: Uint8Array.from({ length: 3_000_000 }, () => Math.floor(Math.random() * 256)),
    });
    writeTree(inWork('wim'), {
      'noise 2': Uint8Array.from({ length: 1_500_000 }, () => Math.floor(Math.random() * 256)),
    });
    run('wimlib-imagex', ['split', makeWim('big.wim', WINDOWS_7), inWork('part.swm'), '1']);
    const part = await openFile(inWork('part.swm'));
    const partHeader = (await readWimHeader(part))!;
    expect(partHeader).toMatchObject({ isSpanned: true, partNumber: 1 });
    expect(partHeader.totalParts).toBeGreaterThan(1);
    expect((await readWimXml(part, partHeader)).images).toHaveLength(1);
    const solid = await openFile(makeWim('solid.esd', {}, '--solid'));
    expect(await readWimHeader(solid)).toMatchObject({ version: 0xe00, isSolid: true, compression: 'lzms' });
  });

  it('makes WIM files in pieces of a UDF disc that are opened in place', async (ctx) => {
    need(ctx, 'wimlib-imagex', 'genisoimage');
    writeTree(inWork('in-place'), { 'sources/install.wim': readFileSync(makeWim('again.wim', WINDOWS_7)) });
    run('genisoimage', ['-quiet', '-udf', '-o', inWork('in-place.iso'), inWork('in-place')]);
    const disc = await openFile(inWork('in-place.iso'));
    const node = await findNode((await readUdf(disc))!.root, 'Sources/INSTALL.WIM');
    const wim = await openNode(disc, node!);
    expect((await readWimHeader(wim))?.imageCount).toBe(1);
  });
});
