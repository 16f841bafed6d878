import { css, html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { formatBytes, formatDuration } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import type { DiscSum } from '../media/hash-disc.ts';
import type { SumState } from '../page/disc-study.ts';
import { aeroButton } from './aero.ts';
import { languageWords } from './disc-words.ts';
import { paper } from './paper.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import './vitrine-progress.ts';

/** The visitor wants the disc compared with the published sums, or no longer. */
export class VitrineCompareEvent extends Event {
  readonly wish: 'compare' | 'cancel';
  constructor(wish: 'compare' | 'cancel') {
    super('vitrine-compare', { bubbles: true, composed: true });
    this.wish = wish;
  }
}

/** Whether the disc is one that Microsoft published, on request: the whole file is summed, with figures and an end. */
@customElement('vitrine-authenticity')
export class VitrineAuthenticity extends VitrineElement {
  static override styles = [
    aeroButton,
    theme,
    paper,
    css`
      :host {
        display: grid;
        gap: 8px;
        color: var(--ink);
        font: 13px/1.4 var(--sans);
      }
      button {
        justify-self: start;
        min-height: 28px;
        font-size: 13px;
      }
      [role='status'] {
        display: grid;
        gap: 4px;
      }
      strong {
        color: var(--ink);
      }
      .match strong {
        color: var(--good);
      }
      code {
        font:
          12px/1.4 ui-monospace,
          'DejaVu Sans Mono',
          monospace;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) sum: SumState = { phase: 'none' };

  @query('button') private readonly button!: HTMLButtonElement | null;
  /** Set where the button that had the focus goes away with the work that it stopped. */
  #takesFocus = false;

  protected override updated(): void {
    if (!this.#takesFocus || !this.button) return;
    this.#takesFocus = false;
    this.button.focus();
  }

  override render() {
    const { sum } = this;
    return html`
      ${
        sum.phase === 'summing'
          ? html`<vitrine-progress
              quiet-label
              label=${t`Reading the disc for its SHA-1 sum`}
              .progress=${sum.progress}
              @vitrine-cancel=${this.#cancel}
            ></vitrine-progress>`
          : nothing
      }
      ${
        sum.phase === 'summing' || sum.phase === 'summed'
          ? nothing
          : html`<button @click=${this.#compare}>${t`Compare with Microsoft’s published sums`}</button>`
      }
      <div role="status">${this.#outcome()}</div>
    `;
  }

  readonly #compare = (): void => {
    this.dispatchEvent(new VitrineCompareEvent('compare'));
  };

  readonly #cancel = (event: Event): void => {
    event.stopPropagation();
    this.#takesFocus = true;
    this.dispatchEvent(new VitrineCompareEvent('cancel'));
  };

  #outcome() {
    switch (this.sum.phase) {
      case 'none':
        return html`<p class="small-print">
          ${t`Reads the whole file on this device for its SHA-1 sum; nothing is sent.`}
        </p>`;
      case 'summing':
        return nothing;
      case 'cancelled':
        return html`<p>${t`The comparison was stopped.`}</p>`;
      case 'failed':
        return html`<p>${this.sum.error.words}</p>`;
      case 'summed':
        return summed(this.sum.sum);
    }
  }
}

function summed({ match, sha1, bytesTotal, elapsedMs }: DiscSum) {
  const size = formatBytes(bytesTotal);
  const span = elapsedMs < 1000 ? `${Math.round(elapsedMs)} ms` : formatDuration(elapsedMs);
  const rate = elapsedMs > 0 ? formatBytes((bytesTotal / elapsedMs) * 1000) : '';
  const edition = match
    ? `Windows 7 ${match.edition}${match.servicePack ? ` SP${match.servicePack}` : ''}`
    : '';
  return html`
    ${
      match
        ? html`<p class="match">
            <strong
              >${t`✓ Matches Microsoft’s published sum for ${edition}, ${match.arch === 'x86' ? t`32-bit` : t`64-bit`}, ${languageWords(match.language)}`}</strong
            >
            (${match.file}).
          </p>`
        : html`<p>
            <strong>${t`Not in our list.`}</strong>
            ${t`That says nothing against the disc: the list holds only a part of what Microsoft published.`}
          </p>`
    }
    <p>SHA-1 <code>${sha1}</code></p>
    <p class="small-print">
      ${rate ? t`${size} read in ${span} at ${rate} a second.` : t`${size} read in ${span}.`}
    </p>
  `;
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-authenticity': VitrineAuthenticity;
  }
  interface HTMLElementEventMap {
    'vitrine-compare': VitrineCompareEvent;
  }
}
