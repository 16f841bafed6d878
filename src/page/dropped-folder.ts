import { BlobSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';

/** What of a dropped folder a sentence can say. */
interface FolderContents {
  /** Names in the folder itself, in lower case. */
  readonly names: ReadonlySet<string>;
  /** Path of the only file in it, subfolders included, that a drive takes; '' where there is none or several. */
  readonly inside: string;
}

/** Files and folders looked at, and how deep: a bundle keeps its disk two folders down. */
const MAX_ENTRIES = 400;
const MAX_DEPTH = 3;
/** Files whose first bytes are looked at; a folder with more large files than that is none that holds one image. */
const MAX_LOOKED_INTO = 24;
/** Smaller files are no discs or disks. A floppy begins at 160 KiB. */
const MIN_IMAGE_BYTES = 100 * 1024;

/** Folders that are one thing on a Mac, by their endings, and whose they are. */
const BUNDLES: Readonly<Record<string, string>> = {
  '.vmwarevm': 'VMware Fusion',
  '.utm': 'UTM',
  '.pvm': 'Parallels Desktop',
  '.hdd': 'Parallels Desktop',
};

/** What lies in the root of discs that a PC starts from. */
const DISC_FILES = [
  'bootmgr',
  'autorun.inf',
  'setup.exe',
  'isolinux',
  'casper',
  'win51',
  'i386',
  'boot.catalog',
];

/**
 * Why folders that were dropped cannot be used, and what to drop instead. What is in a single one is looked at for
 * the name of the image in it; a folder that cannot be read is told without.
 */
export async function folderRefusal(folders: readonly FileSystemEntry[]): Promise<VitrineError> {
  if (folders.length !== 1) return new VitrineError('machine/folders');
  const [{ name }] = folders;
  const { names, inside } = await lookInto(folders[0]);
  const ending = name.slice(Math.max(0, name.lastIndexOf('.'))).toLowerCase();
  const program = BUNDLES[ending] ?? '';
  const isDisc = program === '' && inside === '' && DISC_FILES.some((file) => names.has(file));
  return new VitrineError('machine/folder', { name, inside, program, isDisc: isDisc ? 'yes' : '' });
}

async function lookInto(folder: FileSystemEntry): Promise<FolderContents> {
  const names = new Set<string>();
  const large: { path: string; file: File }[] = [];
  let left = MAX_ENTRIES;
  const walk = async (entry: FileSystemEntry, path: string, depth: number): Promise<void> => {
    for (const child of await childrenOf(entry, left)) {
      if (--left < 0) return;
      const childPath = path === '' ? child.name : `${path}/${child.name}`;
      if (depth === 0) names.add(child.name.toLowerCase());
      if (child.isDirectory && depth + 1 < MAX_DEPTH) await walk(child, childPath, depth + 1);
      if (!child.isFile || large.length > MAX_LOOKED_INTO) continue;
      const file = await fileOf(child as FileSystemFileEntry);
      if (file.size >= MIN_IMAGE_BYTES) large.push({ path: childPath, file });
    }
  };
  try {
    await walk(folder, '', 0);
    return { names, inside: left < 0 || large.length > MAX_LOOKED_INTO ? '' : await findOnlyImage(large) };
  } catch (thrown) {
    // The folder went away or may not be read: that it is a folder is all that there is to say.
    if (thrown instanceof DOMException || thrown instanceof VitrineError) return { names, inside: '' };
    throw thrown;
  }
}

async function findOnlyImage(files: readonly { path: string; file: File }[]): Promise<string> {
  const { tellFileKind } = await import('../media/file-kind.ts');
  const found: string[] = [];
  for (const { path, file } of files) {
    const { medium } = await tellFileKind(new BlobSource(file, file.name));
    if (medium !== null) found.push(path);
  }
  return found.length === 1 ? found[0] : '';
}

/** The browser gives a folder's entries in batches of a hundred, the last one empty. */
async function childrenOf(folder: FileSystemEntry, atMost: number): Promise<FileSystemEntry[]> {
  const reader = (folder as FileSystemDirectoryEntry).createReader();
  const children: FileSystemEntry[] = [];
  while (children.length <= atMost) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) break;
    children.push(...batch);
  }
  return children;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
