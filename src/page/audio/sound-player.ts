import { unreachable } from '../../lib/assert.ts';
import type { LevelMessage, SoundEnergy, SoundGains, SoundToPlayer } from '../../protocol/sound-messages.ts';
import { EnergyMeter } from './energy-meter.ts';
import { PcmQueue } from './pcm-queue.ts';
import { softLimit } from './soft-limit.ts';
import { SquareWave } from './square-wave.ts';

/** How much is played between two reports: often enough for a target of some 50 ms, rarely enough to cost nothing. */
const REPORT_SECONDS = 0.01;

const SILENT: SoundGains = { dacLeft: 0, dacRight: 0, speakerLeft: 0, speakerRight: 0 };

/** Everything that the audio thread does, apart from being an audio thread. */
export class SoundPlayer {
  readonly #rate: number;
  readonly #pcm: PcmQueue;
  readonly #speaker: SquareWave;
  readonly #meter: EnergyMeter;
  /** Where the gains are going, and where they have got to: a jump would click. */
  #gains = SILENT;
  #heard = { ...SILENT };
  #receivedSeconds = 0;
  #unreported = false;
  #pinged = false;
  #hertz = 0;
  #beepHertz = 0;
  #sinceReport = 0;
  #speakerBlock = new Float32Array(0);

  constructor(sampleRate: number) {
    this.#rate = sampleRate;
    this.#pcm = new PcmQueue(sampleRate);
    this.#speaker = new SquareWave(sampleRate);
    this.#meter = new EnergyMeter(sampleRate);
  }

  receive(message: SoundToPlayer): void {
    switch (message.type) {
      case 'pcm':
        this.#pcm.write(message.left, message.right, message.rate);
        this.#receivedSeconds += message.left.length / message.rate;
        this.#unreported = true;
        return;
      case 'gains':
        this.#gains = message.gains;
        return;
      case 'speaker':
        this.#speaker.setHertz(message.hertz);
        this.#hertz = message.hertz;
        // A beep may be over before anybody asks.
        if (message.hertz > 0) this.#beepHertz = message.hertz;
        return;
      case 'ping':
        this.#pinged = true;
        return;
      default:
        unreachable(message);
    }
  }

  /** Fills both arrays with the next frames to be heard. */
  render(left: Float32Array, right: Float32Array): void {
    if (this.#pcm.silent && this.#speaker.silent) {
      left.fill(0);
      right.fill(0);
      this.#heard = { ...this.#gains };
    } else {
      this.#mix(left, right);
    }
    this.#meter.add(left, right);
    this.#sinceReport += left.length / this.#rate;
  }

  /** What the worker should hear now; null while it knows all, so that silence sends no messages. */
  takeReport(): LevelMessage | null {
    const due = this.#unreported && this.#sinceReport >= REPORT_SECONDS;
    if (!due && !this.#pinged) return null;
    const { bufferedSeconds } = this.#pcm;
    this.#pinged = false;
    this.#sinceReport = 0;
    this.#unreported = bufferedSeconds > 0;
    return { type: 'level', receivedSeconds: this.#receivedSeconds, bufferedSeconds };
  }

  /** What was played since the last call. */
  takeEnergy(): SoundEnergy {
    const energy = { ...this.#meter.take(), beepHertz: this.#beepHertz };
    this.#beepHertz = this.#hertz;
    return energy;
  }

  #mix(left: Float32Array, right: Float32Array): void {
    const frames = left.length;
    if (this.#speakerBlock.length !== frames) this.#speakerBlock = new Float32Array(frames);
    const tone = this.#speakerBlock;
    this.#pcm.read(left, right);
    for (let index = 0; index < frames; index++)
      tone[index] = this.#speaker.silent ? 0 : this.#speaker.next();
    const from = this.#heard;
    const to = this.#gains;
    for (let index = 0; index < frames; index++) {
      const along = (index + 1) / frames;
      const gain = (name: keyof SoundGains) => from[name] + (to[name] - from[name]) * along;
      left[index] = softLimit(left[index] * gain('dacLeft') + tone[index] * gain('speakerLeft'));
      right[index] = softLimit(right[index] * gain('dacRight') + tone[index] * gain('speakerRight'));
    }
    this.#heard = { ...to };
  }
}
