import { css, html } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import { PIN_SHAPE } from '../page/kiosk-pin.ts';
import { staffLook } from './staff-look.ts';
import { theme } from './theme.ts';
import { VitrineElement } from './vitrine-element.ts';

/** Digits that could be a PIN were typed and entered. */
export class VitrinePinEvent extends Event {
  readonly pin: string;

  constructor(pin: string) {
    super('vitrine-pin');
    this.pin = pin;
  }
}

/** Ten keys and a field for a PIN, for a finger or a keyboard. */
@customElement('vitrine-pin-pad')
export class VitrinePinPad extends VitrineElement {
  static override styles = [
    theme,
    staffLook,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
      }
      .pad {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: 8px;
      }
      .pad button {
        min-height: 60px;
        font-size: 24px;
      }
      .pad .word {
        font-size: 16px;
      }
      input {
        min-height: 48px;
        padding: 4px 12px;
        border: 1px solid #8a8470;
        border-radius: 4px;
        background: #fff;
        color: var(--ink);
        font-size: 26px;
        letter-spacing: 0.3em;
        text-align: center;
      }
      .wrong {
        min-height: 1.4em;
        color: var(--bad);
        font-weight: 600;
      }
    `,
  ];

  /** What was wrong with the last one; it stands until the next digit. */
  @property() message = '';
  @property({ type: Boolean }) busy = false;

  @state() private typed = '';
  @query('input') private readonly field!: HTMLInputElement | null;

  override focus(): void {
    this.field?.focus();
  }

  #type(typed: string): void {
    this.typed = typed.replaceAll(/\D/g, '').slice(0, 12);
    this.message = '';
  }

  #enter(): void {
    if (this.busy) return;
    const { typed } = this;
    this.typed = '';
    if (PIN_SHAPE.test(typed)) this.dispatchEvent(new VitrinePinEvent(typed));
    else this.message = t`A PIN has 4 to 12 digits.`;
  }

  override render() {
    // A code for once: browsers keep no such field, and would offer a kept password to the next visitor.
    return html`
      <input
        type="password"
        inputmode="none"
        autocomplete="one-time-code"
        maxlength="12"
        aria-label=${t`PIN`}
        .value=${this.typed}
        @input=${({ target }: Event) => {
          const field = target as HTMLInputElement;
          this.#type(field.value);
          field.value = this.typed;
        }}
        @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && this.#enter()}
      />
      <p class="wrong" role="alert">${this.message}</p>
      <div class="pad">
        ${['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => this.#digit(digit))}
        <button class="word" @click=${() => this.#type(this.typed.slice(0, -1))}>${t`Delete`}</button>
        ${this.#digit('0')}
        <button class="word" ?disabled=${this.busy} @click=${() => this.#enter()}>${t`Enter`}</button>
      </div>
    `;
  }

  #digit(digit: string) {
    return html`<button @click=${() => this.#type(this.typed + digit)}>${digit}</button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-pin-pad': VitrinePinPad;
  }
  interface HTMLElementEventMap {
    'vitrine-pin': VitrinePinEvent;
  }
}
