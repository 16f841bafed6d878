import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { t } from '../lib/language.ts';
import { rowAfterKey, type MomentRow } from '../page/moment-tree.ts';
import { aeroButton } from './aero.ts';
import { momentName } from './moment-words.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import { VitrineMomentWishEvent } from './vitrine-moment-details.ts';
import './vitrine-moment.ts';

/** Another moment was chosen in the tree. */
export class VitrineMomentChosenEvent extends Event {
  readonly id: string;
  constructor(id: string) {
    super('vitrine-moment-chosen', { bubbles: true, composed: true });
    this.id = id;
  }
}

/** A key asks for something that the details do. */
export class VitrineMomentAskEvent extends Event {
  readonly ask: 'renaming' | 'deleting';
  constructor(ask: 'renaming' | 'deleting') {
    super('vitrine-moment-ask', { bubbles: true, composed: true });
    this.ask = ask;
  }
}

/** More than this would leave no room for names on a phone. */
const DEEPEST_INDENT = 5;

/**
 * The moments as a tree of what went on from what. Arrow keys move, Enter goes back, F2 renames, Delete asks whether
 * to delete; one stop for the Tab key.
 */
@customElement('vitrine-moment-tree')
export class VitrineMomentTree extends VitrineElement {
  static override styles = [
    aeroButton,
    theme,
    css`
      :host {
        --glow: #1c6aa8;
        display: block;
      }
      .tree {
        display: grid;
        gap: 4px;
      }
      .row {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 8px;
        align-items: center;
        padding: 7px 9px;
        border: 1px solid transparent;
        border-radius: 4px;
        cursor: default;
      }
      .row:hover {
        background: #f0f6fc;
      }
      .row[aria-selected='true'] {
        border-color: #7fb3dd;
        background: linear-gradient(#f4faff, #dcecfb);
      }
      .row.indent-1 {
        margin-left: 14px;
      }
      .row.indent-2 {
        margin-left: 28px;
      }
      .row.indent-3 {
        margin-left: 42px;
      }
      .row.indent-4 {
        margin-left: 56px;
      }
      .row.indent-5 {
        margin-left: 70px;
      }
      .row:not(.indent-0) {
        box-shadow: -3px 0 #b9c9d8;
      }
      /* Where another way begins. */
      .row.parts {
        position: relative;
        margin-top: 6px;
      }
      .row.parts::before {
        content: '';
        position: absolute;
        top: 50%;
        left: -15px;
        width: 12px;
        border-top: 3px solid #b9c9d8;
      }
      button {
        min-width: 0;
        min-height: 28px;
        padding: 0 10px;
        font-size: 13px;
      }
      @media (max-width: 480px) {
        .row {
          padding: 6px 4px;
        }
      }
    `,
  ];

  @property({ attribute: false }) rows: readonly MomentRow[] = [];
  @property() chosen = '';
  @property({ type: Boolean }) disabled = false;

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }

  readonly #onKey = async (event: KeyboardEvent): Promise<void> => {
    const at = this.rows.findIndex(({ moment }) => moment.id === this.chosen);
    if (event.ctrlKey || event.altKey || event.metaKey || at < 0) return;
    if (event.key === 'Enter') this.#goBack(this.chosen);
    else if (event.key === 'F2') this.dispatchEvent(new VitrineMomentAskEvent('renaming'));
    else if (event.key === 'Delete') this.dispatchEvent(new VitrineMomentAskEvent('deleting'));
    else {
      const next = this.rows[rowAfterKey(this.rows, at, event.key)];
      if (!next) return;
      event.preventDefault();
      this.#choose(next.moment.id);
      await this.updateComplete;
      this.focus();
      return;
    }
    event.preventDefault();
  };

  #choose(id: string): void {
    this.chosen = id;
    this.dispatchEvent(new VitrineMomentChosenEvent(id));
  }

  #goBack(id: string): void {
    if (!this.disabled) this.dispatchEvent(new VitrineMomentWishEvent({ type: 'go-back', id }));
  }

  override render() {
    return html`
      <div class="tree" role="tree" aria-label=${t`Saved moments`} @keydown=${this.#onKey}>
        ${repeat(
          this.rows,
          ({ moment }) => moment.id,
          (row) => this.#row(row),
        )}
      </div>
    `;
  }

  #row(row: MomentRow) {
    const { moment, level, place, siblings, indent } = row;
    const isChosen = moment.id === this.chosen;
    return html`
      <div
        class="row indent-${Math.min(indent, DEEPEST_INDENT)} ${level > 1 && siblings > 1 ? 'parts' : ''}"
        role="treeitem"
        aria-level=${level}
        aria-posinset=${place}
        aria-setsize=${siblings}
        aria-selected=${isChosen ? 'true' : 'false'}
        aria-current=${moment.isCurrent ? 'true' : 'false'}
        tabindex=${isChosen ? 0 : -1}
        @click=${() => this.#choose(moment.id)}
      >
        <vitrine-moment .row=${row}></vitrine-moment>
        <button
          tabindex="-1"
          aria-label=${t`Go back to “${momentName(moment)}”`}
          ?disabled=${this.disabled}
          @click=${() => this.#goBack(moment.id)}
          @keydown=${(event: KeyboardEvent) => event.stopPropagation()}
        >
          ${t`Go back`}
        </button>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-moment-tree': VitrineMomentTree;
  }
  interface HTMLElementEventMap {
    'vitrine-moment-chosen': VitrineMomentChosenEvent;
    'vitrine-moment-ask': VitrineMomentAskEvent;
  }
}
