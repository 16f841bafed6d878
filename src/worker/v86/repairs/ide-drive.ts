import type { DriveBuffer, IdeInterface } from '../internals.ts';
import { describeTransfer, FEATURE, hasFeature, POWER_ON_MODE } from './ide-features.ts';
import { readPrdTable } from './prd-table.ts';

/** Status register, ATA/ATAPI-6 §7.15. */
export const STATUS = { error: 0x01, dataRequest: 0x08, seekDone: 0x10, ready: 0x40, busy: 0x80 } as const;
/** The bus master's status register, Bus Master IDE 1.0 §2.2. */
const BUS_MASTER = { active: 0x01, error: 0x02 } as const;
/** Sectors in a block of READ and WRITE MULTIPLE, as word 47 says. */
export const LARGEST_MULTIPLE = 0x10;
export const IDLE = STATUS.ready | STATUS.seekDone;
export const BUSY = STATUS.busy | IDLE;

export interface IdeEvents {
  /** The hard disk failed: the machine must stop, for its guest cannot be told the truth. */
  diskFailure(error: unknown): void;
  /** The disc could not be read; the guest was told so as a drive tells it. */
  discFailure(error: unknown): void;
  /** The guest opened the disc drive. */
  discEjected(): void;
  /** The bus master moves data: `read` is towards memory. */
  busMaster?(drive: 'disc' | 'disk', direction: 'read' | 'write'): void;
  /** A packet command came. */
  packet?(opcode: number): void;
}

/** What became of a disc since the guest asked last (GET EVENT STATUS NOTIFICATION, MMC-3 §6.7). */
export type MediaEvent = 'none' | 'inserted' | 'removed';

/** Upstream's own methods, to be called on an interface. */
export type UpstreamMethods = Pick<
  IdeInterface,
  | 'ata_command'
  | 'atapi_handle'
  | 'create_identify_packet'
  | 'do_write'
  | 'do_atapi_dma'
  | 'do_ata_read_sectors_dma'
  | 'do_ata_write_sectors_dma'
  | 'read_buffer'
  | 'device_reset'
  | 'set_cdrom'
  | 'eject'
>;

/**
 * One drive on upstream's interface: the methods named as upstream's take their place. What is under way when
 * the drive is reset is forgotten: its completion must not end a later command.
 */
export abstract class IdeDrive implements UpstreamMethods {
  writeCache = true;
  locked = false;
  /** A hard disk has none. */
  event: MediaEvent = 'none';
  /** As SET FEATURES has it. Every one is as fast here. */
  transferMode = POWER_ON_MODE;
  protected readonly iface: IdeInterface;
  protected readonly events: IdeEvents;
  readonly #upstream: UpstreamMethods;
  #generation = 0;
  #pending = 0;
  #waiters: (() => void)[] = [];

  constructor(iface: IdeInterface, upstream: UpstreamMethods, events: IdeEvents) {
    this.iface = iface;
    this.events = events;
    this.#upstream = upstream;
    iface.sectors_per_drq = LARGEST_MULTIPLE;
  }

  ata_command(command: number): void {
    this.#upstream.ata_command.call(this.iface, command);
  }

  atapi_handle(): void {
    this.#upstream.atapi_handle.call(this.iface);
  }

  create_identify_packet(): void {
    this.#upstream.create_identify_packet.call(this.iface);
    describeTransfer(this.identifyWords, this.transferMode);
  }

  do_write(): void {
    this.#upstream.do_write.call(this.iface);
  }

  do_atapi_dma(): void {
    this.#upstream.do_atapi_dma.call(this.iface);
  }

  do_ata_read_sectors_dma(): void {
    this.#upstream.do_ata_read_sectors_dma.call(this.iface);
  }

  do_ata_write_sectors_dma(): void {
    this.#upstream.do_ata_write_sectors_dma.call(this.iface);
  }

  set_cdrom(buffer: DriveBuffer): void {
    this.#upstream.set_cdrom.call(this.iface, buffer);
  }

  eject(): void {
    this.#upstream.eject.call(this.iface);
  }

