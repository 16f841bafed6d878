import { t } from '../lib/language.ts';
import type { DiskMap } from '../protocol/machine-messages.ts';
import { formatBytes } from '../lib/format.ts';
import { diskSizeWords } from './shelf-words.ts';

/** How much of a part of the disk is stored, each from 0 to 1. */
export interface MapCell {
  readonly top: number;
  readonly frozen: number;
}

/** A map in figures: what its text says. */
export interface MapSums {
  readonly topBytes: number;
  readonly frozenBytes: number;
}

/** The cells of a map. Blocks that are in both layers count in both: the top one hides the other. */
export function mapCells({ sizeBytes, blockBytes, top, frozen }: DiskMap): MapCell[] {
  const blocks = Math.ceil(Math.ceil(sizeBytes / blockBytes) / top.length);
  return Array.from(top, (count, i) => ({
    top: Math.min(1, count / blocks),
    frozen: Math.min(1, frozen[i] / blocks),
  }));
}

export function mapSums({ blockBytes, top, frozen }: DiskMap): MapSums {
  const sum = (counts: Uint32Array) => counts.reduce((total, count) => total + count, 0) * blockBytes;
  return { topBytes: sum(top), frozenBytes: sum(frozen) };
}

/** The map for those who do not see it: how much is stored, in which layers, and how far into the disk. */
export function mapWords(map: DiskMap): string {
  const { topBytes, frozenBytes } = mapSums(map);
  const size = diskSizeWords(map.sizeBytes);
  if (topBytes + frozenBytes === 0) return t`Nothing is stored of the disk of ${size}.`;
  const used = mapCells(map).map(({ top, frozen }) => top + frozen > 0);
  const share = Math.max(1, Math.round((100 * used.filter(Boolean).length) / used.length));
  const reach = Math.max(1, Math.round((100 * (used.lastIndexOf(true) + 1)) / used.length));
  return (
    `Of the disk of ${size}, ${formatBytes(topBytes)} are in the top layer and ${formatBytes(frozenBytes)} in ` +
    `frozen layers below it. About ${share}% of its parts hold something, the last at ${reach}% of its length.`
  );
}
