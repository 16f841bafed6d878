/** How an interrupt is delivered: bits 10:8 of the ICR, the LVT and the I/O APIC's entries (SDM 3A §10.6.1, 82093AA §3.2.4). */
export const DELIVERY = { fixed: 0, lowestPriority: 1, smi: 2, nmi: 4, init: 5, extInt: 7 } as const;

/** What travels on the APIC bus to the processors. */
export interface InterruptMessage {
  readonly vector: number;
  /** One of `DELIVERY`. */
  readonly mode: number;
  readonly level: boolean;
  /** Bits 31:24 of the register, as a byte. */
  readonly destination: number;
  readonly logical: boolean;
}

/** Takes a message apart from a register with its fields at their usual places: an ICR or an I/O APIC entry. */
export function messageOf(low: number, high: number): InterruptMessage {
  return {
    vector: low & 0xff,
    mode: (low >> 8) & 7,
    logical: (low & 0x800) !== 0,
    level: (low & 0x8000) !== 0,
    destination: high >>> 24,
  };
}
