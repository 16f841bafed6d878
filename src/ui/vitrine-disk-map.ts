import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { VitrineError } from '../lib/errors.ts';
import { formatBytes } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import type { MachineSession } from '../page/machine-session.ts';
import type { DiskMap } from '../protocol/machine-messages.ts';
import { mapCells, mapSums, mapWords, type MapCell } from './disk-map-picture.ts';
import { StoreController } from './store-controller.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

const ROWS = 10;
/** A cell with its gap, in CSS pixels. */
const CELL_PX = 9;
const GAP_PX = 1;
/** The map is made of numbers that the worker counts; it is not asked for them more often than this. */
const INTERVAL_MS = 2000;

const EMPTY = '#eef1f4';
const TOP = [42, 163, 18] as const;
const FROZEN = [37, 128, 200] as const;

/** What of the machine's disk is stored, as a grid from its first block to its last; drawn anew while it is seen. */
@customElement('vitrine-disk-map')
export class VitrineDiskMap extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        display: block;
        color: #15181c;
        font: 13px/1.45 var(--sans);
      }
      .frame {
        padding: 4px;
        border: 1px solid #8f959c;
        background: #fff;
      }
      canvas {
        display: block;
        width: 100%;
      }
      p {
        margin: 0;
        color: #3c434b;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 14px;
        margin: 6px 0 0;
        padding: 0;
        list-style: none;
        font-variant-numeric: tabular-nums;
      }
      .key {
        display: inline-block;
        width: 11px;
        height: 11px;
        margin-right: 5px;
        border: 1px solid #6f757c;
        vertical-align: -1px;
      }
      .top {
        background: #2aa312;
      }
      .frozen {
        background: #2580c8;
      }
      .empty {
        background: #eef1f4;
      }
    `,
  ];

  @property({ attribute: false }) session!: MachineSession;
  @state() private map: DiskMap | null = null;
  @query('canvas') private readonly canvas!: HTMLCanvasElement | null;

  #timer: ReturnType<typeof setInterval> | undefined;
  #sight: IntersectionObserver | null = null;
  #isSeen = false;
  #isAsking = false;

  constructor() {
    super();
    new StoreController(this, () => [this.session.power]);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sight = new IntersectionObserver(([entry]) => {
      this.#isSeen = entry.isIntersecting;
      void this.#look();
    });
    this.#sight.observe(this);
    this.#timer = setInterval(() => void this.#look(), INTERVAL_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight?.disconnect();
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (!this.#isSeen || document.hidden || this.#isAsking) return;
    this.#isAsking = true;
    try {
      this.map = await this.session.diskMap(this.#columns() * ROWS);
    } catch (thrown) {
      // The machine was turned off, or died and says so itself: there is no map of it any more.
      if (!(thrown instanceof VitrineError)) throw thrown;
      this.map = null;
    } finally {
      this.#isAsking = false;
    }
  }

  #columns(): number {
    return Math.max(16, Math.floor((this.clientWidth - 10) / CELL_PX));
  }

  override updated(): void {
    if (this.map && this.canvas) draw(this.canvas, mapCells(this.map));
  }

  override render() {
    const { map } = this;
    if (!map) {
      return html`<p>
        ${
          this.session.power.value.power === 'off'
            ? t`The map is drawn while the machine is on.`
            : t`There is no disk to draw a map of.`
        }
      </p>`;
    }
    const { topBytes, frozenBytes } = mapSums(map);
    return html`
      <div class="frame"><canvas role="img" aria-label=${mapWords(map)}></canvas></div>
      <ul aria-hidden="true">
        <li><span class="key top"></span>${t`Top layer ${formatBytes(topBytes)}`}</li>
        <li><span class="key frozen"></span>${t`Frozen layers ${formatBytes(frozenBytes)}`}</li>
        <li><span class="key empty"></span>${t`Nothing stored`}</li>
        <li>${t`A square is ${formatBytes(map.sizeBytes / map.top.length)} of the disk`}</li>
      </ul>
      ${frozenBytes > 0 ? html`<p>${t`Frozen layers never change: moments and copies stand on them.`}</p>` : nothing}
    `;
  }
}

/** Row by row from the first block; the more of a cell is stored, the fuller its colour. */
function draw(canvas: HTMLCanvasElement, cells: readonly MapCell[]): void {
  const columns = cells.length / ROWS;
  const scale = Math.min(3, Math.max(1, Math.ceil(devicePixelRatio)));
  const cell = CELL_PX * scale;
  const side = cell - GAP_PX * scale;
  canvas.width = columns * cell;
  canvas.height = ROWS * cell;
  const context = canvas.getContext('2d')!;
  for (const [i, { top, frozen }] of cells.entries()) {
    const x = (i % columns) * cell;
    const y = Math.floor(i / columns) * cell;
    context.fillStyle = EMPTY;
    context.fillRect(x, y, side, side);
    fill(context, FROZEN, frozen, x, y, side);
    fill(context, TOP, top, x, y, side);
  }
}

/** Even one block of thousands can be seen. */
function fill(
  context: CanvasRenderingContext2D,
  [red, green, blue]: readonly [number, number, number],
  share: number,
  x: number,
  y: number,
  side: number,
): void {
  if (share === 0) return;
  context.fillStyle = `rgb(${red} ${green} ${blue} / ${0.25 + 0.75 * share})`;
  context.fillRect(x, y, side, side);
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-disk-map': VitrineDiskMap;
  }
}
