import type { Cpu } from '../internals.ts';
import { LAPIC } from './apic-registers.ts';
import type { ApicState } from './apic-state.ts';
import { IoApic } from './io-apic.ts';
import { LetterBox } from './letter-box.ts';
import { LocalApic } from './local-apic.ts';

const LOCAL_APIC = 0xfee0_0000;
const IO_APIC = 0xfec0_0000;
/** `src/io.js`, MMAP_BLOCK_SIZE. */
const BLOCK_BYTES = 0x2_0000;
const LOCAL_APIC_BYTES = 0x1000;
const IO_APIC_BYTES = 0x100;
const INTERRUPT_FLAG = 0x200;
const TIMER_REGISTERS: ReadonlySet<number> = new Set([LAPIC.timer, LAPIC.initialCount, LAPIC.divide]);

/**
 * The machine's APICs: the two models beside this file, wired to the processor. A register that is written never interrupts the
 * instruction that writes it: `endBlock` is called, which brings the processor to a place between two instructions soon.
 */
export class Apic {
  readonly local: LocalApic;
  readonly io: IoApic;
  readonly #cpu: Cpu;
  readonly #letterBox: LetterBox;
  readonly #endBlock: () => void;
  readonly #timerSet: () => void;
  #isRestoring = false;

  constructor(
    cpu: Cpu,
    on: { now: () => number; timerSet: () => void; endBlock: () => void; nonMaskable: () => void },
  ) {
    this.#cpu = cpu;
    this.#endBlock = on.endBlock;
    this.#timerSet = on.timerSet;
    this.#letterBox = new LetterBox(cpu);
    this.local = new LocalApic(on.now, {
      endOfInterrupt: (vector) => this.io.endOfInterrupt(vector),
      nonMaskable: on.nonMaskable,
      lint0Masked: (masked) => this.#letterBox.holdBackPic(masked),
    });
    this.io = new IoApic((message) => this.local.receive(message));
    this.#registerMemory();
    this.#followLines();
  }

  /** As after a hardware reset. */
  reset(): void {
    this.#letterBox.empty();
    this.local.reset();
    this.io.reset();
  }

  /** The local APIC was switched off by its MSR: its registers are gone, and the 8259s are heard. */
  switchedOff(): void {
    this.collect();
    this.local.reset();
    this.offer();
  }

  /** Lets the timer do what is due, between two instructions; gives the milliseconds until the next time. */
  tick(now: number): number {
    this.collect();
    const next = this.local.tick(now);
    this.offer();
    return next;
  }

  /** Hears what the processor took since. Before anything looks at the local APIC. */
  collect(): void {
    if (this.#isRestoring) return;
    const taken = this.#letterBox.collect();
    if (taken >= 0) this.local.acknowledge(taken);
  }

  /** Puts before the processor what it should take next. True when there is something that it may take now. */
  offer(): boolean {
    if (this.#isRestoring) return false;
    const vector = this.local.pending;
    this.#letterBox.offer(vector);
    return vector >= 0 && (this.#cpu.flags[0] & INTERRUPT_FLAG) !== 0;
  }

  /** Whether the guest is done with the timer's last tick, or null where it does not come by the I/O APIC. */
  timerAnswered(): boolean | null {
    const vector = this.io.timerVector;
    if (vector === null) return null;
    this.collect();
    return !this.local.isUnderWay(vector);
  }

  getState(): ApicState {
    this.collect();
    return { local: this.local.getState(), io: this.io.getState() };
  }

  /** Upstream's state comes: the letter box is left as that has it, until `setState`. */
  beginRestore(): void {
    this.#isRestoring = true;
  }

  /** After upstream's state, whose letter box belongs to another time. */
  setState(state: ApicState): void {
    this.#isRestoring = false;
    this.#letterBox.empty();
    this.local.setState(state.local);
    this.io.setState(state.io);
    this.offer();
  }

  /** What the engine's own model held, in a state of the time when it was in use. */
  legacyState(now: number): ApicState {
    return this.#letterBox.legacyState(now);
  }

  get #isOff(): boolean {
    return this.#cpu.apic_enabled[0] === 0;
  }

  #registerMemory(): void {
    const local = (address: number) => (address >>> 0) - LOCAL_APIC;
    const io = (address: number) => (address >>> 0) - IO_APIC;
    this.#register(LOCAL_APIC, {
      read: (address) => {
        const offset = local(address);
        if (offset >= LOCAL_APIC_BYTES || this.#isOff) return -1;
        this.collect();
        return this.local.read(offset);
      },
      write: (address, value) => {
        const offset = local(address);
        if (offset >= LOCAL_APIC_BYTES || offset & 0xf || this.#isOff) return;
        this.collect();
        this.local.write(offset, value);
        if (TIMER_REGISTERS.has(offset)) this.#timerSet();
        if (this.offer()) this.#endBlock();
      },
    });
    this.#register(IO_APIC, {
      read: (address) => (io(address) < IO_APIC_BYTES ? this.io.read(io(address)) : -1),
      write: (address, value) => {
        if (io(address) >= IO_APIC_BYTES) return;
        this.collect();
        this.io.write(io(address), value);
        if (this.offer()) this.#endBlock();
      },
    });
  }

  /**
   * Registers of 32 bits that smaller reads see a part of. Of a smaller write the byte that is the lowest of a register counts, together with
   * what the rest of the register reads; the others change nothing (SDM 3A §10.4.1 leaves them undefined; systems write
   * the I/O APIC's select register as a byte).
   */
  #register(
    base: number,
    on: { read: (address: number) => number; write: (address: number, value: number) => void },
  ): void {
    const whole = (address: number) => on.read((address & ~3) >>> 0);
    this.#cpu.io.mmap_register(
      base,
      BLOCK_BYTES,
      (address) => (whole(address) >>> (8 * (address & 3))) & 0xff,
      (address, value) => {
        if ((address & 3) === 0) on.write(address, (whole(address) & ~0xff) | value);
      },
      (address) => whole(address) | 0,
      (address, value) => on.write(address, value >>> 0),
    );
  }

  #followLines(): void {
    const cpu = this.#cpu;
    const raise = cpu.device_raise_irq.bind(cpu);
    const lower = cpu.device_lower_irq.bind(cpu);
    cpu.device_raise_irq = (irq) => {
      this.#setLine(irq, true);
      raise(irq);
    };
    cpu.device_lower_irq = (irq) => {
      this.#setLine(irq, false);
      lower(irq);
    };
  }

  #setLine(irq: number, up: boolean): void {
    this.collect();
    this.io.setLine(irq, up);
    this.offer();
  }
}

/** A machine with the 8259s alone: no APIC in CPUID, none behind its addresses, nothing before LINT0. */
export function withoutApic(cpu: Cpu): void {
  cpu.acpi_enabled[0] = 0;
  new LetterBox(cpu).holdBackPic(false);
  const absent = () => -1;
  for (const base of [LOCAL_APIC, IO_APIC]) {
    cpu.io.mmap_register(
      base,
      BLOCK_BYTES,
      () => 0xff,
      () => {},
      absent,
      () => {},
    );
  }
}
