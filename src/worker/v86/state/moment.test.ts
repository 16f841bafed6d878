import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryRecords, MemoryRecordStore } from '../../../disk/memory-record-store.ts';
import { MemoryTracker } from '../../../snapshot/memory-tracker.ts';
import { decodeDetail, encodeDetail } from '../../../snapshot/moment-detail.ts';
import { MomentStore } from '../../../snapshot/moment-store.ts';
import { PackWriter } from '../../../snapshot/pack-writer.ts';
import { HOUSE_DISC, RealMachine } from '../testing/real-machine.ts';
import { readDevices, saveDevices } from './device-state.ts';
import { EngineMemory } from './engine-memory.ts';

const DISC = new Uint8Array(readFileSync(HOUSE_DISC));

/** A real machine with what snapshots need, on a store that outlives it. */
class Subject {
  readonly machine: RealMachine;
  readonly memory: EngineMemory;
  readonly tracker: MemoryTracker;
  readonly store: MomentStore;

  static async build(records: MemoryRecords, memoryMiB = 64): Promise<Subject> {
    const machine = await RealMachine.build({ disc: DISC, memoryMiB });
    const memory = new EngineMemory(
      machine.internals.cpu,
      () => machine.internals.cpu.instruction_counter[0] !== 0,
    );
    const store = await MomentStore.open(new MemoryRecordStore(records), 'm', memory.codec);
    return new Subject(machine, memory, store);
  }

  private constructor(machine: RealMachine, memory: EngineMemory, store: MomentStore) {
    this.machine = machine;
    this.memory = memory;
    this.tracker = new MemoryTracker(memory);
    this.store = store;
  }

  async boot(): Promise<void> {
    await this.machine.emulator.run();
    await this.machine.untilSerial('HOUSE READY');
  }

  /** Saves with the machine standing still; it stands afterwards. */
  async save(from: number): Promise<{ record: Uint8Array; packs: number; end: number }> {
    await this.machine.emulator.stop();
    const { machine, memory, tracker, store } = this;
    const writer = new PackWriter(memory.codec, from, store.storePacks);
    await tracker.copy(writer);
    const devices = saveDevices(machine.internals, machine.repairs!);
    const record = encodeDetail(memory.codec, { places: tracker.places(), devices });
    while (await writer.store(true));
    const packs = Object.fromEntries(
      [...writer.written].map(([pack, { bytes, pages }]) => [pack, [bytes, pages] as const]),
    );
    await store.change((index) => ({ ...index, packs: { ...index.packs, ...packs } }));
    return { record, packs: writer.written.size, end: writer.end };
  }

  async restore(record: Uint8Array): Promise<{ pages: number; packs: number }> {
    await this.machine.emulator.stop();
    const detail = decodeDetail(this.memory.codec, record, this.memory.pageCount)!;
    const done = await this.tracker.restore(detail.places, (packs) => this.store.readPacks(packs));
    readDevices(detail.devices).restore(this.machine.internals, this.machine.repairs!);
    return done;
  }

  async command(line: string): Promise<string> {
    const log = await this.machine.command(`${line}\n`, /^(OK|ERR)[^\n]*\n/m);
    return /^(OK|ERR).*$/m.exec(log)![0].trim();
  }

  /** The numbers that the counter shows, `count` of them. */
  async counts(count: number): Promise<number[]> {
    const from = this.machine.serial.length;
    const numbers = () =>
      [...this.machine.serial.slice(from).matchAll(/^COUNT (\d+)\r?\n/gm)].map(([, n]) => Number(n));
    await this.machine.until(() => numbers().length >= count);
    return numbers();
  }
}

const subjects: Subject[] = [];
async function build(records: MemoryRecords, memoryMiB?: number): Promise<Subject> {
  const subject = await Subject.build(records, memoryMiB);
  subjects.push(subject);
  return subject;
}
afterEach(async () => {
  for (const { machine } of subjects.splice(0)) await machine.dispose();
});

