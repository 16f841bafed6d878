import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { BootFile } from '../../media/boot-files.ts';
import { BootProgress } from './boot-progress.ts';
import { MILESTONES } from './milestones.ts';
import { readBootRecord } from './record-schema.ts';
import { isStopPicture, readScreenSigns } from './screen-signs.ts';

const FILES: BootFile[] = [
  { id: 'boot-image', sizeBytes: 4096, extents: [{ offsetBytes: 1_500_000, lengthBytes: 4096 }] },
  { id: 'bootmgr', sizeBytes: 380_000, extents: [{ offsetBytes: 2_000_000, lengthBytes: 380_000 }] },
  {
    id: 'boot-wim',
    sizeBytes: 1_000_000,
    extents: [
      { offsetBytes: 4_000_000, lengthBytes: 600_000 },
      { offsetBytes: 8_000_000, lengthBytes: 400_000 },
    ],
  },
];

function watched(files: BootFile[] | null = FILES) {
  const time = { ranMs: 0, instructions: 0 };
  let news = 0;
  const progress = new BootProgress(
    () => ({ ...time }),
    () => news++,
  );
  if (files) progress.setFiles(files);
  const at = (ranMs: number) => Object.assign(time, { ranMs, instructions: ranMs * 1000 });
  return {
    progress,
    at,
    news: () => news,
    ids: () => progress.record.reached.map(({ id }) => id),
    when: (id: string) => progress.record.reached.find((each) => each.id === id),
  };
}

const readAll = (progress: BootProgress, file: BootFile) => {
  for (const { offsetBytes, lengthBytes } of file.extents)
    for (let at = 0; at < lengthBytes; at += 65_536)
      progress.discRead(offsetBytes + at, Math.min(65_536, lengthBytes - at));
};

