import type { NamedFile } from '../../bytes/named-file.ts';
import type { V86 } from 'v86';
import { BlobSource } from '../../bytes/byte-source.ts';
import { silentAfter } from '../../bytes/patience.ts';
import { VitrineError } from '../../lib/errors.ts';
import type { BlockDevice } from '../../disk/block-device.ts';
import { LARGEST_FLOPPY_BYTES } from '../../media/floppy-sizes.ts';
import type { MachineProfile } from '../../machine/profile.ts';
import type { KeyLights } from '../../protocol/input-messages.ts';
import type { Drive, EngineTuning, ScreenMode } from '../../protocol/machine-messages.ts';
import { DiscBuffer } from './drives/disc-buffer.ts';
import { DiskDeviceBuffer } from './drives/disk-device-buffer.ts';
import { FloppyBuffer } from './drives/floppy-buffer.ts';
import { internalsOf, type Internals } from './internals.ts';
import { isPaged, watchChips, type EngineWitness } from './witness.ts';
import { checkInternals } from './internals-check.ts';
import { readDevices, saveDevices, type SavedDevices } from './state/device-state.ts';
import type { PagedMemory } from '../../snapshot/memory-tracker.ts';
import { EngineMemory } from './state/engine-memory.ts';
import { MachineTime } from './time/machine-time.ts';
import { loadV86 } from './load-v86.ts';
import { applyRepairs, type Repairs } from './repairs/apply.ts';
import { GuestScreen } from './screen/guest-screen.ts';
import { bridgeSound } from './sound/bridge.ts';
import { CanvasSurface } from './screen/surface.ts';
import { InputBridge } from './input/input-bridge.ts';

/** What the emulated computer tells its owner. */
export interface EngineEvents {
  serial(byte: number): void;
  screen(mode: ScreenMode): void;
  traffic(drive: Drive, direction: 'read' | 'write', bytes: number): void;
  pointerMode(absolute: boolean): void;
  keyLights(lights: KeyLights): void;
  discEjected(): void;
  /** The disc could not be read. The guest's drive said so, as a drive does, and the machine runs on. */
  discFailure(error: VitrineError): void;
  powerOff(): void;
  halted(): void;
  reboot(tripleFault: boolean): void;
  /** The engine cannot go on. Nothing more comes after it. */
  fatal(error: VitrineError): void;
}

export interface EngineOptions {
  profile: MachineProfile;
  canvas: OffscreenCanvas;
  soundPort: MessagePort | null;
  disc: NamedFile | null;
  floppy: NamedFile | null;
  disk: BlockDevice | null;
  tuning: EngineTuning;
  /** Looks on from the first instruction. */
  witness: EngineWitness;
}

/** One emulated computer from power-on to power-off: v86, its repairs, and our own screen, drives and sound. */
export class Engine {
  readonly screen: GuestScreen;
  readonly input: InputBridge;
  /** RAM and video memory, for snapshots. */
  readonly memory: PagedMemory;
  readonly #surface: CanvasSurface;
  readonly #emulator: V86;
  readonly #internals: Internals;
  readonly #repairs: Repairs;
  readonly #events: EngineEvents;
  readonly #witness: EngineWitness;
  /** Tells the witness what can only be seen by looking; cheap. */
  readonly lookOn: () => void;
  readonly #disk: DiskDeviceBuffer | null;
  readonly #endSound: () => void;
  #hasRun = false;
  #instructions = 0;
  #lastCounter = 0;

  static async load(options: EngineOptions, events: EngineEvents): Promise<Engine> {
    const { witness } = options;
    let cpu: Internals['cpu'] | null = null;
    const disk =
      options.disk &&
      new DiskDeviceBuffer(options.disk, {
        failure: (error) => events.fatal(asFatal(error)),
        read: (start, bytes) => {
          events.traffic('disk', 'read', bytes);
          // The geometry is looked up before there is a machine.
          if (cpu) witness.diskRead(start, bytes, isPaged(cpu));
        },
        write: (start, bytes) => {
          events.traffic('disk', 'write', bytes);
          witness.diskWrite(start, bytes);
        },
      });
    const drives = {
      disc: options.disc && openDisc(options.disc, events, witness),
      disk,
      floppy: options.floppy && (await openFloppy(options.floppy, events)),
    };
    const time = new MachineTime();
    const emulator = await loadV86(options.profile, drives, time);
    checkInternals(emulator);
    ({ cpu } = internalsOf(emulator));
    checkMemory(emulator, options.profile);
    return new Engine(emulator, { disk, time }, options, events);
  }

