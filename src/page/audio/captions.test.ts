import { describe, expect, it } from 'vitest';
import { captionOf } from './captions.ts';
import { SoundPlayer } from './sound-player.ts';

describe('captions', () => {
  it('name the beep of the PC speaker, even one that is over, and any other sound', () => {
    const player = new SoundPlayer(48_000);
    const [left, right] = [new Float32Array(480), new Float32Array(480)];
    player.receive({ type: 'gains', gains: { dacLeft: 1, dacRight: 1, speakerLeft: 1, speakerRight: 1 } });
    player.render(left, right);
    expect(captionOf(player.takeEnergy())).toBe('');

    player.receive({ type: 'speaker', hertz: 1000.4 });
    player.render(left, right);
    player.receive({ type: 'speaker', hertz: 0 });
    expect(captionOf(player.takeEnergy())).toBe('[beep, 1000 Hz]');
    // The end of its last wave.
    player.render(left, right);
    player.takeEnergy();
    player.render(left, right);
    expect(captionOf(player.takeEnergy())).toBe('');

    const wave = Float32Array.from({ length: 4800 }, (_, index) => Math.sin(index / 10) / 4);
    player.receive({ type: 'pcm', left: wave, right: wave, rate: 48_000 });
    player.render(left, right);
    expect(captionOf(player.takeEnergy())).toBe('[sound]');
  });
});
