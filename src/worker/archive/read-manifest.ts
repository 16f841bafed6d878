import * as v from 'valibot';
import { hasJsonShape } from '../../lib/json-shape.ts';
import type { ArchiveManifest } from '../../snapshot/archive-manifest.ts';
import { checkLinks } from './manifest-links.ts';
import { ManifestSchema } from './manifest-schema.ts';

/**
 * As dense as a manifest can be: the shortest entry has 21 bytes, and with the chunk that it names, which is an entry too,
 * 110 bytes for two objects and four members; the list of a moment's packs has more than 4 for each, with what else is said of the moment.
 */
const LIMITS = { depth: 16, bytesPerList: 32, bytesPerMember: 12, bytesPerItem: 4 };

export type ReadManifest =
  | { readonly manifest: ArchiveManifest; readonly wrong: null }
  /** What is wrong first, for the log. */
  | { readonly manifest: null; readonly wrong: string };

/** Reads the text of a manifest from outside: only what every part of fits a machine is one. Never throws. */
export function readManifest(json: Uint8Array): ReadManifest {
  if (!isManifestText(json)) return refused('a manifest that is too deep or too full');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    return refused('a manifest that is no JSON');
  }
  return checkManifest(value);
}

/** Whether the text of a manifest keeps what it is held to before it is read. */
export function isManifestText(json: Uint8Array): boolean {
  return hasJsonShape(json, LIMITS);
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
