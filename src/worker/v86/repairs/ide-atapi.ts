import type { DriveBuffer } from '../internals.ts';
import { padTexts } from './ide-ata.ts';
import {
  discInformation,
  dvdStructure,
  eventStatus,
  featureList,
  mechanismStatus,
  modePages,
  rawToc,
  sessionInfo,
  toc,
  trackInformation,
} from './ide-atapi-data.ts';
import { IDLE, IdeDrive, STATUS } from './ide-drive.ts';

/** Packet commands, MMC-3 §6. */
const CMD = {
  testUnitReady: 0x00,
  requestSense: 0x03,
  inquiry: 0x12,
  modeSense6: 0x1a,
  startStopUnit: 0x1b,
  preventRemoval: 0x1e,
  readCapacity10: 0x25,
  read10: 0x28,
  seek10: 0x2b,
  readSubChannel: 0x42,
  readToc: 0x43,
  getConfiguration: 0x46,
  getEventStatus: 0x4a,
  readDiscInformation: 0x51,
  readTrackInformation: 0x52,
  modeSense10: 0x5a,
  read12: 0xa8,
  readDvdStructure: 0xad,
  setCdSpeed: 0xbb,
  mechanismStatus: 0xbd,
  readCd: 0xbe,
} as const;

/** SET FEATURES, as the ATA command. */
const SET_FEATURES = 0xef;
/**
 * Commands of disks that upstream takes here: RECALIBRATE, INITIALIZE PARAMETERS, READ NATIVE MAX (EXT), READ VERIFY, SET
 * MULTIPLE, READ and WRITE DMA (EXT), FLUSH CACHE EXT, SECURITY FREEZE LOCK, MEDIA LOCK and UNLOCK. A packet device aborts them
 * (ATA/ATAPI-6 §6.2, table 10).
 */
const OF_DISKS: ReadonlySet<number> = new Set([
  0x10, 0x25, 0x27, 0x35, 0x40, 0x91, 0xc6, 0xc8, 0xca, 0xde, 0xdf, 0xea, 0xf5, 0xf8,
]);

/** Words of IDENTIFY PACKET DEVICE that are reserved and upstream fills as a disk's: geometry, blocks, capacity (§8.16). */
const WORDS_OF_DISKS: readonly (readonly [first: number, count: number])[] = [
  [1, 1],
  [3, 4],
  [47, 1],
  [54, 8],
  [100, 4],
];

/** Sense key, additional sense code and its qualifier, MMC-3 §4.2.3 and annex F. */
type Sense = readonly [key: number, code: number, qualifier?: number];
const SENSE = {
  noMedium: [2, 0x3a],
  removalPrevented: [5, 0x53, 0x02],
  unreadable: [3, 0x11],
  unknownCommand: [5, 0x20],
  outOfRange: [5, 0x21],
  invalidField: [5, 0x24],
  wrongMedium: [5, 0x30],
  savedPages: [5, 0x39],
  aborted: [0x0b, 0x00],
} as const satisfies Record<string, Sense>;

/** They answer without a medium, and do not report that it changed. */
const ALWAYS = new Set<number>([CMD.getConfiguration, CMD.getEventStatus]);
const NEED_MEDIUM = new Set<number>([
  CMD.read10,
  CMD.read12,
  CMD.readCd,
  CMD.readDiscInformation,
  CMD.readTrackInformation,
  CMD.seek10,
  CMD.readToc,
  CMD.readDvdStructure,
]);

/** What there is; every other operation code is refused as one (SPC-3 §4.5.2, 5/20/00). */
const KNOWN: ReadonlySet<number> = new Set(Object.values(CMD));

const SECTOR = 2048;
const CDB_LENGTH = 12;
/** Of upstream's `medium_changed`: the next command is told that the medium may have changed. */
const MAY_HAVE_CHANGED = 1;
const MEDIUM_CHANGED = 2;
/** READ CD's byte 9: user data and nothing else. */
const USER_DATA = 0x10;

