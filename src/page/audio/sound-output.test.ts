import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SoundOutput } from './sound-output.ts';
import type { SettingsStorage } from '../local-memory.ts';
import { clampVolume, gainOf, SoundMemory } from './sound-settings.ts';

function storage(initial: Record<string, string> = {}) {
  const items = new Map(Object.entries(initial));
  const fake: SettingsStorage = {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
  };
  return { items, fake };
}

describe('SoundMemory', () => {
  it('gives back what it was given', () => {
    const { fake } = storage();
    new SoundMemory(() => fake, 'k').save({ volume: 0.25, muted: true });
    expect(new SoundMemory(() => fake, 'k').load()).toEqual({ volume: 0.25, muted: true });
    expect(new SoundMemory(() => fake, 'other').load().muted).toBe(false);
  });

  it('does without a storage that is denied or full', () => {
    const deny = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    const denied = new SoundMemory(deny, 'k');
    expect(denied.load().muted).toBe(false);
    denied.save({ volume: 1, muted: true });
    const full = new SoundMemory(() => ({ getItem: () => null, setItem: deny }), 'k');
    full.save({ volume: 1, muted: true });
    expect(full.load().muted).toBe(false);
  });

  it.each(['', 'no json', '7', 'null', '[]', '{"volume":"loud","muted":"yes"}', '{"volume":1e999}'])(
    'starts afresh from what is damaged: %s',
    (text) => {
      const { fake } = storage({ k: text });
      const { volume, muted } = new SoundMemory(() => fake, 'k').load();
      expect(volume).toBeGreaterThan(0);
      expect(volume).toBeLessThanOrEqual(1);
      expect(muted).toBe(false);
    },
  );

  it('does not hide an error of another kind', () => {
    const broken = new SoundMemory(() => {
      throw new TypeError('bug');
    }, 'k');
    expect(() => broken.load()).toThrow('bug');
  });

  it('keeps volumes within 0..1 and mutes to nothing', () => {
    expect([clampVolume(-1), clampVolume(2), clampVolume(0.5)]).toEqual([0, 1, 0.5]);
    expect(gainOf({ volume: 0.5, muted: false })).toBe(0.25);
    expect(gainOf({ volume: 0.5, muted: true })).toBe(0);
  });
});

/** As much of Web Audio as the output uses. */
class FakeContext extends EventTarget {
  state = 'suspended';
  currentTime = 0;
  destination = {};
  allowed = false;
  addModule = vi.fn(async (_url: string) => undefined);
  audioWorklet = { addModule: this.addModule };
  async resume(): Promise<void> {
    if (this.allowed) this.#go('running');
  }
  async suspend(): Promise<void> {
    this.#go('suspended');
  }
  #go(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

const nodes: FakeNode[] = [];
class FakeNode extends EventTarget {
  posted: { type: string; port?: MessagePort; id?: number }[] = [];
  port = {
    onmessage: null as ((event: { data: unknown }) => void) | null,
    postMessage: (message: { type: string }) => void this.posted.push(message),
  };
  connect = (node: unknown) => node;
  constructor() {
    super();
    nodes.push(this);
  }
}
const setTargetAtTime = vi.fn();
class FakeGain {
  gain = { setTargetAtTime };
  connect = () => undefined;
}

function output(context = new FakeContext(), stored: Record<string, string> = {}) {
  const { items, fake } = storage(stored);
  const gestures = new EventTarget();
  const sound = new SoundOutput({
    memory: new SoundMemory(() => fake, 'k'),
    workletUrl: '/sound.js',
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much of it as is used
    createContext: () => context as unknown as AudioContext,
    gestures,
  });
  return { context, items, gestures, sound };
}

beforeEach(() => {
  nodes.length = 0;
  setTargetAtTime.mockClear();
  vi.stubGlobal('AudioWorkletNode', FakeNode);
  vi.stubGlobal('GainNode', FakeGain);
});
afterEach(() => void vi.unstubAllGlobals());

describe('SoundOutput', () => {
  it('makes one worklet, and a lane for each machine', async () => {
    const { sound, context } = output();
    context.allowed = true;
    const first = await sound.connect();
    const second = await sound.connect();
    expect(context.addModule.mock.calls).toEqual([['/sound.js']]);
    expect(nodes).toHaveLength(1);
    expect(nodes[0].posted.map((message) => message.type)).toEqual(['connect', 'connect']);
    expect(sound.state.value).toEqual({ state: 'playing' });
    first?.close();
    second?.close();
  });

  it('waits for a gesture where the browser wants one, and plays then', async () => {
    const { sound, context, gestures } = output();
    const port = await sound.connect();
    expect(port).not.toBeNull();
    expect(sound.state.value).toEqual({ state: 'blocked' });
    context.allowed = true;
    gestures.dispatchEvent(new Event('pointerdown'));
    expect(sound.state.value).toEqual({ state: 'playing' });
    port?.close();
  });

  it('stays paused through gestures until it is resumed', async () => {
    const { sound, context, gestures } = output();
    context.allowed = true;
    const port = await sound.connect();
    sound.pause();
    expect(sound.state.value).toEqual({ state: 'paused' });
    gestures.dispatchEvent(new Event('keydown'));
    expect(sound.state.value).toEqual({ state: 'paused' });
    sound.resume();
    expect(sound.state.value).toEqual({ state: 'playing' });
    port?.close();
  });

  it('says so where the browser cannot, and lets the machine run without', async () => {
    const { sound } = output(Object.assign(new FakeContext(), { audioWorklet: undefined }));
    expect(await sound.connect()).toBeNull();
    expect(sound.state.value).toMatchObject({ state: 'unavailable', error: { code: 'sound/unavailable' } });
    expect(await sound.connect()).toBeNull();
    sound.setVolume(0.5);
    expect(await sound.energy()).toEqual({ rms: 0, peak: 0, seconds: 0, beepHertz: 0 });
  });

  it('sets and remembers volume and mute', async () => {
    const { sound, items } = output();
    sound.setVolume(0.5);
    const port = await sound.connect();
    sound.setMuted(true);
    expect(setTargetAtTime).toHaveBeenLastCalledWith(0, 0, expect.any(Number));
    sound.setMuted(false);
    expect(setTargetAtTime).toHaveBeenLastCalledWith(0.25, 0, expect.any(Number));
    expect(JSON.parse(items.get('k') ?? '')).toEqual({ volume: 0.5, muted: false });
    expect(output(new FakeContext(), Object.fromEntries(items)).sound.settings.value.volume).toBe(0.5);
    port?.close();
  });

  it('asks the worklet for the energy, and answers with silence when it stops', async () => {
    const { sound, context } = output();
    expect((await sound.energy()).seconds).toBe(0);
    context.allowed = true;
    const port = await sound.connect();
    const energy = { rms: 0.1, peak: 0.2, seconds: 1 };
    const asked = sound.energy();
    nodes[0].port.onmessage?.({ data: { type: 'measured', id: nodes[0].posted.at(-1)?.id, energy } });
    expect(await asked).toEqual(energy);
    const unanswered = sound.energy();
    sound.pause();
    expect((await unanswered).seconds).toBe(0);
    port?.close();
  });

  it('says so when the audio thread fails', async () => {
    const { sound, context } = output();
    context.allowed = true;
    const port = await sound.connect();
    nodes[0].dispatchEvent(new Event('processorerror'));
    expect(sound.state.value.state).toBe('unavailable');
    expect(await sound.connect()).toBeNull();
    port?.close();
  });
});
