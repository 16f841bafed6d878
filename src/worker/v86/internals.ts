import type { V86 } from 'v86';

/** The emulator's version: a state of one means nothing to another. package.json pins it. */
export const V86_VERSION = '0.5.462';

/**
 * The private objects of v86 0.5.462 that we lean on, with the upstream file each comes from. The build keeps
 * property names (Closure SIMPLE), so they can be reached; nothing promises them. `checkInternals` (internals-check.ts) makes an
 * upgrade that moved one of them fail at power-on with its name, instead of in the middle of a guest's life.
 */
export interface Internals {
  readonly bus: Bus;
  readonly core: Core;
  readonly cpu: Cpu;
}

/** `src/bus.js`, as seen from the side of its adapters. */
export interface Bus {
  send(event: string, value?: unknown): void;
  register(event: string, listener: (value: never) => void, self?: unknown): void;
  unregister(event: string, listener: (value: never) => void): void;
}

/** `src/main.js`, class v86: the loop. */
export interface Core {
  running: boolean;
  stopping: boolean;
  idle: boolean;
  tick_counter: number;
  readonly bus: { send(name: string, value?: unknown): void };
  readonly cpu: Cpu;
  do_tick(): void;
  next_tick(delayMs: number): void;
  yield_callback(tick: number): void;
  yield(delayMs: number, tick: number): void;
  unregister_yield(): void;
}

/** `src/cpu.js`. The views are on wasm memory. */
export interface Cpu {
  readonly mem8: Uint8Array;
  readonly memory_size: Uint32Array;
  readonly wasm_memory: WebAssembly.Memory;
  readonly wm: { exports: Record<string, unknown>; wasm_table: WebAssembly.Table };
  /** What compiled code of the guest imports. */
  readonly jit_imports: WebAssembly.ModuleImports;
  readonly instruction_counter: Uint32Array;
  readonly instruction_pointer: Int32Array;
  readonly previous_ip: Int32Array;
  readonly reg32: Int32Array;
  readonly is_32: Int32Array;
  readonly cpl: Uint8Array;
  readonly protected_mode: Int32Array;
  readonly idtr_size: Int32Array;
  readonly idtr_offset: Int32Array;
  readonly cr: Int32Array;
  readonly dreg: Int32Array;
  readonly segment_offsets: Int32Array;
  readonly segment_is_null: Uint8Array;
  readonly flags: Int32Array;
  readonly in_hlt: Uint8Array;
  /** Whether CPUID says that there is an APIC and the engine asks it for interrupts; the name is upstream's. */
  readonly acpi_enabled: Uint8Array;
  /** Bit 11 of MSR 1Bh. */
  readonly apic_enabled: Uint8Array;
  last_result: Int32Array;
  fpu_status_word: Uint16Array;
  mxcsr: Int32Array;
  readonly io: Io;
  readonly devices: Devices;
  readonly option_roms: { name: string; data: Uint8Array }[];
  readonly bios: { main: ArrayBuffer | null; vga: ArrayBuffer | null };
  device_raise_irq(irq: number): void;
  device_lower_irq(irq: number): void;
  handle_irqs(): void;
  main_loop(): number;
  pack_memory(): { bitmap: { get_buffer(): ArrayBuffer }; packed_memory: Uint8Array };
  unpack_memory(bitmap: object, packed: Uint8Array): void;
  get_state(): unknown[];
  reboot_internal(): void;
  run_hardware_timers(acpiEnabled: boolean, now: number): number;
  set_state(state: unknown[]): void;
  set_tsc(low: number, high: number): void;
  set_jit_config(index: number, value: number): void;
  codegen_finalize(index: number, start: number, stateFlags: number, address: number, length: number): void;
  codegen_finalize_finished(index: number, start: number, stateFlags: number): void;
  write_blob(bytes: Uint8Array, address: number): void;
  read8(address: number): number;
  read_blob(address: number, length: number): Uint8Array;
  read16(address: number): number;
  /** The physical address that a linear one, which must be mapped, has. */
  translate_address_system_read(address: number): number;
  read32s(address: number): number;
  get_pic_addr_master(): number;
  get_pic_addr_slave(): number;
  get_apic_addr(): number;
  get_ioapic_addr(): number;
}