/**
 * The disc drive, as MMC-3 describes one. Upstream (`src/ide.js`) answers some commands with nothing or with
 * the command's own bytes, says "CD-ROM" of a DVD, interrupts the guest in the middle of a command when the
 * page changes the disc, hangs past the disc's end, and has no way to report a sector that cannot be read.
 */
export class AtapiDrive extends IdeDrive {
  /** Of the sense that upstream keeps. */
  #qualifier = 0;

  override ata_command(command: number): void {
    const has = command === SET_FEATURES ? this.setFeatures() : !OF_DISKS.has(command);
    if (has) super.ata_command(command);
    else this.iface.ata_abort_command();
  }

  override atapi_handle(): void {
    const { iface } = this;
    const cdb = iface.data.slice(0, CDB_LENGTH);
    const command = cdb[0];
    this.events.packet?.(command);
    // Upstream reports a change of the medium, and a medium that is missing, for its own commands.
    if (!KNOWN.has(command)) {
      this.#check(SENSE.unknownCommand, command);
      return;
    }
    const changed = iface.medium_changed !== 0 && iface.buffer !== null && !ALWAYS.has(command);
    if (changed || !this.#handle(command, cdb)) {
      super.atapi_handle();
      // Upstream's sense data have a key and a code.
      if (command === CMD.requestSense && iface.data_length > 13) iface.data[13] = this.#qualifier;
      this.#qualifier = 0;
      this.#announceLength(command);
    }
  }

  override create_identify_packet(): void {
    super.create_identify_packet();
    const { data } = this.iface;
    data[0] |= 0x80; // a removable medium
    data[49 * 2 + 1] |= 0x01; // capable of DMA
    for (const [first, count] of WORDS_OF_DISKS) data.fill(0, first * 2, (first + count) * 2);
    data[86 * 2 + 1] &= 0x3f; // none of the bits by which words 83, 84 and 87 say that they are valid
    padTexts(data);
  }

  /** The page's hand puts a disc in. No command is disturbed; the guest learns it from its next one. */
  override set_cdrom(buffer: DriveBuffer): void {
    const { iface } = this;
    iface.buffer = buffer;
    iface.sector_count = Math.ceil(buffer.byteLength / SECTOR);
    // Only "may have changed", once, as a drive says it. Upstream says "no medium" first: Linux then tests the unit
    // twice, takes the second for the answer to its read, and fails that.
    iface.medium_changed = MAY_HAVE_CHANGED;
    this.event = 'inserted';
  }

  /** The page's hand takes it out, locked or not. */
  override eject(): void {
    const { iface } = this;
    if (!iface.buffer) return;
    iface.buffer = null;
    iface.medium_changed = MEDIUM_CHANGED;
    this.event = 'removed';
  }

  override do_atapi_dma(): void {
    const { iface } = this;
    const started = (iface.channel.dma_status & 1) !== 0;
    if (!started || (iface.status_reg & STATUS.dataRequest) === 0) return;
    if (!this.toMemory(iface.data.subarray(0, iface.data_length))) {
      this.stopBusMaster(true);
      this.#check(SENSE.aborted);
      return;
    }
    this.stopBusMaster();
    iface.sector_count_reg = (iface.sector_count_reg & ~7) | 3;
    this.complete();
  }

  protected override readFailed(error: unknown): void {
    this.#check(SENSE.unreadable);
    this.events.discFailure(error);
  }

