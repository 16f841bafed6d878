import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { V86 } from 'v86';
import { readPatchedEngine } from '../../../../scripts/engine/engine-patches.ts';
import { FloppyBuffer } from '../drives/floppy-buffer.ts';
import { internalsOf, type DriveBuffer, type Internals } from '../internals.ts';
import { checkInternals } from '../internals-check.ts';
import { applyRepairs, type RepairOptions, type Repairs } from '../repairs/apply.ts';
import { MachineTime } from '../time/machine-time.ts';

const require = createRequire(import.meta.url);

/** `src/vga.js`: text is in the last 32 KiB of the first bank. */
const TEXT_MEMORY_MASK = 0x7fff;

let module: WebAssembly.Module | undefined;
/** The engine as it is shipped. */
const engine = () => (module ??= new WebAssembly.Module(readPatchedEngine()));

/** The house disc, which is in the repository. */
export const HOUSE_DISC = fileURLToPath(new URL('../../../../guest/house.iso', import.meta.url));

/** `src/cpu.js`: the nibbles are 1 floppy, 2 hard disk, 3 disc, the lowest one first. */
const BOOT_ORDERS = { floppy: 0x321, disc: 0x123, disk: 0x312 } as const;

export interface RealMachineOptions {
  acpi?: boolean;
  memoryMiB?: number;
  disc?: Uint8Array | MemoryDrive;
  disk?: Uint8Array | MemoryDrive;
  /** What the machine starts from, where given and `bootFrom` does not say otherwise. */
  floppy?: Uint8Array<ArrayBuffer>;
  bootFrom?: keyof typeof BOOT_ORDERS;
  /** Another engine than the shipped one. */
  engine?: WebAssembly.Module;
  /** null: upstream as it comes. */
  repairs?: Partial<RepairOptions> | null;
  /** Milliseconds that the machine's time is made of; `performance.now` unless given. */
  monotonic?: () => number;
}

/** A drive in memory with what v86 asks of one. Tests override its methods. */
export class MemoryDrive implements DriveBuffer {
  readonly bytes: Uint8Array;
  onload: ((event: object) => void) | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get byteLength(): number {
    return this.bytes.length;
  }

  load(): void {
    this.onload?.({});
  }

  get(start: number, length: number, done: (bytes: Uint8Array) => void): void {
    done(this.bytes.slice(start, start + length));
  }

  set(start: number, bytes: Uint8Array, done: () => void): void {
    this.bytes.set(bytes, start);
    done();
  }

  /** `src/ide.js` looks for a partition table, and with it for the disk's geometry, before the machine is built. */
  get_and_cache(start: number, length: number, done: (bytes: Uint8Array) => void): void {
    this.get(start, length, done);
  }

  get_from_cache(start: number, length: number): Uint8Array {
    return this.bytes.slice(start, start + length);
  }

  get_buffer(done: () => void): void {
    done();
  }

  get_state(): unknown[] {
    return [];
  }

  set_state(): void {}
}

/** A real v86 in node, with its repairs, a record of what they told, and COM1. */
export class RealMachine {
  readonly emulator: V86;
  readonly internals: Internals;
  readonly time: MachineTime;
  readonly repairs: Repairs | null;
  readonly events: string[] = [];
  serial = '';
  #waiters: (() => void)[] = [];

  static async build(options: RealMachineOptions = {}): Promise<RealMachine> {
    const { V86 } = (await import('v86')) as unknown as { V86: new (options: object) => V86 };
    const drive = (medium: Uint8Array | MemoryDrive | undefined) =>
      medium instanceof Uint8Array ? new MemoryDrive(medium) : medium;
    const disc = drive(options.disc);
    const disk = drive(options.disk);
    const floppy =
      options.floppy &&
      new FloppyBuffer(
        options.floppy,
        () => {},
        () => {},
      );
    const time = new MachineTime(options.monotonic);
    const emulator = new V86({
      wasm_fn: async (env: WebAssembly.Imports) =>
        (await WebAssembly.instantiate(options.engine ?? engine(), time.replaceIn(env))).exports,
      bios: { buffer: firmware('seabios.bin') },
      vga_bios: { buffer: firmware('vgabios.bin') },
      memory_size: (options.memoryMiB ?? 64) * 1024 * 1024,
      vga_memory_size: 16 * 1024 * 1024,
      acpi: options.acpi ?? true,
      boot_order: BOOT_ORDERS[options.bootFrom ?? (floppy ? 'floppy' : disc ? 'disc' : 'disk')],
      ...(floppy && { fda: floppy }),
      ...(disc && { cdrom: disc }),
      ...(disk && { hda: disk }),
      net_device: { type: 'none' },
      disable_keyboard: true,
      disable_mouse: true,
      disable_speaker: true,
      autostart: false,
    });
    await new Promise<void>((resolve) => emulator.add_listener('emulator-loaded', () => resolve()));
    return new RealMachine(emulator, time, options);
  }

