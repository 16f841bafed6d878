import type { V86 } from 'v86';
import {
  internalsOf,
  type Internals,
  type AcpiDevice,
  type Bus,
  type ByteQueue,
  type Core,
  type Cpu,
  type Devices,
  type DmaDevice,
  type FloppyDevice,
  type FloppyDrive,
  type IdeChannel,
  type IdeController,
  type IdeInterface,
  type Io,
  type PciDevice,
  type PitDevice,
  type PortEntry,
  type Ps2Controller,
  type RtcDevice,
  type SoundBlaster,
  type Uart,
  type UartQueue,
  type VgaDevice,
} from './internals.ts';

/** How a member is told by `typeof`; 'present' for one that may be null or undefined, which has to be there all the same. */
type Kind<Value> = [Value] extends [(...args: never[]) => unknown]
  ? 'function'
  : [Value] extends [number]
    ? 'number'
    : [Value] extends [boolean]
      ? 'boolean'
      : [Value] extends [object]
        ? 'object'
        : 'present';

/** Every member that `internals.ts` declares: a new one that is left out here does not compile. */
type Members<T> = { readonly [Name in keyof T]-?: Kind<T[Name]> };

/** An object of upstream's that we reach into, and its members. */
export interface Part {
  readonly object: string;
  /** The upstream file to read. */
  readonly file: string;
  readonly of: (internals: Internals) => object | undefined;
  readonly members: Readonly<Record<string, Kind<unknown> | 'function' | 'number' | 'boolean' | 'object'>>;
}

function part<T extends object>(
  object: string,
  file: string,
  of: (internals: Internals) => T | undefined,
  members: Members<T>,
): Part {
  return { object, file, of, members };
}

const BUS: Members<Bus> = { send: 'function', register: 'function', unregister: 'function' };

const CORE: Members<Core> = {
  running: 'boolean',
  stopping: 'boolean',
  idle: 'boolean',
  tick_counter: 'number',
  bus: 'object',
  cpu: 'object',
  do_tick: 'function',
  next_tick: 'function',
  yield_callback: 'function',
  yield: 'function',
  unregister_yield: 'function',
};

const CPU: Members<Cpu> = {
  mem8: 'object',
  memory_size: 'object',
  wasm_memory: 'object',
  wm: 'object',
  jit_imports: 'object',
  instruction_counter: 'object',
  instruction_pointer: 'object',
  previous_ip: 'object',
  reg32: 'object',
  is_32: 'object',
  cpl: 'object',
  protected_mode: 'object',
  idtr_size: 'object',
  idtr_offset: 'object',
  cr: 'object',
  dreg: 'object',
  segment_offsets: 'object',
  segment_is_null: 'object',
  flags: 'object',
  in_hlt: 'object',
  acpi_enabled: 'object',
  apic_enabled: 'object',
  last_result: 'object',
  fpu_status_word: 'object',
  mxcsr: 'object',
  io: 'object',
  devices: 'object',
  option_roms: 'object',
  bios: 'object',
  device_raise_irq: 'function',
  device_lower_irq: 'function',
  handle_irqs: 'function',
  main_loop: 'function',
  pack_memory: 'function',
  unpack_memory: 'function',
  get_state: 'function',
  reboot_internal: 'function',
  run_hardware_timers: 'function',
  set_state: 'function',
  set_tsc: 'function',
  set_jit_config: 'function',
  codegen_finalize: 'function',
  codegen_finalize_finished: 'function',
  write_blob: 'function',
  read8: 'function',
  translate_address_system_read: 'function',
  read_blob: 'function',
  read16: 'function',
  read32s: 'function',
  get_pic_addr_master: 'function',
  get_pic_addr_slave: 'function',
  get_apic_addr: 'function',
  get_ioapic_addr: 'function',
};

const IO: Members<Io> = {
  ports: 'object',
  register_read: 'function',
  register_write: 'function',
  mmap_register: 'function',
  port_read8: 'function',
  port_read16: 'function',
  port_read32: 'function',
  port_write8: 'function',
  port_write16: 'function',
  port_write32: 'function',
};

