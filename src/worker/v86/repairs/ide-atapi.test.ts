import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VitrineError } from '../../../lib/errors.ts';
import { MemoryDrive, RealMachine } from '../testing/real-machine.ts';

const BASE = 0x170;
const CONTROL = 0x376;
const IRQ = 15;
const SECTORS = 300;

class Disc extends MemoryDrive {
  failing: unknown = null;
  size: number | undefined;

  override get byteLength(): number {
    return this.size ?? super.byteLength;
  }

  override get(start: number, length: number, done: (bytes: Uint8Array) => void): void {
    if (this.failing) throw this.failing;
    super.get(start, length, done);
  }
}

let machine: RealMachine;
let disc: Disc;
let lastSense: Uint8Array = new Uint8Array(0);
const told: unknown[] = [];
const io = () => machine.internals.cpu.io;
const drive = () => machine.internals.cpu.devices.cdrom;
const status = () => io().port_read8(CONTROL);

/** Sends a packet by PIO and gives the data that comes back, or the sense when it fails. */
function packet(...cdb: number[]): Uint8Array | string {
  return limited(0xfffe, cdb).answer;
}

/** The same with a byte count limit, and how much came at a time. */
function limited(limit: number, cdb: readonly number[]): { answer: Uint8Array | string; parts: number[] } {
  io().port_write8(BASE + 6, 0xa0);
  io().port_write8(BASE + 1, 0);
  io().port_write8(BASE + 4, limit & 0xff);
  io().port_write8(BASE + 5, limit >> 8);
  io().port_write8(BASE + 7, 0xa0);
  const bytes = [...cdb, ...Array.from({ length: 12 - cdb.length }, () => 0)];
  for (let i = 0; i < 12; i += 2) io().port_write16(BASE, bytes[i] | (bytes[i + 1] << 8));
  expect(machine.irqLine(IRQ)).toBe(true);
  io().port_read8(BASE + 7);
  if (status() & 0x01) {
    expect(io().port_read8(BASE + 1) >> 4).toBe(drive().atapi_sense_key);
    const sense = (lastSense = packet(0x03, 0, 0, 0, 18) as Uint8Array);
    return { answer: `${sense[2]}/${sense[12].toString(16)}`, parts: [] };
  }
  const data: number[] = [];
  const parts: number[] = [];
  while (status() & 0x08) {
    const length = io().port_read8(BASE + 4) | (io().port_read8(BASE + 5) << 8);
    parts.push(length);
    for (let i = 0; i < length; i += 2) {
      const word = io().port_read16(BASE);
      data.push(word & 0xff, word >> 8);
    }
  }
  expect(status()).toBe(0x50);
  return { answer: Uint8Array.from(data), parts };
}
const read10 = (lba: number, count: number) => packet(0x28, 0, 0, 0, lba >> 8, lba & 0xff, 0, 0, count);
const bytes = (answer: Uint8Array | string) => Array.from(answer as Uint8Array);

beforeEach(async () => {
  disc = new Disc(Uint8Array.from({ length: SECTORS * 2048 }, (_, i) => (i >> 11) & 0xff));
  told.length = 0;
  machine = await RealMachine.build({ disc, repairs: { onDiscFailure: (error) => told.push(error.code) } });
  io().port_write8(CONTROL, 0);
});
afterEach(() => machine.dispose());

describe('reading', () => {
  it('gives sectors by READ (10), READ (12) and READ CD', () => {
    for (const answer of [
      read10(5, 2),
      packet(0xa8, 0, 0, 0, 0, 5, 0, 0, 0, 2),
      packet(0xbe, 0, 0, 0, 0, 5, 0, 0, 2, 0x10),
    ]) {
      expect(answer).toHaveLength(4096);
      expect([answer[0], answer[2047], answer[2048]]).toEqual([5, 5, 6]);
    }
  });

  it('of raw sectors, or past the end, is an error', () => {
    expect(packet(0xbe, 0, 0, 0, 0, 5, 0, 0, 2, 0xf8)).toBe('5/24');
    expect(bytes(packet(0xbe, 0, 0, 0, 0, 5, 0, 0, 2, 0))).toEqual([]);
    expect(read10(SECTORS, 1)).toBe('5/21');
    expect(read10(SECTORS - 1, 2)).toBe('5/21');
    expect(read10(SECTORS - 1, 1)).toHaveLength(2048);
  });

  it('of a sector that cannot be read is a medium error, and the drive goes on', () => {
    disc.failing = new VitrineError('bytes/unreadable', { name: 'disc' });
    expect(read10(5, 1)).toBe('3/11');
    expect(told).toEqual(['bytes/unreadable']);
    disc.failing = null;
    expect(read10(5, 1)).toHaveLength(2048);
    expect(machine.events).toEqual([]);
  });

  it('by DMA of a sector that cannot be read is one too', () => {
    disc.failing = new Error('scratched');
    io().port_write8(BASE + 1, 1);
    io().port_write8(BASE + 7, 0xa0);
    for (const word of [0x0028, 0, 0, 0, 0x0100, 0]) io().port_write16(BASE, word);
    expect(status()).toBe(0x41);
    io().port_write8(0xb408, 0x09);
    expect(packet(0x03, 0, 0, 0, 18)[2]).toBe(3);
  });
});

