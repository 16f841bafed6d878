/** What a figure has to reach, in words that a table can show. */
export type Target =
  /** Ours divided by the plain page's, medians. */
  | { kind: 'ratio'; bound: 'at-least' | 'at-most'; value: number }
  /** Ours alone, in the figure's unit. */
  | { kind: 'value'; bound: 'at-least' | 'at-most'; value: number };

/** One line of the report: what was measured on each side, one number a run. */
export interface Figure {
  name: string;
  /** 'MIPS', 's', 'ms', 'kB'…, for the reader. */
  unit: string;
  ours: number[];
  /** Empty where a plain page has nothing to compare. */
  plain: number[];
  target: Target | null;
}

/** A figure with its medians taken and judged. `null` where there is nothing to divide or to reach. */
export interface JudgedFigure extends Figure {
  oursMedian: number;
  plainMedian: number | null;
  /** The median of ours divided by the median of plain. */
  ratio: number | null;
  met: boolean | null;
}

/** The middle value, the mean of the two middle ones of an even count. Throws for none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the share `q` (0..1) of the values lies, linear between neighbours. Throws for none. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new RangeError('No values to take a quantile of.');
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const below = Math.floor(at);
  const above = Math.ceil(at);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

/** Takes the medians and compares them with the target. */
export function judge(figure: Figure): JudgedFigure {
  const oursMedian = median(figure.ours);
  const plainMedian = figure.plain.length > 0 ? median(figure.plain) : null;
  const ratio = plainMedian === null ? null : oursMedian / plainMedian;
  const { target } = figure;
  const reached = target?.kind === 'ratio' ? ratio : oursMedian;
  const met =
    target === null || reached === null
      ? null
      : target.bound === 'at-least'
        ? reached >= target.value
        : reached <= target.value;
  return { ...figure, oursMedian, plainMedian, ratio, met };
}

/** One Markdown table: figure, ours, plain v86, ratio, target, met or missed. */
export function markdownTable(figures: readonly JudgedFigure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${round(figure.oursMedian)} ${figure.unit}`,
    figure.plainMedian === null ? '' : `${round(figure.plainMedian)} ${figure.unit}`,
    figure.ratio === null ? '' : figure.ratio.toFixed(2),
    figure.target === null ? '' : words(figure.target, figure.unit),
    figure.met === null ? '' : figure.met ? 'met' : '**missed**',
  ]);
  const head = ['figure', 'ours', 'plain v86', 'ratio', 'target', ''];
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function words(target: Target, unit: string): string {
  const sign = target.bound === 'at-least' ? '≥' : '≤';
  return target.kind === 'ratio' ? `${sign} ${target.value.toFixed(2)} ×` : `${sign} ${target.value} ${unit}`;
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
