import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/** The brass plate on the case: says that the machine has no network, and, opened, what that rests on. */
@customElement('vitrine-air-gap')
export class VitrineAirGap extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        display: block;
        position: relative;
      }
      summary {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        padding: 7px 14px;
        border: 1px solid #6d5a2c;
        border-radius: 4px;
        background: linear-gradient(160deg, #e9d9a5, #c5ab63 45%, #d9c487 60%, #a88d46);
        box-shadow:
          inset 0 1px 0 #fff9,
          0 2px 5px #0006;
        color: #2f2509;
        font: 600 13px/1.2 var(--sans);
        letter-spacing: 0.04em;
        cursor: pointer;
        list-style: none;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      .proof {
        position: absolute;
        bottom: calc(100% + 8px);
        left: 0;
        right: 0;
        z-index: 5;
        padding: 14px 18px;
        border: 1px solid var(--paper-edge);
        border-radius: 4px;
        background: var(--paper);
        color: var(--ink);
        box-shadow: 0 12px 34px #000b;
        font: 14px/1.5 var(--sans);
      }
      ul {
        margin: 6px 0 0;
        padding-left: 1.1em;
      }
      li {
        margin: 4px 0;
      }
      p {
        margin: 0;
      }
    `,
  ];

  override render() {
    return html`
      <details>
        <summary>
          <svg
            width="16"
            height="16"
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            stroke-width="1.6"
            aria-hidden="true"
          >
            <path d="M1 8h4M11 8h4M5 5v6M7.5 5v6M11 5.5v5" stroke-linecap="round" />
            <path d="m9.6 3.4-1.2 9.2" stroke-dasharray="2 2" />
          </svg>
          ${t`Air-gapped`}
        </summary>
        <div class="proof">
          <p>${t`This computer cannot reach any network. That rests on two things, not on a setting:`}</p>
          <ul>
            <li>
              ${t`It is built without a network card: the system inside finds none in its list of hardware.`}
            </li>
            <li>
              ${t`The page it runs in may connect to nothing but the place it was loaded from. Your browser enforces that (Content-Security-Policy), whatever the page tries.`}
            </li>
          </ul>
          <p>${t`Your disc is read on this device. Nothing of it is sent anywhere.`}</p>
        </div>
      </details>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-air-gap': VitrineAirGap;
  }
}
