import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import type { MomentRow } from '../page/moment-tree.ts';
import { kindBadge, momentName, timeWords } from './moment-words.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import './vitrine-picture.ts';

/** The inside of one row of the tree of moments: its picture, its name, when it was and what it is. */
@customElement('vitrine-moment')
export class VitrineMoment extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        display: grid;
        grid-template-columns: 84px minmax(0, 1fr);
        gap: 12px;
        align-items: center;
        color: #15181c;
        font: 13px/1.4 var(--sans);
      }
      vitrine-picture {
        width: 84px;
        box-shadow: 0 0 0 1px #0000004d;
      }
      .name {
        margin: 0;
        font: 600 14px/1.35 var(--sans);
        overflow-wrap: anywhere;
      }
      .facts {
        margin: 1px 0 0;
        color: #3c434b;
      }
      .badges {
        display: flex;
        flex-wrap: wrap;
        gap: 3px 6px;
        margin-top: 3px;
      }
      .badge {
        padding: 0 8px;
        border-radius: 9px;
        background: #e3e8ed;
        color: #2c333a;
        font-size: 12px;
      }
      .badge.here {
        background: #1c6aa8;
        color: #fff;
      }
      .badge.first {
        background: #176634;
        color: #fff;
      }
      @media (max-width: 480px) {
        :host {
          grid-template-columns: 60px minmax(0, 1fr);
          gap: 9px;
        }
        vitrine-picture {
          width: 60px;
        }
      }
    `,
  ];

  @property({ attribute: false }) row!: MomentRow;

  override render() {
    const { moment } = this.row;
    const badge = kindBadge(moment.kind);
    return html`
      <vitrine-picture .blob=${moment.thumbnail}></vitrine-picture>
      <div>
        <p class="name">${momentName(moment)}</p>
        ${moment.kind === 'kept' && moment.label ? html`<p class="facts">${timeWords(moment.createdAt)}</p>` : nothing}
        <div class="badges">
          ${moment.isCurrent ? html`<span class="badge here">${t`You are here`}</span>` : nothing}
          ${moment.isFirst ? html`<span class="badge first">${t`First state`}</span>` : nothing}
          ${badge ? html`<span class="badge">${badge}</span>` : nothing}
        </div>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-moment': VitrineMoment;
  }
}
