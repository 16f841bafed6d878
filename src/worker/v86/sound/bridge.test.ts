import { describe, expect, it } from 'vitest';
import type { SoundToPlayer } from '../../../protocol/sound-messages.ts';
import { bridgeSound } from './bridge.ts';
import type { SoundDevices } from './bus.ts';
import { Mixer } from './mixer.ts';
import { SpeakerTone } from './speaker-tone.ts';

/** The bus of v86 with a sound card on it that has as many blocks as `stock` says, and a port of our own. */
function machine(devices?: SoundDevices, lane: 'heard' | 'silent' = 'heard') {
  const listeners = new Map<string, (value: never) => void>();
  const card = { stock: 0, requests: 0, initialized: 0 };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each listener knows what its own event carries
  const tell = (event: string, value?: unknown) => listeners.get(event)?.(value as never);
  const bus = {
    send(event: string) {
      if (event === 'speaker-has-initialized') card.initialized++;
      if (event !== 'dac-request-data') return;
      card.requests++;
      if (card.stock-- > 0) tell('dac-send-data', [new Float32Array(512).fill(0.5), new Float32Array(512)]);
    },
    register: (event: string, listener: (value: never) => void) => void listeners.set(event, listener),
    unregister: (event: string) => void listeners.delete(event),
  };
  const posted: SoundToPlayer[] = [];
  const port = {
    onmessage: null as ((event: { data: unknown }) => void) | null,
    closed: false,
    postMessage: (message: SoundToPlayer) => void posted.push(message),
    close: () => void (port.closed = true),
  };
  let now = 0;
  let due: { at: number; call: () => void } | null = null;
  const clock = {
    now: () => now,
    after(ms: number, call: () => void) {
      due = { at: now + ms, call };
      return () => void (due = null);
    },
  };
  const advance = (ms: number) => {
    const until = now + ms;
    while (due !== null && due.at <= until) {
      const timer: { at: number; call: () => void } = due;
      due = null;
      now = timer.at;
      timer.call();
    }
    now = until;
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much of it as is used
  const end = bridgeSound(bus, lane === 'heard' ? (port as unknown as MessagePort) : null, devices, clock);
  const of = (type: SoundToPlayer['type']) => posted.filter((message) => message.type === type);
  return { card, tell, port, posted, of, end, listeners, advance };
}

/** Lets everything that was put off to the end of the turn happen. */
const turn = () => new Promise<void>((resolve) => queueMicrotask(resolve));

describe('bridgeSound', () => {
  it('asks the card for its mixer, and tells the gains once a turn', async () => {
    const { card, tell, of } = machine();
    expect(card.initialized).toBe(1);
    tell('mixer-volume', [0, 0, -14]);
    tell('mixer-volume', [0, 1, -14]);
    tell('mixer-gain-left', 6);
    await turn();
    expect(of('gains')).toHaveLength(1);
    tell('mixer-gain-right', 6);
    await turn();
    expect(of('gains')).toHaveLength(2);
  });

  it('draws and sends samples at the card’s rate, after the guest’s own turn', async () => {
    const { card, tell, of } = machine();
    tell('emulator-started');
    card.stock = 100;
    tell('dac-tell-sampling-rate', 11025);
    tell('dac-enable');
    expect(card.requests).toBe(0);
    await turn();
    expect(of('pcm').length).toBeGreaterThan(0);
    expect(of('pcm')[0]).toMatchObject({ rate: 11025, left: expect.objectContaining({ length: 512 }) });
  });

  it('draws more as the player reports', async () => {
    const { card, tell, port, of } = machine();
    tell('emulator-started');
    card.stock = 1e6;
    tell('dac-enable');
    await turn();
    const before = of('pcm').length;
    port.onmessage?.({
      data: { type: 'level', receivedSeconds: (before * 512) / 22050, bufferedSeconds: 0 },
    });
    expect(of('pcm').length).toBe(2 * before);
  });

  it('leaves a stopped machine alone', async () => {
    const { card, tell } = machine();
    card.stock = 5;
    tell('dac-enable');
    await turn();
    expect(card.requests).toBe(0);
    tell('emulator-started');
    expect(card.requests).toBeGreaterThan(0);
    const asked = card.requests;
    tell('emulator-stopped');
    tell('dac-enable');
    await turn();
    expect(card.requests).toBe(asked);
  });

  it('tells the tone that is meant, not those on the way to it, and none while the machine stands', async () => {
    const { tell, of } = machine();
    tell('emulator-started');
    tell('pcspeaker-update', [3, 0x12]);
    tell('pcspeaker-enable');
    tell('pcspeaker-update', [3, 1193]);
    await turn();
    expect(of('speaker')).toEqual([{ type: 'speaker', hertz: expect.closeTo(1000.15, 1) }]);
    tell('emulator-stopped');
    await turn();
    tell('emulator-started');
    await turn();
    tell('pcspeaker-disable');
    await turn();
    expect(of('speaker').map((message) => message.type === 'speaker' && Math.round(message.hertz))).toEqual([
      1000, 0, 1000, 0,
    ]);
  });

  it('knows rate and tone of a restored machine from its devices', async () => {
    const { card, tell, of } = machine({
      sb16: { sampling_rate: 8000 },
      pit: { counter_mode: [0, 0, 3], counter_reload: [0, 0, 2386] },
    });
    card.stock = 1;
    tell('dac-enable');
    tell('pcspeaker-enable');
    tell('emulator-started');
    await turn();
    expect(of('pcm')[0]).toMatchObject({ rate: 8000 });
    expect(of('speaker')).toEqual([{ type: 'speaker', hertz: expect.closeTo(500, 0) }]);
  });

  it('ends in silence: no listener, no timer, a closed port', async () => {
    const { tell, end, port, posted, listeners } = machine();
    tell('mixer-gain-left', 6);
    end();
    expect(listeners.size).toBe(0);
    expect(port.closed).toBe(true);
    const count = posted.length;
    await turn();
    expect(posted.length).toBe(count);
  });
});

describe('bridgeSound without a port', () => {
  it('draws from the card at the pace of the clock', async () => {
    const { card, tell, advance } = machine(undefined, 'silent');
    tell('emulator-started');
    card.stock = 1e6;
    tell('dac-enable');
    await turn();
    const before = card.requests;
    advance(250 + 1000);
    const seconds = ((card.requests - before) * 512) / 22050;
    expect(seconds).toBeGreaterThan(0.9);
    expect(seconds).toBeLessThan(1.1);
  });
});

describe('Mixer', () => {
  const atPowerOn = () => {
    const mixer = new Mixer();
    for (const channel of [0, 1]) {
      mixer.setVolume([0, channel, -14]);
      mixer.setVolume([2, channel, -14]);
    }
    mixer.setVolume([1, 2, -18]);
    return mixer;
  };

  it('makes a card heard whose mixer was never touched', () => {
    const { dacLeft, dacRight, speakerLeft, speakerRight } = atPowerOn().gains;
    expect(dacLeft).toBeCloseTo(0.2, 2);
    expect(dacRight).toBe(dacLeft);
    expect(speakerLeft).toBeCloseTo(0.16, 2);
    expect(speakerRight).toBe(speakerLeft);
  });

  it('turns each side and source by itself', () => {
    const mixer = atPowerOn();
    const before = mixer.gains;
    mixer.setVolume([2, 0, -20]);
    expect(mixer.gains).toEqual({ ...before, dacLeft: expect.closeTo(before.dacLeft / 2, 2) });
    mixer.setOutputGain('right', 6);
    expect(mixer.gains.speakerRight / before.speakerRight).toBeCloseTo(2, 1);
    expect(mixer.gains.speakerLeft).toBe(before.speakerLeft);
  });

  it('is off at the lowest volume, and ignores sources it has not', () => {
    const mixer = atPowerOn();
    mixer.setVolume([0, 0, -62]);
    expect(mixer.gains.dacLeft).toBe(0);
    const before = mixer.gains;
    mixer.setVolume([7, 0, 0]);
    mixer.setVolume([0, 9, 0]);
    expect(mixer.gains).toEqual(before);
  });
});

describe('SpeakerTone', () => {
  it('sounds with the gate open and the timer making a square wave', () => {
    const speaker = new SpeakerTone();
    speaker.setTimer(3, 1193);
    expect(speaker.hertz).toBe(0);
    speaker.setGate(true);
    expect(speaker.hertz).toBeCloseTo(1000, -1);
    speaker.setTimer(0, 1193);
    expect(speaker.hertz).toBe(0);
  });

  it('counts a reload of 0 as 65536, and is silent above hearing', () => {
    const speaker = new SpeakerTone();
    speaker.setGate(true);
    speaker.setTimer(3, 0);
    expect(speaker.hertz).toBeCloseTo(18.2, 1);
    speaker.setTimer(3, 10);
    expect(speaker.hertz).toBe(0);
  });
});
