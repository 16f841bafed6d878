import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VitrineError } from '../../../lib/errors.ts';
import { MemoryDrive, RealMachine } from '../testing/real-machine.ts';

const BASE = 0x1f0;
const CONTROL = 0x3f6;
const IRQ = 14;
const SECTORS = 4096;
const BUSY = 0x80;
const READY = 0x50;

/** A disk whose writes and flushes end when the test says so. */
class SlowDisk extends MemoryDrive {
  held: (() => void)[] = [];
  flushes: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  hold = false;
  failing: unknown = null;

  override get(start: number, length: number, done: (bytes: Uint8Array) => void): void {
    if (this.failing) throw this.failing;
    super.get(start, length, done);
  }

  override set(start: number, bytes: Uint8Array, done: () => void): void {
    if (this.failing) throw this.failing;
    super.set(start, bytes.slice(), () => (this.hold ? this.held.push(done) : done()));
  }

  flush(): Promise<void> {
    return new Promise((resolve, reject) => this.flushes.push({ resolve, reject }));
  }
}

let machine: RealMachine;
let disk: SlowDisk;
const io = () => machine.internals.cpu.io;
const out = (register: number, value: number) => io().port_write8(BASE + register, value);
const status = () => io().port_read8(CONTROL);
const settle = () => new Promise((resolve) => setImmediate(resolve));

function command(code: number, lba = 0, count = 1, features = 0): void {
  const wide = [0x24, 0x25, 0x34, 0x35, 0x42, 0xea].includes(code);
  if (wide) {
    out(2, count >> 8);
    out(3, (lba / 0x100_0000) & 0xff);
    out(4, 0);
    out(5, 0);
  }
  out(1, features);
  out(2, count & 0xff);
  out(3, lba & 0xff);
  out(4, (lba >> 8) & 0xff);
  out(5, (lba >> 16) & 0xff);
  out(6, 0xe0 | (wide ? 0 : (lba >> 24) & 0xf));
  out(7, code);
}

const readWords = (count: number) => Uint16Array.from({ length: count }, () => io().port_read16(BASE));
const identify = () => {
  command(0xec);
  return readWords(256);
};

beforeEach(async () => {
  disk = new SlowDisk(new Uint8Array(SECTORS * 512));
  machine = await RealMachine.build({ disk, disc: new Uint8Array(2048) });
  io().port_write8(CONTROL, 0);
  machine.forgetIrq(IRQ);
});
afterEach(() => machine.dispose());

describe('IDENTIFY', () => {
  it('claims the write cache, FLUSH CACHE (EXT) and DMA, and pads its names', () => {
    const words = identify();
    expect(words[49] & 0x0300).toBe(0x0300);
    expect(words[82] & 0x20).toBe(0x20);
    expect(words[85] & 0x20).toBe(0x20);
    expect(words[83] & 0x7400).toBe(0x7400);
    expect(words[86] & 0xf400).toBe(0x3400);
    expect(words[60] | (words[61] << 16)).toBe(SECTORS);
    const bytes = new Uint8Array(words.slice(27, 47).buffer);
    const model = String.fromCharCode(...bytes.map((_, i) => bytes[i ^ 1]));
    expect(model).toBe('v86 ATA HD'.padEnd(40));
  });

  it('says how many sectors its geometry reaches (words 54 to 58)', () => {
    const words = identify();
    expect(words[57] | (words[58] << 16)).toBe(words[54] * words[55] * words[56]);
    expect(words[57] | (words[58] << 16)).toBeGreaterThan(0);
    const { master } = machine.internals.cpu.devices.ide.primary!;
    master.sector_count = 0x1234_5678;
    const large = identify();
    expect(large[57] | (large[58] << 16)).toBe(large[54] * large[55] * large[56]);
  });

  it('caps the 28-bit size of a disk that is larger, and keeps the 48-bit one', () => {
    const { master } = machine.internals.cpu.devices.ide.primary!;
    master.sector_count = 0x1234_5678;
    const words = identify();
    expect(words[60] | (words[61] << 16)).toBe(0x0fff_ffff);
    expect(words[100] | (words[101] << 16)).toBe(0x1234_5678);
  });

  it('names its standard, cycle times and blocks (ATA/ATAPI-6 §8.15, words 47, 49, 59, 64 to 68, 80)', () => {
    const words = identify();
    expect(words[80]).toBe(0x00f0);
    expect(words[47]).toBe(0x8010);
    expect(words[59]).toBe(0x0110);
    expect(words[49] & 0x0b00).toBe(0x0b00);
    expect(words[53] & 0x06).toBe(0x06);
    expect(words[64]).toBe(0x0003);
    expect(Array.from(words.subarray(65, 69))).toEqual([120, 120, 120, 120]);
    expect(words[93] & 0x6000).toBe(0x6000);
    command(0xc6, 0, 4);
    expect(identify()[59]).toBe(0x0104);
    command(0xc6, 0, 0);
    expect(identify()[59]).toBe(0);
  });

  it.each([
    ['PIO 4', 0x0c, 0x0007, 0x003f],
    ['multiword DMA 2', 0x22, 0x0407, 0x003f],
    ['multiword DMA 0', 0x20, 0x0107, 0x003f],
    ['Ultra DMA 5', 0x45, 0x0007, 0x203f],
    ['Ultra DMA 2', 0x42, 0x0007, 0x043f],
  ])('says which transfer modes there are, and which SET FEATURES chose: %s', (_, mode, multiword, ultra) => {
    expect([identify()[63], identify()[88]]).toEqual([0x0007, 0x203f]);
    command(0xef, 0, mode, 0x03);
    expect(status()).toBe(READY);
    expect([identify()[63], identify()[88]]).toEqual([multiword, ultra]);
    const moment = machine.repairs!.getState();
    machine.internals.cpu.reboot_internal();
    expect([identify()[63], identify()[88]]).toEqual([0x0007, 0x203f]);
    machine.repairs!.setState(moment);
    expect([identify()[63], identify()[88]]).toEqual([multiword, ultra]);
  });

  it('has the fastest mode of then in a moment that does not say one', () => {
    const moment = machine.repairs!.getState();
    for (const drive of moment.ide) delete drive.transferMode;
    machine.repairs!.setState(moment);
    expect([identify()[63], identify()[88]]).toEqual([0x0407, 0x003f]);
  });

  it('follows SET FEATURES for the write cache', () => {
    command(0xef, 0, 0, 0x82);
    expect(identify()[85] & 0x20).toBe(0);
    command(0xef, 0, 0, 0x02);
    expect(identify()[85] & 0x20).toBe(0x20);
  });
});