describe('a change of the disc', () => {
  it('interrupts nobody, and is told at the next command', () => {
    machine.forgetIrq(IRQ);
    const before = status();
    drive().eject();
    expect(machine.irqRequested(IRQ)).toBe(false);
    expect(status()).toBe(before);
    expect(packet(0x00)).toBe('2/3a');
    expect(read10(0, 1)).toBe('2/3a');
    drive().set_cdrom(new Disc(new Uint8Array(2048 * 10).fill(9)));
    expect(packet(0x00)).toBe('6/28');
    expect(bytes(packet(0x00))).toEqual([]);
    expect(bytes(packet(0x25)).slice(0, 4)).toEqual([0, 0, 0, 9]);
    expect(read10(0, 1)[0]).toBe(9);
  });

  it('is an event of the media class, once', () => {
    const poll = () => bytes(packet(0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8));
    expect(poll()).toEqual([0, 6, 4, 0x10, 0, 2, 0, 0]);
    drive().eject();
    expect(poll()).toEqual([0, 6, 4, 0x10, 3, 0, 0, 0]);
    expect(poll()).toEqual([0, 6, 4, 0x10, 0, 0, 0, 0]);
    drive().set_cdrom(disc);
    expect(poll()).toEqual([0, 6, 4, 0x10, 2, 2, 0, 0]);
    expect(bytes(packet(0x4a, 1, 0, 0, 0x02, 0, 0, 0, 8))).toEqual([0, 2, 0x80, 0x10]);
    expect(packet(0x4a, 0, 0, 0, 0x10, 0, 0, 0, 8)).toBe('5/24');
    expect(packet(0x00)).toBe('6/28');
  });

  it('by the guest is told to the page, unless the guest locked the drive', () => {
    packet(0x1e, 0, 0, 0, 1);
    expect(packet(0x1b, 0, 0, 0, 2)).toBe('5/53');
    expect(machine.events).toEqual([]);
    packet(0x1e, 0, 0, 0, 0);
    expect(bytes(packet(0x1b, 0, 0, 0, 2))).toEqual([]);
    expect(machine.events).toEqual(['disc-eject']);
    expect(drive().has_disk()).toBe(false);
  });
});

