import { VitrineError } from '../../lib/errors.ts';
import { Store, type ReadableStore } from '../../lib/store.ts';
import type { MeasuredMessage, PageToPlayer, SoundEnergy } from '../../protocol/sound-messages.ts';
import { clampVolume, gainOf, type SoundMemory, type SoundSettings } from './sound-settings.ts';
import { openWorklet } from '../secure-parts.ts';

/**
 * What the visitor hears. `off`: nothing was connected yet. `blocked`: the browser waits for a click or a key before
 * it plays anything; the sound comes by itself then. `unavailable`: this browser cannot, and `error` says why.
 */
export type SoundState =
  { state: 'off' | 'blocked' | 'playing' | 'paused' } | { state: 'unavailable'; error: VitrineError };

export interface SoundOutputOptions {
  memory: SoundMemory;
  /** The address of the worklet's module, same origin. */
  workletUrl: string;
  createContext: () => AudioContext;
  /** Where a click or key is heard that lets a blocked browser play: the document. */
  gestures: EventTarget;
}

/** How long a change of the volume takes: too short to notice, long enough not to click. */
const VOLUME_SECONDS = 0.02;
const GESTURES = ['pointerdown', 'pointerup', 'keydown', 'click'] as const;
const SILENCE: SoundEnergy = { rms: 0, peak: 0, seconds: 0, beepHertz: 0 };

/** The loudspeaker of the page: one audio context, one worklet, the visitor's volume behind it. */
export class SoundOutput {
  readonly #options: SoundOutputOptions;
  readonly #settings: Store<SoundSettings>;
  readonly #state = new Store<SoundState>({ state: 'off' });
  readonly #measuring = new Map<number, (energy: SoundEnergy) => void>();
  #context: AudioContext | null = null;
  #gain: GainNode | null = null;
  #opened: Promise<void> | null = null;
  /** The worklet while it works. */
  #ready: AudioWorkletNode | null = null;
  #paused = false;
  #lastId = 0;

  constructor(options: SoundOutputOptions) {
    this.#options = options;
    this.#settings = new Store(options.memory.load());
  }

  get settings(): ReadableStore<SoundSettings> {
    return this.#settings;
  }

  get state(): ReadableStore<SoundState> {
    return this.#state;
  }

  /**
   * Opens a lane for one machine's sound and resolves to the worker's end of it, to be transferred there; an earlier
   * machine is cut off. Call it in the event of the gesture that starts the machine, since browsers play nothing
   * before one. Null where the browser cannot play (`state` says so): the machine runs on without sound.
   */
  async connect(): Promise<MessagePort | null> {
    this.#opened ??= this.#open();
    this.resume();
    await this.#opened;
    if (!this.#ready) return null;
    const { port1, port2 } = new MessageChannel();
    send(this.#ready, { type: 'connect', port: port1 }, [port1]);
    return port2;
  }

  /** Plays on after `pause`, and where the browser blocks sound, tries again: right in the event of a gesture. */
  resume(): void {
    this.#paused = false;
    // Without a gesture this promise stays open for ever; `statechange` tells when it goes.
    this.#context?.resume().catch(() => this.#followState());
    this.#followState();
  }

  /** Rests the audio thread, while the machine is paused or off. */
  pause(): void {
    this.#paused = true;
    this.#context?.suspend().catch(() => this.#followState());
    this.#followState();
  }

  /** `volume` 0..1; remembered. */
  setVolume(volume: number): void {
    this.#change({ volume: clampVolume(volume) });
  }

  /** Remembered. */
  setMuted(muted: boolean): void {
    this.#change({ muted });
  }

  /** Measures what was played since the last call, before volume and mute; all zero while nothing plays. */
  async energy(): Promise<SoundEnergy> {
    if (!this.#ready || this.#context?.state !== 'running') return SILENCE;
    const id = ++this.#lastId;
    const { promise, resolve } = withResolver<SoundEnergy>();
    this.#measuring.set(id, resolve);
    send(this.#ready, { type: 'measure', id });
    return promise;
  }

  async #open(): Promise<void> {
    try {
      const context = this.#options.createContext();
      this.#context = context;
      context.addEventListener('statechange', () => this.#followState());
      const node = await openWorklet(context, this.#options.workletUrl, 'vitrine-sound', {
        numberOfInputs: 0,
        outputChannelCount: [2],
      });
      node.port.onmessage = ({ data }: MessageEvent<MeasuredMessage>) => {
        this.#measuring.get(data.id)?.(data.energy);
        this.#measuring.delete(data.id);
      };
      node.addEventListener('processorerror', () => this.#fail(new Error('The sound processor failed.')));
      this.#gain = new GainNode(context, { gain: gainOf(this.#settings.value) });
      node.connect(this.#gain).connect(context.destination);
      this.#ready = node;
      this.#waitForGestures();
      this.#followState();
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #fail(cause: unknown): void {
    const error = new VitrineError('sound/unavailable', {}, { cause });
    for (const answer of this.#measuring.values()) answer(SILENCE);
    this.#measuring.clear();
    this.#ready = null;
    this.#state.set({ state: 'unavailable', error });
  }

  #change(part: Partial<SoundSettings>): void {
    this.#settings.patch(part);
    this.#options.memory.save(this.#settings.value);
    if (!this.#gain || !this.#context) return;
    const now = this.#context.currentTime;
    this.#gain.gain.setTargetAtTime(gainOf(this.#settings.value), now, VOLUME_SECONDS / 3);
  }

  #followState(): void {
    if (!this.#ready || this.#state.value.state === 'unavailable') return;
    const state = this.#context?.state === 'running' ? 'playing' : this.#paused ? 'paused' : 'blocked';
    if (this.#state.value.state !== state) this.#state.set({ state });
    if (state === 'playing') return;
    for (const answer of this.#measuring.values()) answer(SILENCE);
    this.#measuring.clear();
  }

  /** A machine that starts by itself has no gesture; the first that comes lets it be heard. */
  #waitForGestures(): void {
    const onGesture = () => {
      if (this.#state.value.state === 'blocked') this.resume();
    };
    for (const type of GESTURES) {
      this.#options.gestures.addEventListener(type, onGesture, { capture: true, passive: true });
    }
  }
}

function send(node: AudioWorkletNode, message: PageToPlayer, transfer: Transferable[] = []): void {
  node.port.postMessage(message, transfer);
}

function withResolver<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