describe('FLUSH CACHE', () => {
  it.each([0xe7, 0xea])('%i holds the drive busy until the disk is durable', async (code) => {
    command(code);
    expect(status() & BUSY).toBe(BUSY);
    expect(machine.irqRequested(IRQ)).toBe(false);
    disk.flushes[0].resolve();
    await settle();
    expect(status()).toBe(READY);
    expect(machine.irqRequested(IRQ)).toBe(true);
    expect(io().port_read8(BASE + 1)).toBe(0);
  });

  it('that fails stops the machine, once, and is never answered', async () => {
    command(0xe7);
    disk.flushes[0].reject(new VitrineError('bytes/unreadable', { name: 'disk' }));
    await settle();
    expect(machine.events).toHaveLength(1);
    expect(machine.events[0]).toContain('fatal bytes/unreadable');
    expect(status() & BUSY).toBe(BUSY);
  });

  it('is forgotten by a reset', async () => {
    command(0xe7);
    io().port_write8(CONTROL, 0x04);
    io().port_write8(CONTROL, 0x00);
    expect(status()).toBe(READY);
    expect(io().port_read8(BASE + 1)).toBe(1);
    const settled = machine.repairs!.settled();
    disk.flushes[0].resolve();
    await settled;
    expect(machine.irqRequested(IRQ)).toBe(false);
  });
});

describe('a write', () => {
  const pio = (lba: number, fill: number) => {
    command(0x30, lba);
    for (let i = 0; i < 256; i++) io().port_write16(BASE, fill | (fill << 8));
  };

  it('by PIO holds the guest until the disk took it', async () => {
    disk.hold = true;
    pio(7, 0xab);
    expect(status() & BUSY).toBe(BUSY);
    expect(machine.irqRequested(IRQ)).toBe(false);
    let settled = false;
    const idle = machine.repairs!.settled().then(() => (settled = true));
    await settle();
    expect(settled).toBe(false);
    disk.held[0]();
    await idle;
    expect(status()).toBe(READY);
    expect(machine.irqRequested(IRQ)).toBe(true);
    expect(disk.bytes[7 * 512]).toBe(0xab);
    expect(disk.bytes[8 * 512 - 1]).toBe(0xab);
    expect(disk.bytes[8 * 512]).toBe(0);
  });

  it('by DMA does too, from a table that may be larger than the command', async () => {
    const { cpu } = machine.internals;
    const view = new DataView(cpu.mem8.buffer, cpu.mem8.byteOffset);
    cpu.mem8.fill(0xcd, 0x3000, 0x3000 + 1024);
    view.setUint32(0x2000, 0x3000, true);
    view.setUint32(0x2004, 512, true);
    view.setUint32(0x2008, 0x3200, true);
    view.setUint32(0x200c, 0x8000_0000 | 4096, true);
    disk.hold = true;
    io().port_write32(0xb404, 0x2000);
    command(0xca, 20, 2);
    io().port_write8(0xb400, 0x01);
    expect(status() & BUSY).toBe(BUSY);
    disk.held[0]();
    expect(status()).toBe(READY);
    expect(io().port_read8(0xb402) & 0x05).toBe(0x04);
    expect(disk.bytes.subarray(20 * 512, 22 * 512).every((byte) => byte === 0xcd)).toBe(true);
    expect(disk.bytes[22 * 512]).toBe(0);
  });

  it('waits for a flush as well where the guest turned the cache off', async () => {
    command(0xef, 0, 0, 0x82);
    io().port_read8(BASE + 7);
    pio(1, 0x11);
    expect(status() & BUSY).toBe(BUSY);
    disk.flushes[0].resolve();
    await settle();
    expect(status()).toBe(READY);
  });

  it('that fails stops the machine', () => {
    disk.failing = new Error('the disk is gone');
    pio(1, 0x22);
    expect(machine.events[0]).toContain('the disk is gone');
    expect(status() & BUSY).toBe(BUSY);
  });
});

