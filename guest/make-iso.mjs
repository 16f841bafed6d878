/**
 * Writes the house disc: an ISO 9660 volume (ECMA-119) with an El Torito boot catalog, from a boot image
 * and a folder of files. No timestamps of today, no host names: the same input gives the same bytes.
 *
 *   node make-iso.mjs BOOT-IMAGE FOLDER OUTPUT [LABEL]
 *
 * Layout, in 2048-byte sectors: 16 primary volume descriptor, 17 boot record, 18 terminator,
 * 19 and 20 path tables (little and big endian), 21 boot catalog, 22 root directory, then the folders,
 * the boot image and the files.
 */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SECTOR = 2048;
const HOUSE_LABEL = 'VITRINE_HOUSE';
/** The only date on the disc: when the system it remembers went on sale. */
const DATE = { year: 2009, month: 10, day: 22 };
const BOOT_NAME = 'BOOT.IMG';

const sectorsFor = (/** @type {number} */ bytes) => Math.ceil(bytes / SECTOR);
const padded = (/** @type {string} */ text, /** @type {number} */ length) =>
  text.padEnd(length, ' ').slice(0, length);

/** A 32-bit number in both byte orders (ECMA-119 7.3.3). */
function both32(buffer, offset, value) {
  buffer.writeUInt32LE(value, offset);
  buffer.writeUInt32BE(value, offset + 4);
}
function both16(buffer, offset, value) {
  buffer.writeUInt16LE(value, offset);
  buffer.writeUInt16BE(value, offset + 2);
}

/** A directory record (ECMA-119 9.1). `name` is '\0' for the folder itself, '\x01' for its parent. */
function directoryRecord(name, sector, bytes, isFolder) {
  const length = 33 + name.length + ((33 + name.length) % 2);
  const record = Buffer.alloc(length);
  record[0] = length;
  both32(record, 2, sector);
  both32(record, 10, bytes);
  record.set([DATE.year - 1900, DATE.month, DATE.day, 0, 0, 0, 0], 18);
  record[25] = isFolder ? 2 : 0;
  both16(record, 28, 1);
  record[32] = name.length;
  record.write(name, 33, 'latin1');
  return record;
}

/** Reads a folder into a tree, its names checked against level 1 (8.3, A to Z, 0 to 9 and _). */
function readTree(path, name) {
  const node = { name, folders: [], files: [], sector: 0, bytes: 0, parent: null, number: 0 };
  for (const entry of readdirSync(path).sort()) {
    const full = join(path, entry);
    const isFolder = statSync(full).isDirectory();
    const wanted = isFolder ? /^[A-Z0-9_]{1,8}$/ : /^[A-Z0-9_]{1,8}\.[A-Z0-9_]{1,3}$/;
    if (!wanted.test(entry)) throw new Error(`${full}: not a name of ISO 9660 level 1`);
    if (isFolder) node.folders.push({ ...readTree(full, entry), parent: node });
    else node.files.push({ name: `${entry};1`, data: readFileSync(full), sector: 0 });
  }
  return node;
}

/** All folders, parents before children, siblings by name: the order of a path table (ECMA-119 6.9.1). */
function foldersInOrder(root) {
  const result = [root];
  for (let i = 0; i < result.length; i++) {
    result[i].number = i + 1;
    for (const child of result[i].folders) child.parent = result[i];
    result.push(...result[i].folders);
  }
  return result;
}

