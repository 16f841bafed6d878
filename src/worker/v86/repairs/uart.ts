import type { Cpu, Uart } from '../internals.ts';

const MODEM_CONTROL = 0x3fc;

/** Modem control register, 16550D data sheet §8.5: three bits do not exist. */
const MCR = { dtr: 0x01, rts: 0x02, out1: 0x04, out2: 0x08, loop: 0x10, all: 0x1f } as const;
/** Modem status register, §8.7: the lines, and below them what became of each since it was read last. */
const MSR = { cts: 0x10, dsr: 0x20, ri: 0x40, dcd: 0x80 } as const;
const DELTAS = 0x0f;
/** Of the deltas: RI's says that it ended. */
const RING_ENDED = 0x04;
/** The other end of the line is always there, as with a null modem. */
const NULL_MODEM = MSR.dcd | MSR.dsr | MSR.cts;
/** Upstream's number of the modem status interrupt (`src/uart.js`, UART_IIR_MSI). */
const MODEM_STATUS_INTERRUPT = 0;

/**
 * The modem lines of COM1. Upstream (`src/uart.js`) keeps whatever is written to the modem control register, has nobody at the other end of
 * the line, and does not lead the outputs to the inputs in loopback mode, by which drivers tell a 16550 from an empty port.
 */
export function applyUartRepair({ io, devices: { uart0: uart } }: Cpu): void {
  uart.modem_status = NULL_MODEM;
  const { write8 } = io.ports[MODEM_CONTROL];
  io.register_write(MODEM_CONTROL, uart, (value) => {
    write8.call(uart, value & MCR.all);
    follow(uart);
  });
  const setState = uart.set_state.bind(uart);
  uart.set_state = (state) => {
    setState(state);
    // Of a moment from before there were lines: the guest is told of no change.
    uart.modem_control &= MCR.all;
    uart.modem_status = lines(uart.modem_control) | (uart.modem_status & DELTAS);
  };
}

function lines(control: number): number {
  if ((control & MCR.loop) === 0) return NULL_MODEM;
  return (
    (control & MCR.rts ? MSR.cts : 0) |
    (control & MCR.dtr ? MSR.dsr : 0) |
    (control & MCR.out1 ? MSR.ri : 0) |
    (control & MCR.out2 ? MSR.dcd : 0)
  );
}

function follow(uart: Uart): void {
  const now = lines(uart.modem_control);
  const changed = (uart.modem_status ^ now) >> 4;
  const deltas = changed & ~(now & MSR.ri ? RING_ENDED : 0);
  uart.modem_status = now | (uart.modem_status & DELTAS) | deltas;
  if (deltas) uart.ThrowInterrupt(MODEM_STATUS_INTERRUPT);
}
