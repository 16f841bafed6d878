import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatBytes } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import type { ShelfMachine } from '../page/machine-shelf-model.ts';
import { aeroButton } from './aero.ts';
import { lossWords } from './shelf-words.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/** What the visitor wants of a machine file: null for nothing. */
export class VitrineBringEvent extends Event {
  readonly as: 'new' | 'replacement' | null;
  constructor(as: 'new' | 'replacement' | null) {
    super('vitrine-bring', { bubbles: true, composed: true });
    this.as = as;
  }
}

/** Asks what a machine file is to become: a machine of its own, or, once more asked, what is in the case. */
@customElement('vitrine-bring-machine')
export class VitrineBringMachine extends VitrineElement {
  static override styles = [
    aeroButton,
    theme,
    css`
      :host {
        --glow: #1c6aa8;
        display: block;
        margin-bottom: 10px;
        padding: 12px;
        border: 1px solid #7fb3dd;
        border-radius: 4px;
        background: #f4faff;
        color: #15181c;
        font: 13px/1.45 var(--sans);
      }
      :host([replacing]) {
        border-color: #d9a09d;
        background: #fdf1f0;
      }
      h3 {
        margin: 0 0 4px;
        font: 600 15px/1.35 var(--sans);
        overflow-wrap: anywhere;
      }
      p {
        margin: 0 0 8px;
        overflow-wrap: anywhere;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      button {
        min-width: 0;
        min-height: 28px;
        padding: 0 12px;
        font-size: 13px;
      }
      .replace {
        color: var(--bad);
      }
    `,
  ];

  @property({ attribute: false }) file!: File;
  /** What stands in the case, if anything of it is stored. */
  @property({ attribute: false }) inCase: ShelfMachine | null = null;
  @property({ type: Boolean, reflect: true }) replacing = false;
  @state() private why = '';

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('button')?.focus();
  }

  #tell(as: 'new' | 'replacement' | null): void {
    this.dispatchEvent(new VitrineBringEvent(as));
  }

  readonly #askReplacing = async (): Promise<void> => {
    const { on, name } = this.inCase!;
    if (on !== 'nowhere') {
      this.why = t`“${name}” is on. Turn it off first, then replace it.`;
      return;
    }
    this.replacing = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.keep')?.focus();
  };

  readonly #keep = async (): Promise<void> => {
    this.replacing = false;
    await this.updateComplete;
    this.renderRoot.querySelector('button')?.focus();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    // The question goes, the window around it stays.
    event.preventDefault();
    event.stopPropagation();
    if (this.replacing) void this.#keep();
    else this.#tell(null);
  };

  override render() {
    const { name, size } = this.file;
    if (this.replacing && this.inCase) return this.#question(this.inCase);
    return html`
      <div role="group" aria-labelledby="what" @keydown=${this.#onKey}>
        <h3 id="what">${t`Bring the machine in ${name}`}</h3>
        <p>
          ${t`${formatBytes(size)}. All of it is read and checked before anything changes here; a file that is cut off or damaged changes nothing.`}
        </p>
        <div class="buttons">
          <button class="default" @click=${() => this.#tell('new')}>${t`As a new machine`}</button>
          ${
            this.inCase
              ? html`<button @click=${this.#askReplacing}>${t`In place of “${this.inCase.name}”…`}</button>`
              : nothing
          }
          <button @click=${() => this.#tell(null)}>${t`Cancel`}</button>
        </div>
        <p role="status" ?hidden=${!this.why}>${this.why}</p>
      </div>
    `;
  }

  #question(machine: ShelfMachine) {
    return html`
      <div role="alertdialog" aria-labelledby="what" aria-describedby="loss" @keydown=${this.#onKey}>
        <h3 id="what">${t`Replace “${machine.name}” by the machine in ${this.file.name}?`}</h3>
        <p id="loss">${t`${lossWords(machine)} It cannot be brought back.`}</p>
        <div class="buttons">
          <button class="replace" @click=${() => this.#tell('replacement')}>${t`Replace it`}</button>
          <button class="keep" @click=${this.#keep}>${t`Keep it`}</button>
        </div>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-bring-machine': VitrineBringMachine;
  }
  interface HTMLElementEventMap {
    'vitrine-bring': VitrineBringEvent;
  }
}
