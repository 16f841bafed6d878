import type { V86 } from 'v86';
import { toVitrineError, type VitrineError } from '../../../lib/errors.ts';
import { applyFirmware } from '../firmware/apply-firmware.ts';
import { internalsOf } from '../internals.ts';
import { applyInterrupts } from '../interrupts/apply.ts';
import type { ApicState } from '../interrupts/apic-state.ts';
import { AcpiRepair, type AcpiState } from './acpi.ts';
import { applyCmosRepair } from './cmos.ts';
import { applyCpuStateRepair, applyTscRepair } from './cpu-state.ts';
import { applyCpuidRepair } from './cpuid.ts';
import { Faults } from './faults.ts';
import { IdeRepair, type IdeState } from './ide.ts';
import { applyDmaMemoryRepair } from './dma-memory.ts';
import { applyPciRepair } from './pci.ts';
import { PitRepair, type PitState } from './pit.ts';
import { Ps2Repair, type Ps2State } from './ps2.ts';
import { applyResetRepair } from './reset.ts';
import { RtcRepair, type RtcState } from './rtc.ts';
import { applyUartRepair } from './uart.ts';
import { SingleStep } from './single-step.ts';
import type { MachineTime } from '../time/machine-time.ts';
import { channelDefer, Scheduler, type Defer } from './scheduler.ts';

export interface RepairOptions {
  /** Which machine of the shelf; its system knows it by a UUID made of this. `default` unless given. */
  machineId?: string;
  /** Whether the machine has a local APIC and an I/O APIC, or the 8259s alone; as its ACPI unless given. */
  apic?: boolean;
  /** Milliseconds since 1970 in UTC; those of `time` unless given. */
  clock?: () => number;
  /** Minutes from local time to UTC, as `Date.prototype.getTimezoneOffset`; the visitor's own unless given. */
  timezoneOffsetMinutes?: (atMs: number) => number;
  /** The time that the engine was built with. */
  time: MachineTime;
  /** What an earlier `rtcOffsetMs` said, where the guest's clock is to be kept from one power-on to the next. */
  rtcOffsetMs?: number;
  /** Pages of code in one compiled module (upstream has 3; docs/engine.md, speed), or no compilation at all. */
  jit?: { enabled: boolean; maxPages: number };
  /**
   * How the next slice is scheduled; a MessageChannel unless given. Node gives such a channel a thousand turns
   * before anything else, so `setImmediate` there.
   */
  defer?: Defer;
  /** The guest turned the machine off (ACPI S5). It still runs until the caller stops the emulator. */
  onPowerOff(): void;
  /** The processor halted with interrupts off: nothing will ever wake it. Once for each such halt. */
  onHalted(): void;
  /** The machine was reset by its guest, by the reset button, or after a triple fault; it runs on. */
  onReboot(tripleFault: boolean): void;
  /** The guest opened the drive; its disc is out. */
  onDiscEject(): void;
  /** The guest set its keyboard's lights: bit 0 scroll lock, 1 num lock, 2 caps lock; or a reset put them out. */
  onKeyLights?(lights: number): void;
  /** The disc could not be read, and the guest's drive said so; the machine goes on. */
  onDiscFailure(error: VitrineError): void;
  /** The bus master moves data between a drive and memory. */
  onBusMaster?(drive: 'disc' | 'disk', direction: 'read' | 'write'): void;
  /** The guest gave the disc drive a packet command. */
  onPacket?(opcode: number): void;
  /** The engine has stopped and cannot go on; nothing comes after. Build a new one. */
  onFatal(error: VitrineError): void;
}

/** What the repairs hold beyond upstream's state; plain data, ready for JSON or structured clone. */
export interface RepairsState {
  version: 1;
  acpi: AcpiState | null;
  rtc: RtcState;
  ide: IdeState;
  /** Not in moments of the time before it was kept. */
  ps2?: Ps2State;
  pit?: PitState;
  /** Null in a machine without APICs; absent in what was saved when the engine's own were in use. */
  apic?: ApicState | null;
}

export interface Repairs {
  /** ACPI's power button: a guest that listens shuts down by itself. False where none listens. */
  pressPowerButton(): boolean;
  /** Take it together with upstream's state, while the machine stands. */
  getState(): RepairsState;
  /** Call it after upstream's `restore_state` and before the machine runs. */
  setState(state: RepairsState): void;
  /** Resolves when no read, write or flush of the guest is under way: a state taken before would lose it. */
  settled(): Promise<void>;
  /** Drops every read, write and flush of the guest that is under way; for a guest that is going to be another one. */
  forgetDrives(): void;
  /** What the guest's clock is ahead of the visitor's local time, in ms. */
  readonly rtcOffsetMs: number;
  /** What the guest's clock says at a time (milliseconds since 1970 in UTC): of its own wall time, as if that were UTC. */
  rtcTime(atMs: number): number;
  /** The machine's time now, in milliseconds: what its timers' states count by. */
  readonly timeMs: number;
  /** Late ticks of the clock's periodic interrupt that the guest still has to get. */
  readonly rtcBacklog: number;
  /** Ends the loop for good. */
  dispose(): void;
}

