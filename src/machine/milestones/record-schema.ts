import * as v from 'valibot';
import { CHIPS, MILESTONES, PHRASES, type BootRecord } from './milestones.ts';

/**
 * A boot record as it may come back: a moment may be from a file that somebody made to do harm. Numbers in bounds and
 * words of our own lists, nothing else; so a record that passes holds nothing of anybody's.
 */
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const small = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff));
const code = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));
const when = { atMs: count, instructions: count, restarts: count };
const bootFile = v.picklist(['boot-image', 'bootmgr', 'bcd', 'boot-sdi', 'boot-wim', 'install-wim']);
const mode = { width: small, height: small, bitsPerPixel: small };
const phrase = v.picklist(PHRASES);

const evidence = v.variant('kind', [
  v.strictObject({ kind: v.literal('file'), file: bootFile, bytes: count }),
  v.strictObject({ kind: v.literal('phrase'), phrase }),
  v.strictObject({ kind: v.literal('mode'), ...mode }),
  v.strictObject({ kind: v.literal('chip'), chip: v.picklist(CHIPS) }),
  v.strictObject({
    kind: v.literal('dma'),
    drive: v.picklist(['disc', 'disk']),
    direction: v.picklist(['read', 'write']),
  }),
  v.strictObject({ kind: v.literal('packet'), opcode: small }),
  v.strictObject({ kind: v.literal('mouse') }),
  v.strictObject({ kind: v.literal('sector'), sector: count }),
]);

const reached = v.strictObject({
  id: v.picklist(MILESTONES),
  evidence: v.pipe(v.array(evidence), v.maxLength(4)),
  ...when,
});

const stop = v.strictObject({
  kind: v.picklist(['bug-check', 'blue-screen', 'boot-error']),
  code: v.nullable(code),
  ...when,
});

const event = v.variant('kind', [
  v.strictObject({ kind: v.literal('restart'), tripleFault: v.boolean(), ...when }),
  v.strictObject({ kind: v.literal('phrase'), phrase, ...when }),
  v.strictObject({ kind: v.literal('mode'), ...mode, graphics: v.boolean(), ...when }),
  v.strictObject({
    kind: v.picklist(['halted', 'power-off', 'disc-ejected', 'disc-changed', 'disc-unreadable', 'gone-back']),
    ...when,
  }),
]);

const file = v.strictObject({
  file: bootFile,
  sizeBytes: count,
  bytes: count,
  parts: v.pipe(v.string(), v.regex(/^[01]{64}$/)),
});

const counts = v.strictObject({
  discReads: count,
  discReadBytes: count,
  diskReads: count,
  diskReadBytes: count,
  diskWrites: count,
  diskWrittenBytes: count,
  dmaDisc: count,
  dmaDisk: count,
  packets: v.record(v.pipe(v.string(), v.regex(/^[0-9a-f]{2}$/)), count),
});

export const BootRecordSchema = v.strictObject({
  version: v.literal(1),
  ranMs: count,
  instructions: count,
  restarts: count,
  reached: v.pipe(v.array(reached), v.maxLength(MILESTONES.length)),
  stops: v.pipe(v.array(stop), v.maxLength(20)),
  events: v.pipe(v.array(event), v.maxLength(120)),
  files: v.pipe(v.array(file), v.maxLength(6)),
  counts,
  sinceStart: v.strictObject({ bootmgr: v.boolean(), bootSector: v.boolean(), mouse: v.boolean() }),
});

/** A record that was saved, or null where there is none or it is not one. */
export function readBootRecord(json: string | undefined): BootRecord | null {
  if (json === undefined) return null;
  try {
    const read = v.safeParse(BootRecordSchema, JSON.parse(json));
    return read.success ? read.output : null;
  } catch {
    // No JSON: a moment without a record is as good as any.
    return null;
  }
}
