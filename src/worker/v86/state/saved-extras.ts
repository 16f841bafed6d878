import * as v from 'valibot';

/**
 * What upstream's state leaves out of the devices, as it may come back: a moment may be from a file that somebody made to
 * do harm, so only these fields are taken, of these types, and nothing else reaches an object of the emulator.
 */
const byte = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));
/** A guest that reads nothing has its queues full: the longest upstream has is 4 KiB. */
const queue = v.pipe(v.array(byte), v.maxLength(65_536));

export const IdeExtrasSchema = v.object({
  medium_changed: byte,
  atapi_sense_key: byte,
  atapi_add_sense: byte,
});

export const ExtrasSchema = v.object({
  monotonicMs: v.pipe(v.number(), v.finite()),
  /** Checked by what takes it. */
  repairs: v.custom<object>((value) => typeof value === 'object' && value !== null),
  keyboard: queue,
  mouse: queue,
  ps2: v.object({ ready: v.boolean(), aux: v.boolean() }),
  serial: v.pipe(v.array(queue), v.maxLength(4)),
  ide: v.pipe(v.array(IdeExtrasSchema), v.maxLength(4)),
  /** Checked by what takes it. */
  witness: v.optional(v.pipe(v.string(), v.maxLength(1_000_000))),
  floppies: v.pipe(v.array(v.nullable(v.instance(Uint8Array<ArrayBuffer>))), v.maxLength(2)),
});