/** Upstream's `set_jit_config` (`src/rust/jit.rs`). */
const JIT_DISABLED = 0;
const JIT_MAX_PAGES = 1;

/**
 * Makes v86 the PC that its firmware tells guests about; table.ts says what is repaired and why. Call it once
 * for each emulator, when it is loaded and before its first instruction. The repairs outlive resets and
 * restored states.
 */
export function applyRepairs(emulator: V86, options: RepairOptions): Repairs {
  const internals = internalsOf(emulator);
  const { cpu } = internals;
  const { time } = options;
  const times = {
    clock: options.clock ?? time.utc,
    timezoneOffsetMinutes:
      options.timezoneOffsetMinutes ?? ((at: number) => new Date(at).getTimezoneOffset()),
    monotonic: time.now,
    timerSet: time.timerSet,
  };

  const hasApic = options.apic ?? cpu.devices.acpi !== undefined;
  applyFirmware(cpu, { apic: hasApic, machineId: options.machineId ?? 'default' });
  applyPciRepair(cpu);
  applyDmaMemoryRepair(cpu);
  applyUartRepair(cpu);
  const pit = new PitRepair(cpu, time);
  applyCmosRepair(cpu);
  applyTscRepair(cpu, time);
  applyCpuStateRepair(cpu);
  applyCpuidRepair(cpu);
  const faults = new Faults(cpu);
  new SingleStep(cpu, faults);
  const { acpi: device } = cpu.devices;
  const interrupts = applyInterrupts(cpu, faults, {
    apic: hasApic,
    time,
  });
  const acpi =
    device && new AcpiRepair(cpu, device, { powerOff: () => options.onPowerOff(), monotonic: time.now });
  const rtc = new RtcRepair(cpu, times, { alarm: () => acpi?.rtcAlarm(), offsetMs: options.rtcOffsetMs });

  const ps2 = new Ps2Repair(cpu, (lights) => options.onKeyLights?.(lights));

  let failed = false;
  const fail = (error: unknown) => {
    if (failed) return;
    failed = true;
    scheduler.kill();
    options.onFatal(toVitrineError(error, 'engine/trap'));
  };
  const ide = new IdeRepair(cpu, {
    diskFailure: fail,
    discFailure: (error) => options.onDiscFailure(toVitrineError(error)),
    discEjected: () => options.onDiscEject(),
    busMaster: (drive, direction) => options.onBusMaster?.(drive, direction),
    packet: (opcode) => options.onPacket?.(opcode),
  });

  let tripleFault = false;
  applyResetRepair(cpu, {
    before: () => ide.reset(),
    after: () => {
      cpu.set_tsc(0, 0);
      acpi?.reset();
      rtc.reset();
      ps2.reset();
      pit.reset();
      interrupts.reset();
      options.onReboot(tripleFault);
    },
  });
  const channel = options.defer ? null : channelDefer();
  const defer = options.defer ?? channel!.defer;
  const scheduler = new Scheduler(
    internals,
    { faults, time, defer },
    {
      tripleFault: () => {
        tripleFault = true;
        cpu.reboot_internal();
        tripleFault = false;
      },
      trap: fail,
    },
  );
  if (options.jit) {
    cpu.set_jit_config(JIT_DISABLED, options.jit.enabled ? 0 : 1);
    cpu.set_jit_config(JIT_MAX_PAGES, options.jit.maxPages);
  }

  const onHalt = () => options.onHalted();
  let stoppedAt = -Infinity;
  const onStop = () => {
    stoppedAt = time.now();
  };
  const onStart = () => rtc.resume(time.now() - stoppedAt);
  // Upstream's declaration does not name the first event.
  const on = emulator.add_listener.bind(emulator) as (event: string, listener: () => void) => void;
  const off = emulator.remove_listener.bind(emulator) as (event: string, listener: () => void) => void;
  on('cpu-event-halt', onHalt);
  on('emulator-started', onStart);
  on('emulator-stopped', onStop);

  return {
    pressPowerButton: () => acpi?.pressPowerButton() ?? false,
    getState: () => ({
      version: 1,
      acpi: acpi?.getState() ?? null,
      rtc: rtc.getState(),
      ide: ide.getState(),
      ps2: ps2.getState(),
      pit: pit.getState(),
      apic: interrupts.getState(),
    }),
    setState: (state) => {
      if (state.acpi) acpi?.setState(state.acpi);
      rtc.setState(state.rtc);
      ide.setState(state.ide);
      ps2.setState(state.ps2);
      pit.setState(state.pit);
      interrupts.setState(state.apic);
    },
    settled: () => ide.settled(),
    forgetDrives: () => ide.forget(),
    get rtcOffsetMs() {
      return rtc.offsetMs;
    },
    rtcTime: (atMs) => rtc.timeAt(atMs),
    get timeMs() {
      return time.now();
    },
    get rtcBacklog() {
      return rtc.backlog;
    },
    dispose: () => {
      off('cpu-event-halt', onHalt);
      off('emulator-started', onStart);
      off('emulator-stopped', onStop);
      scheduler.kill();
      channel?.close();
    },
  };
}
