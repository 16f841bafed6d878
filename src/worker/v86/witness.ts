import type { ScreenMode } from '../../protocol/machine-messages.ts';
import type { Cpu, Internals } from './internals.ts';

/** Somebody who looks on while the machine works. Called from the machine's own handlers: it must be quick and never throw. */
export interface EngineWitness {
  discRead(offset: number, length: number): void;
  /** `paged`: the processor had paging on. */
  diskRead(offset: number, length: number, paged: boolean): void;
  diskWrite(offset: number, length: number): void;
  /** A transfer by the bus master. */
  dma(drive: 'disc' | 'disk', direction: 'read' | 'write', paged: boolean): void;
  /** A packet command of the disc drive. */
  packet(opcode: number): void;
  /** A chip was set up while paging was on. */
  chip(chip: 'pic' | 'pit' | 'rtc'): void;
  screenMode(mode: ScreenMode, graphics: boolean): void;
  mouse(enabled: boolean): void;
  /** What it has seen, to be kept with the machine; it is given back as it was, or `undefined` where nothing was kept. */
  save(): string;
  restore(saved: string | undefined): void;
}

/** `src/rust/cpu/pic.rs`, struct Pic: where the first vector stands, and the one that a BIOS gives to IRQ 0. */
const PIC_FIRST_VECTOR = 1;
const BIOS_FIRST_VECTOR = 0x08;
const PIT_CONTROL = 0x43;
/** 8254: the counter of a control word that sets a mode is in bits 7 and 6; 3 reads back. Bits 5 and 4 at zero latch. */
const isModeOfCounter0 = (word: number): boolean => word >> 6 === 0 && (word & 0x30) !== 0;
const RTC_INDEX = 0x70;
const RTC_DATA = 0x71;
const RTC_B = 0x0b;
const PERIODIC_INTERRUPT = 0x40;
const PAGING = 1 << 31;

/** Whether the guest runs with paging: firmware, and what it starts in real mode, does not. */
export function isPaged({ cr }: Cpu): boolean {
  return (cr[0] & PAGING) !== 0;
}

/**
 * Tells of the first work of a kernel on the chips that it counts time and takes interrupts by. Only writes of a byte to
 * three ports are looked at, before they do what they do; the 8259s are the engine's own, which no handler of a port sees, so
 * they are looked at then, and when the function that comes back is called.
 */
export function watchChips({ cpu, bus }: Internals, witness: EngineWitness): () => void {
  const lookAtPic = () => {
    if (!isPaged(cpu)) return;
    const pic = new Uint8Array(cpu.wasm_memory.buffer, cpu.get_pic_addr_master(), PIC_FIRST_VECTOR + 1);
    const first = pic[PIC_FIRST_VECTOR];
    // Zero is how the power finds it.
    if (first !== BIOS_FIRST_VECTOR && first !== 0) witness.chip('pic');
  };
  beforeWrite(cpu, PIT_CONTROL, (value) => {
    lookAtPic();
    if (isModeOfCounter0(value) && isPaged(cpu)) witness.chip('pit');
  });
  let index = 0;
  beforeWrite(cpu, RTC_INDEX, (value) => {
    index = value & 0x7f;
  });
  beforeWrite(cpu, RTC_DATA, (value) => {
    lookAtPic();
    if (index === RTC_B && value & PERIODIC_INTERRUPT && isPaged(cpu)) witness.chip('rtc');
  });
  // `src/ps2.js` tells its adapters of the mouse's commands F4, F5, F6 and FF.
  bus.register('mouse-enable', (enabled: boolean) => witness.mouse(enabled));
  return lookAtPic;
}

function beforeWrite({ io }: Cpu, port: number, look: (value: number) => void): void {
  const entry = io.ports[port];
  const write = entry.write8;
  entry.write8 = function (this: unknown, value: number): void {
    look(value);
    write.call(this, value);
  };
}
