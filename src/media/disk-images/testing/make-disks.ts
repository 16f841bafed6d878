import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { run } from './tools.ts';

const MIB = 1 << 20;

/** A disk partitioned by `sfdisk` from its script, with file systems put at the given offsets. */
export function makePartitionedDisk(
  folder: string,
  sizeBytes: number,
  script: string,
  contents: { offset: number; bytes: Uint8Array }[] = [],
): Uint8Array {
  const path = join(folder, 'disk.img');
  writeFileSync(path, '');
  truncateSync(path, sizeBytes);
  run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', path], { input: script });
  const file = openSync(path, 'r+');
  for (const { offset, bytes } of contents) writeSync(file, bytes, 0, bytes.length, offset);
  closeSync(file);
  return new Uint8Array(readFileSync(path));
}

/** A file system made by `program` on an empty file. */
export function makeFileSystem(
  folder: string,
  sizeBytes: number,
  program: string,
  ...args: string[]
): Uint8Array {
  const path = join(folder, 'volume.img');
  writeFileSync(path, '');
  truncateSync(path, sizeBytes);
  run(program, [...args, path]);
  return new Uint8Array(readFileSync(path));
}

/**
 * An NTFS volume with the files of a Windows installation that an inspector looks for, written by wimlib straight
 * into the unmounted volume, between enough other files that directories need a tree.
 */
export function makeWindowsVolume(
  folder: string,
  kernel: Uint8Array,
  files: Record<string, string | Uint8Array> = {},
): Uint8Array {
  const tree = join(folder, 'tree');
  const system = join(tree, 'Windows', 'System32');
  mkdirSync(system, { recursive: true });
  for (let index = 0; index < 900; index++) {
    writeFileSync(join(system, `file with a longer name ${index * 7919}.dll`), String(index));
  }
  writeFileSync(join(system, 'ntoskrnl.exe'), kernel);
  writeFileSync(join(tree, 'bootmgr'), 'bootmgr');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(tree, name), text);
  const volume = join(folder, 'windows.img');
  writeFileSync(volume, '');
  truncateSync(volume, 24 * MIB);
  run('mkntfs', ['--force', '--quick', '--quiet', '--label', 'System', volume]);
  // By itself wimlib leaves out the hibernation file.
  writeFileSync(join(folder, 'config.ini'), '[ExclusionList]\n');
  const config = `--config=${join(folder, 'config.ini')}`;
  run('wimlib-imagex', ['capture', tree, join(folder, 'tree.wim'), '--compress=none', config]);
  run('wimlib-imagex', ['apply', join(folder, 'tree.wim'), '1', volume]);
  return new Uint8Array(readFileSync(volume));
}

/**
 * A program that holds nothing but what the inspector reads, behind some data: machine and version resource, with the
 * name that its maker gave it where one is given.
 */
export function makeProgram(
  machine: number,
  version: readonly [number, number, number, number],
  originalName = '',
): Uint8Array {
  const resourceOffset = 300_032;
  const bytes = new Uint8Array(resourceOffset + 8192);
  const view = new DataView(bytes.buffer);
  bytes.fill(0x90, 4096, resourceOffset);
  view.setUint16(0, 0x5a4d, true);
  view.setUint32(60, 0x80, true);
  view.setUint32(0x80, 0x4550, true);
  view.setUint16(0x84, machine, true);
  view.setUint16(0x86, 2, true);
  view.setUint16(0x94, 224, true);
  const table = 0x80 + 24 + 224;
  const section = (index: number, name: string, address: number, size: number, offset: number): void => {
    bytes.set(new TextEncoder().encode(name), table + index * 40);
    view.setUint32(table + index * 40 + 12, address, true);
    view.setUint32(table + index * 40 + 16, size, true);
    view.setUint32(table + index * 40 + 20, offset, true);
  };
  section(0, '.text', 0x1000, resourceOffset - 4096, 4096);
  section(1, '.rsrc', 0x80000, 8192, resourceOffset);
  // Two types, the second being the version; then one name and one language.
  const directory = (at: number, entries: [id: number, where: number][]): void => {
    view.setUint16(resourceOffset + at + 14, entries.length, true);
    entries.forEach(([id, where], index) => {
      view.setUint32(resourceOffset + at + 16 + index * 8, id, true);
      view.setUint32(resourceOffset + at + 20 + index * 8, where, true);
    });
  };
  directory(0, [
    [11, 0x80000100],
    [16, 0x80000040],
  ]);
  directory(0x40, [[1, 0x80000080]]);
  directory(0x80, [[1033, 0xc0]]);
  view.setUint32(resourceOffset + 0xc0, 0x80000 + 0x1000, true);
  view.setUint32(resourceOffset + 0xc4, 900, true);
  const info = resourceOffset + 0x1000 + 40;
  view.setUint32(info, 0xfeef04bd, true);
  view.setUint32(info + 8, version[0] * 65536 + version[1], true);
  view.setUint32(info + 12, version[2] * 65536 + version[3], true);
  if (originalName !== '') {
    // A String structure: three lengths, the key, padding to four bytes, the value.
    const key = Buffer.from('OriginalFilename\0', 'utf16le');
    bytes.set(key, info + 52 + 6);
    bytes.set(Buffer.from(`${originalName}\0`, 'utf16le'), info + 52 + Math.ceil((6 + key.length) / 4) * 4);
  }
  return bytes;
}
