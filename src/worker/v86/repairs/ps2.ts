import type { Cpu, Ps2Controller } from '../internals.ts';

/** What the repair holds beyond upstream's state. */
export interface Ps2State {
  /** Bit 0 scroll lock, bit 1 num lock, bit 2 caps lock, as in the argument of the keyboard's command ED. */
  lights: number;
  scancodeSet: number;
  mouseWraps: boolean;
  selfTested: boolean;
  lastWasCommand: boolean;
  loopsNext: boolean;
}

const ACK = 0xfa;
const RESEND = 0xfe;
const TRANSLATION = 0x40;
/** The keyboard's commands that upstream answers as a keyboard does (IBM PS/2 Hardware Interface TR, Keyboard). */
const KEYBOARD_COMMANDS: ReadonlySet<number> = new Set([0xed, 0xf0, 0xf3, 0xf4, 0xf5, 0xf6]);
/** Of scan code set 3, acknowledged and without effect on the set that is used here. */
const KEYBOARD_NO_EFFECT: ReadonlySet<number> = new Set([0xf7, 0xf8, 0xf9, 0xfa]);
/** The mouse's, the same (IBM PS/2 Hardware Interface TR, Auxiliary Device). */
const MOUSE_COMMANDS: ReadonlySet<number> = new Set([
  0xe6, 0xe7, 0xe8, 0xea, 0xeb, 0xec, 0xf0, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xff,
]);
/** What a keyboard's ids and set numbers become on their way through the controller's translation. */
const TRANSLATED: Readonly<Record<number, number>> = { 0x01: 0x43, 0x02: 0x41, 0x03: 0x3f, 0x83: 0x41 };
/** P2: not in reset, A20 on, both clocks and data lines at rest, as the firmware leaves it. */
const OUTPUT_PORT_AT_RESET = 0xcf;
/** P1: the keyboard is not locked. */
const INPUT_PORT = 0x80;

/**
 * The 8042, its keyboard and its mouse as guests find them in a PC: each command has its own answer, an unknown one is
 * refused, and the lights of the keyboard are known.
 */
export class Ps2Repair {
  readonly #ps2: Ps2Controller;
  readonly #onLights: (lights: number) => void;
  #state: Ps2State = initial();

  constructor({ io, devices: { ps2 } }: Cpu, onLights: (lights: number) => void) {
    this.#ps2 = ps2;
    this.#onLights = onLights;
    ps2.controller_output_port = OUTPUT_PORT_AT_RESET;
    io.register_read(0x64, ps2, () => this.#status());
    io.register_write(0x60, ps2, (value) => this.#data(value));
    io.register_write(0x64, ps2, (value) => this.#command(value));
  }

  getState(): Ps2State {
    return { ...this.#state };
  }

  /** `undefined`: of a moment that was saved before this was kept. */
  setState(state: Ps2State | undefined): void {
    this.#state = { ...initial(), ...state };
    this.#onLights(this.#state.lights);
  }

  /** The machine was reset; upstream has reset its part. */
  reset(): void {
    this.#ps2.controller_output_port = OUTPUT_PORT_AT_RESET;
    this.setState(undefined);
  }

  #status(): number {
    const { selfTested, lastWasCommand } = this.#state;
    return this.#ps2.port64_read() | (selfTested ? 4 : 0) | (lastWasCommand ? 8 : 0);
  }

  #command(value: number): void {
    this.#state.lastWasCommand = true;
    switch (value) {
      case 0xaa:
        this.#state.selfTested = true;
        return this.#ps2.port64_write(value);
      case 0xc0:
        return this.#answer(INPUT_PORT);
      case 0xd2:
        this.#state.loopsNext = true;
        return;
      default:
        this.#ps2.port64_write(value);
    }
  }

  #data(value: number): void {
    const ps2 = this.#ps2;
    this.#state.lastWasCommand = false;
    if (this.#state.loopsNext) {
      this.#state.loopsNext = false;
      this.#answer(value);
    } else if (
      ps2.read_command_register ||
      ps2.read_output_register ||
      ps2.next_read_sample ||
      ps2.next_read_resolution
    ) {
      ps2.port60_write(value);
    } else if (ps2.next_read_led) {
      ps2.port60_write(value);
      this.#light(value & 7);
    } else if (ps2.next_handle_scan_code_set) {
      ps2.next_handle_scan_code_set = false;
      this.#scancodeSet(value);
    } else if (ps2.next_read_rate) ps2.port60_write(value);
    else if (ps2.next_is_mouse_command) this.#mouse(value);
    else if (ps2.read_controller_output_port) ps2.port60_write(value);
    else this.#keyboard(value);
  }

  #keyboard(value: number): void {
    if (KEYBOARD_COMMANDS.has(value)) return this.#ps2.port60_write(value);
    if (KEYBOARD_NO_EFFECT.has(value)) return this.#answer(ACK);
    switch (value) {
      case 0xee:
        return this.#answer(0xee);
      case 0xf2:
        return this.#answer(ACK, 0xab, this.#translated(0x83));
      case 0xfe:
        return this.#answer(this.#ps2.last_port60_byte);
      case 0xff:
        this.#state.scancodeSet = 2;
        this.#ps2.enable_keyboard_stream = true;
        this.#light(0);
        // Upstream adds a byte of its own behind the test's result.
        return this.#answer(ACK, 0xaa);
      default:
        this.#answer(RESEND);
    }
  }