describe('BootProgress', () => {
  it('tells every milestone of an installation in order, when it came and by what', () => {
    const { progress, at, ids, when } = watched();
    at(900);
    progress.discRead(1_500_000, 4096);
    progress.screen(readScreenSigns(['Press any key to boot from CD or DVD.....']));
    at(2000);
    progress.discRead(2_000_000, 2048);
    expect(ids()).toEqual(['boot-image', 'bootmgr']);
    at(3000);
    readAll(progress, FILES[2]);
    at(9000);
    progress.screenMode({ width: 1024, height: 768, bitsPerPixel: 32 }, true);
    at(10_000);
    progress.chip('pic');
    progress.chip('rtc');
    at(11_000);
    progress.dma('disc', 'read', false);
    expect(ids()).not.toContain('dma');
    progress.dma('disc', 'read', true);
    at(12_000);
    progress.packet(0x4a);
    at(20_000);
    progress.mouse(true);
    at(30_000);
    progress.diskWrite(0, 512);
    at(40_000);
    progress.restarted(false);
    progress.discRead(1_500_000, 4096);
    progress.diskRead(0, 512, false);
    expect(ids()).not.toContain('second-boot');
    at(41_000);
    progress.diskRead(1_048_576, 8192, false);
    expect(ids()).toEqual([...MILESTONES]);
    expect(when('hal')).toEqual({
      id: 'hal',
      atMs: 10_000,
      instructions: 10_000_000,
      restarts: 0,
      evidence: [{ kind: 'chip', chip: 'pic' }],
    });
    expect(when('boot-wim')).toMatchObject({
      atMs: 3000,
      evidence: [{ kind: 'file', file: 'boot-wim', bytes: expect.any(Number) }],
    });
    expect(when('setup-screen')).toMatchObject({
      evidence: [{ kind: 'mode', width: 1024, height: 768, bitsPerPixel: 32 }, { kind: 'mouse' }],
    });
    expect(when('second-boot')).toMatchObject({ restarts: 1, atMs: 41_000 });
  });

  it('says that boot.wim is read when all of it is, and how far it is before', () => {
    const { progress, ids } = watched();
    progress.discRead(4_000_000, 600_000);
    expect(ids()).toEqual([]);
    expect(progress.record.files.find(({ file }) => file === 'boot-wim')).toMatchObject({ bytes: 600_000 });
    progress.discRead(8_000_000, 400_000);
    expect(ids()).toEqual(['boot-wim']);
  });

  it('knows the file of what was read before it was known where the files lie, and when that was', () => {
    const { progress, at, when } = watched(null);
    at(500);
    progress.discRead(2_000_000, 2048);
    at(4000);
    progress.setFiles(FILES);
    expect(when('bootmgr')).toMatchObject({ atMs: 500 });
  });

  it.each([
    ['the first start', (p: BootProgress) => p.diskWrite(0, 512)],
    ['nothing was written', (p: BootProgress) => p.restarted(false)],
    [
      'the boot manager of the disc runs again, which looks at every disk',
      (p: BootProgress) => {
        p.diskWrite(0, 512);
        p.restarted(false);
        p.discRead(2_000_000, 2048);
      },
    ],
  ])('is not taken in by reads of the disk where %s', (_, before) => {
    const { progress, ids } = watched();
    before(progress);
    progress.diskRead(0, 512, false);
    progress.diskRead(1_048_576, 4096, false);
    expect(ids()).not.toContain('second-boot');
  });

  it('does not take what a running system reads for a start from the disk', () => {
    const { progress, ids } = watched();
    progress.diskWrite(0, 512);
    progress.restarted(false);
    progress.diskRead(0, 512, true);
    progress.diskRead(1_048_576, 4096, true);
    progress.diskRead(1_048_576, 4096, false);
    expect(ids()).not.toContain('second-boot');
  });

  it('takes a mouse or a large picture alone for no Setup, nor both before the kernel', () => {
    const { progress, ids } = watched();
    progress.mouse(true);
    progress.screenMode({ width: 800, height: 600, bitsPerPixel: 16 }, true);
    expect(ids()).not.toContain('setup-screen');
    progress.restarted(false);
    progress.chip('pic');
    progress.screenMode({ width: 800, height: 600, bitsPerPixel: 16 }, true);
    expect(ids()).not.toContain('setup-screen');
    progress.mouse(true);
    expect(ids()).toContain('setup-screen');
  });

  it('notes a STOP screen once, with its code, and the boot manager’s status', () => {
    const { progress } = watched();
    const blue = readScreenSigns(['', '*** STOP: 0x0000007B (0x80786B58,0xC0000034,0x00000000,0x00000000)']);
    progress.screen(blue);
    progress.screen(blue);
    progress.screen(
      readScreenSigns(['Windows Boot Manager', '    Status: 0xc000000f', '    Info: C:\\secret']),
    );
    progress.stopPicture(true);
    progress.stopPicture(true);
    expect(progress.record.stops.map(({ kind, code }) => [kind, code])).toEqual([
      ['bug-check', 0x7b],
      ['boot-error', 0xc000000f],
      ['blue-screen', null],
    ]);
    expect(JSON.stringify(progress.record)).not.toContain('secret');
  });

  it('goes on where a moment was saved: times, counts, files and milestones', () => {
    const first = watched();
    first.at(5000);
    first.progress.discRead(4_000_000, 600_000);
    first.progress.packet(0x4a);
    const saved = first.progress.record;
    const second = watched();
    second.at(100);
    second.progress.restore(readBootRecord(JSON.stringify(saved)));
    second.at(1100);
    second.progress.discRead(8_000_000, 400_000);
    expect(second.when('disc-polling')).toMatchObject({ atMs: 5000 });
    expect(second.when('boot-wim')).toMatchObject({ atMs: 6000, instructions: 6_000_000 });
    expect(second.progress.record.counts).toMatchObject({ discReads: 2, packets: { '4a': 1 } });
  });

  it('keeps the first events and the last ones of a machine that restarts for ever', () => {
    const { progress, at } = watched();
    for (let i = 0; i < 1000; i++) {
      at(i);
      progress.restarted(true);
    }
    const { events } = progress.record;
    expect(events.length).toBe(120);
    expect([events[0].atMs, events.at(-1)!.atMs]).toEqual([0, 999]);
    expect(readBootRecord(JSON.stringify(progress.record))).toEqual(progress.record);
  });

  it('makes records that can be read again, whatever a machine does', () => {
    const size = fc.nat(100_000_000);
    const step = fc.oneof(
      fc.tuple(size, fc.integer({ min: 1, max: 200_000 })).map(
        ([o, l]) =>
          (p: BootProgress) =>
            p.discRead(o, l),
      ),
      fc.tuple(size, size, fc.boolean()).map(
        ([o, l, b]) =>
          (p: BootProgress) =>
            p.diskRead(o, l, b),
      ),
      fc.tuple(size, size).map(
        ([o, l]) =>
          (p: BootProgress) =>
            p.diskWrite(o, l),
      ),
      fc.nat(255).map((n) => (p: BootProgress) => p.packet(n)),
      fc.boolean().map((b) => (p: BootProgress) => p.restarted(b)),
      fc.boolean().map((b) => (p: BootProgress) => p.mouse(b)),
      fc.boolean().map((b) => (p: BootProgress) => p.stopPicture(b)),
      fc.constant((p: BootProgress) => p.chip('pit')),
      fc
        .array(fc.string(), { maxLength: 5 })
        .map((rows) => (p: BootProgress) => p.screen(readScreenSigns(rows))),
      fc.tuple(fc.nat(2000), fc.nat(2000), fc.boolean()).map(
        ([width, height, g]) =>
          (p: BootProgress) =>
            p.screenMode({ width, height, bitsPerPixel: 8 }, g),
      ),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { progress } = watched();
        for (const each of steps) each(progress);
        expect(readBootRecord(JSON.stringify(progress.record))).toEqual(progress.record);
      }),
    );
  });
});

describe('a saved record', () => {
  it.each(['', '{', 'null', '[]', '{"version":1}', '{"version":2}'])('that is %j is none', (json) => {
    expect(readBootRecord(json)).toBeNull();
  });

  it('with a word of its own in it is none', () => {
    const { progress } = watched();
    progress.chip('pic');
    const record = structuredClone(progress.record) as unknown as { reached: { evidence: object[] }[] };
    record.reached[0].evidence.push({ kind: 'phrase', phrase: 'C:\\Users\\anna' });
    expect(readBootRecord(JSON.stringify(record))).toBeNull();
  });
});

describe('isStopPicture', () => {
  const blue = 0x0000a8;
  it('knows white letters on blue from other pictures', () => {
    const screen = Array.from({ length: 768 }, (_, i) => (i % 20 === 0 ? 0xffffff : blue));
    expect(isStopPicture(screen)).toBe(true);
    expect(isStopPicture(screen.map((pixel) => (pixel === blue ? 0 : pixel)))).toBe(false);
    expect(isStopPicture(Array.from({ length: 768 }, (_, i) => (i % 3 === 0 ? 0xffffff : blue)))).toBe(false);
    expect(isStopPicture([])).toBe(false);
  });
});