function recordsOf(folder) {
  const parent = folder.parent ?? folder;
  const entries = [
    ...folder.folders.map((f) => ({
      name: f.name,
      record: directoryRecord(f.name, f.sector, f.bytes, true),
    })),
    ...folder.files.map((f) => ({
      name: f.name,
      record: directoryRecord(f.name, f.sector, f.data.length, false),
    })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    directoryRecord('\0', folder.sector, folder.bytes, true),
    directoryRecord('\x01', parent.sector, parent.bytes, true),
    ...entries.map((e) => e.record),
  ];
}

/** Joins records; none may cross the end of a sector (ECMA-119 6.8.1.1). */
function packRecords(records) {
  const sectors = [[]];
  let used = 0;
  for (const record of records) {
    if (used + record.length > SECTOR) {
      sectors.push([]);
      used = 0;
    }
    sectors.at(-1).push(record);
    used += record.length;
  }
  return Buffer.concat(
    sectors.map((s) => Buffer.concat([Buffer.concat(s), Buffer.alloc(SECTOR)]).subarray(0, SECTOR)),
  );
}

function pathTable(folders, bigEndian) {
  return Buffer.concat(
    folders.map((folder, i) => {
      const name = i === 0 ? '\0' : folder.name;
      const entry = Buffer.alloc(8 + name.length + (name.length % 2));
      entry[0] = name.length;
      const parentNumber = (folder.parent ?? folder).number;
      if (bigEndian) {
        entry.writeUInt32BE(folder.sector, 2);
        entry.writeUInt16BE(parentNumber, 6);
      } else {
        entry.writeUInt32LE(folder.sector, 2);
        entry.writeUInt16LE(parentNumber, 6);
      }
      entry.write(name, 8, 'latin1');
      return entry;
    }),
  );
}

/** A date of 17 bytes (ECMA-119 8.4.26.1). */
function longDate() {
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  return Buffer.concat([
    Buffer.from(`${DATE.year}${two(DATE.month)}${two(DATE.day)}0000000000`.slice(0, 16)),
    Buffer.alloc(1),
  ]);
}
const NO_DATE = Buffer.concat([Buffer.from('0'.repeat(16)), Buffer.alloc(1)]);

function primaryDescriptor(root, totalSectors, pathTableBytes, label) {
  const d = Buffer.alloc(SECTOR);
  d[0] = 1;
  d.write('CD001', 1, 'latin1');
  d[6] = 1;
  d.write(padded('', 32), 8, 'latin1');
  d.write(padded(label, 32), 40, 'latin1');
  both32(d, 80, totalSectors);
  both16(d, 120, 1);
  both16(d, 124, 1);
  both16(d, 128, SECTOR);
  both32(d, 132, pathTableBytes);
  d.writeUInt32LE(19, 140);
  d.writeUInt32BE(20, 148);
  directoryRecord('\0', root.sector, root.bytes, true).copy(d, 156);
  d.write(padded('', 128), 190, 'latin1');
  d.write(padded('VITRINE', 128), 318, 'latin1');
  d.write(padded('VITRINE', 128), 446, 'latin1');
  d.write(padded('GUEST/MAKE-ISO.MJS', 128), 574, 'latin1');
  d.write(padded('', 37 * 3), 702, 'latin1');
  longDate().copy(d, 813);
  longDate().copy(d, 830);
  NO_DATE.copy(d, 847);
  NO_DATE.copy(d, 864);
  d[881] = 1;
  return d;
}

function bootRecord(catalogSector) {
  const d = Buffer.alloc(SECTOR);
  d[0] = 0;
  d.write('CD001', 1, 'latin1');
  d[6] = 1;
  d.write('EL TORITO SPECIFICATION', 7, 'latin1');
  d.writeUInt32LE(catalogSector, 71);
  return d;
}

/** Validation entry and one bootable default entry: no emulation, four 512-byte sectors to 7C00. */
function bootCatalog(imageSector) {
  const c = Buffer.alloc(SECTOR);
  c[0] = 1;
  c.write('VITRINE', 4, 'latin1');
  c[30] = 0x55;
  c[31] = 0xaa;
  let sum = 0;
  for (let i = 0; i < 32; i += 2) sum = (sum + c.readUInt16LE(i)) & 0xffff;
  c.writeUInt16LE((0x10000 - sum) & 0xffff, 28);
  c[32] = 0x88;
  c.writeUInt16LE(4, 38);
  c.writeUInt32LE(imageSector, 40);
  return c;
}

/** The boot information table at offset 8 of the boot image: where it is and how long. */
function fillBootTable(image, imageSector) {
  let sum = 0;
  const whole = Buffer.concat([image, Buffer.alloc((4 - (image.length % 4)) % 4)]);
  for (let i = 64; i < whole.length; i += 4) sum = (sum + whole.readUInt32LE(i)) >>> 0;
  image.writeUInt32LE(16, 8);
  image.writeUInt32LE(imageSector, 12);
  image.writeUInt32LE(image.length, 16);
  image.writeUInt32LE(sum, 20);
}

function makeIso(bootImage, tree, label) {
  tree.files.push({ name: `${BOOT_NAME};1`, data: bootImage, sector: 0 });
  const folders = foldersInOrder(tree);
  let next = 22;
  for (const folder of folders) {
    folder.bytes = packRecords(recordsOf(folder)).length;
    folder.sector = next;
    next += sectorsFor(folder.bytes);
  }
  for (const folder of folders) {
    for (const file of folder.files) {
      file.sector = next;
      next += sectorsFor(file.data.length);
    }
  }
  const image = tree.files.at(-1);
  fillBootTable(bootImage, image.sector);

  const iso = Buffer.alloc(next * SECTOR);
  const put = (/** @type {number} */ sector, /** @type {Buffer} */ data) => data.copy(iso, sector * SECTOR);
  const little = pathTable(folders, false);
  if (little.length > SECTOR) throw new Error('the path table needs more than its one sector');
  put(16, primaryDescriptor(tree, next, little.length, label));
  put(17, bootRecord(21));
  put(18, Buffer.concat([Buffer.from([255]), Buffer.from('CD001', 'latin1'), Buffer.from([1])]));
  put(19, little);
  put(20, pathTable(folders, true));
  put(21, bootCatalog(image.sector));
  for (const folder of folders) {
    put(folder.sector, packRecords(recordsOf(folder)));
    for (const file of folder.files) put(file.sector, file.data);
  }
  return iso;
}

const [bootPath, folderPath, outputPath, label = HOUSE_LABEL] = process.argv.slice(2);
if (!outputPath) {
  process.stderr.write('usage: node make-iso.mjs BOOT-IMAGE FOLDER OUTPUT [LABEL]\n');
  process.exit(2);
}
const iso = makeIso(readFileSync(bootPath), readTree(folderPath, ''), label);
if (iso.length > 1024 * 1024) throw new Error(`the disc is ${iso.length} bytes; it may be at most 1 MiB`);
writeFileSync(outputPath, iso);
