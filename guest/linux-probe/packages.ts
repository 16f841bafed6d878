import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The newest kernel for processors without PAE. */
const KERNEL = 'linux-image-686';
/** The programs that ask, and the libraries they are linked with. */
const PROGRAMS = [
  'busybox-static',
  'acpica-tools',
  'dmidecode',
  'hdparm',
  'pciutils',
  'sg3-utils',
  'libc6',
  'libkmod2',
  'liblzma5',
  'libpci3',
  'libsgutils2-1.46-2',
  'libssl3',
  'libudev1',
  'libzstd1',
  'zlib1g',
];
/** What starts them from a disc. */
const LOADER = ['isolinux', 'syslinux-common'];

const HOUR_MS = 3_600_000;
/** How old lists of packages may be before they are fetched anew. */
const LISTS_AGE_MS = 12 * HOUR_MS;
const DOWNLOAD_MS = 300_000;

/** Why the packages cannot be had here. */
export class NoPackages extends Error {}

export interface Packages {
  /** Names with versions, sorted: what is made of them is named after these. */
  readonly versions: readonly string[];
  /** The packages' files. */
  readonly files: readonly string[];
}

/** Kept from one run to the next, outside of the project: it costs 60 MB to fetch. */
export const CACHE = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'vitrine',
  'linux-probe',
);

/**
 * Debian's packages of the i386 architecture, fetched with a package manager that keeps its state in `CACHE`: the
 * computer's own lists and architectures stay as they are. Without the network those of the last run are taken. Throws
 * `NoPackages` where there are none.
 */
export function fetchPackages(): Packages {
  if (spawnSync('apt-get', ['--version']).error) throw new NoPackages('apt-get is not installed (Debian)');
  const apt = ownApt();
  apt.update();
  const kernel = apt.dependency(KERNEL, /^linux-image-[\d.-]+-686$/);
  const wanted = apt.candidates([kernel, ...PROGRAMS, ...LOADER]);
  const folder = join(CACHE, 'packages');
  mkdirSync(folder, { recursive: true });
  const missing = wanted.filter(({ file }) => !existsSync(join(folder, file)));
  if (missing.length > 0)
    apt.download(
      missing.map(({ name, version }) => `${name}=${version}`),
      folder,
    );
  const still = missing.find(({ file }) => !existsSync(join(folder, file)));
  if (still) throw new NoPackages(`${still.name} ${still.version} could not be fetched`);
  return {
    versions: wanted.map(({ name, version }) => `${name}=${version}`).sort(),
    files: wanted.map(({ file }) => join(folder, file)),
  };
}

function ownApt() {
  const state = join(CACHE, 'apt');
  const lists = join(state, 'lists');
  for (const folder of [lists, join(state, 'archives')])
    mkdirSync(join(folder, 'partial'), { recursive: true });
  writeFileSync(join(state, 'status'), '');
  const configuration = join(state, 'apt.conf');
  writeFileSync(
    configuration,
    [
      'APT::Architecture "i386";',
      'APT::Architectures { "i386"; };',
      `Dir::State "${state}";`,
      `Dir::State::status "${join(state, 'status')}";`,
      `Dir::Cache "${state}";`,
      'Acquire::Languages "none";',
      'Acquire::Retries "3";',
      'APT::Sandbox::User "root";',
      '#clear APT::Update::Post-Invoke;',
      '#clear APT::Update::Post-Invoke-Success;',
      '',
    ].join('\n'),
  );
  const run = (program: string, args: readonly string[], cwd?: string) =>
    spawnSync(program, args, {
      cwd,
      encoding: 'utf8',
      timeout: DOWNLOAD_MS,
      env: { ...process.env, APT_CONFIG: configuration, LC_ALL: 'C' },
    });
  const said = (args: readonly string[]) => run('apt-cache', args).stdout;

  return {
    /** A list that cannot be fetched is left as it was; whether that does is seen by what is asked of it. */
    update() {
      const stamp = join(state, 'updated');
      const fresh = existsSync(stamp) && Date.now() - statSync(stamp).mtimeMs < LISTS_AGE_MS;
      if (fresh && said(['policy', KERNEL]).includes('Candidate')) return;
      if (run('apt-get', ['update', '-q']).status === 0) writeFileSync(stamp, '');
    },
    /** The package that another one stands for. */
    dependency(name: string, pattern: RegExp): string {
      const found = said(['depends', '--important', name])
        .split('\n')
        .map((line) => line.replace(/^\s*Depends: /, ''))
        .find((line) => pattern.test(line));
      if (!found) throw new NoPackages(`the package lists know no ${name} for i386`);
      return found;
    },
    candidates(names: readonly string[]) {
      return names.map((name) => {
        const shown = said(['show', '--no-all-versions', name]);
        const field = (label: string) => new RegExp(`^${label}: (.*)$`, 'm').exec(shown)?.[1];
        const [version, architecture] = [field('Version'), field('Architecture')];
        if (!version || !architecture) throw new NoPackages(`the package lists know no ${name} for i386`);
        // As apt-get names what it fetches.
        return { name, version, file: `${name}_${version.replaceAll(':', '%3a')}_${architecture}.deb` };
      });
    },
    download(packages: readonly string[], folder: string) {
      const partial = join(folder, `.partial-${process.pid}`);
      mkdirSync(partial, { recursive: true });
      try {
        run('apt-get', ['download', '-q', ...packages], partial);
        for (const file of readdirSync(partial)) renameSync(join(partial, file), join(folder, file));
      } finally {
        rmSync(partial, { recursive: true, force: true });
      }
    },
  };
}
