import type { SoundGains } from '../../../protocol/sound-messages.ts';

/** The mixer's sources and channels by upstream's numbers (`src/const.js`, MIXER_*). */
const SOURCES = ['master', 'speaker', 'dac'] as const;
const CHANNELS = ['left', 'right', 'both'] as const;

type Source = (typeof SOURCES)[number];
type Side = 'left' | 'right';

/**
 * A Sound Blaster 16 starts with master and voice at -14 dB each and the PC speaker at -18 dB; a real one has an
 * amplifier behind it. These factors stand for it: a guest that never touches the mixer is well heard (voice at
 * -14 dB, speaker at -16 dB in all), and one that turns everything up meets the player's limiter.
 */
const AMPLIFIER = { dac: 5, speaker: 6.3 };
/** Below this (in dB) the card's volume is at its lowest, which is off. */
const LOWEST_DB = -60;

/** The guest's mixer: takes upstream's `mixer-*` events, gives the gain of each source at the output. */
export class Mixer {
  readonly #volumes: Record<Source, Record<(typeof CHANNELS)[number], number>> = {
    master: { left: 1, right: 1, both: 1 },
    speaker: { left: 1, right: 1, both: 1 },
    dac: { left: 1, right: 1, both: 1 },
  };
  readonly #outputGain = { left: 1, right: 1 };

  /** `mixer-volume`: [source, channel, decibels]; what names no source or channel of ours changes nothing. */
  setVolume([sourceId, channelId, decibels]: readonly number[]): void {
    const source: Source | undefined = SOURCES[sourceId];
    const channel: (typeof CHANNELS)[number] | undefined = CHANNELS[channelId];
    if (source && channel) this.#volumes[source][channel] = linear(decibels);
  }

  /** `mixer-gain-left`, `mixer-gain-right`: 0 to 18 decibels. */
  setOutputGain(side: Side, decibels: number): void {
    this.#outputGain[side] = linear(decibels);
  }

  get gains(): SoundGains {
    const gain = (source: 'dac' | 'speaker', side: Side) => {
      const of = (name: Source) => this.#volumes[name].both * this.#volumes[name][side];
      return AMPLIFIER[source] * of(source) * of('master') * this.#outputGain[side];
    };
    return {
      dacLeft: gain('dac', 'left'),
      dacRight: gain('dac', 'right'),
      speakerLeft: gain('speaker', 'left'),
      speakerRight: gain('speaker', 'right'),
    };
  }
}

function linear(decibels: number): number {
  return decibels <= LOWEST_DB ? 0 : 10 ** (decibels / 20);
}
