import type { RealMachine } from '../../src/worker/v86/testing/real-machine.ts';

/** A boot that uses more of the processor than this hangs; a whole one needs a tenth of it. */
const MOST_SECONDS = 300;
const LOOK_MS = 100;

/** Why a boot is not one of those that passed. */
export class BootFailure extends Error {}

/** What a person at the machine does: reads its screen and its serial line, and types. */
export class GuestConsole {
  readonly machine: RealMachine;
  readonly #since = process.cpuUsage();

  constructor(machine: RealMachine) {
    this.machine = machine;
  }

  /** Seconds of the processor that the boot has taken. */
  get seconds(): number {
    const { user, system } = process.cpuUsage(this.#since);
    return (user + system) / 1e6;
  }

  /** Waits for `wanted` on the screen; `BootFailure` where `bad` comes first, the machine ends, or nothing comes. */
  async screen(wanted: RegExp, bad: RegExp): Promise<string> {
    return this.#until(() => this.machine.textScreen(), wanted, bad);
  }

  /** The same on the serial line, from now on. */
  async serial(wanted: RegExp, bad: RegExp, from = 0): Promise<string> {
    return this.#until(() => this.machine.serial.slice(from), wanted, bad);
  }

  /** Types on the keyboard, a key at a time as the guest takes them. */
  async type(text: string): Promise<void> {
    const { emulator, internals } = this.machine;
    for (const character of text) {
      emulator.keyboard_send_scancodes(strokeOf(character));
      while (internals.cpu.devices.ps2.kbd_buffer.length > 0) await pause();
    }
  }

  async #until(read: () => string, wanted: RegExp, bad: RegExp): Promise<string> {
    for (;;) {
      const seen = read();
      const found = bad.exec(seen);
      if (found) throw new BootFailure(`${found[0]}\n${seen}`);
      if (wanted.test(seen)) return seen;
      const [ended] = this.machine.events;
      if (ended) throw new BootFailure(`the machine ended: ${ended}\n${seen}`);
      if (this.seconds > MOST_SECONDS) throw new BootFailure(`no ${wanted.source} came\n${seen}`);
      await pause();
    }
  }
}

/** Set 1 make codes of the keys of a US keyboard, in their rows from these codes on. */
const ROWS: readonly [first: number, keys: string, shifted: string][] = [
  [0x02, '1234567890-=', '!@#$%^&*()_+'],
  [0x10, 'qwertyuiop[]\n', 'QWERTYUIOP{}\n'],
  [0x1e, "asdfghjkl;'`", 'ASDFGHJKL:"~'],
  [0x2b, '\\zxcvbnm,./', '|ZXCVBNM<>?'],
  [0x39, ' ', ' '],
];
const SHIFT = 0x2a;
const BREAK = 0x80;

/** A key pressed and let go, with the shift key held where it has to be. */
function strokeOf(character: string): number[] {
  for (const [first, keys, shifted] of ROWS) {
    const plain = keys.indexOf(character);
    if (plain >= 0) return [first + plain, (first + plain) | BREAK];
    const above = shifted.indexOf(character);
    if (above >= 0) return [SHIFT, first + above, (first + above) | BREAK, SHIFT | BREAK];
  }
  throw new Error(`No key writes ${character}.`);
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOK_MS));
