import { css, html, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatBytes, formatNumber } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import type { DiscMap, DiscStretch } from '../media/disc-map.ts';
import type { MapState } from '../page/disc-study.ts';
import { drawnStretches, layMap, type MapPiece } from './disc-map-layout.ts';
import { mapSummary, STRETCH_KINDS, stretchFigures, stretchName, stretchNotes } from './disc-map-words.ts';
import { stretchColours } from './disc-map-colours.ts';
import { paper } from './paper.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/** Units of the drawing: rows are stretched to the label's width, heights are pixels. */
const SHAPE = { rows: 4, rowLength: 1000, minLength: 13 } as const;
const ROW_HEIGHT = 22;
const ROW_STEP = 26;
const HEIGHT = SHAPE.rows * ROW_STEP - (ROW_STEP - ROW_HEIGHT);

/**
 * The disc as a strip from its first byte to its last, folded into rows: what lies where, in proportion. Pointing at
 * a stretch or stepping to it with the arrow keys tells what it is; the same stands in a table below.
 */
@customElement('vitrine-disc-map')
export class VitrineDiscMap extends VitrineElement {
  static override styles = [
    theme,
    paper,
    stretchColours,
    css`
      :host {
        display: grid;
        gap: 8px;
        color: var(--ink);
        font: 13px/1.4 var(--sans);
      }
      .strip {
        border-radius: 3px;
        line-height: 0;
      }
      svg.map {
        width: 100%;
        height: ${HEIGHT}px;
      }
      rect {
        stroke: #fbf9f2;
        stroke-width: 1px;
        vector-effect: non-scaling-stroke;
      }
      .mark {
        fill: none;
        stroke: var(--ink);
        stroke-width: 2.5px;
        pointer-events: none;
      }
      .readout {
        min-height: 4.4em;
        padding: 6px 10px;
        border: 1px solid #767676;
        border-radius: 3px;
        background: linear-gradient(#fff, #e4e5f0);
        box-shadow: 1px 2px 3px #0003;
        color: #32353a;
        overflow-wrap: anywhere;
      }
      .readout strong {
        display: block;
        color: #15181c;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 3px 12px;
        font-size: 12px;
        color: var(--ink-soft);
      }
      .legend li {
        display: flex;
        align-items: center;
        gap: 5px;
      }
      .table {
        margin-top: 6px;
        max-height: 260px;
        overflow: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 12px;
      }
      th {
        position: sticky;
        top: 0;
        background: var(--paper);
        color: var(--ink-soft);
        font-weight: 600;
        text-align: left;
      }
      th,
      td {
        padding: 2px 6px 2px 0;
        border-bottom: 1px solid var(--paper-edge);
        vertical-align: top;
        overflow-wrap: anywhere;
      }
      .figure {
        text-align: right;
        white-space: nowrap;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  @property({ attribute: false }) map: MapState = { phase: 'none' };

  /** The stretch that is pointed at or stepped to. */
  @state() private shown: number | null = null;

  #drawnOf: DiscMap | null = null;
  #stretches: readonly DiscStretch[] = [];
  #pieces: readonly MapPiece[] = [];

  protected override willUpdate(): void {
    const map = this.map.phase === 'drawn' ? this.map.map : null;
    if (map === this.#drawnOf) return;
    this.#drawnOf = map;
    this.shown = null;
    this.#stretches = map ? drawnStretches(map.stretches) : [];
    this.#pieces = layMap(this.#stretches, SHAPE);
  }

  override render() {
    switch (this.map.phase) {
      case 'none':
        return nothing;
      case 'drawing':
        return html`<p>${t`Looking through the folders of the disc…`}</p>`;
      case 'failed':
        return html`<p>${this.map.error.words}</p>`;
      case 'drawn':
        return this.#drawn(this.map.map);
    }
  }

  #drawn(map: DiscMap) {
    const { shown } = this;
    const kinds = new Set(this.#stretches.map(({ kind }) => kind));
    return html`
      <div
        class="strip"
        role="listbox"
        tabindex="0"
        aria-label=${t`Map of the disc, first byte to last`}
        aria-orientation="horizontal"
        aria-activedescendant=${shown === null ? nothing : `stretch-${shown}`}
        @keydown=${this.#onKey}
        @focus=${this.#onFocus}
        @pointerover=${this.#onPoint}
        @pointerdown=${this.#onPoint}
      >
        <svg class="map" role="presentation" viewBox="0 0 1000 ${HEIGHT}" preserveAspectRatio="none">
          ${this.#stretches.map((stretch, index) => this.#stretch(stretch, index, map.volumeBytes))}
          ${shown === null ? nothing : this.#rects(shown, 'mark')}
        </svg>
      </div>
      <div class="readout">${this.#readout(map)}</div>
      <ul class="legend" aria-label=${t`Colours of the map`}>
        ${[...kinds].map((kind) => html`<li>${swatch(kind)} ${STRETCH_KINDS[kind]}</li>`)}
      </ul>
      ${
        map.isComplete
          ? nothing
          : html`<p>${t`Not all of the disc could be looked through; the map shows what was found.`}</p>`
      }
      <details>
        <summary>${t`The map as a table`}</summary>
        ${this.#table(map)}
      </details>
      <p class="small-print">
        ${t`Thin stretches are drawn wider than they are. ${formatBytes(map.bytesRead)} of the disc were read for this map.`}
      </p>
    `;
  }

  #stretch(stretch: DiscStretch, index: number, volumeBytes: number) {
    const odd = stretch.kind === 'file' && index % 2 === 1 ? ' odd' : '';
    return svg`<g
      role="option"
      id="stretch-${index}"
      data-index=${index}
      aria-selected=${index === this.shown}
      aria-label="${stretchName(stretch)}: ${stretchFigures(stretch, volumeBytes)}. ${stretchNotes(stretch)}"
    >${this.#rects(index, stretch.kind + odd)}</g>`;
  }

  #rects(index: number, className: string) {
    return this.#pieces
      .filter((piece) => piece.index === index)
      .map(
        ({ row, x, width }) =>
          svg`<rect class=${className} x=${x} y=${row * ROW_STEP} width=${width} height=${ROW_HEIGHT} />`,
      );
  }

  #readout(map: DiscMap) {
    const stretch = this.shown === null ? undefined : this.#stretches[this.shown];
    if (!stretch) {
      return html`<strong>${mapSummary(map)}</strong>
        ${t`Point at the map, or step through it with the arrow keys.`}`;
    }
    return html`<strong>${stretchName(stretch)}</strong> ${stretchFigures(stretch, map.volumeBytes)}.
      ${stretchNotes(stretch)}`;
  }

  #table(map: DiscMap) {
    return html`
      <div class="table" tabindex="0" role="region" aria-label=${t`What lies on the disc`}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t`What`}</th>
              <th scope="col" class="figure">${t`Size`}</th>
              <th scope="col" class="figure">${t`From byte`}</th>
            </tr>
          </thead>
          <tbody>
            ${map.stretches.slice(0, MAX_TABLE_ROWS).map(
              (stretch) =>
                html`<tr>
                  <td>${swatch(stretch.kind)} ${stretchName(stretch)} ${stretchNotes(stretch)}</td>
                  <td class="figure">${formatBytes(stretch.sizeBytes)}</td>
                  <td class="figure">${formatNumber(stretch.offsetBytes)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
        ${
          map.stretches.length > MAX_TABLE_ROWS
            ? html`<p>${t`And ${formatNumber(map.stretches.length - MAX_TABLE_ROWS)} more.`}</p>`
            : nothing
        }
      </div>
    `;
  }

  readonly #onFocus = (): void => {
    this.shown ??= 0;
  };

  readonly #onPoint = (event: PointerEvent): void => {
    const stretch = (event.target as Element).closest('g');
    if (stretch) this.shown = Number(stretch.dataset['index']);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const last = this.#stretches.length - 1;
    const at = this.shown ?? 0;
    const next: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: last,
    };
    if (!(event.key in next) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.shown = Math.max(0, Math.min(last, next[event.key]));
  };
}

/** Nobody reads a longer table; the drawing shows the whole disc all the same. */
const MAX_TABLE_ROWS = 500;

function swatch(kind: DiscStretch['kind']) {
  return html`<svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
    <rect class=${kind} width="10" height="10" />
  </svg>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-disc-map': VitrineDiscMap;
  }
}