export type PortRead = (this: unknown, port?: number) => number;
export type PortWrite = (this: unknown, value: number) => void;

/** `src/io.js`: one handler for each port and access width; a width without one reads ones and swallows writes. */
export interface Io {
  readonly ports: PortEntry[];
  register_read(port: number, device: object, read8?: PortRead, read16?: PortRead, read32?: PortRead): void;
  register_write(
    port: number,
    device: object,
    write8?: PortWrite,
    write16?: PortWrite,
    write32?: PortWrite,
  ): void;
  /** For physical addresses beyond the RAM, in blocks of 128 KiB. */
  mmap_register(
    address: number,
    length: number,
    read8: (address: number) => number,
    write8: (address: number, value: number) => void,
    read32: (address: number) => number,
    write32: (address: number, value: number) => void,
  ): void;
  port_read8(port: number): number;
  port_read16(port: number): number;
  port_read32(port: number): number;
  port_write8(port: number, value: number): void;
  port_write16(port: number, value: number): void;
  port_write32(port: number, value: number): void;
}

export interface PortEntry {
  read8: PortRead;
  read16: PortRead;
  read32: PortRead;
  write8: PortWrite;
  write16: PortWrite;
  write32: PortWrite;
  device: object | undefined;
}

/** `src/cpu.js`, `init`: made in this order, each registering its own ports. */
export interface Devices {
  /** Only with the option `acpi: true`. */
  readonly acpi?: AcpiDevice;
  readonly rtc: RtcDevice;
  readonly pci: PciDevice;
  readonly pit: PitDevice;
  readonly dma: DmaDevice;
  readonly vga: VgaDevice;
  readonly ide: IdeController;
  readonly cdrom: IdeInterface;
  readonly fdc: FloppyDevice;
  readonly ps2: Ps2Controller;
  readonly uart0: Uart;
  readonly uart1?: Uart;
  readonly uart2?: Uart;
  readonly uart3?: Uart;
  readonly sb16: SoundBlaster;
}

/** Any device: `src/state.js` asks for the state as an array of numbers, typed arrays and further devices. */
export interface StatefulDevice {
  get_state(): unknown[];
  set_state(state: unknown[]): void;
}

/** `src/dma.js`: what it uses of the computer after it was made. */
export interface DmaDevice extends StatefulDevice {
  cpu: {
    readonly mem8: { subarray(start: number, end: number): Uint8Array };
    write_blob(bytes: Uint8Array, address: number): void;
  };
}

/** `src/acpi.js`. */
export interface AcpiDevice extends StatefulDevice {
  /** The PM1 control register, in spite of its name. */
  status: number;
  pm1_status: number;
  pm1_enable: number;
  /** GPE0: two status bytes, two enable bytes. */
  gpe: Uint8Array;
  last_timer: number;
  timer(now: number): number;
  get_timer(now: number): number;
}

/** `src/rtc.js`. */
export interface RtcDevice extends StatefulDevice {
  cmos_index: number;
  cmos_data: Uint8Array;
  cmos_a: number;
  cmos_b: number;
  cmos_c: number;
  cmos_diag_status: number;
  nmi_disabled: number;
  timer(now: number, legacyMode: boolean): number;
  cmos_read(index: number): number;
  cmos_write(index: number, value: number): void;
}

/** `src/pci.js`. */
export interface PciDevice extends StatefulDevice {
  readonly device_spaces: (Int32Array | undefined)[];
  readonly devices: ({ pci_bars: unknown[] } | undefined)[];
  /** Port CF8 as it was written last, and what a read of CFC finds. */
  readonly pci_addr32: Int32Array;
  readonly pci_response32: Int32Array;
  pci_query(): void;
  pci_write8(address: number, value: number): void;
  pci_write16(address: number, value: number): void;
  pci_write32(address: number, value: number): void;
}

