import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import type { Progress } from '../lib/progress-meter.ts';
import { aeroButton, aeroProgress } from './aero.ts';
import { percentOf, progressWords, spokenProgress } from './progress-words.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/** The visitor wants the work that is shown to stop. */
export class VitrineCancelEvent extends Event {
  constructor() {
    super('vitrine-cancel', { bubbles: true, composed: true });
  }
}

/** A screen reader is told no more often than this. */
const SPEAK_EVERY_MS = 5000;

/**
 * Long work: what it is, how far it is, at what rate, how long it will take, and a way to stop it. It shows what it
 * is given and asks to be stopped with `vitrine-cancel`; whoever does the work takes it away at the end.
 */
@customElement('vitrine-progress')
export class VitrineProgress extends VitrineElement {
  static override styles = [
    aeroButton,
    aeroProgress,
    theme,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: center;
        gap: 4px 12px;
        font: 13px/1.4 var(--sans);
      }
      .label,
      .figures {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .percent,
      .figures {
        font-variant-numeric: tabular-nums;
      }
      [role='progressbar'] {
        grid-column: 1 / -1;
        margin: 0;
      }
      [role='progressbar'] > div {
        width: 0;
      }
      .figures {
        min-height: 1.4em;
      }
      button {
        min-height: 28px;
        font-size: 13px;
      }
      @media (forced-colors: active) {
        [role='progressbar'] > div {
          forced-color-adjust: none;
          background: Highlight;
        }
      }
    `,
  ];

  /** What is being done, for eyes and ears: "Writing Windows 7.vitrine". */
  @property() label = '';
  /** How far it is; null until it has begun. */
  @property({ attribute: false }) progress: Progress | null = null;
  /** Whether it has no button to stop it. */
  @property({ type: Boolean, attribute: 'no-cancel' }) noCancel = false;
  /** Whether the label is not shown, because it stands nearby already; it is still spoken. */
  @property({ type: Boolean, attribute: 'quiet-label' }) quietLabel = false;

  /** What was said last, and when. */
  @state() private spoken = '';
  #spokenAt = -Infinity;

  @query('[role=progressbar] > div') private readonly bar!: HTMLElement | null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('progress') || !this.progress) return;
    const now = performance.now();
    if (now - this.#spokenAt < SPEAK_EVERY_MS) return;
    this.#spokenAt = now;
    this.spoken = spokenProgress(this.label, this.progress);
  }

  protected override updated(): void {
    // The page's policy allows no style attributes; the property of the style object is not one.
    const percent = percentOf(this.progress);
    if (this.bar) this.bar.style.width = percent === null ? '' : `${percent}%`;
  }

  override render() {
    const { label, progress, noCancel, quietLabel } = this;
    const percent = percentOf(progress);
    const whole = percent === null ? null : Math.floor(percent);
    const words = progressWords(progress);
    return html`
      <p class="label ${quietLabel ? 'visually-hidden' : ''}">${label}</p>
      ${whole === null || quietLabel ? nothing : html`<span class="percent" aria-hidden="true">${whole} %</span>`}
      <div
        role="progressbar"
        class=${percent === null ? 'marquee' : ''}
        aria-label=${label}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${whole ?? nothing}
        aria-valuetext=${words}
      >
        <div></div>
      </div>
      <p class="figures">${words}</p>
      ${noCancel ? nothing : html`<button @click=${this.#cancel}>${t`Cancel`}</button>`}
      <span class="visually-hidden" role="status">${this.spoken}</span>
    `;
  }

  readonly #cancel = (): void => {
    this.dispatchEvent(new VitrineCancelEvent());
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-progress': VitrineProgress;
  }
  interface HTMLElementEventMap {
    'vitrine-cancel': VitrineCancelEvent;
  }
}
