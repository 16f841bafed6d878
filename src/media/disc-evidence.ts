import type { ByteSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { DiscSource } from './disc-source.ts';
import { findNode, openNode, type DiscNode } from './disc-tree.ts';
import { readElTorito, type BootCatalog, type BootEntry } from './el-torito.ts';
import { readIso9660, type Iso9660Volume } from './iso9660.ts';
import { decodeText, parseSetupTexts, type SetupTexts } from './setup-texts.ts';
import { readUdf, type UdfVolume } from './udf.ts';
import { readUsedEnd } from './used-end.ts';
import { readVolumeStructures, SECTOR_BYTES } from './volume-descriptors.ts';
import { readWimHeader, type WimHeader } from './wim-header.ts';
import { readWimXml, type WimDescription } from './wim-xml.ts';

/** What of a disc could not be read, and why. */
export interface DiscProblem {
  readonly where: 'iso9660' | 'udf' | 'boot' | 'directory' | 'wim' | 'text';
  readonly error: VitrineError;
}

/** A WIM file found on the disc. `description` is null where it could not be read. */
export interface WimOnDisc {
  readonly path: string;
  readonly sizeBytes: number;
  readonly header: WimHeader | null;
  readonly description: WimDescription | null;
}

/** The boot entry that firmware of a PC takes, and the beginning of its image. */
export interface BootStart {
  readonly entry: BootEntry;
  /** Null where the image lies outside the file. */
  readonly image: Uint8Array | null;
}

/** The files of one Windows: what Setup starts from and what it installs. */
export interface WindowsFiles {
  readonly install: WimOnDisc | null;
  readonly bootWim: WimOnDisc | null;
  readonly texts: SetupTexts;
}

/** A Windows in a folder of its own, as on discs with one for each kind of processor. */
export interface WindowsInFolder extends WindowsFiles {
  readonly folder: string;
  /** Paths within the folder, as in `DiscEvidence.paths`. */
  readonly paths: ReadonlySet<string>;
}

/** Everything that was seen on a disc. The judging of it is pure: `judge-disc.ts`. */
export interface DiscEvidence extends WindowsFiles {
  /** Whether any volume structure was found: without one it is no disc. */
  readonly hasVolume: boolean;
  readonly sizeBytes: number;
  /** Bytes a sector has in a file that is a raw copy; null for one that holds nothing but user data. */
  readonly rawSectorBytes: number | null;
  readonly iso: Iso9660Volume | null;
  readonly udf: UdfVolume | null;
  readonly boot: BootCatalog | null;
  readonly bootStart: BootStart | null;
  /** Paths in lower case: the root and the directories that tell systems apart. */
  readonly paths: ReadonlySet<string>;
  /** Empty where the root has a Windows to install. */
  readonly folders: readonly WindowsInFolder[];
  /** Where what lies on the disc ends, for a file that is shorter than the disc says; null for others. */
  readonly usedEnd: { readonly endBytes: number; readonly isComplete: boolean } | null;
  /** First line of `.disk/info`, the self-description of Debian's and Ubuntu's discs; '' without. */
  readonly diskInfo: string;
  readonly problems: readonly DiscProblem[];
}

/** Directories whose names say what a disc is. */
const TELLING_DIRECTORIES = [
  'sources boot efi efi/boot i386 amd64 isolinux boot/isolinux syslinux boot/grub casper live .disk arch',
  'install install.386 install.amd images images/pxeboot liveos win98 win95 win9x freedos reactos',
].flatMap((names) => names.split(' '));

/** Folders of the root that are looked into for a Windows of their own. */
const MAX_FOLDERS = 40;
const INSTALL_NAMES = ['install.wim', 'install.swm', 'install.esd'];
/** Longest text file that is read. */
const MAX_TEXT_BYTES = 64 * 1024;
/** Enough of a boot image for the boot sector and root directory of an emulated floppy. */
const BOOT_LOOK_BYTES = 32 * 1024;

/** Reads all that a report needs. Damage becomes a problem in the list; only a failing medium or budget rejects. */
export async function collectEvidence(source: ByteSource): Promise<DiscEvidence> {
  const problems: DiscProblem[] = [];
  const attempt: Attempt = async (where, read) => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof VitrineError) || isFinal(error)) throw error;
      problems.push({ where, error });
      return null;
    }
  };

  const structures = await readVolumeStructures(source);
  const iso = await attempt('iso9660', () => readIso9660(source));
  const udf = await attempt('udf', () => readUdf(source));
  const boot = await attempt('boot', () => readElTorito(source));
  // Microsoft's own order: what UDF shows is the disc, the ISO 9660 side may hold a README only.
  const roots = [udf?.root, iso?.joliet?.root, iso?.primary.root].filter((root) => root !== undefined);

  const paths = new Set<string>();
  for (const root of roots) {
    await attempt('directory', () => addChildren(paths, '', root));
    for (const directory of TELLING_DIRECTORIES) {
      if (!paths.has(directory)) continue;
      await attempt('directory', async () => {
        const node = await findNode(root, directory);
        if (node?.isDirectory) await addChildren(paths, directory, node);
      });
    }
  }

  const find = async (path: string): Promise<ByteSource | null> => {
    if (!paths.has(path)) return null;
    for (const root of roots) {
      const node = await findNode(root, path);
      if (node && !node.isDirectory) return openNode(source, node);
    }
    return null;
  };
  const text = async (path: string): Promise<string> =>
    (await attempt('text', async () => {
      const file = await find(path);
      return file ? decodeText(await file.read(0, Math.min(file.sizeBytes, MAX_TEXT_BYTES))) : '';
    })) ?? '';
  const wim = async (path: string): Promise<WimOnDisc | null> => {
    if (!paths.has(path)) return null;
    const file = await attempt('wim', () => find(path));
    if (!file) return { path, sizeBytes: 0, header: null, description: null };
    const header = await attempt('wim', () => readWimHeader(file));
    const description = header ? await attempt('wim', () => readWimXml(file, header)) : null;
    return { path, sizeBytes: file.sizeBytes, header, description };
  };

  const windowsIn = async (folder: string): Promise<WindowsFiles> => {
    const sources = folder === '' ? 'sources' : `${folder}/sources`;
    const installPath = INSTALL_NAMES.map((name) => `${sources}/${name}`).find((path) => paths.has(path));
    return {
      install: installPath ? await wim(installPath) : null,
      bootWim: await wim(`${sources}/boot.wim`),
      texts: parseSetupTexts(await text(`${sources}/ei.cfg`), await text(`${sources}/idwbinfo.txt`)),
    };
  };
  const windows = await windowsIn('');
  const folders: WindowsInFolder[] = [];
  if (!windows.install) {
    for (const folder of await foldersWithSources(roots, attempt)) {
      await attempt('directory', () => addChildren(paths, `${folder.name}/sources`, folder.sources));
      const inFolder = await windowsIn(folder.name);
      if (!inFolder.install && !inFolder.bootWim) continue;
      const start = `${folder.name}/`;
      const own = [...paths].filter((path) => path.startsWith(start)).map((path) => path.slice(start.length));
      folders.push({ folder: folder.name, paths: new Set(own), ...inFolder });
    }
  }
  const volumeBytes = Math.max(iso?.primary.volumeBytes ?? 0, udf?.volumeBytes ?? 0);
  return {
    hasVolume: structures.length > 0,
    sizeBytes: source.sizeBytes,
    rawSectorBytes: source instanceof DiscSource ? source.layout.sectorBytes : null,
    iso,
    udf,
    boot,
    bootStart: boot ? await readBootStart(source, boot) : null,
    paths,
    ...windows,
    folders,
    usedEnd: volumeBytes > source.sizeBytes ? await readUsedEnd(source) : null,
    diskInfo: (await text('.disk/info')).split('\n')[0].trim(),
    problems,
  };
}