/** `src/lib.js`, ByteQueue. */
export interface ByteQueue {
  readonly length: number;
  shift(): number;
  push(byte: number): void;
  clear(): void;
}

/** What `src/uart.js` has for a queue: a plain array. */
export interface UartQueue {
  readonly length: number;
  shift(): number | undefined;
  push(byte: number): void;
}

/** `src/uart.js`. */
export interface Uart extends StatefulDevice {
  readonly input: UartQueue;
  modem_control: number;
  modem_status: number;
  ThrowInterrupt(line: number): void;
}

/** `src/sb16.js`. */
export interface SoundBlaster {
  readonly sampling_rate: number;
}

/** `src/ps2.js`: the 8042 with its keyboard and mouse. */
export interface Ps2Controller {
  readonly kbd_buffer: ByteQueue;
  readonly mouse_buffer: ByteQueue;
  readonly last_port60_byte: number;
  readonly mouse_clicks: number;
  readonly scaling2: boolean;
  readonly sample_rate: number;
  /** Counts per millimetre: 1, 2, 4 or 8. */
  readonly resolution: number;
  readonly enable_mouse_stream: boolean;
  readonly read_command_register: boolean;
  readonly read_output_register: boolean;
  readonly read_controller_output_port: boolean;
  readonly next_read_sample: boolean;
  readonly next_read_resolution: boolean;
  readonly next_read_led: boolean;
  readonly next_read_rate: boolean;
  next_handle_scan_code_set: boolean;
  next_is_mouse_command: boolean;
  next_byte_is_ready: boolean;
  next_byte_is_aux: boolean;
  enable_keyboard_stream: boolean;
  /** The command byte; bit 5 switches the mouse's port off, bit 6 translates to set 1. */
  readonly command_register: number;
  controller_output_port: number;
  reset(): void;
  kbd_irq(): void;
  mouse_irq(): void;
  port60_write(value: number): void;
  port64_read(): number;
  port64_write(value: number): void;
}

/** `src/pit.js`. */
export interface PitDevice extends StatefulDevice {
  readonly counter_enabled: Uint8Array;
  readonly counter_mode: Uint8Array;
  readonly counter_next_low: Uint8Array;
  readonly counter_read_mode: Uint8Array;
  readonly counter_latch: Uint8Array;
  readonly counter_latch_value: Uint16Array;
  readonly counter_start_time: Float64Array;
  /** Of 16 bits as upstream makes them. */
  counter_reload: Uint16Array | Uint32Array;
  counter_start_value: Uint16Array | Uint32Array;
  timer(now: number, noIrq: boolean): number;
  did_rollover(counter: number, now: number): boolean;
  get_counter_value(counter: number, now: number): number;
  counter_read(counter: number): number;
  counter_write(counter: number, value: number): void;
  port43_write(value: number): void;
}

/** `src/vga.js`: what the worker's own screen uses. */
export interface VgaDevice {
  screen: unknown;
  graphical_mode: boolean;
  svga_enabled: boolean;
  svga_bpp: number;
  svga_width: number;
  svga_height: number;
  svga_offset: number;
  svga_memory: Uint8Array;
  vga256_palette: Int32Array;
  attribute_mode: number;
  virtual_width: number;
  diff_addr_min: number;
  diff_addr_max: number;
  image_data: ImageData | undefined;
  screen_fill_buffer(): void;
  reset_diffs(): void;
  update_vertical_retrace(): void;
  complete_redraw(): void;
  set_font_bitmap(changed: boolean): void;
  update_cursor(): void;
  update_cursor_scanline(): void;
  update_layers(): void;
}