  #scancodeSet(value: number): void {
    if (value === 0) return this.#answer(ACK, this.#translated(this.#state.scancodeSet));
    if (value > 3) return this.#answer(RESEND);
    this.#state.scancodeSet = value;
    this.#answer(ACK);
  }

  #mouse(value: number): void {
    const ps2 = this.#ps2;
    if (this.#state.mouseWraps && value !== 0xec && value !== 0xff) {
      ps2.next_is_mouse_command = false;
      return this.#answerAsMouse(value);
    }
    this.#state.mouseWraps = false;
    if (MOUSE_COMMANDS.has(value)) return ps2.port60_write(value);
    ps2.next_is_mouse_command = false;
    switch (value) {
      case 0xe9:
        return this.#answerAsMouse(ACK, this.#mouseStatus(), Math.log2(ps2.resolution), ps2.sample_rate);
      case 0xee:
        this.#state.mouseWraps = true;
        return this.#answerAsMouse(ACK);
      default:
        this.#answerAsMouse(RESEND);
    }
  }

  /** Bits 2, 1, 0: left, middle, right; 4: scaling 2:1; 5: it reports. Upstream's packets have right in bit 1. */
  #mouseStatus(): number {
    const { mouse_clicks: clicks, scaling2, enable_mouse_stream: reports } = this.#ps2;
    const buttons = ((clicks & 1) << 2) | ((clicks & 4) >> 1) | ((clicks & 2) >> 1);
    return buttons | (scaling2 ? 0x10 : 0) | (reports ? 0x20 : 0);
  }

  #translated(byte: number): number {
    return this.#ps2.command_register & TRANSLATION ? TRANSLATED[byte] : byte;
  }

  #light(lights: number): void {
    if (lights === this.#state.lights) return;
    this.#state.lights = lights;
    this.#onLights(lights);
  }

  #answer(...bytes: readonly number[]): void {
    const { kbd_buffer, mouse_buffer } = this.#ps2;
    kbd_buffer.clear();
    mouse_buffer.clear();
    for (const byte of bytes) kbd_buffer.push(byte);
    this.#ps2.kbd_irq();
  }

  #answerAsMouse(...bytes: readonly number[]): void {
    const { kbd_buffer, mouse_buffer } = this.#ps2;
    kbd_buffer.clear();
    mouse_buffer.clear();
    for (const byte of bytes) mouse_buffer.push(byte);
    this.#ps2.mouse_irq();
  }
}

function initial(): Ps2State {
  return {
    lights: 0,
    scancodeSet: 2,
    mouseWraps: false,
    selfTested: false,
    lastWasCommand: false,
    loopsNext: false,
  };
}