describe('a saved moment of a real machine', { timeout: 240_000 }, () => {
  it('goes on exactly where it was, in the same machine and in a new one', async () => {
    const records = new MemoryRecords();
    const first = await build(records);
    await first.boot();
    await first.command('fill 8 1');
    await first.command('counter start');
    await first.counts(3);
    const { record, end } = await first.save(1);
    const last = Number([...first.machine.serial.matchAll(/^COUNT (\d+)\r?\n/gm)].at(-1)![1]);

    // Other contents, then back: warm.
    await first.machine.emulator.run();
    await first.command('fill 8 2');
    expect(await first.command('check 8 1')).toMatch(/^ERR/);
    await first.restore(record);
    await first.machine.emulator.run();
    // What the guest had sent of a line before it stood still is not sent again, so the first may be cut.
    expect((await first.counts(3)).slice(0, 2)).toEqual([last + 1, last + 2]);
    expect(await first.command('check 8 1')).toMatch(/^OK/);
    expect(await first.command('cdsum')).toMatch(/^OK/);

    // A second moment keeps what did not change.
    const again = await first.save(end);
    expect(again.packs).toBeLessThan(6);

    // Cold: a machine that never ran.
    const second = await build(records);
    await second.restore(record);
    await second.machine.emulator.run();
    expect((await second.counts(3)).slice(0, 2)).toEqual([last + 1, last + 2]);
    expect(await second.command('check 8 1')).toMatch(/^OK/);
    expect(await second.command('counter stop')).toMatch(/^OK/);
    expect(await second.command('cdsum')).toMatch(/^OK/);

    // And to the second moment over that.
    await second.restore(again.record);
    await second.machine.emulator.run();
    expect(await second.command('check 8 1')).toMatch(/^OK/);
  });

  it('brings back the picture, byte for byte', async () => {
    const records = new MemoryRecords();
    const subject = await build(records);
    await subject.boot();
    await subject.command('card 800x600x16');
    const { record } = await subject.save(1);
    const { svga_memory: video } = subject.machine.internals.cpu.devices.vga;
    const before = new Uint8Array(
      subject.machine.internals.cpu.wasm_memory.buffer,
      video.byteOffset,
      video.length,
    ).slice();
    await subject.machine.emulator.run();
    await subject.command('card 1024x768x32');
    await subject.restore(record);
    const { vga } = subject.machine.internals.cpu.devices;
    expect([vga.svga_width, vga.svga_height, vga.svga_bpp]).toEqual([800, 600, 16]);
    const after = new Uint8Array(
      subject.machine.internals.cpu.wasm_memory.buffer,
      video.byteOffset,
      video.length,
    );
    expect(Buffer.compare(after, before)).toBe(0);
  });

  it('has the time of now on the clock, and timers that go on', async () => {
    const records = new MemoryRecords();
    const subject = await build(records);
    await subject.boot();
    const { record } = await subject.save(1);
    const fresh = await build(records);
    await fresh.restore(record);
    await fresh.machine.emulator.run();
    const said = await fresh.command('rtc');
    // In the visitor's local time; a busy computer may take its time to ask.
    const chipMs = Date.parse(`${said.slice(3, 22).replace(' ', 'T')}Z`);
    const localMs = Date.now() - new Date().getTimezoneOffset() * 60_000;
    expect(Math.abs(chipMs - localMs)).toBeLessThan(60_000);
    // 64 Hz for one second of the RTC; the PIT and the TSC agree on how long that was.
    const ticks = /expected (\d+) pit (\d+) tsc-us (\d+) pm-us (\d+)/.exec(
      await fresh.command('ticks 64 1'),
    )!;
    const [expectedTicks, pit, tscUs, pmUs] = ticks.slice(1).map(Number);
    expect(expectedTicks).toBe(64);
    // A starved emulator drops ticks of the PIT; one whose timer counts from another page's start gives none at all.
    expect(pit).toBeGreaterThan(0);
    expect(pit).toBeLessThan(150);
    // Both measured the same second, which a busy computer notices late; one that jumped would be far off.
    expect(Math.abs(tscUs - pmUs)).toBeLessThan(50_000);
    expect(tscUs).toBeGreaterThan(900_000);
    expect(tscUs).toBeLessThan(60_000_000);
  });

  it('is the state that upstream would have saved, but for the memory', async () => {
    const subject = await build(new MemoryRecords());
    await subject.boot();
    await subject.machine.emulator.stop();
    const { internals, repairs } = subject.machine;
    const bytes = saveDevices(internals, repairs!);
    readDevices(bytes).restore(internals, repairs!);
    expect(Math.abs(saveDevices(internals, repairs!).length - bytes.length)).toBeLessThan(100);
    expect(bytes.length).toBeLessThan(2 * 2 ** 20);
    expect(() => readDevices(bytes.subarray(0, bytes.length - 1))).toThrow('ends before');
  });

  it('finds nothing in the memory beyond the first MiB of a machine that was never run', async () => {
    const { memory, machine } = await build(new MemoryRecords());
    const { from, to } = memory.untouched;
    expect([from, to]).toEqual([256, 64 * 256]);
    for (let page = from; page < to;) {
      const bytes = memory.run(page, Math.min(256, to - page));
      expect(
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).equals(Buffer.alloc(bytes.length)),
      ).toBe(true);
      page += bytes.length / 4096;
    }
    await machine.emulator.run();
    await machine.untilSerial('HOUSE READY');
    expect(memory.untouched).toEqual({ from: 0, to: 0 });
  });
});
