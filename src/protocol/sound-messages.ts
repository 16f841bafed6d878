/**
 * Sound on its way from the worker to the audio thread. The two talk over a MessagePort of their own, which skips
 * the page. Flow control: the worker asks the guest for sound as long as what it sent and what is not played yet
 * come to less than its target; the audio thread reports as it plays.
 */

/** How loud each source is at the output, all of the guest's mixer taken together; 1 is full scale. */
export interface SoundGains {
  dacLeft: number;
  dacRight: number;
  speakerLeft: number;
  speakerRight: number;
}

/** From the worker to the audio thread. */
export type SoundToPlayer =
  /** Stereo samples, nominally within -1..1, at `rate` frames a second. The arrays are equally long and transferred. */
  | { type: 'pcm'; left: Float32Array; right: Float32Array; rate: number }
  | { type: 'gains'; gains: SoundGains }
  /** The tone of the PC speaker in hertz; 0 is silence. */
  | { type: 'speaker'; hertz: number }
  /** Answered by a level as soon as sound is really being played, however long that takes. */
  | { type: 'ping' };

/** From the audio thread to the worker. */
export interface LevelMessage {
  type: 'level';
  /** The playing time of all pcm received so far, in seconds. */
  receivedSeconds: number;
  /** The part of it that waits to be played. */
  bufferedSeconds: number;
}

/** What was played since the last measurement, before the visitor's volume and mute. */
export interface SoundEnergy {
  /** Root mean square of both channels; 0 is silence, a full-scale square wave is 1. */
  rms: number;
  /** The largest absolute sample. */
  peak: number;
  /** How much playing time the figures cover; 0 when the browser plays nothing. */
  seconds: number;
  /** The last tone of the PC speaker in that time, in hertz; 0 when it was silent. */
  beepHertz: number;
}

/** From the page to the audio thread. */
export type PageToPlayer =
  /** The worker's end of the lane; an earlier one is let go. */
  { type: 'connect'; port: MessagePort } | { type: 'measure'; id: number };

/** From the audio thread to the page. */
export interface MeasuredMessage {
  type: 'measured';
  id: number;
  energy: SoundEnergy;
}