describe('what the drive says of itself', () => {
  const configuration = () => packet(0x46, 0, 0, 0, 0, 0, 0, 0, 0xff) as Uint8Array;

  it('is the profile of the medium', () => {
    const cd = configuration();
    expect(bytes(cd.subarray(0, 8))).toEqual([0, 0, 0, cd.length - 4, 0, 0, 0, 0x08]);
    disc.size = 2048 * 2_400_000;
    drive().set_cdrom(disc);
    expect(configuration()[7]).toBe(0x10);
    drive().eject();
    expect(configuration()[7]).toBe(0);
    expect(bytes(packet(0x46, 2, 0, 3, 0, 0, 0, 0, 0xff))).toHaveLength(16);
    expect(bytes(packet(0x46, 0, 0, 0, 0, 0, 0, 0, 8))).toHaveLength(8);
  });

  it('has features of the lengths that they are said to have (MMC-3 §5.3)', () => {
    const cd = configuration();
    const lengths = new Map<number, number>();
    for (let at = 8; at < cd.length; at += 4 + cd[at + 3])
      lengths.set((cd[at] << 8) | cd[at + 1], cd[at + 3]);
    expect([...lengths]).toEqual([
      [0x0000, 8],
      [0x0001, 4],
      [0x0003, 4],
      [0x0010, 8],
      [0x001e, 4],
      [0x001f, 0],
    ]);
  });

  it('is a structure for a DVD only', () => {
    expect(packet(0xad, 0, 0, 0, 0, 0, 0, 0, 8, 4)).toBe('5/30');
    disc.size = 2048 * 2_400_000;
    drive().set_cdrom(disc);
    packet(0x00);
    packet(0x00);
    const layer = packet(0xad, 0, 0, 0, 0, 0, 0, 0, 8, 4) as Uint8Array;
    expect(layer).toHaveLength(2052);
    expect(bytes(layer.subarray(8, 16))).toEqual([0, 3, 0, 0, 0, 0x27, 0x9e, 0xff]);
    expect(bytes(packet(0xad, 0, 0, 0, 0, 0, 0, 1, 8, 4))).toEqual([0, 6, 0, 0, 0, 0, 0, 0]);
    expect(packet(0xad, 0, 0, 0, 0, 0, 0, 7, 8, 4)).toBe('5/24');
  });

  it('are mode pages that exist, in both forms, and errors for others', () => {
    const long = packet(0x5a, 0, 0x2a, 0, 0, 0, 0, 0, 0xff) as Uint8Array;
    expect(long[1]).toBe(long.length - 2);
    expect(long[8]).toBe(0x2a);
    const short = packet(0x1a, 0, 0x3f, 0, 0xff) as Uint8Array;
    expect(short[0]).toBe(short.length - 1);
    expect(short[4]).toBe(0x01);
    expect(packet(0x5a, 0, 0x31, 0, 0, 0, 0, 0, 0xff)).toBe('5/24');
    expect(packet(0x5a, 0, 0xea, 0, 0, 0, 0, 0, 0xff)).toBe('5/39');
  });

  it('is one finished session with one track', () => {
    expect(bytes(packet(0x51, 0, 0, 0, 0, 0, 0, 0, 34)).slice(0, 8)).toEqual([0, 32, 0x0e, 1, 1, 1, 1, 0x20]);
    const toc = packet(0x43, 0, 0, 0, 0, 0, 0, 0, 20) as Uint8Array;
    expect(bytes(toc)).toEqual([0, 18, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0, 0, 0x16, 0xaa, 0, 0, 0, 1, 44]);
    const raw = packet(0x43, 2, 2, 0, 0, 0, 1, 0, 0xff) as Uint8Array;
    expect(raw).toHaveLength(4 + 4 * 11 + ((4 * 11) & 1));
    expect(raw[4 + 3]).toBe(0xa0);
    expect(packet(0x43, 0, 4, 0, 0, 0, 0, 0, 20)).toBe('5/24');
  });

  it('is, to IDENTIFY, a removable drive that can do DMA', () => {
    io().port_write8(BASE + 6, 0xa0);
    io().port_write8(BASE + 7, 0xa1);
    const words = Uint16Array.from({ length: 256 }, () => io().port_read16(BASE));
    expect(words[0] & 0x9fc0).toBe(0x85c0 & 0x9fc0);
    expect(words[49] & 0x0100).toBe(0x0100);
  });
});

describe('the lengths of packets', () => {
  it('are in the byte count registers', () => {
    const inquiry = packet(0x12, 0, 0, 0, 96) as Uint8Array;
    expect(inquiry).toHaveLength(36);
    expect(String.fromCharCode(...inquiry.subarray(8, 32))).toBe('SONY    CD-ROM CDU-1000 ');
  });
});

