import { sentence } from '../lib/language.ts';
import type { DiscStretch } from '../media/disc-map.ts';

/** A rectangle of the drawn map: a piece of the stretch `index` on one of the rows. */
export interface MapPiece {
  readonly index: number;
  readonly row: number;
  readonly x: number;
  readonly width: number;
}

export interface MapShape {
  readonly rows: number;
  /** Length of one row, in units of the drawing. */
  readonly rowLength: number;
  /** A stretch is drawn at least so long, or it could be neither seen nor pointed at. */
  readonly minLength: number;
}

/** More stretches than this cannot be told apart, nor stepped through. */
const MAX_STRETCHES = 200;

/**
 * The stretches that are drawn: all of them, or, where a disc has more than a map can show, the thinnest of them
 * joined with their neighbours. What is missing from the file always stays a stretch of its own.
 */
export function drawnStretches(stretches: readonly DiscStretch[]): DiscStretch[] {
  let drawn = [...stretches];
  for (let thin = 1; drawn.length > MAX_STRETCHES; thin *= 4) drawn = joinThin(drawn, thin * 2048);
  return drawn;
}

function joinThin(stretches: readonly DiscStretch[], thinBytes: number): DiscStretch[] {
  const isThin = ({ kind, sizeBytes }: DiscStretch): boolean => kind !== 'missing' && sizeBytes <= thinBytes;
  const joined: DiscStretch[] = [];
  let run: DiscStretch[] = [];
  const endRun = (): void => {
    if (run.length === 1) joined.push(run[0]);
    else if (run.length > 1) joined.push(joinRun(run));
    run = [];
  };
  for (const stretch of stretches) {
    if (isThin(stretch)) {
      run.push(stretch);
    } else {
      endRun();
      joined.push(stretch);
    }
  }
  endRun();
  return joined;
}

function joinRun(run: readonly DiscStretch[]): DiscStretch {
  return {
    kind: 'small-files',
    name: sentence`Many small pieces`,
    offsetBytes: run[0].offsetBytes,
    sizeBytes: run.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    fileCount: run.reduce((sum, { kind, fileCount }) => sum + (fileCount ?? (kind === 'file' ? 1 : 0)), 0),
  };
}

/**
 * Lays stretches end to end on one line, in proportion except that none is shorter than `minLength`, and breaks the
 * line into rows. The pieces fill all rows exactly; what the thin ones take too much, the thick ones give.
 */
export function layMap(stretches: readonly { readonly sizeBytes: number }[], shape: MapShape): MapPiece[] {
  const { rows, rowLength } = shape;
  const line = rows * rowLength;
  const lengths = lengthsOf(
    stretches.map(({ sizeBytes }) => sizeBytes),
    line,
    Math.min(shape.minLength, line / (2 * Math.max(1, stretches.length))),
  );
  const pieces: MapPiece[] = [];
  let at = 0;
  lengths.forEach((length, index) => {
    // The last one ends where the last row ends, whatever rounding has left.
    const end = index === lengths.length - 1 ? line : at + length;
    for (let row = Math.floor(at / rowLength); row < rows && row * rowLength < end; row++) {
      const from = Math.max(at, row * rowLength);
      const to = Math.min(end, (row + 1) * rowLength);
      if (to > from) pieces.push({ index, row, x: from - row * rowLength, width: to - from });
    }
    at = end;
  });
  return pieces;
}

/** Shares `line` out by size: who would get less than `min` gets `min`, and the rest share what is left. */
function lengthsOf(sizes: readonly number[], line: number, min: number): number[] {
  const isThin = sizes.map(() => false);
  for (;;) {
    const thick = sizes.reduce((sum, size, index) => sum + (isThin[index] ? 0 : size), 0);
    const free = line - min * isThin.filter(Boolean).length;
    const share = (size: number): number => (thick > 0 ? (size / thick) * free : 0);
    const next = sizes.findIndex((size, index) => !isThin[index] && share(size) < min);
    if (next === -1) return sizes.map((size, index) => (isThin[index] ? min : share(size)));
    sizes.forEach((size, index) => (isThin[index] ||= share(size) < min));
  }
}