const PORT_ENTRY: Members<PortEntry> = {
  read8: 'function',
  read16: 'function',
  read32: 'function',
  write8: 'function',
  write16: 'function',
  write32: 'function',
  device: 'present',
};

const DEVICES: Members<Devices> = {
  acpi: 'present',
  rtc: 'object',
  pci: 'object',
  pit: 'object',
  dma: 'object',
  vga: 'object',
  ide: 'object',
  cdrom: 'object',
  fdc: 'object',
  ps2: 'object',
  uart0: 'object',
  uart1: 'present',
  uart2: 'present',
  uart3: 'present',
  sb16: 'object',
};

const ACPI_DEVICE: Members<AcpiDevice> = {
  get_state: 'function',
  set_state: 'function',
  status: 'number',
  pm1_status: 'number',
  pm1_enable: 'number',
  gpe: 'object',
  last_timer: 'number',
  timer: 'function',
  get_timer: 'function',
};

const RTC_DEVICE: Members<RtcDevice> = {
  get_state: 'function',
  set_state: 'function',
  cmos_index: 'number',
  cmos_data: 'object',
  cmos_a: 'number',
  cmos_b: 'number',
  cmos_c: 'number',
  cmos_diag_status: 'number',
  nmi_disabled: 'number',
  timer: 'function',
  cmos_read: 'function',
  cmos_write: 'function',
};

const PCI_DEVICE: Members<PciDevice> = {
  get_state: 'function',
  set_state: 'function',
  device_spaces: 'object',
  devices: 'object',
  pci_addr32: 'object',
  pci_response32: 'object',
  pci_query: 'function',
  pci_write8: 'function',
  pci_write16: 'function',
  pci_write32: 'function',
};

const PIT_DEVICE: Members<PitDevice> = {
  get_state: 'function',
  set_state: 'function',
  counter_enabled: 'object',
  counter_start_value: 'object',
  counter_mode: 'object',
  counter_reload: 'object',
  counter_start_time: 'object',
  counter_next_low: 'object',
  counter_read_mode: 'object',
  counter_latch: 'object',
  counter_latch_value: 'object',
  did_rollover: 'function',
  get_counter_value: 'function',
  counter_read: 'function',
  counter_write: 'function',
  port43_write: 'function',
  timer: 'function',
};

const DMA_DEVICE: Members<DmaDevice> = {
  cpu: 'object',
  get_state: 'function',
  set_state: 'function',
};

const VGA_DEVICE: Members<VgaDevice> = {
  screen: 'present',
  graphical_mode: 'boolean',
  svga_enabled: 'boolean',
  svga_bpp: 'number',
  svga_width: 'number',
  svga_height: 'number',
  svga_offset: 'number',
  svga_memory: 'object',
  vga256_palette: 'object',
  attribute_mode: 'number',
  virtual_width: 'number',
  diff_addr_min: 'number',
  diff_addr_max: 'number',
  image_data: 'present',
  screen_fill_buffer: 'function',
  reset_diffs: 'function',
  update_vertical_retrace: 'function',
  complete_redraw: 'function',
  set_font_bitmap: 'function',
  update_cursor: 'function',
  update_cursor_scanline: 'function',
  update_layers: 'function',
};

const PS2_CONTROLLER: Members<Ps2Controller> = {
  kbd_buffer: 'object',
  mouse_buffer: 'object',
  last_port60_byte: 'number',
  mouse_clicks: 'number',
  scaling2: 'boolean',
  sample_rate: 'number',
  resolution: 'number',
  enable_mouse_stream: 'boolean',
  read_command_register: 'boolean',
  read_output_register: 'boolean',
  read_controller_output_port: 'boolean',
  next_read_sample: 'boolean',
  next_read_resolution: 'boolean',
  next_read_led: 'boolean',
  next_read_rate: 'boolean',
  next_handle_scan_code_set: 'boolean',
  next_is_mouse_command: 'boolean',
  next_byte_is_ready: 'boolean',
  next_byte_is_aux: 'boolean',
  enable_keyboard_stream: 'boolean',
  command_register: 'number',
  controller_output_port: 'number',
  reset: 'function',
  kbd_irq: 'function',
  mouse_irq: 'function',
  port60_write: 'function',
  port64_read: 'function',
  port64_write: 'function',
};

