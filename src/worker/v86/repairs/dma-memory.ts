import type { Cpu } from '../internals.ts';

/**
 * What devices read and write in memory by themselves ends where the memory ends: bytes for addresses without any are lost, and
 * reading there finds ones, as on a bus where nobody answers (PCI 2.1 §3.7.4.1, master abort). A guest chooses these addresses: in the disk
 * controller's tables, and for the floppy drive in the page registers of the DMA controller. Upstream (`src/cpu.js`, write_blob; `src/dma.js`,
 * do_write) throws out of the processor's loop when it writes there, and reads too few bytes, or those at the memory's other end.
 */
export function applyDmaMemoryRepair(cpu: Cpu): void {
  const write = cpu.write_blob.bind(cpu);
  const read = cpu.read_blob.bind(cpu);
  const inside = (start: number, length: number) => Math.max(0, Math.min(length, cpu.memory_size[0] - start));

  cpu.write_blob = (bytes, address) => {
    const start = address >>> 0;
    write(bytes.subarray(0, inside(start, bytes.length)), start);
  };
  cpu.read_blob = (address, length) => {
    const start = address >>> 0;
    const there = inside(start, length);
    if (there === length) return read(start, length);
    const bytes = new Uint8Array(length).fill(0xff);
    if (there > 0) bytes.set(read(start, there));
    return bytes;
  };
  // It reads the memory's view directly.
  cpu.devices.dma.cpu = {
    mem8: { subarray: (start, end) => cpu.read_blob(start, end - start) },
    write_blob: (bytes, address) => cpu.write_blob(bytes, address),
  };
}
