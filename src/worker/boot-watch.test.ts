import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BootRecord } from '../machine/milestones/milestones.ts';
import { windowsDisc } from '../media/testing/discs.ts';
import { findBootFiles } from '../media/boot-files.ts';
import { BootWatch, type WatchedScreen } from './boot-watch.ts';

const TEXT = { width: 720, height: 400, mode: 'text', bitsPerPixel: 4 } as const;
const VGA = { width: 640, height: 480, mode: 'graphics', bitsPerPixel: 4 } as const;

describe('BootWatch', () => {
  beforeEach(() =>
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] }),
  );
  afterEach(() => vi.useRealTimers());

  function watch(disc: Blob | null = null) {
    const told: BootRecord[] = [];
    const shown = { mode: TEXT as WatchedScreen['mode'], rows: [''], pixels: [] as number[] };
    const screen: WatchedScreen = {
      get mode() {
        return shown.mode;
      },
      text: () => shown.rows,
      samplePixels: () => shown.pixels,
    };
    const time = { ranMs: 0, instructions: 0 };
    const medium = disc && { file: disc, name: 'disc.iso' };
    const boot = new BootWatch(
      medium,
      () => ({ ...time }),
      () => ({ screen, lookOn: () => {} }),
      (record) => told.push(record),
    );
    return { boot, told, shown, time };
  }

  it('looks at the screen while it goes, and tells news together', () => {
    const { boot, told, shown } = watch();
    shown.rows = ['Press any key to boot from CD or DVD..... anna'];
    vi.advanceTimersByTime(700);
    expect(told).toHaveLength(1);
    expect(told[0].reached.map(({ id }) => id)).toEqual(['boot-image']);
    expect(JSON.stringify(told)).not.toContain('anna');
    boot.end();
  });

  it('takes a blue picture for a STOP screen once the kernel is up', () => {
    const { boot, shown } = watch();
    shown.mode = VGA;
    shown.pixels = Array(768).fill(0x0000a8);
    vi.advanceTimersByTime(600);
    expect(boot.record.stops).toEqual([]);
    boot.chip('pic');
    vi.advanceTimersByTime(5000);
    expect(boot.record.stops).toMatchObject([{ kind: 'blue-screen', code: null }]);
    boot.end();
  });

  it('knows the files of the disc that is in the drive, and tells the counts last of all', async () => {
    const disc = windowsDisc();
    const bootmgr = (await findBootFiles(disc)).find(({ id }) => id === 'bootmgr')!;
    const { boot, told, time } = watch(new Blob([disc.bytes()]));
    boot.discRead(bootmgr.extents[0].offsetBytes, 2048);
    await vi.waitFor(() => expect(boot.record.reached.map(({ id }) => id)).toEqual(['bootmgr']));
    boot.putDisc(null);
    boot.discRead(bootmgr.extents[0].offsetBytes, 2048);
    time.ranMs = 1;
    boot.end();
    expect(told.at(-1)!.counts.discReads).toBe(2);
    const before = told.length;
    vi.advanceTimersByTime(60_000);
    expect(told).toHaveLength(before);
  });

  it('is kept as a text and comes back; what is none of its own is as if nothing was kept', () => {
    const first = watch().boot;
    first.packet(0x4a);
    const second = watch().boot;
    second.restore(first.save());
    expect(second.record.reached.map(({ id }) => id)).toEqual(['disc-polling']);
    second.restore('{"version":1,"reached":"anna"}');
    expect(second.record.reached).toEqual([]);
    expect(second.save()).not.toContain('anna');
    first.end();
    second.end();
  });
});