  /** False for what upstream does well enough. */
  #handle(command: number, cdb: Uint8Array): boolean {
    const { iface } = this;
    if (NEED_MEDIUM.has(command) && !iface.buffer) {
      this.#check(SENSE.noMedium, command);
      return true;
    }
    const length16 = (cdb[7] << 8) | cdb[8];
    switch (command) {
      case CMD.inquiry:
        // No vital product data: SPC-2 §7.3.2 asks for an error, not for the standard data.
        if ((cdb[1] & 3) === 0 && cdb[2] === 0) return false;
        return this.#answerOr(command, SENSE.invalidField, 0);
      case CMD.seek10:
        return this.#outOfRange(command, cdb, 1) || this.#answer(command, new Uint8Array(0), 0);
      case CMD.setCdSpeed:
        return this.#answer(command, new Uint8Array(0), 0);
      case CMD.mechanismStatus:
        return this.#answer(command, mechanismStatus(), (cdb[8] << 8) | cdb[9]);
      case CMD.readTrackInformation:
        return this.#answerOr(
          command,
          trackInformation(cdb, iface.sector_count) ?? SENSE.invalidField,
          length16,
        );
      case CMD.read10:
        return this.#outOfRange(command, cdb, length16);
      case CMD.read12:
        return this.#outOfRange(
          command,
          cdb,
          ((cdb[6] << 24) | (cdb[7] << 16) | (cdb[8] << 8) | cdb[9]) >>> 0,
        );
      case CMD.readCd:
        return this.#readCd(cdb);
      case CMD.readToc:
        return this.#readToc(cdb, length16);
      case CMD.getConfiguration:
        return this.#answer(command, featureList(cdb, iface.buffer && iface.sector_count), length16);
      case CMD.getEventStatus:
        return this.#eventStatus(cdb, length16);
      case CMD.readDiscInformation:
        return this.#answer(command, discInformation(), length16);
      case CMD.readDvdStructure:
        return this.#answerOr(command, dvdStructure(cdb[7], iface.sector_count), (cdb[8] << 8) | cdb[9]);
      case CMD.modeSense6:
        return this.#modeSense(command, cdb, cdb[4]);
      case CMD.modeSense10:
        return this.#modeSense(command, cdb, length16);
      case CMD.preventRemoval:
        this.locked = (cdb[4] & 1) !== 0;
        return false;
      case CMD.startStopUnit:
        return this.#startStop(cdb);
      default:
        return false;
    }
  }

  #outOfRange(command: number, cdb: Uint8Array, count: number): boolean {
    const first = ((cdb[2] << 24) | (cdb[3] << 16) | (cdb[4] << 8) | cdb[5]) >>> 0;
    if (first + count <= this.iface.sector_count) return false;
    this.#check(SENSE.outOfRange, command);
    return true;
  }

  /** READ CD of user data is READ (12); of nothing, nothing; of raw sectors, which an image does not have, an error. */
  #readCd(cdb: Uint8Array): boolean {
    const { iface } = this;
    const parts = cdb[9] & 0xf8;
    if (parts === 0) return this.#answer(CMD.readCd, new Uint8Array(0), 0);
    if (parts !== USER_DATA) {
      this.#check(SENSE.invalidField, CMD.readCd);
      return true;
    }
    const read12 = Uint8Array.of(
      CMD.read12,
      0,
      cdb[2],
      cdb[3],
      cdb[4],
      cdb[5],
      0,
      cdb[6],
      cdb[7],
      cdb[8],
      0,
      0,
    );
    iface.data.set(read12);
    return this.#outOfRange(CMD.read12, read12, (cdb[6] << 16) | (cdb[7] << 8) | cdb[8]);
  }

  #readToc(cdb: Uint8Array, length: number): boolean {
    const { iface } = this;
    // Older drives have the format in byte 9, MMC in byte 2.
    const format = cdb[2] & 0xf || cdb[9] >> 6;
    const inTime = (cdb[1] & 2) !== 0;
    const tables = [
      () => toc(cdb[6], iface.sector_count, inTime),
      () => sessionInfo(inTime),
      () => rawToc(iface.sector_count),
    ];
    return this.#answerOr(CMD.readToc, tables[format]?.() ?? SENSE.invalidField, length);
  }

  #eventStatus(cdb: Uint8Array, length: number): boolean {
    const polled = (cdb[1] & 1) !== 0;
    const answer = polled ? eventStatus(cdb[4], this.event, this.iface.buffer !== null) : SENSE.invalidField;
    if (answer.length > 4) this.event = 'none';
    return this.#answerOr(CMD.getEventStatus, answer, length);
  }

  #modeSense(command: number, cdb: Uint8Array, length: number): boolean {
    const saved = cdb[2] >> 6 === 3;
    const long = command === CMD.modeSense10;
    const pages = modePages(cdb[2] & 0x3f, { long, medium: this.iface.buffer !== null, locked: this.locked });
    return this.#answerOr(command, saved ? SENSE.savedPages : (pages ?? SENSE.invalidField), length);
  }

  #startStop(cdb: Uint8Array): boolean {
    const { iface } = this;
    const opens = (cdb[4] & 3) === 2;
    if (!opens || !iface.buffer) return false;
    if (this.locked) {
      this.#check(SENSE.removalPrevented, CMD.startStopUnit);
      return true;
    }
    this.eject();
    this.#answer(CMD.startStopUnit, new Uint8Array(0), 0);
    this.events.discEjected();
    return true;
  }

  #answerOr(command: number, answer: Uint8Array | Sense | 'wrong-medium', length: number): boolean {
    if (answer instanceof Uint8Array) return this.#answer(command, answer, length);
    this.#check(answer === 'wrong-medium' ? SENSE.wrongMedium : answer, command);
    return true;
  }

  /** Hands the bytes over, as many as the guest has room for. Always true. */
  #answer(command: number, bytes: Uint8Array, room: number): boolean {
    const { iface } = this;
    iface.current_atapi_command = command;
    iface.atapi_sense_key = 0;
    iface.atapi_add_sense = 0;
    iface.data_set(bytes.subarray(0, room));
    iface.data_end = iface.data_length;
    const empty = iface.data_length === 0;
    iface.status_reg = empty ? IDLE : IDLE | STATUS.dataRequest;
    iface.sector_count_reg = (iface.sector_count_reg & ~7) | (empty ? 3 : 2);
    const byDma = (iface.features_reg & 1) !== 0 && !empty;
    if (!byDma) {
      iface.data_end = Math.min(iface.data_length, this.#byteLimit);
      this.#setByteCount(iface.data_end);
      iface.push_irq();
    } else if (iface.channel.dma_status & 1) iface.do_atapi_dma();
    return true;
  }

  /** Ends the command with an error that the guest asks about next. */
  #check([key, code, qualifier = 0]: Sense, command = this.iface.current_atapi_command): void {
    const { iface } = this;
    iface.current_atapi_command = command;
    iface.data_pointer = 0;
    iface.atapi_check_condition_response(key, code);
    this.#qualifier = qualifier;
    iface.channel.dma_status &= ~1;
    iface.push_irq();
  }

  /** A packet's data by PIO comes with its length in the byte count registers; upstream leaves the guest's limit. */
  #announceLength(command: number): void {
    const { iface } = this;
    const reads = command === CMD.read10 || command === CMD.read12 || command === CMD.readCd;
    if (reads || (iface.status_reg & STATUS.dataRequest) === 0 || iface.features_reg & 1) return;
    iface.data_end = Math.min(iface.data_length, this.#byteLimit);
    this.#setByteCount(iface.data_end);
  }

  /**
   * The most that goes over by PIO at once (ATA/ATAPI-6 §8.23.5.5): an even number; FFFFh counts as FFFEh. Zero, which is
   * not allowed for a command with data, counts as no limit.
   */
  get #byteLimit(): number {
    const { lba_mid_reg: low, lba_high_reg: high } = this.iface;
    return (((high & 0xff) << 8) | (low & 0xff)) & ~1 || 0xfffe;
  }

  #setByteCount(bytes: number): void {
    this.iface.lba_mid_reg = bytes & 0xff;
    this.iface.lba_high_reg = (bytes >> 8) & 0xff;
  }
}
