import { BUSY, IdeDrive, LARGEST_MULTIPLE, STATUS } from './ide-drive.ts';

/** Commands by number, ATA/ATAPI-6 §8. */
const CMD = {
  deviceReset: 0x08,
  readMultipleExt: 0x29,
  writeMultipleExt: 0x39,
  readMultiple: 0xc4,
  writeMultiple: 0xc5,
  setMultiple: 0xc6,
  getMediaStatus: 0xda,
  mediaLock: 0xde,
  mediaUnlock: 0xdf,
  seek: 0x70,
  readVerify: 0x40,
  readVerifyExt: 0x42,
  standby: 0xe2,
  idle: 0xe3,
  checkPowerMode: 0xe5,
  sleep: 0xe6,
  flushCache: 0xe7,
  flushCacheExt: 0xea,
  setFeatures: 0xef,
} as const;

/** Commands that name sectors; those with 48-bit addresses first. */
const LBA48 = new Set([0x24, 0x25, 0x29, 0x34, 0x35, 0x39, CMD.readVerifyExt]);
const LBA28 = new Set([0x20, 0x30, 0xc4, 0xc5, 0xc8, 0xca, CMD.readVerify]);
/** Commands "without retries", obsolete since ATA/ATAPI-5 and mandatory before: what they do is what their twins do. */
const WITHOUT_RETRIES = new Map([
  [0x21, 0x20],
  [0x31, 0x30],
  [0x41, CMD.readVerify],
  [0xc9, 0xc8],
  [0xcb, 0xca],
]);

const ABORTED = 0x04;
const ID_NOT_FOUND = 0x10;
const POWER_MODE_ACTIVE = 0xff;
/** Only while SET MULTIPLE MODE has said how many sectors make a block. */
const MULTIPLE = new Set<number>([
  CMD.readMultiple,
  CMD.readMultipleExt,
  CMD.writeMultiple,
  CMD.writeMultipleExt,
]);
/** Words of IDENTIFY DEVICE, ATA/ATAPI-6 §8.15. */
const WORD = {
  serial: 10,
  firmware: 23,
  model: 27,
  largestMultiple: 47,
  capabilities: 49,
  cylinders: 54,
  heads: 55,
  sectorsPerTrack: 56,
  sectorsByGeometry: 57,
  multiple: 59,
  sectors28: 60,
  support82: 82,
  enabled85: 85,
  enabled86: 86,
};
const MULTIPLE_VALID = 1 << 8;
const CAPABLE_OF_DMA = 1 << 8;
const WRITE_CACHE = 1 << 5;
/** Word 86 has none of the two bits by which words 83, 84 and 87 say that they are valid. */
const NOT_IN_WORD_86 = 0xc000;
const LARGEST_LBA28 = 0x0fff_ffff;

/**
 * The hard disk. It says that it caches writes, for ours does, and completes FLUSH CACHE when everything
 * written is durable; it holds the guest until a write was taken, by DMA and by PIO; a sector that is not
 * there is an error and not a hang. Upstream (`src/ide.js`) completes FLUSH at once, lets PIO writes go by,
 * hides that it does DMA from guests that read IDENTIFY's word 49, and answers 0xFF (busy for ever) past the
 * disk's end.
 */
export class AtaDrive extends IdeDrive {
  override ata_command(code: number): void {
    const { iface } = this;
    const command = WITHOUT_RETRIES.get(code) ?? code;
    const lba48 = LBA48.has(command);
    if (lba48 || LBA28.has(command) || command === CMD.seek) {
      const first = iface.get_lba(lba48);
      const count = command === CMD.seek ? 1 : iface.get_count(lba48);
      if (first < 0 || first + count > iface.sector_count) {
        this.#fail(ID_NOT_FOUND);
        return;
      }
    }
    if (this.#isNotThere(command)) {
      iface.ata_abort_command();
      return;
    }
    switch (command) {
      case CMD.flushCache:
      case CMD.flushCacheExt:
        this.#accept(command);
        this.#flush(() => this.complete());
        return;
      case CMD.readVerify:
      case CMD.readVerifyExt:
      case CMD.seek:
      case CMD.standby:
      case CMD.idle:
      case CMD.sleep:
        this.#accept(command);
        this.complete();
        return;
      case CMD.checkPowerMode:
        this.#accept(command);
        iface.sector_count_reg = POWER_MODE_ACTIVE;
        this.complete();
        return;
      default:
        super.ata_command(command);
    }
  }