type Attempt = <T>(where: DiscProblem['where'], read: () => Promise<T>) => Promise<T | null>;

/** Folders of the roots that have a folder `sources` in them, each once, and that folder. */
async function foldersWithSources(
  roots: readonly DiscNode[],
  attempt: Attempt,
): Promise<{ name: string; sources: DiscNode }[]> {
  const found = new Map<string, DiscNode>();
  for (const root of roots) {
    const children = (await attempt('directory', () => root.children())) ?? [];
    for (const child of children.filter(({ isDirectory }) => isDirectory).slice(0, MAX_FOLDERS)) {
      const name = child.name.toLowerCase();
      if (name === 'sources' || found.has(name)) continue;
      const sources = await attempt('directory', () => findNode(child, 'sources'));
      if (sources?.isDirectory) found.set(name, sources);
    }
  }
  return [...found].map(([name, sources]) => ({ name, sources }));
}

async function addChildren(paths: Set<string>, path: string, directory: DiscNode): Promise<void> {
  for (const { name } of await directory.children()) {
    paths.add((path === '' ? name : `${path}/${name}`).toLowerCase());
  }
}

/** Errors after which no other part of the disc can be read either. */
function isFinal({ code }: VitrineError): boolean {
  return code === 'bytes/unreadable' || code === 'bytes/budget';
}

/** SeaBIOS takes the default entry and no other. */
async function readBootStart(source: ByteSource, boot: BootCatalog): Promise<BootStart | null> {
  const entry = boot.entries.find(({ isDefault }) => isDefault);
  if (!entry) return null;
  const offset = entry.lba * SECTOR_BYTES;
  if (offset + 512 > source.sizeBytes) return { entry, image: null };
  const length = Math.min(BOOT_LOOK_BYTES, source.sizeBytes - offset);
  return { entry, image: await source.read(offset, length) };
}
