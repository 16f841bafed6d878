import type { Cpu, IdeChannel, IdeInterface } from '../internals.ts';
import { AtaDrive } from './ide-ata.ts';
import { AtapiDrive } from './ide-atapi.ts';
import { OLD_MODE } from './ide-features.ts';
import type { IdeDrive, IdeEvents, MediaEvent, UpstreamMethods } from './ide-drive.ts';

/** The methods that are replaced for the interfaces that have a drive of ours. */
const REPLACED = [
  'ata_command',
  'atapi_handle',
  'create_identify_packet',
  'do_write',
  'do_atapi_dma',
  'do_ata_read_sectors_dma',
  'do_ata_write_sectors_dma',
  'read_buffer',
  'device_reset',
  'set_cdrom',
  'eject',
] as const satisfies (keyof UpstreamMethods)[];

/**
 * Upstream seals its interface objects, so that methods can only be replaced on the prototype they share with
 * every emulator of this worker. Each replacement looks for the drive of the interface it is called on.
 */
const drives = new WeakMap<IdeInterface, IdeDrive>();
const patched = new WeakMap<object, UpstreamMethods>();

/** Where the bus master's registers are before the firmware moves them, and bits of its status. */
const BUS_MASTER = 0xb400;
const CAPABLE = 0x60;
const CLEARED_BY_ONES = 0x06;

/** What the repairs of the disk controller keep beyond upstream's state, one entry for each drive in order. */
export type IdeState = {
  writeCache: boolean;
  locked: boolean;
  /** Not in moments of the time before they were kept. */
  event?: MediaEvent;
  transferMode?: number;
}[];

/**
 * The disk controller's repairs: ide-ata.ts for the hard disk, ide-atapi.ts for the disc drive, and here what
 * both share. Upstream's file is `src/ide.js`.
 */
export class IdeRepair {
  readonly #drives: IdeDrive[] = [];
  readonly #channels: IdeChannel[] = [];

  constructor(cpu: Cpu, events: IdeEvents) {
    const { primary, secondary } = cpu.devices.ide;
    for (const channel of [primary, secondary]) {
      if (!channel) continue;
      this.#channels.push(channel);
      this.#keepDmaCapable(cpu, channel);
      this.#tableAddress(cpu, channel);
      for (const iface of [channel.master, channel.slave]) {
        if (!iface.drive_connected) continue;
        const upstream = patchPrototype(Object.getPrototypeOf(iface) as UpstreamMethods);
        const drive = iface.is_atapi
          ? new AtapiDrive(iface, upstream, events)
          : new AtaDrive(iface, upstream, events);
        drives.set(iface, drive);
        this.#drives.push(drive);
      }
    }
    const setState = cpu.set_state.bind(cpu);
    cpu.set_state = (state) => {
      // What is under way belongs to the moment that ends here.
      this.forget();
      setState(state);
    };
  }

  /** The bus master's "drive is capable of DMA" bits keep what a driver writes (BMI 1.0 §2.2). */
  #keepDmaCapable({ io }: Cpu, channel: IdeChannel): void {
    const port = BUS_MASTER + channel.master.channel_nr * 8 + 2;
    // The handlers move with the port when the firmware moves the block.
    io.register_write(port, channel, (value) => {
      const { dma_status: status } = channel;
      channel.dma_status = (status & ~CAPABLE & ~(value & CLEARED_BY_ONES)) | (value & CAPABLE);
    });
  }

  /** The table's address at every width, its last two bits zero (BMI 1.0 §2.3). Upstream has the double word alone. */
  #tableAddress({ io }: Cpu, channel: IdeChannel): void {
    const first = BUS_MASTER + channel.master.channel_nr * 8 + 4;
    const read = (offset: number) => channel.prdt_addr >>> (8 * offset);
    const write = (offset: number, mask: number, value: number) => {
      const bits = mask << (8 * offset);
      channel.prdt_addr = ((channel.prdt_addr & ~bits) | ((value << (8 * offset)) & bits)) & ~3;
    };
    for (let i = 0; i < 4; i++) {
      const read16 = i === 3 ? undefined : () => read(i) & 0xffff;
      const write16 = i === 3 ? undefined : (value: number) => write(i, 0xffff, value);
      const read32 = i === 0 ? () => channel.prdt_addr | 0 : undefined;
      const write32 = i === 0 ? (value: number) => write(0, 0xffff_ffff, value) : undefined;
      io.register_read(first + i, channel, () => read(i) & 0xff, read16, read32);
      io.register_write(first + i, channel, (value) => write(i, 0xff, value), write16, write32);
    }
  }

  /** As after a hardware reset: no command under way, interrupts off, everything at its power-on value. */
  reset(): void {
    for (const drive of this.#drives) drive.powerOn();
    for (const channel of this.#channels) {
      channel.current_interface = channel.master;
      channel.device_control_reg = 0x02;
      channel.prdt_addr = 0;
      channel.dma_status = 0;
      channel.dma_command = 0;
    }
  }

  /** Drops what is under way on every drive: its end will not be told to the guest. */
  forget(): void {
    for (const drive of this.#drives) drive.forget();
  }

  /** Resolves when no read, write or flush of the guest is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#drives.map((drive) => drive.settled()));
  }

  getState(): IdeState {
    return this.#drives.map(({ writeCache, locked, event, transferMode }) => ({
      writeCache,
      locked,
      event,
      transferMode,
    }));
  }

  setState(state: IdeState): void {
    for (const [i, drive] of this.#drives.entries()) {
      drive.writeCache = state[i]?.writeCache ?? true;
      drive.locked = state[i]?.locked ?? false;
      drive.event = state[i]?.event ?? 'none';
      drive.transferMode = state[i]?.transferMode ?? OLD_MODE;
    }
  }
}

function patchPrototype(prototype: UpstreamMethods): UpstreamMethods {
  const known = patched.get(prototype);
  if (known) return known;
  const upstream = Object.fromEntries(
    REPLACED.map((name) => [name, prototype[name]]),
  ) as unknown as UpstreamMethods;
  patched.set(prototype, upstream);
  for (const name of REPLACED) {
    const original = upstream[name] as (this: IdeInterface, ...args: unknown[]) => void;
    const replacement = function (this: IdeInterface, ...args: unknown[]): void {
      const drive = drives.get(this);
      if (drive) (drive[name] as (...args: unknown[]) => void)(...args);
      else original.apply(this, args);
    };
    Object.defineProperty(prototype, name, { value: replacement, writable: true, configurable: true });
  }
  return upstream;
}
