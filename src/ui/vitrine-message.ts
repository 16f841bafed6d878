import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import { aeroButton, aeroWindow } from './aero.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/**
 * A window that says what is wrong and what to do next: a title, a sentence, the technical detail behind a
 * disclosure, and the buttons of the default slot.
 */
@customElement('vitrine-message')
export class VitrineMessage extends VitrineElement {
  static override styles = [
    aeroWindow,
    aeroButton,
    theme,
    css`
      :host {
        display: block;
        width: min(460px, 92%);
        max-height: 92%;
        overflow: auto;
      }
      .window {
        width: 100%;
        text-align: left;
      }
      .title-bar-text {
        font: 600 13px var(--sans);
      }
      .window-body {
        padding: 16px 18px;
        color: #15181c;
        font: 14px/1.45 var(--sans);
      }
      p {
        margin: 0 0 12px;
        overflow-wrap: anywhere;
      }
      details {
        margin: 0 0 12px;
        font-size: 12px;
        color: #3c434b;
      }
      summary {
        cursor: pointer;
      }
      pre {
        max-height: 8em;
        margin: 6px 0 0;
        padding: 8px;
        overflow: auto;
        background: #f1f3f5;
        font:
          11px/1.4 ui-monospace,
          monospace;
        white-space: pre-wrap;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: 8px;
      }
    `,
  ];

  @property() heading = '';
  @property() text = '';
  @property() detail = '';

  override render() {
    // It comes unasked over a machine that runs on, and takes no focus: so it is an alert, which is told at once.
    return html`
      <div role="alert">
        <div class="window active" role="alertdialog" aria-labelledby="title" aria-describedby="text">
          <div class="title-bar"><div class="title-bar-text" id="title">${this.heading}</div></div>
          <div class="window-body has-space">
            <p id="text">${this.text}</p>
            ${
              this.detail
                ? html`<details>
                    <summary>${t`Technical detail`}</summary>
                    <pre>${this.detail}</pre>
                  </details>`
                : nothing
            }
            <div class="buttons"><slot></slot></div>
          </div>
        </div>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-message': VitrineMessage;
  }
}
