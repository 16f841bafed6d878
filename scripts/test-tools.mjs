import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian's packages whose tools make or check test data, and a program (or file) of each that shows it is there. */
const TOOLS = {
  genisoimage: 'genisoimage',
  xorriso: 'xorriso',
  udftools: 'mkudffs',
  wimtools: 'wimlib-imagex',
  'qemu-utils': 'qemu-img',
  'qemu-system-x86': 'qemu-system-i386',
  mtools: 'mdir',
  syslinux: 'syslinux',
  'syslinux-common': '/usr/lib/syslinux/mbr/mbr.bin',
  'ntfs-3g': 'mkntfs',
  fdisk: 'sfdisk',
  gdisk: 'sgdisk',
  'libxml2-utils': 'xmllint',
  dosfstools: 'mkfs.fat',
  e2fsprogs: 'mkfs.ext4',
  zstd: 'zstd',
  'acpica-tools': 'acpiexec',
  nasm: 'nasm',
  gcc: 'gcc',
  'nginx-light': 'nginx',
  'apache2-bin': 'apache2',
};

/**
 * On a build machine (CI=true, root, apt-get) the missing tools are installed. Elsewhere nothing is: the tests that
 * need one say that they are skipped, and why.
 */
export function installTestTools() {
  const missing = Object.keys(TOOLS).filter((name) => !isThere(TOOLS[name]));
  if (missing.length === 0) return;
  const mayInstall =
    process.env['CI'] === 'true' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!mayInstall) {
    console.log(`Tests that need ${missing.join(', ')} will be skipped: not installed.`);
    return;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) =>
    spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env, timeout: 600_000 });
  console.log(`Installing ${missing.join(', ')}…`);
  apt('update');
  // One by one: a package that is not to be had must not keep the others out.
  for (const name of missing) apt('install', '-y', '--no-install-recommends', name);
}

function isThere(program) {
  if (program.startsWith('/')) return existsSync(program);
  return (process.env['PATH'] + ':/sbin:/usr/sbin')
    .split(':')
    .some((folder) => existsSync(`${folder}/${program}`));
}