describe('a read', () => {
  it('gives the sector', () => {
    disk.bytes.fill(0x5a, 3 * 512, 4 * 512);
    command(0x20, 3);
    expect(readWords(256).every((word) => word === 0x5a5a)).toBe(true);
    expect(status()).toBe(READY);
  });

  it('that fails stops the machine and gives no data', () => {
    disk.failing = new Error('the disk is gone');
    command(0x20, 3);
    expect(machine.events[0]).toContain('the disk is gone');
    expect(status() & 0x08).toBe(0);
  });
});

describe('a sector that is not there', () => {
  it.each([
    [0x20, SECTORS, 1],
    [0x24, SECTORS - 1, 2],
    [0x25, 0x1000_0000, 1],
    [0xc8, SECTORS, 1],
    [0x30, SECTORS, 1],
    [0xca, SECTORS - 3, 4],
    [0x40, SECTORS, 1],
    [0x42, SECTORS, 1],
    [0x21, SECTORS, 1],
    [0x41, SECTORS, 1],
    [0x70, SECTORS, 1],
    [0xc9, SECTORS, 1],
  ])('is an error for command %i', (code, lba, count) => {
    command(code, lba, count);
    expect(status()).toBe(0x51);
    expect(io().port_read8(BASE + 1)).toBe(0x10);
    expect(machine.irqRequested(IRQ)).toBe(true);
  });
});

describe('commands that upstream refuses', () => {
  it.each([0x40, 0x41, 0x42, 0x70, 0xe2, 0xe3, 0xe6])('%i completes', (code) => {
    command(code, 5, 1);
    expect(status()).toBe(READY);
    expect(machine.irqRequested(IRQ)).toBe(true);
  });

  it('READ and WRITE "without retries" are READ and WRITE (ATA-4 §8.27)', () => {
    command(0x31, 9);
    for (let i = 0; i < 256; i++) io().port_write16(BASE, 0x1234);
    command(0x21, 9);
    expect(readWords(256).every((word) => word === 0x1234)).toBe(true);
    expect(status()).toBe(READY);
  });

  it('CHECK POWER MODE says active', () => {
    command(0xe5);
    expect(status()).toBe(READY);
    expect(io().port_read8(BASE + 2)).toBe(0xff);
  });
});

describe('the bus master', () => {
  it('keeps the bits that say a drive is capable of DMA, wherever its block is', () => {
    io().port_write8(0xb402, 0x60);
    expect(io().port_read8(0xb402)).toBe(0x60);
    io().port_write32(0xcf8, 0x8000_f020 | 0);
    io().port_write32(0xcfc, 0xc000);
    io().port_write8(0xc002, 0x20);
    expect(io().port_read8(0xc002)).toBe(0x20);
  });
});

describe('the bus master’s registers (BMI 1.0 §2.3)', () => {
  it('has its table’s address at every width', () => {
    io().port_write32(0xb404, 0x0034_567b);
    expect(io().port_read32(0xb404)).toBe(0x0034_5678);
    expect([io().port_read16(0xb404), io().port_read16(0xb406)]).toEqual([0x5678, 0x0034]);
    expect([4, 5, 6, 7].map((offset) => io().port_read8(0xb400 + offset))).toEqual([0x78, 0x56, 0x34, 0x00]);
    io().port_write16(0xb404, 0xabcd);
    io().port_write16(0xb406, 0x9876);
    expect(io().port_read32(0xb404) >>> 0).toBe(0x9876_abcc);
    io().port_write8(0xb406, 0x01);
    expect(io().port_read32(0xb404) >>> 0).toBe(0x9801_abcc);
    expect(machine.internals.cpu.devices.ide.primary!.prdt_addr >>> 0).toBe(0x9801_abcc);
  });
});