const BYTE_QUEUE: Members<ByteQueue> = {
  length: 'number',
  shift: 'function',
  push: 'function',
  clear: 'function',
};

const UART: Members<Uart> = {
  get_state: 'function',
  set_state: 'function',
  modem_control: 'number',
  modem_status: 'number',
  ThrowInterrupt: 'function',
  input: 'object',
};

const UART_QUEUE: Members<UartQueue> = {
  length: 'number',
  shift: 'function',
  push: 'function',
};

const SOUND_BLASTER: Members<SoundBlaster> = {
  sampling_rate: 'number',
};

const FLOPPY_DEVICE: Members<FloppyDevice> = {
  get_state: 'function',
  set_state: 'function',
  drives: 'object',
};

const FLOPPY_DRIVE: Members<FloppyDrive> = {
  buffer: 'present',
  insert_disk: 'function',
  eject_disk: 'function',
};

const IDE_CONTROLLER: Members<IdeController> = {
  get_state: 'function',
  set_state: 'function',
  primary: 'present',
  secondary: 'present',
};

const IDE_CHANNEL: Members<IdeChannel> = {
  get_state: 'function',
  set_state: 'function',
  irq: 'number',
  command_base: 'number',
  control_base: 'number',
  master: 'object',
  slave: 'object',
  current_interface: 'object',
  device_control_reg: 'number',
  prdt_addr: 'number',
  dma_status: 'number',
  dma_command: 'number',
  push_irq: 'function',
};

const IDE_INTERFACE: Members<IdeInterface> = {
  get_state: 'function',
  set_state: 'function',
  channel: 'object',
  channel_nr: 'number',
  interface_nr: 'number',
  cpu: 'object',
  buffer: 'present',
  drive_connected: 'boolean',
  is_atapi: 'boolean',
  sector_size: 'number',
  sector_count: 'number',
  head_count: 'number',
  sectors_per_track: 'number',
  cylinder_count: 'number',
  is_lba: 'number',
  sector_count_reg: 'number',
  lba_low_reg: 'number',
  lba_mid_reg: 'number',
  lba_high_reg: 'number',
  features_reg: 'number',
  head: 'number',
  device_reg: 'number',
  status_reg: 'number',
  error_reg: 'number',
  sectors_per_drq: 'number',
  data: 'object',
  data_pointer: 'number',
  data_length: 'number',
  data_end: 'number',
  current_command: 'number',
  current_atapi_command: 'number',
  write_dest: 'number',
  atapi_sense_key: 'number',
  atapi_add_sense: 'number',
  medium_changed: 'number',
  last_io_id: 'number',
  in_progress_io_ids: 'object',
  cancelled_io_ids: 'object',
  has_disk: 'function',
  eject: 'function',
  set_cdrom: 'function',
  device_reset: 'function',
  push_irq: 'function',
  ata_abort_command: 'function',
  ata_command: 'function',
  atapi_handle: 'function',
  atapi_check_condition_response: 'function',
  create_identify_packet: 'function',
  data_allocate: 'function',
  data_set: 'function',
  do_write: 'function',
  do_atapi_dma: 'function',
  do_ata_read_sectors_dma: 'function',
  do_ata_write_sectors_dma: 'function',
  ata_advance: 'function',
  get_count: 'function',
  get_lba: 'function',
  read_buffer: 'function',
  cancel_io_operations: 'function',
  report_read_start: 'function',
  report_read_end: 'function',
  report_write: 'function',
};