  override create_identify_packet(): void {
    super.create_identify_packet();
    const { data, sector_count: sectors, sectors_per_drq: multiple } = this.iface;
    const words = this.identifyWords;
    const get = (word: number) => words.getUint16(word * 2, true);
    const set = (word: number, value: number) => words.setUint16(word * 2, value, true);
    set(WORD.largestMultiple, 0x8000 | LARGEST_MULTIPLE);
    set(WORD.multiple, multiple === 0 ? 0 : MULTIPLE_VALID | multiple);
    set(WORD.capabilities, get(WORD.capabilities) | CAPABLE_OF_DMA);
    // What cylinders, heads and sectors reach; upstream says all of the disk.
    const byGeometry = get(WORD.cylinders) * get(WORD.heads) * get(WORD.sectorsPerTrack);
    words.setUint32(WORD.sectorsByGeometry * 2, byGeometry, true);
    words.setUint32(WORD.sectors28 * 2, Math.min(sectors, LARGEST_LBA28), true);
    set(WORD.support82, get(WORD.support82) | WRITE_CACHE);
    set(WORD.enabled85, (get(WORD.enabled85) & ~WRITE_CACHE) | (this.writeCache ? WRITE_CACHE : 0));
    set(WORD.enabled86, get(WORD.enabled86) & ~NOT_IN_WORD_86);
    padTexts(data);
  }

  /** The end of a PIO write: the guest's next command waits until the disk took this one. */
  override do_write(): void {
    const { iface } = this;
    const { data_length: length, current_command: command, write_dest: start } = iface;
    iface.status_reg = BUSY;
    iface.ata_advance(command, length / 512);
    // The data buffer is used again by the next command.
    this.#write(start, iface.data.slice(0, length), () => this.complete());
    iface.report_write(length);
  }

  override do_ata_read_sectors_dma(): void {
    const { iface } = this;
    const command = iface.current_command;
    const lba48 = LBA48.has(command);
    const count = iface.get_count(lba48);
    iface.report_read_start();
    this.read_buffer(iface.get_lba(lba48) * 512, count * 512, (bytes) => {
      if (!this.toMemory(bytes)) {
        this.#failTransfer();
        return;
      }
      iface.ata_advance(command, count);
      this.stopBusMaster();
      iface.current_command = -1;
      iface.report_read_end(bytes.length);
      this.complete();
    });
  }

  override do_ata_write_sectors_dma(): void {
    const { iface } = this;
    const command = iface.current_command;
    const lba48 = LBA48.has(command);
    const count = iface.get_count(lba48);
    const start = iface.get_lba(lba48) * 512;
    const bytes = this.fromMemory(count * 512);
    if (!bytes) {
      this.#failTransfer();
      return;
    }
    iface.status_reg = BUSY;
    this.#write(start, bytes, () => {
      iface.ata_advance(command, count);
      this.stopBusMaster();
      iface.current_command = -1;
      this.complete();
    });
    iface.report_write(bytes.length);
  }

  override device_reset(): void {
    super.device_reset();
    // Passed its diagnostics (error register 1); upstream calls that an error.
    this.iface.status_reg &= ~STATUS.error;
  }

  protected override readFailed(error: unknown): void {
    this.events.diskFailure(error);
  }

  /** Commands of a packet device or of removable media, and arguments that the disk has no meaning for. */
  #isNotThere(command: number): boolean {
    const { iface } = this;
    const count = iface.sector_count_reg & 0xff;
    switch (command) {
      case CMD.deviceReset:
      case CMD.getMediaStatus:
      case CMD.mediaLock:
      case CMD.mediaUnlock:
        return true;
      case CMD.setMultiple:
        // Zero switches it off (ATA/ATAPI-6 §8.47).
        return count > LARGEST_MULTIPLE || (count & (count - 1)) !== 0;
      case CMD.setFeatures:
        return !this.setFeatures();
      default:
        return MULTIPLE.has(command) && iface.sectors_per_drq === 0;
    }
  }

  #accept(command: number): void {
    this.iface.current_command = command;
    this.iface.error_reg = 0;
  }

  #fail(error: number): void {
    const { iface } = this;
    // No command: a bus master that is started now must find none.
    iface.current_command = -1;
    iface.error_reg = error;
    iface.status_reg = STATUS.ready | STATUS.seekDone | STATUS.error;
    iface.push_irq();
  }

  /** The bus master could not move the data. */
  #failTransfer(): void {
    this.stopBusMaster(true);
    this.#fail(ABORTED);
  }

  #flush(finished: () => void): void {
    const { iface } = this;
    if (!iface.buffer?.flush) {
      finished();
      return;
    }
    iface.status_reg = BUSY;
    const end = this.begin(finished);
    iface.buffer.flush().then(end, (error: unknown) => this.events.diskFailure(error));
  }

  /** Writes, and where the guest turned the cache off, flushes too before it says so. */
  #write(start: number, bytes: Uint8Array, finished: () => void): void {
    const end = this.begin(() => {
      if (this.writeCache) finished();
      else this.#flush(finished);
    });
    try {
      this.iface.buffer!.set(start, bytes, end);
    } catch (error) {
      this.events.diskFailure(error);
    }
  }
}

/** Serial number, firmware and model end in spaces; upstream leaves zeros. */
export function padTexts(identify: Uint8Array): void {
  for (const [word, words] of [
    [WORD.serial, 10],
    [WORD.firmware, 4],
    [WORD.model, 20],
  ]) {
    for (let i = word * 2; i < (word + words) * 2; i++) if (identify[i] === 0) identify[i] = 0x20;
  }
}
