import type { LevelMessage, SoundToPlayer } from '../../../protocol/sound-messages.ts';
import type { SoundBus, SoundDevices } from './bus.ts';
import { DacPump, type PumpClock } from './dac-pump.ts';
import { Mixer } from './mixer.ts';
import { SpeakerTone } from './speaker-tone.ts';

const CLOCK: PumpClock = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Carries the sound of v86 to the audio thread over `port` (upstream's own adapter needs a `window`). Call it after
 * `emulator-loaded` and before the guest's first instruction; the function that comes back ends it and closes the
 * port. Without a port the machine is silent, yet its card goes on: a guest that plays must not wait for ever. With `devices` (`cpu.devices`) the sound is right after a restored snapshot too, of which v86 tells the bus
 * only a part.
 */
export function bridgeSound(
  bus: SoundBus,
  port: MessagePort | null,
  devices: SoundDevices = {},
  clock = CLOCK,
): () => void {
  const mixer = new Mixer();
  const speaker = new SpeakerTone();
  const post = (message: SoundToPlayer, transfer: Transferable[] = []) =>
    port?.postMessage(message, transfer);
  const pump = new DacPump(
    {
      request: () => bus.send('dac-request-data'),
      play: (left, right, rate) => post({ type: 'pcm', left, right, rate }, [left.buffer, right.buffer]),
      ping: () => post({ type: 'ping' }),
    },
    clock,
  );
  let running = false;
  let ended = false;
  let postedHertz = 0;

  const pumpSoon = oncePerTurn(() => {
    if (!ended) pump.pump();
  });
  const postGainsSoon = oncePerTurn(() => {
    if (!ended) post({ type: 'gains', gains: mixer.gains });
  });
  const postToneSoon = oncePerTurn(() => {
    const hertz = running ? speaker.hertz : 0;
    if (ended || hertz === postedHertz) return;
    postedHertz = hertz;
    post({ type: 'speaker', hertz });
  });
  const readDevices = () => {
    if (devices.sb16) pump.setRate(devices.sb16.sampling_rate);
    if (devices.pit) speaker.setTimer(devices.pit.counter_mode[2], devices.pit.counter_reload[2]);
  };

  const handlers: Record<string, (value: never) => void> = {
    'dac-send-data': ([left, right]: [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>]) =>
      pump.offer(left, right),
    'dac-tell-sampling-rate': (rate: number) => pump.setRate(rate),
    'dac-enable': () => {
      pump.setEnabled(true);
      pumpSoon();
    },
    'dac-disable': () => pump.setEnabled(false),
    'pcspeaker-enable': () => {
      speaker.setGate(true);
      postToneSoon();
    },
    'pcspeaker-disable': () => {
      speaker.setGate(false);
      postToneSoon();
    },
    'pcspeaker-update': ([mode, reload]: [number, number]) => {
      speaker.setTimer(mode, reload);
      postToneSoon();
    },
    'mixer-volume': (volume: number[]) => {
      mixer.setVolume(volume);
      postGainsSoon();
    },
    'mixer-gain-left': (decibels: number) => {
      mixer.setOutputGain('left', decibels);
      postGainsSoon();
    },
    'mixer-gain-right': (decibels: number) => {
      mixer.setOutputGain('right', decibels);
      postGainsSoon();
    },
    'emulator-started': () => {
      running = true;
      readDevices();
      pump.setRunning(true);
      postToneSoon();
    },
    'emulator-stopped': () => {
      running = false;
      pump.setRunning(false);
      postToneSoon();
    },
  };
  for (const [event, handler] of Object.entries(handlers)) bus.register(event, handler);
  if (port) port.onmessage = ({ data }: MessageEvent<LevelMessage>) => pump.onLevel(data);
  // The card answers with its mixer's power-on values, which went out before anybody listened.
  bus.send('speaker-has-initialized');
  postGainsSoon();

  return () => {
    ended = true;
    pump.dispose();
    for (const [event, handler] of Object.entries(handlers)) bus.unregister(event, handler);
    post({ type: 'speaker', hertz: 0 });
    port?.close();
  };
}

/**
 * Runs `act` once after the turn in which it was asked for, however often that was. A guest sets a tone in three
 * writes to two ports within one slice; what lies between is not meant to be heard.
 */
function oncePerTurn(act: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    queueMicrotask(() => {
      asked = false;
      act();
    });
  };
}