/** All that is used of v86, each object before those in it. */
export const PARTS: readonly Part[] = [
  part('emulator.bus', 'src/bus.js', ({ bus }) => bus, BUS),
  part('v86', 'src/main.js', ({ core }) => core, CORE),
  part('cpu', 'src/cpu.js', ({ cpu }) => cpu, CPU),
  part('cpu.io', 'src/io.js', ({ cpu }) => cpu.io, IO),
  part('cpu.io.ports[0x60]', 'src/io.js', ({ cpu }) => cpu.io.ports[0x60], PORT_ENTRY),
  part('cpu.devices', 'src/cpu.js', ({ cpu }) => cpu.devices, DEVICES),
  part('cpu.devices.acpi', 'src/acpi.js', ({ cpu }) => cpu.devices.acpi, ACPI_DEVICE),
  part('cpu.devices.rtc', 'src/rtc.js', ({ cpu }) => cpu.devices.rtc, RTC_DEVICE),
  part('cpu.devices.pci', 'src/pci.js', ({ cpu }) => cpu.devices.pci, PCI_DEVICE),
  part('cpu.devices.pit', 'src/pit.js', ({ cpu }) => cpu.devices.pit, PIT_DEVICE),
  part('cpu.devices.dma', 'src/dma.js', ({ cpu }) => cpu.devices.dma, DMA_DEVICE),
  part('cpu.devices.vga', 'src/vga.js', ({ cpu }) => cpu.devices.vga, VGA_DEVICE),
  part('cpu.devices.ps2', 'src/ps2.js', ({ cpu }) => cpu.devices.ps2, PS2_CONTROLLER),
  part('cpu.devices.ps2.kbd_buffer', 'src/lib.js', ({ cpu }) => cpu.devices.ps2.kbd_buffer, BYTE_QUEUE),
  part('cpu.devices.ps2.mouse_buffer', 'src/lib.js', ({ cpu }) => cpu.devices.ps2.mouse_buffer, BYTE_QUEUE),
  part('cpu.devices.uart0', 'src/uart.js', ({ cpu }) => cpu.devices.uart0, UART),
  part('cpu.devices.uart0.input', 'src/uart.js', ({ cpu }) => cpu.devices.uart0.input, UART_QUEUE),
  part('cpu.devices.sb16', 'src/sb16.js', ({ cpu }) => cpu.devices.sb16, SOUND_BLASTER),
  part('cpu.devices.fdc', 'src/floppy.js', ({ cpu }) => cpu.devices.fdc, FLOPPY_DEVICE),
  part('cpu.devices.fdc.drives[0]', 'src/floppy.js', ({ cpu }) => cpu.devices.fdc.drives[0], FLOPPY_DRIVE),
  part('cpu.devices.ide', 'src/ide.js', ({ cpu }) => cpu.devices.ide, IDE_CONTROLLER),
  part('cpu.devices.cdrom.channel', 'src/ide.js', ({ cpu }) => cpu.devices.cdrom.channel, IDE_CHANNEL),
  part('cpu.devices.cdrom', 'src/ide.js', ({ cpu }) => cpu.devices.cdrom, IDE_INTERFACE),
];

/**
 * The first member that we rely on and do not find. `see` shows an object as the check is to find it; tests take
 * members away with it.
 */
export function missingMember(
  internals: Internals,
  see: (object: object) => object = (object) => object,
): { name: string; file: string } | null {
  for (const { object, file, of, members } of PARTS) {
    // Without ACPI there is no such device.
    if (object === 'cpu.devices.acpi' && !internals.cpu.acpi_enabled[0]) continue;
    const found = of(internals);
    if (typeof found !== 'object') return { name: object, file };
    const seen = see(found) as Record<string, unknown>;
    for (const [name, kind] of Object.entries(members)) {
      if (kind === 'present' ? !(name in seen) && !OPTIONAL.has(name) : typeof seen[name] !== kind)
        return { name: `${object}.${name}`, file };
    }
  }
  return null;
}

/** Devices that a machine may be built without. */
const OPTIONAL: ReadonlySet<string> = new Set(['acpi', 'uart1', 'uart2', 'uart3']);

/**
 * Throws an Error that names the first member we rely on and do not find, with the upstream file to read.
 * Call it once the emulator is loaded and before `applyRepairs`.
 */
export function checkInternals(emulator: V86): void {
  const internals = internalsOf(emulator);
  if (typeof internals.core !== 'object') throw moved('emulator.v86', 'src/browser/starter.js');
  if (typeof internals.cpu !== 'object') throw moved('v86.cpu', 'src/main.js');
  const missing = missingMember(internals);
  if (missing) throw moved(missing.name, missing.file);
}

function moved(name: string, file: string): Error {
  return new Error(
    `v86 has no ${name} any more. It is used by src/worker/v86; compare upstream's ${file} with 0.5.462.`,
  );
}
