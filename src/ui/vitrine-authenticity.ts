import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { formatBytes, formatDuration } from '../lib/format.ts';
import type { DiscSum, HashProgress } from '../media/hash-disc.ts';
import type { SumState } from '../page/disc-study.ts';
import { aeroButton, aeroProgress } from './aero.ts';
import { languageWords } from './disc-words.ts';
import { paper } from './paper.ts';
import { theme } from './theme.ts';

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
export class VitrineAuthenticity extends LitElement {
  static override styles = [
    aeroButton,
    aeroProgress,
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
      [role='progressbar'] > div {
        width: 0;
      }
      .figures {
        font-variant-numeric: tabular-nums;
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

  @query('[role=progressbar] > div') private readonly bar!: HTMLElement | null;

  protected override updated(): void {
    // The page's policy allows no style attributes; the property of the style object is not one.
    if (this.bar) this.bar.style.width = `${percentOf(this.sum)}%`;
  }

  override render() {
    const { sum } = this;
    const runs = sum.phase === 'summing';
    const wish = runs ? 'cancel' : 'compare';
    return html`
      ${runs ? this.#progress(sum.progress) : nothing}
      ${
        sum.phase === 'summed'
          ? nothing
          : html`<button @click=${() => this.dispatchEvent(new VitrineCompareEvent(wish))}>
              ${runs ? 'Cancel' : 'Compare with Microsoft’s published sums'}
            </button>`
      }
      <div role="status">${this.#outcome()}</div>
    `;
  }

  #progress(progress: HashProgress | null) {
    return html`
      <div
        role="progressbar"
        aria-label="Reading the disc for its SHA-1 sum"
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${Math.floor(percentOf(this.sum))}
        aria-valuetext=${progressWords(progress)}
      >
        <div></div>
      </div>
      <p class="figures">${progressWords(progress)}</p>
    `;
  }

  #outcome() {
    switch (this.sum.phase) {
      case 'none':
        return html`<p class="small-print">
          Reads the whole file on this device for its SHA-1 sum; nothing is sent.
        </p>`;
      case 'summing':
        return nothing;
      case 'cancelled':
        return html`<p>The comparison was stopped.</p>`;
      case 'failed':
        return html`<p>${this.sum.error.message}</p>`;
      case 'summed':
        return summed(this.sum.sum);
    }
  }
}

function summed({ match, sha1, bytesTotal, elapsedMs }: DiscSum) {
  const rate = elapsedMs > 0 ? ` at ${formatBytes((bytesTotal / elapsedMs) * 1000)} a second` : '';
  return html`
    ${
      match
        ? html`<p class="match">
            <strong
              >✓ Matches Microsoft’s published sum for Windows 7
              ${match.edition}${match.servicePack ? ` SP${match.servicePack}` : ''},
              ${match.arch === 'x86' ? '32-bit' : '64-bit'}, ${languageWords(match.language)}</strong
            >
            (${match.file}).
          </p>`
        : html`<p>
            <strong>Not in our list.</strong> That says nothing against the disc: the list holds only a part
            of what Microsoft published.
          </p>`
    }
    <p>SHA-1 <code>${sha1}</code></p>
    <p class="small-print">
      ${formatBytes(bytesTotal)} read in
      ${elapsedMs < 1000 ? `${Math.round(elapsedMs)} ms` : formatDuration(elapsedMs)}${rate}.
    </p>
  `;
}

function percentOf(sum: SumState): number {
  if (sum.phase !== 'summing' || !sum.progress || sum.progress.bytesTotal === 0) return 0;
  return (sum.progress.bytesDone / sum.progress.bytesTotal) * 100;
}

/** "1.20 GB of 2.43 GB, 410 MB a second, 3 s left". */
function progressWords(progress: HashProgress | null): string {
  if (!progress) return 'Beginning…';
  const { bytesDone, bytesTotal, bytesPerSecond, remainingMs } = progress;
  return [
    `${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`,
    bytesPerSecond > 0 ? `${formatBytes(bytesPerSecond)} a second` : '',
    remainingMs === null ? '' : `${formatDuration(remainingMs)} left`,
  ]
    .filter(Boolean)
    .join(', ');
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-authenticity': VitrineAuthenticity;
  }
  interface HTMLElementEventMap {
    'vitrine-compare': VitrineCompareEvent;
  }
}
