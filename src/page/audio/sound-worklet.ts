import type { MeasuredMessage, PageToPlayer, SoundToPlayer } from '../../protocol/sound-messages.ts';
import { SoundPlayer } from './sound-player.ts';

// The entry of the audio thread (Web Audio API, AudioWorkletGlobalScope), which has no DOM and no types of its own here.
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

class SoundProcessor extends AudioWorkletProcessor {
  readonly #player = new SoundPlayer(sampleRate);
  #lane: MessagePort | null = null;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<PageToPlayer>) => {
      if (data.type === 'connect') {
        this.#lane?.close();
        this.#lane = data.port;
        data.port.onmessage = (event: MessageEvent<SoundToPlayer>) => this.#player.receive(event.data);
        return;
      }
      const measured: MeasuredMessage = { type: 'measured', id: data.id, energy: this.#player.takeEnergy() };
      this.port.postMessage(measured);
    };
  }

  /** Called by the browser for each block of 128 frames; true keeps the processor for as long as its node. */
  process(_inputs: Float32Array[][], [[left, right]]: Float32Array[][]): boolean {
    this.#player.render(left, right);
    const report = this.#player.takeReport();
    if (report) this.#lane?.postMessage(report);
    return true;
  }
}

registerProcessor('vitrine-sound', SoundProcessor);
