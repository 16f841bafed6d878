import * as v from 'valibot';
import type { Cpu, Devices, IdeInterface, Internals, UartQueue } from '../internals.ts';
import type { Repairs, RepairsState } from '../repairs/apply.ts';
import { ExtrasSchema } from './saved-extras.ts';
import { decodeState, encodeState } from './state-bytes.ts';

/** `src/vga.js`, get_state: the video memory, which is kept as pages. */
const VGA_VIDEO_MEMORY = 39;
/** `src/rust/cpu/apic.rs`: the local APIC's time of its last tick, a double at this offset. */
const APIC_LAST_TICK = 24;

const NOTHING = new Uint8Array(0);

/** What upstream's state leaves out, and the times in it that count from when the page was opened. */
interface Extras {
  readonly monotonicMs: number;
  readonly repairs: RepairsState;
  /** Bytes that the guest has not read yet. */
  readonly keyboard: number[];
  readonly mouse: number[];
  readonly ps2: { ready: boolean; aux: boolean };
  readonly serial: number[][];
  readonly ide: IdeExtras[];
  readonly floppies: (Uint8Array | null)[];
  /** What somebody who looks on has seen of the machine, in its own words. */
  readonly witness?: string | undefined;
}

type IdeExtras = Pick<IdeInterface, 'medium_changed' | 'atapi_sense_key' | 'atapi_add_sense'>;

/**
 * The state of the processor and all devices, without RAM and video memory, as bytes. The machine stands still and no
 * I/O is under way. No disk is in it, only what a floppy holds, because a floppy is nowhere else.
 */
export function saveDevices(
  { cpu }: Internals,
  repairs: Repairs,
  nowMs = repairs.timeMs,
  witness?: string,
): Uint8Array {
  const { devices } = cpu;
  const extras: Extras = {
    monotonicMs: nowMs,
    repairs: repairs.getState(),
    keyboard: peekAll(devices.ps2.kbd_buffer),
    mouse: peekAll(devices.ps2.mouse_buffer),
    ps2: { ready: devices.ps2.next_byte_is_ready, aux: devices.ps2.next_byte_is_aux },
    serial: serialQueues(devices).map(peekAll),
    ide: ideInterfaces(cpu).map(({ medium_changed, atapi_sense_key, atapi_add_sense }) => ({
      medium_changed,
      atapi_sense_key,
      atapi_add_sense,
    })),
    floppies: cpu.devices.fdc.drives.map(({ buffer }) => (buffer ? new Uint8Array(buffer.buffer) : null)),
    ...(witness !== undefined && { witness }),
  };
  const { vga } = cpu.devices;
  const state = withoutMemory(cpu, () =>
    encodeState({ extras, cpu }, (object) => {
      const of = object.get_state();
      if (Object.is(object, vga)) of[VGA_VIDEO_MEMORY] = NOTHING;
      return of;
    }),
  );
  return state;
}

/** What of a saved state has to be known before it is put back. */
export interface SavedDevices {
  /** What was on each floppy, null for an empty drive. */
  readonly floppies: readonly (Uint8Array<ArrayBuffer> | null)[];
  /** What `saveDevices` was given; of a moment of the time before it was kept there is none. */
  readonly witness?: string | undefined;
  /** Puts it all back: RAM and video memory are there already, the media are in their drives, the machine stands. */
  restore(internals: Internals, repairs: Repairs, nowMs?: number): void;
}

/** Throws an Error for bytes that `saveDevices` did not make. */
export function readDevices(bytes: Uint8Array): SavedDevices {
  const decoded = decodeState(bytes) as { extras?: unknown; cpu?: unknown } | null;
  const state = decoded?.cpu;
  if (!Array.isArray(state)) throw new Error('a state without a processor');
  const read = v.parse(ExtrasSchema, decoded?.extras);
  const extras: Extras = { ...read, repairs: read.repairs as RepairsState };
  return {
    floppies: read.floppies,
    witness: read.witness,
    restore: (internals, repairs, nowMs = repairs.timeMs) =>
      restoreDevices(internals, repairs, { extras, state, nowMs }),
  };
}

function restoreDevices(
  { cpu }: Internals,
  repairs: Repairs,
  { extras, state, nowMs }: { extras: Extras; state: unknown[]; nowMs: number },
): void {
  withoutMemory(cpu, () => cpu.set_state(state));
  const { devices } = cpu;
  replaceAll(devices.ps2.kbd_buffer, extras.keyboard);
  replaceAll(devices.ps2.mouse_buffer, extras.mouse);
  devices.ps2.next_byte_is_ready = extras.ps2.ready;
  devices.ps2.next_byte_is_aux = extras.ps2.aux;
  for (const [i, queue] of serialQueues(devices).entries()) replaceAll(queue, extras.serial[i] ?? []);
  for (const [i, iface] of ideInterfaces(cpu).entries()) {
    const saved = extras.ide[i];
    if (!saved) continue;
    iface.medium_changed = saved.medium_changed;
    iface.atapi_sense_key = saved.atapi_sense_key;
    iface.atapi_add_sense = saved.atapi_add_sense;
  }
  // Both count from when this page or that one was opened: without this the timers wait for hours, or fire at once.
  const later = nowMs - extras.monotonicMs;
  const starts = devices.pit.counter_start_time;
  for (let i = 0; i < starts.length; i++) starts[i] += later;
  const apic = new DataView(cpu.wasm_memory.buffer, cpu.get_apic_addr() + APIC_LAST_TICK, 8);
  apic.setFloat64(0, apic.getFloat64(0, true) + later, true);
  repairs.setState(extras.repairs);
}

/** Lets upstream save or restore a state in which there is no memory (`src/cpu.js`, pack_memory, unpack_memory). */
function withoutMemory<T>(cpu: Cpu, work: () => T): T {
  cpu.pack_memory = () => ({
    bitmap: { get_buffer: () => new ArrayBuffer(0) },
    packed_memory: NOTHING,
  });
  cpu.unpack_memory = () => undefined;
  try {
    return work();
  } finally {
    // Upstream's own are on the prototype.
    Reflect.deleteProperty(cpu, 'pack_memory');
    Reflect.deleteProperty(cpu, 'unpack_memory');
  }
}

function ideInterfaces({ devices: { ide } }: Cpu): IdeInterface[] {
  return [ide.primary, ide.secondary].flatMap((channel) => (channel ? [channel.master, channel.slave] : []));
}

function serialQueues(devices: Devices): UartQueue[] {
  return [devices.uart0, devices.uart1, devices.uart2, devices.uart3].flatMap((uart) =>
    uart ? [uart.input] : [],
  );
}

/** The bytes of a queue, which has them afterwards as before. */
function peekAll(queue: UartQueue): number[] {
  const bytes = takeAll(queue);
  for (const byte of bytes) queue.push(byte);
  return bytes;
}

function replaceAll(queue: UartQueue, bytes: readonly number[]): void {
  takeAll(queue);
  for (const byte of bytes) queue.push(byte);
}

function takeAll(queue: UartQueue): number[] {
  return Array.from({ length: queue.length }, () => queue.shift()!);
}
