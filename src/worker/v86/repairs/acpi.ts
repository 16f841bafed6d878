import type { AcpiDevice, Cpu } from '../internals.ts';
import { registerPortBlock } from './port-block.ts';

/** What of the power management the firmware's tables name; see `../firmware/dsdt.ts`, and SeaBIOS 1.12.1's own. */
export const ACPI_PORTS = {
  /** FADT SMI_CMD: 0xF1 hands the power registers to the system, 0xF0 takes them back. */
  smiCommand: 0xb2,
  /** DSDT region PCST and SEJ: slots where a card came, slots where one left, eject, removable slots. */
  pciHotPlug: 0xae00,
  /** DSDT region PRST: one bit for each processor that is there. */
  cpuHotPlug: 0xaf00,
  /** FADT GPE0_BLK: two status bytes, two enable bytes. */
  gpe0: 0xafe0,
  /**
   * FADT PM1a_EVT_BLK, PM1a_CNT_BLK, PM_TMR_BLK and the processor's block stand in this block of the PIIX4. SeaBIOS puts it
   * at 0600h where it is given tables, else at B000h (`src/fw/pciinit.c`, acpi_pm_base): machines that were saved
   * before there were tables of our own have it there.
   */
  pm: [0x600, 0xb000],
} as const;

/** PMBA, the block's base in the PIIX4's own configuration (data sheet 290562 §7.1); 0 until the firmware sets it. */
const PMBA_WORD = 0x40 >> 2;
const PMBA_MASK = 0xffc0;
const PMBA_UNSET = 0xb000;
const POWER_MANAGEMENT = 0x71138086;

const SCI_IRQ = 9;
const ACPI_ENABLE = 0xf1;
const ACPI_DISABLE = 0xf0;

/** PM1 status and enable, ACPI 2.0 §4.7.3.1. */
export const PM1 = { timer: 0x0001, global: 0x0020, powerButton: 0x0100, rtc: 0x0400, wake: 0x8000 } as const;
const PM1_EVENTS = PM1.timer | PM1.global | PM1.powerButton | PM1.rtc;

/** PM1 control, ACPI 2.0 §4.7.3.2: SCI_EN, BM_RLD and SLP_TYP can be read back; GBL_RLS and SLP_EN cannot. */
const SCI_ENABLE = 0x0001;
const PM1_CONTROL_STORED = 0x1c03;
const SLEEP_ENABLE = 0x2000;

/** The SLP_TYP that the firmware's \_S5 package names. */
const SLEEP_TYPE_S5 = 0;
/** \_S4, which the firmware builds only where it was told to: what is saved is on the disk, the power goes. */
const SLEEP_TYPE_S4 = 2;

const PM_BLOCK_LENGTH = 0x40;
const PM_TIMER_HZ = 3_579_545;
const PM_TIMER_MASK = 0xff_ffff;
const PM_TIMER_TOP_BIT = 0x80_0000;

/** Offsets in the PIIX4's power management block, data sheet 290562 §7.2. */
const PM_OFFSET = { status: 0x00, enable: 0x02, control: 0x04, timer: 0x08 } as const;
/** GPSTS, GLBSTS and DEVSTS: nothing sets them here, and a one clears them. LVL2 and LVL3: reading has no effect. */
const READS_ZERO = new Set([0x0c, 0x0d, 0x14, 0x15, 0x18, 0x19, 0x1c, 0x1d, 0x1e, 0x1f, 0x30, 0x31, 0x32]);

/** What upstream's state does not hold: the timer's value as the guest last could see it, and stored registers. */
export interface AcpiState {
  pmTimer: number;
  stored: number[];
}

/**
 * The PIIX4's power management as the firmware describes it to the guest. Status bits are cleared by writing
 * ones, the SCI (IRQ 9, level, active high) follows status and enable after every change, every register can
 * be read and written at every width, and nothing is hot-plugged. Upstream (`src/acpi.js`) stores GPE status
 * as written, leaves the hot-plug registers out (they read ones: every card was removed, 255 processors came)
 * and never lowers the line when the guest clears a status.
 */
