import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Initramfs } from './initramfs.ts';
import { modulesIn } from './modules.ts';
import { CACHE, fetchPackages, NoPackages } from './packages.ts';

const INIT = fileURLToPath(new URL('init.sh', import.meta.url));
const SOURCES = ['init.sh', 'initramfs.ts', 'modules.ts', 'disc.ts'];

/** The programs of the guest; everything else is busybox. */
const PROGRAMS = [
  'usr/bin/acpidump',
  'usr/sbin/dmidecode',
  'sbin/hdparm',
  'usr/bin/lspci',
  ...['inq', 'vpd', 'readcap', 'modes', 'requests', 'turs', 'luns', 'get_config'].map(
    (name) => `usr/bin/sg_${name}`,
  ),
];

/** The same on every run: nothing at random, no mitigations that look at the processor, nothing on the screen. */
const KERNEL_ARGUMENTS =
  'initrd=initrd.gz console=ttyS0,115200 quiet nokaslr mitigations=off random.trust_cpu=on iomem=relaxed';

/**
 * A Linux that says on COM1 what it finds (`init.sh`), of Debian's packages, on a disc that starts it. Made once for
 * each version of them. Throws `NoPackages` with the reason where it cannot be made here.
 */
export function linuxProbeDisc(): { path: string; kernel: string } {
  for (const program of ['dpkg-deb', 'xorriso'])
    if (spawnSync(program, ['--version']).error) throw new NoPackages(`${program} is not installed (Debian)`);
  const { versions, files } = fetchPackages();
  const hash = createHash('sha256').update(versions.join('\n'));
  for (const source of SOURCES) hash.update(readFileSync(new URL(source, import.meta.url)));
  const path = join(CACHE, `${hash.digest('hex').slice(0, 16)}.iso`);
  const kernel = /linux-image-(\S+)-686=/.exec(versions.join(' '))?.[1] ?? 'unknown';
  if (!existsSync(path)) build(files, path);
  return { path, kernel };
}

function build(files: readonly string[], path: string): void {
  const work = mkdtempSync(join(tmpdir(), 'linux-probe-'));
  try {
    const root = join(work, 'root');
    for (const file of files) run('dpkg-deb', '-x', file, root);
    const boot = readdirSync(join(root, 'boot')).find((name) => name.startsWith('vmlinuz-'));
    if (!boot) throw new Error('The kernel’s package has no kernel.');
    const disc = join(work, 'disc');
    mkdirSync(disc);
    writeFileSync(join(disc, 'vmlinuz'), readFileSync(join(root, 'boot', boot)));
    writeFileSync(join(disc, 'initrd.gz'), initramfs(root));
    writeFileSync(join(disc, 'isolinux.bin'), readFileSync(join(root, 'usr/lib/ISOLINUX/isolinux.bin')));
    writeFileSync(
      join(disc, 'ldlinux.c32'),
      readFileSync(join(root, 'usr/lib/syslinux/modules/bios/ldlinux.c32')),
    );
    writeFileSync(
      join(disc, 'isolinux.cfg'),
      `DEFAULT probe\nPROMPT 0\nLABEL probe\nKERNEL vmlinuz\nAPPEND ${KERNEL_ARGUMENTS}\n`,
    );
    const made = join(work, basename(path));
    run(
      'xorriso',
      '-as',
      'mkisofs',
      '-quiet',
      '-V',
      'LINUXPROBE',
      '-r',
      '-b',
      'isolinux.bin',
      '-c',
      'boot.cat',
      '-no-emul-boot',
      '-boot-load-size',
      '4',
      '-boot-info-table',
      '-o',
      made,
      disc,
    );
    // Complete or not there: the next run takes it as it is.
    const complete = `${path}.${process.pid}`;
    writeFileSync(complete, readFileSync(made));
    renameSync(complete, path);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function initramfs(root: string): Buffer {
  const system = new Initramfs()
    .device('dev/console', 5, 1)
    .file('init', readFileSync(INIT), true)
    .file('bin/busybox', readFileSync(join(root, 'bin/busybox')), true)
    .link('bin/sh', 'busybox');
  for (const program of PROGRAMS)
    system.file(`bin/${basename(program)}`, readFileSync(join(root, program)), true);
  for (const name of ['lib/i386-linux-gnu', 'usr/lib/i386-linux-gnu'])
    for (const file of readdirSync(join(root, name)).filter((entry) => NEEDED.test(entry)))
      system.file(`lib/${file}`, readFileSync(join(root, name, file)), true);
  const modules = modulesIn(join(root, 'lib/modules'));
  for (const { name, data } of modules) system.file(`modules/${name}.ko`, data);
  return system.file('modules/order', Buffer.from(`${modules.map(({ name }) => name).join('\n')}\n`)).bytes();
}

/** The libraries by the names that programs ask for. */
const NEEDED =
  /^(ld-linux\.so\.2|lib(c|m|resolv)\.so\.6|lib(pci\.so\.3|kmod\.so\.2|lzma\.so\.5|zstd\.so\.1|z\.so\.1|crypto\.so\.3|udev\.so\.1|sgutils2-1\.46\.so\.2))$/;

function run(program: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr}`);
}
