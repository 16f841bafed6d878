import { describe, expect, it } from 'vitest';
import type { LevelMessage, SoundGains } from '../../protocol/sound-messages.ts';
import { SoundPlayer } from './sound-player.ts';

const RATE = 48000;
const BLOCK = 128;
const LOUD: SoundGains = { dacLeft: 1, dacRight: 1, speakerLeft: 1, speakerRight: 1 };

/** Plays `blocks` blocks; the left channel and all reports. */
function play(player: SoundPlayer, blocks: number) {
  const left: number[] = [];
  const reports: LevelMessage[] = [];
  for (let count = 0; count < blocks; count++) {
    const one = new Float32Array(BLOCK);
    player.render(one, new Float32Array(BLOCK));
    left.push(...one);
    const report = player.takeReport();
    if (report) reports.push(report);
  }
  return { left, reports };
}

function tone(frames: number, hertz = 400, rate = RATE): { left: Float32Array; right: Float32Array } {
  const wave = Float32Array.from(
    { length: frames },
    (_, at) => 0.5 * Math.sin((2 * Math.PI * hertz * at) / rate),
  );
  return { left: wave, right: wave };
}

function loudPlayer(): SoundPlayer {
  const player = new SoundPlayer(RATE);
  player.receive({ type: 'gains', gains: LOUD });
  play(player, 1);
  return player;
}

/** The largest jump from one sample to the next: a click is one of about the height of the wave. */
function steepest(samples: number[]): number {
  return samples.slice(1).reduce((most, sample, at) => Math.max(most, Math.abs(sample - samples[at])), 0);
}

describe('SoundPlayer', () => {
  it('plays what it is sent, and measures it', () => {
    const player = loudPlayer();
    player.takeEnergy();
    player.receive({ type: 'pcm', ...tone(4800), rate: RATE });
    play(player, 30);
    const energy = player.takeEnergy();
    expect(energy.rms).toBeGreaterThan(0.3);
    expect(energy.rms).toBeLessThan(0.36);
    expect(energy.peak).toBeCloseTo(0.5, 1);
    expect(energy.seconds).toBeCloseTo((30 * BLOCK) / RATE);
  });

  it('is silent, and says nothing, while there is nothing', () => {
    const { left, reports } = play(loudPlayer(), 100);
    expect(left.every((sample) => sample === 0)).toBe(true);
    expect(reports).toEqual([]);
  });

  it('reports what it received and what still waits, until all is played', () => {
    const player = loudPlayer();
    player.receive({ type: 'pcm', ...tone(2400), rate: RATE });
    player.receive({ type: 'pcm', ...tone(1102, 400, 22050), rate: 22050 });
    const { reports } = play(player, 60);
    const received = 2400 / RATE + 1102 / 22050;
    expect(reports.every((report) => report.receivedSeconds === received)).toBe(true);
    const buffered = reports.map((report) => report.bufferedSeconds);
    expect(buffered[0]).toBeGreaterThan(0.08);
    expect(buffered).toEqual(buffered.toSorted((a, b) => b - a));
    expect(buffered.at(-1)).toBe(0);
    expect(buffered.filter((seconds) => seconds === 0)).toHaveLength(1);
  });

  it('answers a ping when it plays, once', () => {
    const player = loudPlayer();
    player.receive({ type: 'ping' });
    expect(play(player, 20).reports).toEqual([{ type: 'level', receivedSeconds: 0, bufferedSeconds: 0 }]);
  });

  it('does not click when the sound runs dry at its loudest, nor when it comes back', () => {
    const player = loudPlayer();
    const half = new Float32Array(1200).fill(0.5);
    player.receive({ type: 'pcm', left: half, right: half, rate: RATE });
    const first = play(player, 20).left;
    player.receive({ type: 'pcm', left: half, right: half, rate: RATE });
    const second = play(player, 20).left;
    expect(Math.max(...first)).toBeGreaterThan(0.45);
    expect(Math.max(...second)).toBeGreaterThan(0.45);
    expect(steepest([...first, ...second])).toBeLessThan(0.05);
    expect(second.at(-1)).toBe(0);
  });

  it('plays a sound shorter than its start-up reserve', () => {
    const player = loudPlayer();
    player.receive({ type: 'pcm', ...tone(300), rate: RATE });
    const { left } = play(player, 40);
    expect(Math.max(...left)).toBeGreaterThan(0.3);
  });

  it('never keeps more than half a second, whatever it is sent', () => {
    const player = loudPlayer();
    for (let count = 0; count < 10; count++) player.receive({ type: 'pcm', ...tone(RATE), rate: RATE });
    const { reports } = play(player, 10);
    expect(reports[0].bufferedSeconds).toBeLessThanOrEqual(0.5);
    expect(reports[0].receivedSeconds).toBe(10);
  });

  it('plays the PC speaker by itself and over other sound, and fades it out', () => {
    const player = loudPlayer();
    player.takeEnergy();
    player.receive({ type: 'speaker', hertz: 1000 });
    play(player, 100);
    expect(player.takeEnergy().rms).toBeGreaterThan(0.6);
    player.receive({ type: 'speaker', hertz: 0 });
    const { left } = play(player, 10);
    expect(left.at(-1)).toBe(0);
  });

  it('follows the guest’s mixer without a step', () => {
    const player = loudPlayer();
    const half = new Float32Array(RATE / 4).fill(0.5);
    player.receive({ type: 'pcm', left: half, right: half, rate: RATE });
    play(player, 20);
    player.receive({ type: 'gains', gains: { ...LOUD, dacLeft: 0 } });
    const { left } = play(player, 10);
    expect(left.at(-1)).toBeCloseTo(0, 6);
    expect(steepest(left)).toBeLessThan(0.02);
  });

  it('survives a guest’s broken samples', () => {
    const player = loudPlayer();
    const broken = new Float32Array(2400).fill(NaN);
    player.receive({ type: 'pcm', left: broken, right: broken, rate: RATE });
    player.receive({ type: 'pcm', ...tone(4800), rate: RATE });
    const { left } = play(player, 60);
    expect(left.every(Number.isFinite)).toBe(true);
    expect(Math.max(...left)).toBeGreaterThan(0.3);
  });
});
