import * as v from 'valibot';
import { hasJsonShape } from '../../lib/json-shape.ts';
import type { ArchiveManifest } from '../../snapshot/archive-manifest.ts';
import { checkLinks } from './manifest-links.ts';
import { ManifestSchema } from './manifest-schema.ts';

/** Of a manifest as it is written, the shortest entries have 21 bytes for two members and a comma. */
const LIMITS = { depth: 16, bytesPerValue: 8 };

export type ReadManifest =
  | { readonly manifest: ArchiveManifest; readonly wrong: null }
  /** What is wrong first, for the log. */
  | { readonly manifest: null; readonly wrong: string };

/** Reads the text of a manifest from outside: only what every part of fits a machine is one. Never throws. */
export function readManifest(json: Uint8Array): ReadManifest {
  if (!hasJsonShape(json, LIMITS)) return refused('a manifest that is too deep or too full');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    return refused('a manifest that is no JSON');
  }
  return checkManifest(value);
}

/** The same for what was parsed; whoever writes a file asks it too, so that what is exported can be imported. */
export function checkManifest(value: unknown): ReadManifest {
  const read = v.safeParse(ManifestSchema, value, { abortEarly: true });
  if (!read.success) return refused(v.getDotPath(read.issues[0]) ?? 'no manifest');
  const manifest: ArchiveManifest = read.output;
  const wrong = checkLinks(manifest);
  return wrong === null ? { manifest, wrong } : refused(wrong);
}

function refused(wrong: string): ReadManifest {
  return { manifest: null, wrong };
}