export class AcpiRepair {
  readonly #cpu: Cpu;
  readonly #acpi: AcpiDevice;
  readonly #onPowerOff: () => void;
  readonly #stored = new Uint8Array(PM_BLOCK_LENGTH);
  #smiCommand = 0;
  #timerOffset = 0;
  /** The SCI line as we last set it; null when a restored state may have moved it under us. */
  #line: boolean | null = null;
  readonly #monotonic: () => number;
  /** The configuration space of the power management function. */
  readonly #configuration: Int32Array;

  constructor(cpu: Cpu, acpi: AcpiDevice, on: { powerOff: () => void; monotonic: () => number }) {
    this.#cpu = cpu;
    this.#acpi = acpi;
    this.#onPowerOff = on.powerOff;
    this.#monotonic = on.monotonic;
    this.#configuration = cpu.devices.pci.device_spaces.find((space) => space?.[0] === POWER_MANAGEMENT)!;
    acpi.get_timer = (now) => this.#count(now);
    acpi.last_timer = acpi.get_timer(on.monotonic());
    acpi.timer = () => this.#tick();
    const setState = acpi.set_state.bind(acpi);
    acpi.set_state = (state) => {
      setState(state);
      this.#line = null;
      acpi.last_timer = acpi.get_timer(this.#monotonic());
    };
    // The data sheet's power-on value; the guest switches to ACPI itself through SMI_CMD.
    acpi.status = 0;
    this.#registerPorts();
  }

  /** The case's power button, pressed shortly. False where the guest does not listen: nothing will come of it. */
  pressPowerButton(): boolean {
    const { status, pm1_enable: enable } = this.#acpi;
    if ((status & SCI_ENABLE) === 0 || (enable & PM1.powerButton) === 0) return false;
    this.#acpi.pm1_status |= PM1.powerButton;
    this.#updateSci();
    return true;
  }

  /** The clock's alarm rang: RTC_STS, which the FADT says is in PM1. */
  rtcAlarm(): void {
    this.#acpi.pm1_status |= PM1.rtc;
    this.#updateSci();
  }

  /** As after a hardware reset. */
  reset(): void {
    const acpi = this.#acpi;
    acpi.status = 0;
    acpi.pm1_status = 0;
    acpi.pm1_enable = 0;
    acpi.gpe.fill(0);
    this.#stored.fill(0);
    this.#smiCommand = 0;
    this.#line = null;
    this.#updateSci();
  }

  getState(): AcpiState {
    return { pmTimer: this.#readTimer(), stored: Array.from(this.#stored) };
  }

  /** After upstream's state: the guest's timer goes on from where it was, in whatever page it is restored. */
  setState(state: AcpiState): void {
    this.#stored.set(state.stored.slice(0, PM_BLOCK_LENGTH));
    this.#timerOffset += (state.pmTimer - this.#readTimer()) & PM_TIMER_MASK;
    this.#acpi.last_timer = this.#acpi.get_timer(this.#monotonic());
    this.#line = null;
  }

  #registerPorts(): void {
    const { io } = this.#cpu;
    registerPortBlock(io, ACPI_PORTS.pciHotPlug, 0x10, { read: () => 0, write: () => {} });
    registerPortBlock(io, ACPI_PORTS.cpuHotPlug, 0x20, {
      read: (offset) => (offset === 0 ? 1 : 0),
      write: () => {},
    });
    registerPortBlock(io, ACPI_PORTS.gpe0, 4, {
      read: (offset) => this.#acpi.gpe[offset],
      write: (offset, value) => this.#writeGpe(offset, value),
    });
    for (const base of ACPI_PORTS.pm) this.#registerPmBlock(base);
    io.register_read(ACPI_PORTS.smiCommand, this, () => this.#smiCommand);
    io.register_write(ACPI_PORTS.smiCommand, this, (value) => this.#writeSmiCommand(value));
  }

  /** The block at one of the places where it may be; it answers where its base register says that it is. */
  #registerPmBlock(base: number): void {
    const { io } = this.#cpu;
    const isHere = () => (this.#configuration[PMBA_WORD] & PMBA_MASK || PMBA_UNSET) === base;
    registerPortBlock(io, base, PM_BLOCK_LENGTH, {
      read: (offset) => (isHere() ? this.#readPm(offset) : 0xff),
      write: (offset, value) => {
        if (isHere()) this.#writePm(offset, value);
      },
    });
    // Whole, not byte by byte: the timer runs on between two reads.
    io.register_read(
      base + PM_OFFSET.timer,
      this,
      () => (isHere() ? this.#readTimer() & 0xff : 0xff),
      () => (isHere() ? this.#readTimer() & 0xffff : 0xffff),
      () => (isHere() ? this.#readTimer() : -1),
    );
  }

  #count(now: number): number {
    return Math.floor((now * PM_TIMER_HZ) / 1000) + this.#timerOffset;
  }

  #readTimer(): number {
    return this.#acpi.get_timer(this.#monotonic()) & PM_TIMER_MASK;
  }

  #readPm(offset: number): number {
    const acpi = this.#acpi;
    switch (offset & ~1) {
      case PM_OFFSET.status:
        return (acpi.pm1_status >> (8 * (offset & 1))) & 0xff;
      case PM_OFFSET.enable:
        return (acpi.pm1_enable >> (8 * (offset & 1))) & 0xff;
      case PM_OFFSET.control:
        return (acpi.status >> (8 * (offset & 1))) & 0xff;
      default:
    }
    if (offset >= PM_OFFSET.timer && offset < PM_OFFSET.timer + 4) {
      return (this.#readTimer() >> (8 * (offset - PM_OFFSET.timer))) & 0xff;
    }
    return READS_ZERO.has(offset) ? 0 : this.#stored[offset];
  }

  #writePm(offset: number, value: number): void {
    const acpi = this.#acpi;
    const shift = 8 * (offset & 1);
    const bits = value << shift;
    const kept = ~(0xff << shift);
    switch (offset & ~1) {
      case PM_OFFSET.status:
        acpi.pm1_status &= ~bits;
        break;
      case PM_OFFSET.enable:
        acpi.pm1_enable = ((acpi.pm1_enable & kept) | bits) & PM1_EVENTS;
        break;
      case PM_OFFSET.control:
        acpi.status = ((acpi.status & kept) | bits) & PM1_CONTROL_STORED;
        if (bits & SLEEP_ENABLE) this.#sleep((bits >> 10) & 7);
        break;
      default:
        this.#stored[offset] = value;
        return;
    }
    this.#updateSci();
  }

  #writeGpe(offset: number, value: number): void {
    const { gpe } = this.#acpi;
    if (offset < 2) gpe[offset] &= ~value;
    else gpe[offset] = value;
    this.#updateSci();
  }

  #writeSmiCommand(value: number): void {
    this.#smiCommand = value;
    if (value === ACPI_ENABLE) this.#acpi.status |= SCI_ENABLE;
    else if (value === ACPI_DISABLE) this.#acpi.status &= ~SCI_ENABLE;
    this.#updateSci();
  }

  #sleep(type: number): void {
    if (type === SLEEP_TYPE_S5 || type === SLEEP_TYPE_S4) this.#onPowerOff();
    // A sleep that the firmware does not offer ends at once: the guest waits for this bit and goes on.
    else this.#acpi.pm1_status |= PM1.wake;
  }

  #tick(): number {
    const acpi = this.#acpi;
    const timer = acpi.get_timer(this.#monotonic());
    // On every change of the top bit, whether or not enabled (ACPI 2.0 §4.7.3.3).
    if ((timer ^ acpi.last_timer) & PM_TIMER_TOP_BIT) acpi.pm1_status |= PM1.timer;
    acpi.last_timer = timer;
    this.#updateSci();
    if ((acpi.pm1_enable & PM1.timer) === 0) return 100;
    const ticksLeft = PM_TIMER_TOP_BIT - (timer & (PM_TIMER_TOP_BIT - 1));
    return Math.min(100, (ticksLeft * 1000) / PM_TIMER_HZ);
  }

  #updateSci(): void {
    const { status, pm1_status, pm1_enable, gpe } = this.#acpi;
    const pending =
      (pm1_status & pm1_enable & PM1_EVENTS) !== 0 || (gpe[0] & gpe[2]) !== 0 || (gpe[1] & gpe[3]) !== 0;
    const line = pending && (status & SCI_ENABLE) !== 0;
    if (line === this.#line) return;
    this.#line = line;
    if (line) this.#cpu.device_raise_irq(SCI_IRQ);
    else this.#cpu.device_lower_irq(SCI_IRQ);
  }
}
