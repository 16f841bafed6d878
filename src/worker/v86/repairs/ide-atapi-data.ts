/** A disc with more sectors than a CD of 80 minutes holds is a DVD. */
const LARGEST_CD_SECTORS = 80 * 60 * 75;
const PROFILE = { none: 0, cdRom: 0x0008, dvdRom: 0x0010 } as const;

const isDvd = (sectors: number) => sectors > LARGEST_CD_SECTORS;
const be16 = (value: number) => [(value >> 8) & 0xff, value & 0xff];
const be32 = (value: number) => [(value >>> 24) & 0xff, (value >>> 16) & 0xff, ...be16(value)];

/** GET CONFIGURATION (MMC-3 §6.6): what the drive can do and which of it the medium lets it; `sectors` null for none. */
export function featureList(cdb: Uint8Array, sectors: number | null): Uint8Array {
  const requested = cdb[1] & 3;
  const from = (cdb[2] << 8) | cdb[3];
  const dvd = sectors !== null && isDvd(sectors);
  const cd = sectors !== null && !dvd;
  const profile = dvd ? PROFILE.dvdRom : cd ? PROFILE.cdRom : PROFILE.none;
  const features = [
    {
      code: 0x0000, // profiles
      current: true,
      version: 0,
      data: [...be16(PROFILE.dvdRom), Number(dvd), 0, ...be16(PROFILE.cdRom), Number(cd), 0],
    },
    { code: 0x0001, current: true, version: 0, data: be32(2) }, // core: an ATAPI drive
    { code: 0x0003, current: true, version: 0, data: [0x29, 0, 0, 0] }, // a tray that locks and ejects
    { code: 0x0010, current: sectors !== null, version: 0, data: [...be32(2048), ...be16(1), 0, 0] }, // random reads
    { code: 0x001e, current: cd, version: 0, data: be32(0) }, // reads a CD: no text, no error pointers, no audio
    { code: 0x001f, current: dvd, version: 0, data: [] },
  ];
  const bytes: number[] = [];
  for (const { code, current, version, data } of features) {
    const wanted = requested === 2 ? code === from : code >= from && (requested === 0 || current);
    const persistent = code <= 3;
    if (wanted) {
      const flags = (version << 2) | (persistent ? 2 : 0) | (current ? 1 : 0);
      bytes.push(...be16(code), flags, data.length, ...data);
    }
  }
  return Uint8Array.from([...be32(bytes.length + 4), 0, 0, ...be16(profile), ...bytes]);
}

/** GET EVENT STATUS NOTIFICATION (MMC-3 §6.7): only the media class; others get a header that says so. */
export function eventStatus(
  classes: number,
  event: 'none' | 'inserted' | 'removed',
  mediumPresent: boolean,
): Uint8Array {
  const MEDIA = 4;
  if ((classes & (1 << MEDIA)) === 0) return Uint8Array.of(0, 2, 0x80, 1 << MEDIA);
  const code = { none: 0, inserted: 2, removed: 3 }[event];
  return Uint8Array.of(0, 6, MEDIA, 1 << MEDIA, code, mediumPresent ? 0x02 : 0, 0, 0);
}

/** READ DISC INFORMATION (MMC-3 §6.20): one finished session with one track, nothing to write on. */
export function discInformation(): Uint8Array {
  const bytes = new Uint8Array(34);
  bytes.set([0, 32, 0x0e, 1, 1, 1, 1, 0x20]);
  return bytes;
}

/**
 * READ DVD STRUCTURE (MMC-3 §6.22), the layer descriptor (0) and the copyright (1): a pressed disc of one layer,
 * without protection. A CD has none.
 */
export function dvdStructure(
  format: number,
  sectors: number,
): Uint8Array | readonly [5, 0x24] | 'wrong-medium' {
  if (!isDvd(sectors)) return 'wrong-medium';
  const FIRST = 0x30000;
  if (format === 0) {
    const layer = [0x01, 0x02, 0x01, 0x00, ...be32(FIRST), ...be32(FIRST + sectors - 1), 0, 0, 0, 0, 0];
    const bytes = new Uint8Array(4 + 2048);
    bytes.set([...be16(2 + 2048), 0, 0, ...layer]);
    return bytes;
  }
  return format === 1 ? Uint8Array.from([...be16(6), 0, 0, 0, 0, 0, 0]) : [5, 0x24];
}