describe('what a disk has not', () => {
  it.each([
    ['DEVICE RESET, of packet devices', 0x08, 1, 0],
    ['GET MEDIA STATUS, of removable media', 0xda, 1, 0],
    ['SET FEATURES 95h, media status notification', 0xef, 1, 0x95],
    ['SET FEATURES 5Dh', 0xef, 1, 0x5d],
    ['SET MULTIPLE 3, no power of two', 0xc6, 3, 0],
    ['SET MULTIPLE 32, more than word 47 says', 0xc6, 32, 0],
    ['SET FEATURES, Ultra DMA 6', 0xef, 0x46, 0x03],
    ['SET FEATURES, multiword DMA 3', 0xef, 0x23, 0x03],
    ['SET FEATURES, PIO 5', 0xef, 0x0d, 0x03],
    ['SET FEATURES, a mode of no kind', 0xef, 0x80, 0x03],
    ['MEDIA LOCK', 0xde, 1, 0],
    ['MEDIA UNLOCK', 0xdf, 1, 0],
  ])('is aborted (ATA/ATAPI-6 §6.2): %s', (_, code, count, features) => {
    command(code, 0, count, features);
    expect(status() & 0x01).toBe(1);
    expect(io().port_read8(BASE + 1)).toBe(0x04);
  });

  it('READ MULTIPLE is, while SET MULTIPLE has it off, and does not hang', () => {
    command(0xc6, 0, 0);
    expect(status()).toBe(READY);
    command(0xc4, 0, 4);
    expect(io().port_read8(BASE + 1)).toBe(0x04);
    command(0xc6, 0, 4);
    command(0xc4, 0, 4);
    expect(status()).toBe(READY | 0x08);
    readWords(1024);
    expect(status()).toBe(READY);
  });
});

describe('a table of the bus master (Bus Master IDE 1.0 §1.2)', () => {
  const table = 0x10_0000;
  const memory = () => {
    const { mem8 } = machine.internals.cpu;
    return new DataView(mem8.buffer, mem8.byteOffset);
  };
  const entry = (i: number, address: number, count: number) => {
    memory().setUint32(table + i * 8, address, true);
    memory().setUint32(table + i * 8 + 4, count, true);
  };
  function dma(code: number, count: number): number {
    io().port_write8(0xb402, 0x06);
    io().port_write32(0xb404, table);
    command(code, 0, count);
    io().port_write8(0xb400, code === 0xc8 ? 0x09 : 0x01);
    const bits = io().port_read8(0xb402) & 7;
    io().port_write8(0xb400, 0);
    return bits;
  }

  it.each([0xc8, 0xca])('that does not end is an error for command %i, and the drive goes on', (code) => {
    // As many entries of two bytes as a table can have, and no end.
    for (let i = 0; i < 0x2100; i++) entry(i, 0x20_0000, 2);
    expect(dma(code, 64)).toBe(0x06);
    expect(status()).toBe(0x51);
    expect(io().port_read8(BASE + 1)).toBe(0x04);
    entry(0, 0x20_0000, 0x8000_0200);
    expect(dma(code, 1)).toBe(0x04);
    expect(status()).toBe(READY);
  });

  it('without an end is none where the data end before it', () => {
    disk.bytes.fill(0x6b, 0, 1024);
    for (let i = 0; i < 0x2100; i++) entry(i, 0x20_0000 + i * 512, 512);
    expect(dma(0xc8, 2)).toBe(0x04);
    const { mem8 } = machine.internals.cpu;
    expect(mem8[0x20_03ff]).toBe(0x6b);
    expect(mem8[0x20_0400]).toBe(0);
  });

  it.each([0x0400_0000, 0x8000_0000, 0xffff_fe00, 0xfee0_0000])(
    'may point outside of the memory, at %i: bytes are lost, and ones are read',
    (address) => {
      entry(0, address, 512);
      entry(1, 0x20_0000, 0x8000_0200);
      disk.bytes.fill(0x77, 0, 1024);
      expect(dma(0xc8, 2)).toBe(0x04);
      expect(machine.internals.cpu.mem8[0x20_01ff]).toBe(0x77);
      expect(dma(0xca, 2)).toBe(0x04);
      expect(disk.bytes.subarray(0, 512).every((byte) => byte === 0xff)).toBe(true);
      expect(disk.bytes[512]).toBe(0x77);
    },
  );
});