/** `src/floppy.js`. */
export interface FloppyDevice extends StatefulDevice {
  readonly drives: [FloppyDrive, FloppyDrive];
}

export interface FloppyDrive {
  buffer: { readonly buffer: ArrayBuffer } | null;
  insert_disk(buffer: object): boolean;
  eject_disk(): void;
}

/** What a drive reads and writes: upstream's contract of `src/buffer.js`, and `flush`, which is ours. */
export interface DriveBuffer {
  readonly byteLength: number;
  get(start: number, length: number, done: (bytes: Uint8Array) => void): void;
  set(start: number, bytes: Uint8Array, done: () => void): void;
  /** Resolves when every write so far is durable. A buffer without one has nothing to wait for. */
  flush?(): Promise<void>;
}

/** `src/ide.js`, class IDEController. */
export interface IdeController extends StatefulDevice {
  readonly primary: IdeChannel | undefined;
  readonly secondary: IdeChannel | undefined;
}

/** `src/ide.js`, class IDEChannel. */
export interface IdeChannel extends StatefulDevice {
  readonly irq: number;
  readonly command_base: number;
  readonly control_base: number;
  readonly master: IdeInterface;
  readonly slave: IdeInterface;
  current_interface: IdeInterface;
  device_control_reg: number;
  prdt_addr: number;
  dma_status: number;
  dma_command: number;
  push_irq(): void;
}

/** `src/ide.js`, class IDEInterface: sealed, so members can be replaced on the prototype only, never added. */
export interface IdeInterface extends StatefulDevice {
  readonly channel: IdeChannel;
  readonly channel_nr: number;
  readonly interface_nr: number;
  readonly cpu: Cpu;
  buffer: DriveBuffer | null;
  drive_connected: boolean;
  is_atapi: boolean;
  readonly sector_size: number;
  sector_count: number;
  head_count: number;
  sectors_per_track: number;
  cylinder_count: number;
  is_lba: number;
  sector_count_reg: number;
  lba_low_reg: number;
  lba_mid_reg: number;
  lba_high_reg: number;
  features_reg: number;
  head: number;
  device_reg: number;
  status_reg: number;
  error_reg: number;
  sectors_per_drq: number;
  data: Uint8Array;
  data_pointer: number;
  data_length: number;
  data_end: number;
  current_command: number;
  current_atapi_command: number;
  write_dest: number;
  atapi_sense_key: number;
  atapi_add_sense: number;
  /** 2: the next command finds no medium; 1: the one after finds that it may have changed; 0: it is told. */
  medium_changed: number;
  last_io_id: number;
  in_progress_io_ids: Map<number, AbortController>;
  cancelled_io_ids: Set<number>;
  has_disk(): boolean;
  eject(): void;
  set_cdrom(buffer: DriveBuffer): void;
  device_reset(): void;
  push_irq(): void;
  ata_abort_command(): void;
  ata_command(command: number): void;
  atapi_handle(): void;
  atapi_check_condition_response(senseKey: number, additionalSense: number): void;
  create_identify_packet(): void;
  data_allocate(length: number): void;
  data_set(bytes: Uint8Array): void;
  do_write(): void;
  do_atapi_dma(): void;
  do_ata_read_sectors_dma(): void;
  do_ata_write_sectors_dma(): void;
  ata_advance(command: number, sectors: number): void;
  get_count(lba48: boolean): number;
  get_lba(lba48: boolean): number;
  read_buffer(start: number, length: number, done: (bytes: Uint8Array) => void): void;
  cancel_io_operations(): void;
  report_read_start(): void;
  report_read_end(byteCount: number): void;
  report_write(byteCount: number): void;
}

/** The private objects behind upstream's public one. Valid after its event `emulator-loaded`. */
export function internalsOf(emulator: V86): Internals {
  const { v86: core, bus } = emulator as unknown as { v86: Core; bus: Bus };
  return { bus, core, cpu: core.cpu };
}
