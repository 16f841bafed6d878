import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EnergyMeter } from './energy-meter.ts';
import { StereoResampler } from './resampler.ts';
import { softLimit } from './soft-limit.ts';
import { SquareWave } from './square-wave.ts';
import { StereoRing } from './stereo-ring.ts';

function sine(hertz: number, rate: number, frames: number): Float32Array {
  return Float32Array.from({ length: frames }, (_, index) => Math.sin((2 * Math.PI * hertz * index) / rate));
}

/** Resamples in blocks of the given sizes; the left channel only. */
function resample(input: Float32Array, from: number, to: number, block = input.length): number[] {
  const resampler = new StereoResampler(to);
  const output: number[] = [];
  for (let at = 0; at < input.length; at += block) {
    const part = input.subarray(at, at + block);
    resampler.process(part, part, from, (left, right) => {
      output.push(left === right ? left : NaN);
    });
  }
  return output;
}

/** How much of `samples` is a wave of `hertz`: its amplitude, by correlation. */
function amplitude(samples: ArrayLike<number>, hertz: number, rate: number): number {
  let cosine = 0;
  let sine = 0;
  for (let index = 0; index < samples.length; index++) {
    const angle = (2 * Math.PI * hertz * index) / rate;
    cosine += samples[index] * Math.cos(angle);
    sine += samples[index] * Math.sin(angle);
  }
  return (2 * Math.hypot(cosine, sine)) / samples.length;
}

describe('StereoRing', () => {
  it('equals a queue that forgets its oldest', () => {
    const step = fc.oneof(
      fc.record({ push: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ read: fc.integer({ min: 0, max: 9 }) }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const ring = new StereoRing(7);
        let model: number[] = [];
        let next = 1;
        for (const action of steps) {
          if ('push' in action) {
            for (let count = 0; count < action.push; count++, next++) {
              ring.push(next, -next);
              model = [...model, next].slice(-7);
            }
          } else {
            const left = new Float32Array(10);
            const right = new Float32Array(10);
            const got = ring.read(left, right, 1, action.read);
            const expected = model.splice(0, action.read);
            expect([...left.subarray(1, 1 + got)]).toEqual(expected);
            expect([...right.subarray(1, 1 + got)]).toEqual(expected.map((value) => -value));
          }
          expect(ring.length).toBe(model.length);
        }
      }),
    );
  });
});

