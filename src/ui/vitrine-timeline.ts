import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Exhibit, TimelineEvent } from '../exhibit/exhibit-file.ts';
import { say } from '../exhibit/exhibit-text.ts';
import { inOrder, spokenDate } from '../exhibit/timeline.ts';
import { language, t } from '../lib/language.ts';
import { paper } from './paper.ts';
import { sheet } from './sheet.ts';
import { theme } from './theme.ts';
import { VitrineElement } from './vitrine-element.ts';

/** What happened when: a line with its years, the oldest first. */
@customElement('vitrine-timeline')
export class VitrineTimeline extends VitrineElement {
  static override styles = [
    theme,
    paper,
    sheet,
    css`
      ol {
        position: relative;
        display: grid;
        gap: 16px;
        margin: 0;
        padding: 0 0 0 22px;
        list-style: none;
      }
      ol::before {
        content: '';
        position: absolute;
        top: 8px;
        bottom: 8px;
        left: 5px;
        width: 2px;
        background: linear-gradient(#c9a34a, #8a6a1f);
      }
      li {
        position: relative;
      }
      li::before {
        content: '';
        position: absolute;
        top: 5px;
        left: -22px;
        width: 12px;
        height: 12px;
        border: 2px solid #8a6a1f;
        border-radius: 50%;
        background: var(--paper);
      }
      time {
        color: #7a5c14;
        font: 600 13px/1.4 var(--sans);
        font-variant-numeric: tabular-nums;
      }
      li h2 {
        margin: 1px 0 2px;
        font: 600 16px/1.3 var(--serif);
        letter-spacing: 0;
        text-transform: none;
        color: var(--ink);
      }
      p {
        font: 15px/1.5 var(--serif);
      }
      @media (forced-colors: active) {
        ol::before {
          background: CanvasText;
        }
      }
    `,
  ];

  @property({ attribute: false }) exhibit!: Exhibit;

  override render() {
    return html`<div class="sheet" role="region" aria-label=${t`Timeline`} tabindex="0">
      <ol>
        ${inOrder(this.exhibit.timeline).map((event) => this.#event(event))}
      </ol>
    </div>`;
  }

  #event({ when, title, text, source }: TimelineEvent) {
    return html`<li>
      <time datetime=${when}>${spokenDate(when, language.value.tag)}</time>
      <h2>${say(title)}</h2>
      ${text ? html`<p>${say(text)}</p>` : nothing}
      ${source ? html`<p class="small-print">${say(source)}</p>` : nothing}
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-timeline': VitrineTimeline;
  }
}
