import { describe, expect, it } from 'vitest';
import { ReleaseGesture } from './release-gesture.ts';

/** Plays "+code" for down and "-code" for up; gives the places in the sequence where the gesture completed. */
function play(sequence: string, gesture = new ReleaseGesture()): number[] {
  const hits: number[] = [];
  sequence.split(' ').forEach((step, index) => {
    if (step.startsWith('+')) gesture.keyDown(step.slice(1));
    else if (gesture.keyUp(step.slice(1))) hits.push(index);
  });
  return hits;
}

describe('ReleaseGesture', () => {
  it('completes at the first release of Ctrl and Alt, in either order', () => {
    expect(play('+ControlLeft +AltLeft -AltLeft -ControlLeft')).toEqual([2]);
    expect(play('+AltLeft +ControlRight -ControlRight -AltLeft')).toEqual([2]);
  });

  it('bears key repeat', () => {
    expect(play('+ControlLeft +ControlLeft +AltLeft +AltLeft -ControlLeft')).toEqual([4]);
  });

  it('leaves Ctrl+Alt+Del and every other Ctrl+Alt shortcut to the guest', () => {
    expect(play('+ControlLeft +AltLeft +Delete -Delete -AltLeft -ControlLeft')).toEqual([]);
    expect(play('+KeyA +ControlLeft +AltLeft -KeyA -AltLeft -ControlLeft')).toEqual([]);
  });

  it('is not AltGr, however the browser tells it', () => {
    expect(play('+ControlLeft +AltRight -ControlLeft -AltRight')).toEqual([]);
    expect(play('+AltRight -AltRight')).toEqual([]);
  });

  it('needs both keys at once', () => {
    expect(play('+ControlLeft -ControlLeft +AltLeft -AltLeft')).toEqual([]);
  });

  it('is called off by the mouse and by lost focus, and can be made again', () => {
    const gesture = new ReleaseGesture();
    play('+ControlLeft +AltLeft', gesture);
    gesture.callOff();
    expect(play('-AltLeft -ControlLeft', gesture)).toEqual([]);
    play('+ControlLeft +AltLeft', gesture);
    gesture.reset();
    expect(play('-AltLeft -ControlLeft', gesture)).toEqual([]);
    expect(play('+ControlLeft +AltLeft -AltLeft -ControlLeft', gesture)).toEqual([2]);
  });
});
