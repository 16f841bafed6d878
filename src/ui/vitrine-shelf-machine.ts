import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import { LONGEST_NAME, type ShelfMachine } from '../page/machine-shelf-model.ts';
import { aeroButton, aeroForm } from './aero.ts';
import { diskSizeWords, hardwareWords, momentWords, savedWords, storedWords } from './shelf-words.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import './vitrine-erase-machine.ts';
import type { VitrineEraseMachine } from './vitrine-erase-machine.ts';

/** What a visitor wishes for a machine of the shelf, apart from erasing it. */
export type ShelfWish =
  | { readonly type: 'choose' | 'duplicate' | 'save'; readonly machineId: string }
  | { readonly type: 'rename'; readonly machineId: string; readonly name: string };

export class VitrineShelfWishEvent extends Event {
  readonly wish: ShelfWish;
  constructor(wish: ShelfWish) {
    super('vitrine-shelf-wish', { bubbles: true, composed: true });
    this.wish = wish;
  }
}

/** One machine on the shelf: its name, what it is and takes, and what can be done with it. */
@customElement('vitrine-shelf-machine')
export class VitrineShelfMachine extends VitrineElement {
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
      article {
        display: grid;
        grid-template-columns: 40px minmax(0, 1fr);
        gap: 4px 12px;
        padding: 12px;
        border: 1px solid #d5dbe1;
        border-radius: 4px;
        background: #fff;
      }
      article.in-case {
        border-color: #7fb3dd;
        background: linear-gradient(#f4faff, #e2f0fc);
        box-shadow: inset 0 0 0 1px #fffc;
      }
      svg {
        display: block;
        width: 40px;
        height: 40px;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 10px;
        align-items: center;
      }
      h3 {
        margin: 0;
        font: 600 15px/1.35 var(--sans);
        overflow-wrap: anywhere;
      }
      .badge {
        padding: 1px 8px;
        border-radius: 9px;
        background: #1c6aa8;
        color: #fff;
        font-size: 12px;
      }
      .badge.elsewhere {
        background: #8a5200;
      }
      .badge.on {
        background: #176634;
      }
      .facts {
        margin: 2px 0 0;
        color: #3c434b;
        overflow-wrap: anywhere;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        grid-column: 2;
        gap: 6px;
        margin-top: 6px;
      }
      vitrine-erase-machine[asking] {
        flex: 1 0 100%;
        order: 1;
      }
      button {
        min-width: 0;
        min-height: 26px;
        padding: 0 10px;
        font-size: 13px;
      }
      button[aria-disabled='true'] {
        opacity: 0.55;
      }
      form {
        display: flex;
        flex: 1;
        flex-wrap: wrap;
        gap: 6px;
      }
      input {
        flex: 1 1 9em;
        min-width: 0;
        min-height: 26px;
        padding: 2px 6px;
        border: 1px solid #8f959c;
        border-radius: 2px;
        background: #fff;
        color: inherit;
        font: 14px/1.3 var(--sans);
      }
      .why {
        grid-column: 2;
        margin: 4px 0 0;
        color: #5a3600;
      }
      @media (max-width: 480px) {
        article {
          grid-template-columns: minmax(0, 1fr);
        }
        svg {
          display: none;
        }
        .actions,
        .why {
          grid-column: 1;
        }
      }
    `,
  ];

  @property({ attribute: false }) machine!: ShelfMachine;
  /** The machine in the case is on: no other can take its place. */
  @property({ type: Boolean }) caseIsOn = false;
  @state() private renaming = false;
  /** The reason of what was asked for and cannot be now. */
  @state() private why = '';
  @query('vitrine-erase-machine') private readonly eraser!: VitrineEraseMachine;

  /** The erasing did not happen. */
  resetEraser(): void {
    this.eraser?.reset();
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.rename')?.focus();
  }

  #wish(type: 'choose' | 'duplicate' | 'save', refusal: string): void {
    this.why = refusal;
    if (!refusal) this.dispatchEvent(new VitrineShelfWishEvent({ type, machineId: this.machine.id }));
  }

  /** Why its disk cannot be copied or erased now, '' when it can. */
  #busy(): string {
    const { on, isStored } = this.machine;
    if (on === 'here') return t`This machine is on. Turn it off first.`;
    if (on === 'elsewhere') return t`This machine is on in another tab or window. Turn it off there first.`;
    return isStored ? '' : t`This machine was never on, so there is nothing of it yet.`;
  }

  override render() {
    const { machine } = this;
    const { isInCase, on } = machine;
    return html`
      <article class=${isInCase ? 'in-case' : ''} aria-labelledby="name" aria-describedby="facts">
        ${picture(on !== 'nowhere')}
        <div>
          <header>
            ${this.renaming ? this.#nameField() : html`<h3 id="name">${machine.name}</h3>`}
            ${isInCase ? html`<span class="badge">${t`In the case`}</span>` : nothing}
            ${on === 'here' ? html`<span class="badge on">${t`On`}</span>` : nothing}
            ${on === 'elsewhere' ? html`<span class="badge elsewhere">${t`Open in another tab`}</span>` : nothing}
          </header>
          <p class="facts" id="facts">
            ${this.#facts()}
            <br />${hardwareWords(machine.kept)}
          </p>
        </div>
        <div class="actions">${this.renaming ? nothing : this.#actions()}</div>
        <p class="why" role="status" ?hidden=${!this.why}>${this.why}</p>
      </article>
    `;
  }

  #facts(): string {
    const { sizeBytes, committedAt, moments, base } = this.machine;
    const saved = committedAt > 0 ? [savedWords(committedAt)] : [];
    if (base) saved.unshift(t`stands on the file ${base.name}`);
    if (moments.count > 0) saved.unshift(momentWords(moments));
    const stored = base && committedAt === 0 ? [] : [storedWords(this.machine)];
    return [t`${diskSizeWords(sizeBytes)} disk`, ...stored, ...saved].join(', ');
  }

  #actions() {
    const { name, isInCase } = this.machine;
    const busy = this.#busy();
    const caseBusy = this.caseIsOn
      ? t`The machine in the case is on. Turn it off, then put this one in.`
      : '';
    const button = (label: string, spoken: string, refusal: string, act: () => void, kind = '') => html`
      <button
        class=${kind}
        aria-label=${spoken}
        aria-disabled=${refusal ? 'true' : 'false'}
        title=${refusal}
        @click=${act}
      >
        ${label}
      </button>
    `;
    return html`
      ${
        isInCase
          ? nothing
          : button(t`Put in the case`, t`Put “${name}” in the case`, caseBusy, () =>
              this.#wish('choose', caseBusy),
            )
      }
      ${button(t`Rename…`, t`Rename “${name}”…`, '', () => void this.#startRenaming(), 'rename')}
      ${button(t`Duplicate`, t`Duplicate “${name}”`, busy, () => this.#wish('duplicate', busy))}
      ${button(t`Save to a file…`, t`Save “${name}” to a file…`, busy, () => this.#wish('save', busy))}
      <vitrine-erase-machine
        .machine=${this.machine}
        .refusal=${busy}
        @click=${() => (this.why = busy)}
      ></vitrine-erase-machine>
    `;
  }

  #nameField() {
    return html`
      <form @submit=${this.#rename} @keydown=${this.#onKey}>
        <input
          id="name"
          aria-label=${t`New name`}
          required
          maxlength=${LONGEST_NAME}
          autocomplete="off"
          .value=${this.machine.name}
        />
        <button type="submit">${t`Save`}</button>
        <button type="button" @click=${() => void this.#stopRenaming()}>${t`Cancel`}</button>
      </form>
    `;
  }

  async #startRenaming(): Promise<void> {
    this.renaming = true;
    await this.updateComplete;
    const field = this.renderRoot.querySelector('input');
    field?.focus();
    field?.select();
  }

  async #stopRenaming(): Promise<void> {
    this.renaming = false;
    await this.updateComplete;
    this.focus();
  }

  readonly #rename = (event: SubmitEvent): void => {
    event.preventDefault();
    const name = this.renderRoot.querySelector('input')!.value;
    this.dispatchEvent(new VitrineShelfWishEvent({ type: 'rename', machineId: this.machine.id, name }));
    void this.#stopRenaming();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    void this.#stopRenaming();
  };
}

/** A small desktop computer, its lamp lit when it is on. */
function picture(isOn: boolean) {
  return html`
    <svg viewBox="0 0 40 40" aria-hidden="true">
      <rect x="3" y="4" width="34" height="22" rx="2" fill="#3b4048" />
      <rect x="5.5" y="6.5" width="29" height="17" fill=${isOn ? '#3f97dc' : '#11151a'} />
      <path d="M16 26h8l1 4H15z" fill="#2a2e34" />
      <rect x="6" y="30" width="28" height="7" rx="1.5" fill="#4c525b" />
      <rect x="9" y="32.5" width="13" height="2" rx="1" fill="#23272d" />
      <circle cx="30" cy="33.5" r="1.6" fill=${isOn ? '#6fe45c' : '#23272d'} />
    </svg>
  `;
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-shelf-machine': VitrineShelfMachine;
  }
  interface HTMLElementEventMap {
    'vitrine-shelf-wish': VitrineShelfWishEvent;
  }
}