  /** Reads through upstream's bookkeeping (it can cancel); a medium that throws is asked what to do of it. */
  read_buffer(start: number, length: number, done: (bytes: Uint8Array) => void): void {
    const { iface } = this;
    const id = iface.last_io_id;
    let answered = false;
    try {
      this.#upstream.read_buffer.call(iface, start, length, (bytes) => {
        answered = true;
        done(bytes);
        this.#wake();
      });
    } catch (error) {
      // What is thrown after the answer is not the medium's.
      if (answered) throw error;
      iface.in_progress_io_ids.delete(id);
      this.readFailed(error);
      this.#wake();
    }
  }

  device_reset(): void {
    this.forget();
    this.#upstream.device_reset.call(this.iface);
    const { iface } = this;
    iface.current_command = -1;
    iface.data_pointer = 0;
    iface.data_length = 0;
    iface.data_end = 0;
    iface.channel.dma_status &= ~1;
    iface.channel.dma_command &= ~1;
  }

  /** Everything as the power finds it. */
  powerOn(): void {
    this.writeCache = true;
    this.locked = false;
    this.event = 'none';
    this.transferMode = POWER_ON_MODE;
    this.iface.sectors_per_drq = LARGEST_MULTIPLE;
    this.device_reset();
  }

  /** Drops what is under way: its end will not be told to the guest. */
  forget(): void {
    this.#generation++;
    this.iface.cancel_io_operations();
    this.#wake();
  }

  /** Resolves when nothing of the guest is under way on this drive. */
  async settled(): Promise<void> {
    while (this.#pending > 0 || this.iface.in_progress_io_ids.size > 0) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  protected abstract readFailed(error: unknown): void;

  /** Starts an operation that ends later or never; what `finished` does is left out after a reset. */
  protected begin(finished: () => void): () => void {
    const generation = this.#generation;
    let open = true;
    this.#pending++;
    return () => {
      if (!open) return;
      open = false;
      this.#pending--;
      if (generation === this.#generation) finished();
      this.#wake();
    };
  }

  protected get identifyWords(): DataView {
    const { data } = this.iface;
    return new DataView(data.buffer, data.byteOffset, 512);
  }

  /** SET FEATURES: false where the drive does not have what is asked for. */
  protected setFeatures(): boolean {
    const { features_reg: features, sector_count_reg: count } = this.iface;
    const feature = features & 0xff;
    if (!hasFeature(feature, count & 0xff)) return false;
    if (feature === FEATURE.writeCacheOn) this.writeCache = true;
    else if (feature === FEATURE.writeCacheOff) this.writeCache = false;
    else if (feature === FEATURE.transferMode) this.transferMode = count & 0xff;
    return true;
  }

  /** Moves bytes to where the bus master's table says. False where the table does not end. */
  protected toMemory(bytes: Uint8Array): boolean {
    this.events.busMaster?.(this.iface.is_atapi ? 'disc' : 'disk', 'read');
    const { cpu, channel } = this.iface;
    const { regions, endless } = readPrdTable(cpu, channel.prdt_addr, bytes.length);
    for (const { address, lengthBytes, offsetBytes } of regions) {
      cpu.write_blob(bytes.subarray(offsetBytes, offsetBytes + lengthBytes), address);
    }
    return !endless;
  }

  /** So many bytes from where the bus master's table says, or null where the table does not end. */
  protected fromMemory(lengthBytes: number): Uint8Array | null {
    this.events.busMaster?.(this.iface.is_atapi ? 'disc' : 'disk', 'write');
    const { cpu, channel } = this.iface;
    const { regions, endless } = readPrdTable(cpu, channel.prdt_addr, lengthBytes);
    if (endless) return null;
    const bytes = new Uint8Array(lengthBytes);
    for (const region of regions) {
      bytes.set(cpu.read_blob(region.address, region.lengthBytes), region.offsetBytes);
    }
    return bytes;
  }

  /** The bus master stops; `failed` sets its error bit (Bus Master IDE 1.0 §2.2). */
  protected stopBusMaster(failed = false): void {
    const { channel } = this.iface;
    channel.dma_status = (channel.dma_status & ~BUS_MASTER.active) | (failed ? BUS_MASTER.error : 0);
  }

  /** The command is done: the drive is idle and says so. */
  protected complete(): void {
    this.iface.status_reg = IDLE;
    this.iface.push_irq();
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