/** An address in READ TOC's tables: minutes, seconds and frames, or a block number (MMC-3 §6.25.3). */
const address = (sector: number, inTime: boolean) => {
  const frames = sector + 150;
  return inTime
    ? [0, Math.min(255, Math.floor(frames / 4500)), Math.floor(frames / 75) % 60, frames % 75]
    : be32(sector);
};

const LEAD_OUT = 0xaa;

/**
 * READ TOC, format 0 (MMC-3 §6.25.3.1): from the track asked for (0 is the first) to the lead-out. null for a track that
 * is not there.
 */
export function toc(firstTrack: number, sectors: number, inTime: boolean): Uint8Array | null {
  if (firstTrack > 1 && firstTrack !== LEAD_OUT) return null;
  const track = [0, 0x14, 1, 0, ...address(0, inTime)];
  const leadOut = [0, 0x16, LEAD_OUT, 0, ...address(sectors, inTime)];
  const entries = [...(firstTrack === LEAD_OUT ? [] : track), ...leadOut];
  return Uint8Array.from([...be16(entries.length + 2), 1, 1, ...entries]);
}

/** READ TOC, format 1 (MMC-3 §6.25.3.2): one session, which begins with track 1. */
export function sessionInfo(inTime: boolean): Uint8Array {
  return Uint8Array.from([...be16(10), 1, 1, 0, 0x14, 1, 0, ...address(0, inTime)]);
}

/** MECHANISM STATUS (MMC-3 §6.10): a drive without a changer, at rest. */
export function mechanismStatus(): Uint8Array {
  return Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 0);
}

/**
 * READ TRACK INFORMATION (MMC-3 §6.26): the one track, by a block of it, by its number or by its session's. null for
 * what is not there.
 */
export function trackInformation(cdb: Uint8Array, sectors: number): Uint8Array | null {
  const kind = cdb[1] & 3;
  const which = ((cdb[2] << 24) | (cdb[3] << 16) | (cdb[4] << 8) | cdb[5]) >>> 0;
  if (kind === 0 ? which >= sectors : kind === 3 || which !== 1) return null;
  const bytes = new Uint8Array(36);
  // Track 1 of session 1, data, uninterrupted; mode 1.
  bytes.set([...be16(34), 1, 1, 0, 0x04, 0x01, 0]);
  bytes.set(be32(sectors), 24);
  return bytes;
}

/** READ TOC's raw form (MMC-3 §6.25.3.3): the first and last track, the lead-out, and track 1. */
export function rawToc(sectors: number): Uint8Array {
  const time = (sector: number) => {
    const frames = sector + 150;
    return [Math.min(255, Math.floor(frames / 4500)), Math.floor(frames / 75) % 60, frames % 75];
  };
  const entry = (point: number, at: number[]) => [1, 0x14, 0, point, 0, 0, 0, 0, ...at];
  const entries = [
    entry(0xa0, [1, 0, 0]),
    entry(0xa1, [1, 0, 0]),
    entry(0xa2, time(sectors)),
    entry(1, time(0)),
  ];
  const bytes = entries.flat();
  return Uint8Array.from([...be16(bytes.length + 2), 1, 1, ...bytes]);
}

/**
 * MODE SENSE (MMC-3 §6.11): read error recovery (01), capabilities (2A), or both (3F), after the header of the
 * long (10) or short (6) form. null for a page that a reader does not have.
 */
export function modePages(
  page: number,
  drive: { long: boolean; medium: boolean; locked: boolean },
): Uint8Array | null {
  const recovery = [0x01, 0x06, 0, 5, 0, 0, 0, 0];
  const speed = be16(706);
  const tray = 0x29 | (drive.locked ? 0x02 : 0);
  // Reads CD-R, CD-RW and DVD; multi-session; a tray that locks and ejects; 512 kB of buffer.
  const capabilities = [
    0x2a,
    0x12,
    0x3b,
    0,
    0x70,
    0,
    tray,
    0,
    ...speed,
    ...be16(2),
    ...be16(512),
    ...speed,
    0,
    0,
    0,
    0,
  ];
  const pages = { 0x01: recovery, 0x2a: capabilities, 0x3f: [...recovery, ...capabilities] }[page];
  if (!pages) return null;
  const medium = drive.medium ? 0x01 : 0x70;
  const header = drive.long
    ? [...be16(pages.length + 6), medium, 0, 0, 0, 0, 0]
    : [pages.length + 3, medium, 0, 0];
  return Uint8Array.from([...header, ...pages]);
}