  private constructor(
    emulator: V86,
    { disk, time }: { disk: DiskDeviceBuffer | null; time: MachineTime },
    options: EngineOptions,
    events: EngineEvents,
  ) {
    this.#emulator = emulator;
    this.#internals = internalsOf(emulator);
    this.memory = new EngineMemory(this.#internals.cpu, () => this.#hasRun);
    this.#disk = disk;
    this.#events = events;
    this.#witness = options.witness;
    this.#surface = new CanvasSurface(options.canvas);
    this.screen = new GuestScreen(this.#surface, (mode) => {
      events.screen(mode);
      options.witness.screenMode(mode, mode.mode === 'graphics');
    });
    this.screen.attach(this.#internals.cpu.devices.vga);
    this.#repairs = applyRepairs(emulator, {
      time,
      machineId: options.profile.machineId,
      apic: options.profile.apic,
      ...(options.profile.clock === 'utc' && { timezoneOffsetMinutes: () => 0 }),
      jit: { enabled: true, maxPages: options.tuning.jitPages },
      onPowerOff: () => events.powerOff(),
      onHalted: () => events.halted(),
      onReboot: (tripleFault) => events.reboot(tripleFault),
      onKeyLights: (lights) => events.keyLights(keyLightsOf(lights)),
      onDiscEject: () => events.discEjected(),
      onDiscFailure: (error) => events.discFailure(error),
      onFatal: (error) => events.fatal(error),
      onBusMaster: (drive, direction) => options.witness.dma(drive, direction, isPaged(this.#internals.cpu)),
      onPacket: (opcode) => options.witness.packet(opcode),
    });
    this.lookOn = watchChips(this.#internals, options.witness);
    const { bus, cpu } = this.#internals;
    const { devices } = cpu;
    this.input = new InputBridge(bus, devices.ps2);
    this.#endSound = bridgeSound(bus, options.soundPort, devices);
    emulator.add_listener('serial0-output-byte', (byte: number) => events.serial(byte));
    emulator.add_listener('vmware-absolute-mouse', (absolute: boolean) => events.pointerMode(absolute));
  }

  /** Guest instructions since power-on. Call it at least once every few seconds: the engine's counter is 32 bits. */
  countInstructions(): number {
    const counter = this.#internals.cpu.instruction_counter[0] >>> 0;
    this.#instructions += (counter - this.#lastCounter) >>> 0;
    this.#lastCounter = counter;
    return this.#instructions;
  }

  get running(): boolean {
    return this.#emulator.is_running();
  }

  async run(): Promise<void> {
    this.#hasRun = true;
    await this.#emulator.run();
  }

  /** Resolves when the guest executes nothing more; its drives may still be at work. */
  async halt(): Promise<void> {
    await this.#emulator.stop();
  }

  /** Resolves when no read, write or flush of the guest's drives is under way. */
  async settled(): Promise<void> {
    await this.#repairs.settled();
    await this.#disk?.settled();
  }

  /** Drops what the drives have under way: neither the guest's memory nor its devices will hear of it. */
  forgetDrives(): void {
    this.#repairs.forgetDrives();
  }

  /** The reset button: the processor starts at its first instruction again, memory and devices as a PC has it. */
  reset(): void {
    this.input.clear();
    this.#emulator.restart();
  }

  /** ACPI's power button: a guest that listens to it shuts down by itself. */
  pressPowerButton(): void {
    this.#repairs.pressPowerButton();
  }

  insertDisc(disc: NamedFile): void {
    this.#internals.cpu.devices.cdrom.set_cdrom(openDisc(disc, this.#events, this.#witness));
  }

  ejectDisc(): void {
    this.#internals.cpu.devices.cdrom.eject();
  }

  async insertFloppy(floppy: NamedFile): Promise<void> {
    const buffer = await openFloppy(floppy, this.#events);
    if (!this.#internals.cpu.devices.fdc.drives[0].insert_disk(buffer)) throw badFloppy(floppy);
  }

  ejectFloppy(): void {
    this.#internals.cpu.devices.fdc.drives[0].eject_disk();
  }

  sendSerial(bytes: Uint8Array): void {
    this.#emulator.serial_send_bytes(0, bytes);
  }

  /** Whether there is a disc in the drive: the guest may have ejected it. */
  get hasDisc(): boolean {
    return this.#internals.cpu.devices.cdrom.buffer !== null;
  }

  /** The state of everything but the memory and the disks; stop the machine before. */
  saveDevices(): Uint8Array {
    return saveDevices(this.#internals, this.#repairs, this.#repairs.timeMs, this.#witness.save());
  }

  /** What `saveDevices` gave, ready to be put back. Throws `snapshot/damaged` for other bytes. */
  readDevices(bytes: Uint8Array): SavedDevices {
    try {
      return readDevices(bytes);
    } catch (cause) {
      throw new VitrineError('snapshot/damaged', {}, { cause });
    }
  }

  /**
   * Puts a saved state back, with the disc that was in the drive then; the memory is in place already and the machine
   * stands. Gives what was in the floppy drive.
   */
  restoreDevices(saved: SavedDevices, disc: NamedFile | null): Blob | null {
    const { cdrom, fdc } = this.#internals.cpu.devices;
    // Not as a hand does it: the guest of that moment knows this disc.
    cdrom.buffer = disc && openDisc(disc, this.#events, this.#witness);
    const [floppy = null] = saved.floppies;
    fdc.drives[0].buffer = floppy && newFloppy(floppy, this.#events);
    saved.restore(this.#internals, this.#repairs);
    this.#witness.restore(saved.witness);
    this.input.clear();
    this.screen.refresh();
    return floppy && new Blob([floppy]);
  }

  /** What the clock chip says at a time of the visitor's: milliseconds of its own wall time, as if that were UTC. */
  chipTime(atMs: number): number {
    return this.#repairs.rtcTime(atMs);
  }

  /** A small copy of the picture, taken at once; its PNG is made when it is asked for. */
  thumbnail(width: number): () => Promise<Blob> {
    this.screen.frame(performance.now());
    return this.#surface.smallCopy(width);
  }

  async screenshot(): Promise<Blob> {
    this.screen.frame(performance.now());
    return this.#surface.toPng();
  }

  dispose(): void {
    this.input.dispose();
    this.#endSound();
    this.#repairs.dispose();
  }
}

function openDisc(disc: NamedFile, events: EngineEvents, witness: EngineWitness): DiscBuffer {
  return new DiscBuffer(disc, (start, bytes) => {
    events.traffic('disc', 'read', bytes);
    witness.discRead(start, bytes);
  });
}

async function openFloppy(floppy: NamedFile, events: EngineEvents): Promise<FloppyBuffer> {
  if (floppy.file.size === 0 || floppy.file.size > LARGEST_FLOPPY_BYTES) throw badFloppy(floppy);
  const { file, name } = floppy;
  const bytes = await silentAfter(new BlobSource(file, name).read(0, file.size), name);
  return newFloppy(bytes as Uint8Array<ArrayBuffer>, events);
}

function newFloppy(bytes: Uint8Array<ArrayBuffer>, events: EngineEvents): FloppyBuffer {
  return new FloppyBuffer(
    bytes,
    (count) => events.traffic('floppy', 'read', count),
    (count) => events.traffic('floppy', 'write', count),
  );
}

function badFloppy(floppy: NamedFile): VitrineError {
  return new VitrineError('engine/floppy-size', { name: floppy.name, sizeBytes: floppy.file.size });
}

/** Where the browser gives no memory, upstream's allocator returns null and the guest would run in our own heap. */
function checkMemory(emulator: V86, profile: MachineProfile): void {
  const { mem8 } = internalsOf(emulator).cpu;
  if (mem8.byteOffset === 0 || mem8.byteLength < profile.memoryMiB * 1024 * 1024) {
    throw new VitrineError('engine/no-memory', { memoryMiB: profile.memoryMiB });
  }
}

/** The bits of the keyboard's command ED (IBM PS/2 Hardware Interface Technical Reference). */
function keyLightsOf(lights: number): KeyLights {
  return {
    scrollLock: (lights & 1) !== 0,
    numLock: (lights & 2) !== 0,
    capsLock: (lights & 4) !== 0,
  };
}

function asFatal(error: unknown): VitrineError {
  return error instanceof VitrineError
    ? error
    : new VitrineError('internal/unexpected', {}, { cause: error });
}