  private constructor(emulator: V86, time: MachineTime, options: RealMachineOptions) {
    this.emulator = emulator;
    this.time = time;
    checkInternals(emulator);
    this.internals = internalsOf(emulator);
    this.repairs =
      options.repairs === null
        ? null
        : applyRepairs(emulator, {
            time,
            defer: (callback) => setImmediate(callback),
            onPowerOff: () => this.tell('power-off'),
            onHalted: () => this.tell('halted'),
            onReboot: (tripleFault) => this.tell(tripleFault ? 'triple-fault' : 'reboot'),
            onDiscEject: () => this.tell('disc-eject'),
            onDiscFailure: (error) => this.tell(`disc-failure ${error.code}`),
            onFatal: (error) => this.tell(`fatal ${error.code} ${error.detail}`),
            ...options.repairs,
          });
    emulator.add_listener('serial0-output-byte', (byte: number) => {
      this.serial += String.fromCharCode(byte);
      this.#wake();
    });
  }

  /** Whether an interrupt waits to be taken: for a device that lets its line fall at once (`src/ide.js` does). */
  irqRequested(irq: number): boolean {
    return (this.#pic(irq)[3] & (1 << (irq & 7))) !== 0;
  }

  /** Takes the line down and the request back. */
  forgetIrq(irq: number): void {
    this.internals.cpu.device_lower_irq(irq);
    this.#pic(irq)[3] &= ~(1 << (irq & 7));
  }

  /** Whether a device holds this interrupt line up, as the interrupt controller sees it (`src/rust/cpu/pic.rs`). */
  irqLine(irq: number): boolean {
    return (this.#pic(irq)[11] & (1 << (irq & 7))) !== 0;
  }

  tell(event: string): void {
    this.events.push(event);
    this.#wake();
  }

  /** Resolves as soon as `condition` holds; it is looked at after each serial byte and each event. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  async untilSerial(text: string): Promise<void> {
    await this.until(() => this.serial.includes(text));
  }

  /** The text screen, as soon as it has what is looked for. */
  async untilScreen(text: RegExp): Promise<string> {
    for (;;) {
      const screen = this.textScreen();
      if (text.test(screen)) return screen;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  textScreen(): string {
    const { vga_memory: memory, start_address: start } = this.internals.cpu.devices.vga as unknown as {
      vga_memory: Uint8Array;
      start_address: number;
    };
    const cell = (i: number) => String.fromCharCode(memory[(2 * (start + i)) & TEXT_MEMORY_MASK] || 0x20);
    const row = (y: number) => Array.from({ length: 80 }, (_, x) => cell(80 * y + x)).join('');
    return Array.from({ length: 25 }, (_, y) => row(y).trimEnd()).join('\n');
  }

  async untilEvent(start: string): Promise<void> {
    await this.until(() => this.events.some((event) => event.startsWith(start)));
  }

  /** Types a line on COM1 and gives what the guest writes up to `end`. */
  async command(line: string, end: string | RegExp): Promise<string> {
    const from = this.serial.length;
    this.emulator.serial0_send(line);
    const found = () => this.serial.slice(from).search(typeof end === 'string' ? escape(end) : end) >= 0;
    await this.until(found);
    return this.serial.slice(from);
  }

  async dispose(): Promise<void> {
    this.repairs?.dispose();
    await this.emulator.destroy();
  }

  #pic(irq: number): Uint8Array {
    const { cpu } = this.internals;
    const address = irq < 8 ? cpu.get_pic_addr_master() : cpu.get_pic_addr_slave();
    return new Uint8Array(cpu.wasm_memory.buffer, address, 13);
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}

function escape(text: string): RegExp {
  return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
}

function firmware(name: string): ArrayBuffer {
  return new Uint8Array(readFileSync(require.resolve(`v86-firmware/bios/${name}`))).buffer;
}
