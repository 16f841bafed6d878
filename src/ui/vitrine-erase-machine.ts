import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import type { ShelfMachine } from '../page/machine-shelf-model.ts';
import { aeroButton } from './aero.ts';
import { lossWords } from './shelf-words.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/** The visitor has confirmed that a machine is to go. */
export class VitrineEraseEvent extends Event {
  readonly machineId: string;
  constructor(machineId: string) {
    super('vitrine-erase', { bubbles: true, composed: true });
    this.machineId = machineId;
  }
}

/**
 * A button that erases a machine in two steps: the second says what is lost, and "Keep it" has the focus. Attribute
 * `asking` while it does, for whoever has to make room for the question.
 */
@customElement('vitrine-erase-machine')
export class VitrineEraseMachine extends VitrineElement {
  static override styles = [
    aeroButton,
    theme,
    css`
      :host {
        --glow: #1c6aa8;
        display: inline-block;
      }
      :host([asking]) {
        display: block;
      }
      .question {
        padding: 10px 12px;
        border: 1px solid #d9a09d;
        border-radius: 3px;
        background: #fdf1f0;
        color: #15181c;
        font: 13px/1.45 var(--sans);
        text-align: left;
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
        min-height: 26px;
        padding: 0 10px;
        font-size: 13px;
      }
      button.erase {
        color: var(--bad);
      }
      button[aria-disabled='true'] {
        opacity: 0.55;
      }
    `,
  ];

  @property({ attribute: false }) machine!: ShelfMachine;
  /** Why it cannot be erased now: the button stays and says it. */
  @property() refusal = '';
  @property({ type: Boolean, reflect: true }) asking = false;
  @state() private erasing = false;

  #ask = async (): Promise<void> => {
    if (this.refusal) return;
    this.asking = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.keep')?.focus();
  };

  #keep = async (): Promise<void> => {
    this.asking = false;
    await this.updateComplete;
    this.renderRoot.querySelector('button')?.focus();
  };

  #erase = (): void => {
    this.erasing = true;
    this.dispatchEvent(new VitrineEraseEvent(this.machine.id));
  };

  /** The erasing did not happen: the button is as at first. */
  reset(): void {
    this.asking = false;
    this.erasing = false;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    // The question goes, the window around it stays.
    event.preventDefault();
    event.stopPropagation();
    void this.#keep();
  };

  override render() {
    const { name } = this.machine;
    if (!this.asking) {
      return html`<button
        aria-label=${t`Erase “${name}”…`}
        aria-disabled=${this.refusal ? 'true' : 'false'}
        title=${this.refusal}
        @click=${this.#ask}
      >
        ${t`Erase…`}
      </button>`;
    }
    return html`
      <div
        class="question"
        role="alertdialog"
        aria-labelledby="what"
        aria-describedby="loss"
        @keydown=${this.#onKey}
      >
        <p id="what"><strong>${t`Erase “${name}” for good?`}</strong></p>
        <p id="loss">${t`${lossWords(this.machine)} It cannot be brought back.`}</p>
        <div class="buttons">
          <button class="erase" ?disabled=${this.erasing} @click=${this.#erase}>
            ${this.erasing ? t`Erasing…` : t`Erase for good`}
          </button>
          <button class="keep" ?disabled=${this.erasing} @click=${this.#keep}>${t`Keep it`}</button>
        </div>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-erase-machine': VitrineEraseMachine;
  }
  interface HTMLElementEventMap {
    'vitrine-erase': VitrineEraseEvent;
  }
}
