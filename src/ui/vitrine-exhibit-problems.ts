import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import type { ExhibitProblem } from '../page/exhibit-source.ts';
import { paper } from './paper.ts';
import { theme } from './theme.ts';
import { VitrineElement } from './vitrine-element.ts';

/** For those who wrote an exhibit file: what is wrong with it, line by line. The exhibit's own is shown meanwhile. */
@customElement('vitrine-exhibit-problems')
export class VitrineExhibitProblems extends VitrineElement {
  static override styles = [
    theme,
    paper,
    css`
      section {
        display: grid;
        gap: 8px;
        max-height: 40vh;
        padding: 14px 16px;
        border: 1px solid #b98a86;
        border-radius: 2px;
        background: #fbeeea;
        color: var(--ink);
        font-size: 14px;
        line-height: 1.45;
        overflow: hidden auto;
      }
      h2 {
        margin: 0;
        font: 600 15px/1.3 var(--sans);
        overflow-wrap: anywhere;
      }
      li {
        overflow-wrap: anywhere;
      }
      li + li {
        margin-top: 6px;
      }
      b {
        font-variant-numeric: tabular-nums;
      }
      code {
        font-size: 13px;
      }
      button {
        justify-self: start;
        min-height: 32px;
        padding: 2px 12px;
        font: inherit;
        cursor: pointer;
      }
    `,
  ];

  @property({ attribute: false }) problems: readonly ExhibitProblem[] = [];
  @state() private away = false;

  override render() {
    if (this.away) return nothing;
    return html`<section role="alert" tabindex="0">
      ${this.problems.map(
        ({ name, reason, mistakes }) => html`
          <h2>${t`${name} is not shown`}</h2>
          <p>${reason}</p>
          ${
            mistakes.length > 0
              ? html`<ul>
                  ${mistakes.map(
                    ({ line, column, where, reason: wrong }) =>
                      html`<li>
                        <b>${t`Line ${line}, column ${column}:`}</b>
                        ${where ? html`<code>${where}</code>` : nothing} ${wrong}
                      </li>`,
                  )}
                </ul>`
              : nothing
          }
        `,
      )}
      <button @click=${() => (this.away = true)}>${t`Put this note away`}</button>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-exhibit-problems': VitrineExhibitProblems;
  }
}
