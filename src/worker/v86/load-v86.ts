import type { V86 as V86Type } from 'v86';
import wasmUrl from 'v86/build/v86.wasm?url';
import biosUrl from 'v86-firmware/bios/seabios.bin?url';
import vgaBiosUrl from 'v86-firmware/bios/vgabios.bin?url';
import { VitrineError } from '../../lib/errors.ts';
import type { MachineProfile } from '../../machine/profile.ts';
import type { DiskBuffer } from './drives/disk-buffer.ts';
import type { MachineTime } from './time/machine-time.ts';

export interface Drives {
  disc: DiskBuffer | null;
  disk: DiskBuffer | null;
  floppy: DiskBuffer | null;
}

const MIB = 1024 * 1024;

/** v86's names for the order in which SeaBIOS tries the drives (upstream `src/rtc.js`, BOOT_ORDER_*). */
const BOOT_ORDER = { 'disc-first': 0x123, 'disk-first': 0x312, 'floppy-first': 0x321 } as const;

/** What every machine is built from. */
interface EngineParts {
  readonly V86: typeof V86Type;
  readonly wasm: WebAssembly.Module;
  readonly bios: ArrayBuffer;
  readonly vgaBios: ArrayBuffer;
}

let parts: Promise<EngineParts> | null = null;

/**
 * Begins to fetch and compile what every machine is built from, once: what a worker can do before it knows which
 * machine is wanted. Rejects, and may be called again after that, with `engine/load-failed`.
 */
export function loadEngineParts(): Promise<EngineParts> {
  if (!parts) {
    parts = fetchParts();
    // Whoever builds a machine is told; until then a failure is nobody's.
    parts.catch(() => (parts = null));
  }
  return parts;
}

async function fetchParts(): Promise<EngineParts> {
  const [{ V86 }, wasm, bios, vgaBios] = await Promise.all([
    importV86(),
    compile(wasmUrl),
    fetchBytes(biosUrl),
    fetchBytes(vgaBiosUrl),
  ]);
  return { V86, wasm, bios, vgaBios };
}

async function compile(url: string): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compileStreaming(fetch(url));
  } catch (cause) {
    throw new VitrineError('engine/load-failed', {}, { cause });
  }
}

/**
 * Builds the emulated computer and stops before its first instruction: no network card, no adapter of
 * upstream's (screen, keyboard, mouse, speaker), our drives, our time.
 */
export async function loadV86(profile: MachineProfile, drives: Drives, time: MachineTime): Promise<V86Type> {
  const { V86, wasm, bios, vgaBios } = await loadEngineParts();
  return new Promise((resolve, reject) => {
    const emulator = new V86({
      wasm_fn: async (env: WebAssembly.Imports) => {
        try {
          return (await WebAssembly.instantiate(wasm, time.replaceIn(env))).exports;
        } catch (cause) {
          const error = new VitrineError('engine/load-failed', {}, { cause });
          reject(error);
          throw error;
        }
      },
      bios: { buffer: bios },
      vga_bios: { buffer: vgaBios },
      memory_size: profile.memoryMiB * MIB,
      vga_memory_size: profile.videoMemoryMiB * MIB,
      acpi: profile.acpi,
      boot_order: BOOT_ORDER[profile.bootOrder],
      ...(drives.disc && { cdrom: drives.disc }),
      ...(drives.disk && { hda: drives.disk }),
      ...(drives.floppy && { fda: drives.floppy }),
      // The air gap: without this line upstream builds an NE2000 (docs/engine.md, air gap).
      net_device: { type: 'none' },
      disable_keyboard: true,
      disable_mouse: true,
      disable_speaker: true,
      autostart: false,
    } as unknown as ConstructorParameters<typeof V86>[0]);
    emulator.add_listener('emulator-loaded', () => resolve(emulator));
  });
}

/**
 * At its import v86 looks whether there are workers, and if so makes one from a blob for each emulator, only
 * to yield (upstream `src/main.js`). We yield by a MessageChannel, so no worker is shown to it: one thread
 * fewer, and the page's policy needs no `blob:` for scripts.
 */
async function importV86(): Promise<{ V86: typeof V86Type }> {
  const worker = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
  Reflect.deleteProperty(globalThis, 'Worker');
  try {
    return await import('v86');
  } catch (cause) {
    throw new VitrineError('engine/load-failed', {}, { cause });
  } finally {
    if (worker) Object.defineProperty(globalThis, 'Worker', worker);
  }
}

async function fetchBytes(url: string): Promise<ArrayBuffer> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${response.status} for ${url}`);
    return await response.arrayBuffer();
  } catch (cause) {
    throw new VitrineError('engine/load-failed', {}, { cause });
  }
}