describe('what a drive is asked besides', () => {
  it.each([
    ['PLAY AUDIO (10)', 0x45],
    ['REPORT KEY', 0xa4],
    ['ERASE', 0x2c],
    ['SYNCHRONIZE CACHE', 0x35],
    ['ATA PASS-THROUGH (16)', 0x85],
    ['GET PERFORMANCE', 0xac],
  ])('refuses what it has not by its operation code (SPC-2 §7, 5/20): %s', (_, code) => {
    expect(packet(code)).toBe('5/20');
  });

  it('seeks and takes a speed (MMC-3 §6.36, §6.38)', () => {
    expect(packet(0x2b, 0, 0, 0, 0, 5)).toEqual(new Uint8Array(0));
    expect(packet(0x2b, 0, 0, 0, SECTORS >> 8, SECTORS & 0xff)).toBe('5/21');
    expect(packet(0xbb, 0, 0xff, 0xff)).toEqual(new Uint8Array(0));
  });

  it('refuses vital product data, which it has none of (SPC-2 §7.3.2)', () => {
    expect(packet(0x12, 0, 0, 0, 36)).toHaveLength(36);
    expect(packet(0x12, 1, 0x80, 0, 36)).toBe('5/24');
    expect(packet(0x12, 0, 0x83, 0, 36)).toBe('5/24');
  });

  it('lists tracks from the one asked for, and no more than there are (MMC-3 §6.25)', () => {
    const toc = (from: number, format = 0) => packet(0x43, 0, format, 0, 0, 0, from, 0xff, 0xfe);
    expect(toc(0)).toHaveLength(20);
    expect(toc(1)).toEqual(toc(0));
    expect(bytes(toc(0xaa)).slice(0, 7)).toEqual([0, 10, 1, 1, 0, 0x16, 0xaa]);
    expect(toc(2)).toBe('5/24');
    expect(toc(0, 1)).toHaveLength(12);
    expect(packet(0xbd, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe)).toHaveLength(8);
  });

  it('tells of its track by block, number and session (MMC-3 §6.26)', () => {
    const track = (kind: number, which: number) =>
      packet(0x52, kind, 0, 0, which >> 8, which & 0xff, 0, 0, 36);
    expect(bytes(track(1, 1)).slice(0, 7)).toEqual([0, 34, 1, 1, 0, 4, 1]);
    expect(bytes(track(1, 1)).slice(24, 28)).toEqual([0, 0, SECTORS >> 8, SECTORS & 0xff]);
    expect(track(0, 5)).toEqual(track(1, 1));
    expect(track(0, SECTORS)).toBe('5/24');
    expect(track(1, 2)).toBe('5/24');
  });

  it('hands over no more at once than the byte count limit (ATA/ATAPI-6 §8.23.5.5)', () => {
    for (const cdb of [
      [0x43, 0, 0, 0, 0, 0, 0, 0, 100],
      [0x12, 0, 0, 0, 36],
      [0x46, 0, 0, 0, 0, 0, 0, 0, 100],
    ]) {
      const { answer, parts } = limited(8, cdb);
      expect(answer).toEqual(packet(...cdb));
      expect(Math.max(...parts)).toBe(8);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(answer.length);
    }
  });

  it('says why the tray stays shut with its qualifier (MMC-3 §6.42, 5/53/02)', () => {
    packet(0x1e, 0, 0, 0, 1);
    expect(packet(0x1b, 0, 0, 0, 2)).toBe('5/53');
    expect(lastSense[13]).toBe(2);
  });

  it('keeps in a moment that a disc came or went, and opens one that was saved before', () => {
    const event = () => bytes(packet(0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8))[4];
    drive().eject();
    const state = machine.repairs!.getState();
    expect(event()).toBe(3);
    expect(event()).toBe(0);
    machine.repairs!.setState(state);
    expect(event()).toBe(3);
    machine.repairs!.setState({
      ...state,
      ide: state.ide.map(({ writeCache, locked }) => ({ writeCache, locked })),
    });
    expect(event()).toBe(0);
  });
});

describe('the drive as an ATA device (ATA/ATAPI-6 §6.2, §8.16)', () => {
  function ata(code: number, count = 1, features = 0): number {
    io().port_write8(BASE + 6, 0xa0);
    io().port_write8(BASE + 1, features);
    io().port_write8(BASE + 2, count);
    io().port_write8(BASE + 7, code);
    return status();
  }
  const identify = () => {
    expect(ata(0xa1) & 0x08).toBe(0x08);
    return Uint16Array.from({ length: 256 }, () => io().port_read16(BASE));
  };

  it('names its standard and its transfer modes, and follows SET FEATURES', () => {
    const words = identify();
    expect([words[80], words[64], words[63], words[88]]).toEqual([0x00f0, 0x0003, 0x0007, 0x203f]);
    expect(Array.from(words.subarray(65, 69))).toEqual([120, 120, 120, 120]);
    expect(ata(0xef, 0x22, 0x03)).toBe(0x50);
    expect([identify()[63], identify()[88]]).toEqual([0x0407, 0x003f]);
    expect(ata(0xef, 0x46, 0x03) & 1).toBe(1);
    expect(io().port_read8(BASE + 1)).toBe(0x04);
  });

  it('says nothing of geometry, capacity and blocks, which a disc has otherwise (reserved words)', () => {
    const words = identify();
    for (const word of [1, 3, 4, 5, 6, 47, 54, 55, 56, 57, 58, 59, 60, 61, 100, 101])
      expect(words[word], `word ${word}`).toBe(0);
    expect(words[86] & 0xc000).toBe(0);
  });

  it.each([0x10, 0x25, 0x27, 0x35, 0x40, 0x91, 0xc6, 0xc8, 0xca, 0xde, 0xea, 0xf5, 0xf8])(
    'aborts command %i, of disks',
    (code) => {
      expect(ata(code) & 0xef).toBe(0x41);
      expect(io().port_read8(BASE + 1)).toBe(0x04);
      expect(bytes(read10(5, 1))).toHaveLength(2048);
    },
  );
});