describe('StereoResampler', () => {
  it.each([
    [8000, 48000],
    [11025, 44100],
    [22050, 48000],
    [44100, 48000],
    [48000, 48000],
  ])('keeps a 1 kHz wave from %i to %i, at its pitch and height', (from, to) => {
    const output = resample(sine(1000, from, from), from, to).slice(500);
    const whole = Math.floor((output.length * 1000) / to) * (to / 1000);
    const wave = output.slice(0, Math.round(whole));
    expect(amplitude(wave, 1000, to)).toBeCloseTo(1, 1.5);
    const energy = wave.reduce((sum, sample) => sum + sample * sample, 0) / wave.length;
    // A lone sine of height 1 has power one half: what is more would be noise and images.
    expect(energy).toBeGreaterThan(0.48);
    expect(energy).toBeLessThan(0.505);
  });

  it('leaves no image of the wave beyond the guest’s own Nyquist', () => {
    const output = resample(sine(3000, 22050, 22050), 22050, 48000).slice(500, 24500);
    expect(amplitude(output, 22050 - 3000, 48000)).toBeLessThan(0.005);
  });

  it('does not depend on how the stream is cut into blocks', () => {
    const input = sine(700, 22050, 2000);
    const whole = resample(input, 22050, 48000);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), (block) => {
        const pieces = resample(input, 22050, 48000, block);
        expect(Math.abs(pieces.length - whole.length)).toBeLessThanOrEqual(1);
        for (let at = 0; at < Math.min(pieces.length, whole.length); at++) {
          expect(pieces[at]).toBeCloseTo(whole[at], 4);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('makes as many frames as the rates say', () => {
    for (const rate of [4000, 8000, 22050, 44100, 96000]) {
      expect(resample(new Float32Array(rate), rate, 48000, 512).length).toBeGreaterThanOrEqual(48000);
      expect(resample(new Float32Array(rate), rate, 48000, 512).length).toBeLessThanOrEqual(48001);
    }
  });

  it('goes on through a change of rate', () => {
    const resampler = new StereoResampler(48000);
    const output: number[] = [];
    const emit = (left: number) => void output.push(left);
    const flat = new Float32Array(400).fill(0.5);
    resampler.process(flat, flat, 22050, emit);
    resampler.process(flat, flat, 44100, emit);
    for (const sample of output.slice(40)) expect(sample).toBeCloseTo(0.5, 5);
  });
});

describe('SquareWave', () => {
  const play = (wave: SquareWave, frames: number) => Array.from({ length: frames }, () => wave.next());

  it('has the pitch asked for, its odd harmonics and no even ones', () => {
    const wave = new SquareWave(48000);
    wave.setHertz(1000);
    const samples = play(wave, 48000).slice(4800);
    expect(amplitude(samples, 1000, 48000)).toBeCloseTo(4 / Math.PI, 1);
    expect(amplitude(samples, 3000, 48000)).toBeCloseTo(4 / (3 * Math.PI), 1);
    expect(amplitude(samples, 2000, 48000)).toBeLessThan(0.01);
  });

  it('folds far less back than a plain square would', () => {
    const rate = 48000;
    const wave = new SquareWave(rate);
    wave.setHertz(5200);
    const samples = play(wave, rate).slice(rate / 10);
    const plain = Array.from({ length: samples.length }, (_, at) =>
      ((at * 5200) / rate) % 1 < 0.5 ? 1 : -1,
    );
    // The seventh harmonic, 36.4 kHz, folds to 11.6 kHz.
    expect(amplitude(samples, 11600, rate)).toBeLessThan(amplitude(plain, 11600, rate) / 3);
  });

  it('comes and goes without a click, and is silent then', () => {
    const wave = new SquareWave(48000);
    expect(wave.silent).toBe(true);
    wave.setHertz(440);
    expect(Math.abs(wave.next())).toBeLessThan(0.02);
    play(wave, 4800);
    wave.setHertz(0);
    expect(wave.silent).toBe(false);
    const fading = play(wave, 200);
    expect(Math.abs(fading[0])).toBeGreaterThan(0.5);
    expect(fading.at(-1)).toBeCloseTo(0, 10);
    expect(wave.silent).toBe(true);
  });

  it('is silent for what cannot be reproduced', () => {
    const wave = new SquareWave(48000);
    for (const hertz of [24000, Infinity, NaN, -5]) {
      wave.setHertz(hertz);
      expect(wave.silent, String(hertz)).toBe(true);
    }
  });
});

describe('softLimit', () => {
  it('leaves what is quiet, bends what is loud, never passes 1, keeps the order', () => {
    expect(softLimit(0.5)).toBe(0.5);
    expect(softLimit(-0.7)).toBe(-0.7);
    const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        expect(Math.abs(softLimit(a))).toBeLessThanOrEqual(1);
        if (a < b) expect(softLimit(a)).toBeLessThanOrEqual(softLimit(b));
      }),
    );
  });

  it('makes silence of what is no number', () => {
    for (const sample of [NaN, Infinity, -Infinity]) expect(softLimit(sample)).toBeCloseTo(0);
  });
});

describe('EnergyMeter', () => {
  it('measures from one call to the next', () => {
    const meter = new EnergyMeter(100);
    meter.add(Float32Array.of(1, -1), Float32Array.of(0, 0));
    expect(meter.take()).toEqual({ rms: Math.SQRT1_2, peak: 1, seconds: 0.02 });
    expect(meter.take()).toEqual({ rms: 0, peak: 0, seconds: 0 });
  });
});
