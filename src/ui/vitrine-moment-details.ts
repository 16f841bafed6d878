import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import { LONGEST_NAME } from '../page/machine-shelf-model.ts';
import type { MomentRow } from '../page/moment-tree.ts';
import { aeroButton, aeroForm } from './aero.ts';
import { deletionWords, kindWords, momentName, sizeWords, timeWords } from './moment-words.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import './vitrine-picture.ts';

/** What a visitor wishes for a moment. */
export type MomentWish =
  | { readonly type: 'go-back' | 'delete' | 'pin' | 'unpin'; readonly id: string }
  | { readonly type: 'rename'; readonly id: string; readonly label: string };

export class VitrineMomentWishEvent extends Event {
  readonly wish: MomentWish;
  constructor(wish: MomentWish) {
    super('vitrine-moment-wish', { bubbles: true, composed: true });
    this.wish = wish;
  }
}

/** The moment that is chosen in the tree: its picture, what it takes, and what can be done with it. */
@customElement('vitrine-moment-details')
export class VitrineMomentDetails extends VitrineElement {
  static override styles = [
    aeroButton,
    aeroForm,
    theme,
    css`
      :host {
        --glow: #1c6aa8;
        display: block;
        color: #15181c;
        font: 13px/1.45 var(--sans);
      }
      vitrine-picture {
        width: 100%;
        max-width: 320px;
        box-shadow: 0 0 0 1px #00000059;
      }
      h3 {
        margin: 10px 0 2px;
        font: 600 16px/1.3 var(--sans);
        overflow-wrap: anywhere;
      }
      p {
        margin: 0 0 4px;
        color: #3c434b;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-top: 10px;
      }
      button {
        min-width: 0;
        min-height: 28px;
        padding: 0 12px;
        font-size: 13px;
      }
      .delete {
        color: var(--bad);
      }
      form {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin: 10px 0 4px;
      }
      input {
        flex: 1 1 9em;
        min-width: 0;
        min-height: 28px;
        padding: 2px 6px;
        border: 1px solid #767d85;
        border-radius: 2px;
        background: #fff;
        color: inherit;
        font: 14px/1.3 var(--sans);
      }
      .question {
        margin-top: 10px;
        padding: 10px 12px;
        border: 1px solid #d9a09d;
        border-radius: 3px;
        background: #fdf1f0;
      }
      .question p {
        margin-bottom: 8px;
        color: inherit;
      }
      .question .actions {
        margin-top: 0;
      }
    `,
  ];

  @property({ attribute: false }) row!: MomentRow;
  /** Nothing can be changed now: another tab has the machine, or something is being done. */
  @property({ type: Boolean }) disabled = false;
  @state() private mode: 'shown' | 'renaming' | 'deleting' = 'shown';

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('row');
    if (before && before.moment.id !== this.row.moment.id) this.mode = 'shown';
  }

  /** Begins what a key of the tree asks for. */
  ask(mode: 'renaming' | 'deleting'): void {
    if (!this.disabled) void this.#enter(mode);
  }

  #wish(type: 'go-back' | 'delete' | 'pin' | 'unpin'): void {
    this.dispatchEvent(new VitrineMomentWishEvent({ type, id: this.row.moment.id }));
  }

  async #enter(mode: 'shown' | 'renaming' | 'deleting'): Promise<void> {
    const before = this.mode;
    this.mode = mode;
    await this.updateComplete;
    const where = { shown: before === 'renaming' ? '.rename' : '.ask', renaming: 'input', deleting: '.keep' };
    const target = this.renderRoot.querySelector<HTMLElement>(where[mode]);
    target?.focus();
    if (target instanceof HTMLInputElement) target.select();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || this.mode === 'shown') return;
    // The question goes, the window around it stays.
    event.preventDefault();
    event.stopPropagation();
    void this.#enter('shown');
  };

  readonly #rename = (event: SubmitEvent): void => {
    event.preventDefault();
    const label = this.renderRoot.querySelector('input')!.value.trim();
    this.dispatchEvent(new VitrineMomentWishEvent({ type: 'rename', id: this.row.moment.id, label }));
    void this.#enter('shown');
  };

  override render() {
    const { moment } = this.row;
    const name = momentName(moment);
    return html`
      <div @keydown=${this.#onKey}>
        <vitrine-picture
          .blob=${moment.thumbnail}
          .alt=${moment.thumbnail ? t`The screen at ${timeWords(moment.createdAt)}` : ''}
        ></vitrine-picture>
        ${this.mode === 'renaming' ? this.#nameField() : html`<h3>${name}</h3>`}
        <p>${timeWords(moment.createdAt)}. ${kindWords(moment.kind)}.</p>
        <p>
          ${sizeWords(moment)}.
          ${moment.identity.disc ? t`${moment.profile.memoryMiB} MiB of memory, with ${moment.identity.disc.name} in the drive.` : t`${moment.profile.memoryMiB} MiB of memory.`}
        </p>
        ${this.mode === 'deleting' ? this.#question(name) : nothing}
        ${this.mode === 'shown' ? this.#actions(name) : nothing}
      </div>
    `;
  }

  #actions(name: string) {
    const { moment } = this.row;
    const button = (label: string, spoken: string, kind: string, act: () => void) => html`
      <button class=${kind} aria-label=${spoken} ?disabled=${this.disabled} @click=${act}>${label}</button>
    `;
    return html`
      <div class="actions">
        ${button(t`Go back`, t`Go back to “${name}”`, 'default', () => this.#wish('go-back'))}
        ${button(t`Rename…`, t`Rename “${name}”…`, 'rename', () => void this.#enter('renaming'))}
        ${
          moment.isFirst
            ? button(t`Not the first state`, t`Do not reset to “${name}” any more`, '', () =>
                this.#wish('unpin'),
              )
            : button(t`Make it the first state`, t`Make “${name}” the exhibit’s first state`, '', () =>
                this.#wish('pin'),
              )
        }
        ${button(t`Delete…`, t`Delete “${name}”…`, 'ask delete', () => void this.#enter('deleting'))}
      </div>
    `;
  }

  #nameField() {
    return html`
      <form @submit=${this.#rename}>
        <input
          aria-label=${t`New name`}
          maxlength=${LONGEST_NAME}
          autocomplete="off"
          .value=${this.row.moment.label}
        />
        <button type="submit">${t`Save`}</button>
        <button type="button" @click=${() => void this.#enter('shown')}>${t`Cancel`}</button>
      </form>
    `;
  }

  #question(name: string) {
    return html`
      <div class="question" role="alertdialog" aria-labelledby="what" aria-describedby="loss">
        <p id="what"><strong>${t`Delete “${name}”?`}</strong></p>
        <p id="loss">${deletionWords(this.row.moment, this.row.children)}</p>
        <div class="actions">
          <button class="delete" ?disabled=${this.disabled} @click=${() => this.#wish('delete')}>
            ${t`Delete for good`}
          </button>
          <button class="keep" @click=${() => void this.#enter('shown')}>${t`Keep it`}</button>
        </div>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-moment-details': VitrineMomentDetails;
  }
  interface HTMLElementEventMap {
    'vitrine-moment-wish': VitrineMomentWishEvent;
  }
}
