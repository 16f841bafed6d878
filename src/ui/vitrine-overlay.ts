import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatDuration } from '../lib/format.ts';
import type { PowerState } from '../machine/power.ts';
import { aeroButton } from './aero.ts';
import { VitrineWishEvent, type Wish } from './events.ts';
import { theme } from './theme.ts';
import './vitrine-message.ts';

/** What is said over the picture: how to begin, what is awaited, what went wrong and what to do. */
@customElement('vitrine-overlay')
export class VitrineOverlay extends LitElement {
  static override styles = [
    aeroButton,
    theme,
    css`
      :host {
        position: absolute;
        inset: 0;
        display: grid;
        place-items: center;
        pointer-events: none;
        color: #dfe6ee;
        text-align: center;
        overflow: auto;
      }
      :host > * {
        pointer-events: auto;
      }
      .welcome {
        display: grid;
        gap: 14px;
        justify-items: center;
        max-width: 34em;
        padding: 16px 24px;
      }
      h2 {
        margin: 0;
        font: 400 clamp(20px, 3.2vmin, 32px)/1.2 var(--serif);
      }
      p {
        margin: 0;
        color: #b4bec9;
        font: clamp(13px, 1.9vmin, 16px)/1.5 var(--sans);
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 10px;
      }
      button {
        min-height: 34px;
        padding: 0 18px;
        font-size: 14px;
      }
      .note {
        align-self: end;
        margin: 0 0 12px;
        padding: 8px 14px;
        border-radius: 4px;
        background: #0c1014e6;
        box-shadow: 0 0 0 1px #ffffff2e;
        font: 14px/1.4 var(--sans);
      }
      .note button {
        min-height: 26px;
        margin-left: 10px;
      }
    `,
  ];

  @property({ attribute: false }) power: PowerState = { power: 'off', reason: 'never-on' };
  @property() discName = '';
  @property({ type: Boolean }) halted = false;
  @property({ attribute: false }) refusal: { heading: string; text: string; detail: string } | null = null;

  /** How long the machine has been starting. */
  @state() private startingMs = 0;
  #startedAt = 0;
  #clock: ReturnType<typeof setInterval> | undefined;

  protected override willUpdate(): void {
    const waits = this.power.power === 'starting';
    if (waits && this.#clock === undefined) {
      this.#startedAt = performance.now();
      this.startingMs = 0;
      this.#clock = setInterval(() => (this.startingMs = performance.now() - this.#startedAt), 500);
    } else if (!waits && this.#clock !== undefined) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#clock);
    this.#clock = undefined;
  }

  #button(wish: Wish, label: string, className = '') {
    return html`<button class=${className} @click=${() => this.dispatchEvent(new VitrineWishEvent(wish))}>
      ${label}
    </button>`;
  }

  override render() {
    if (this.refusal) {
      const { heading, text, detail } = this.refusal;
      return html`
        <vitrine-message .heading=${heading} .text=${text} .detail=${detail}>
          ${this.#button('dismiss', 'Close')}
        </vitrine-message>
      `;
    }
    switch (this.power.power) {
      case 'off':
        return this.power.reason === 'never-on' ? this.#welcome() : this.#goodbye();
      case 'starting':
        return html`<p>Starting the machine… ${formatDuration(this.startingMs)}</p>`;
      case 'paused':
        return html`<div class="welcome">
          <h2>Paused</h2>
          ${this.#button('resume', 'Resume', 'default')}
        </div>`;
      case 'failed':
        return html`
          <vitrine-message
            heading="The machine has stopped"
            .text=${this.power.error.message}
            .detail=${this.power.error.detail}
          >
            ${this.#button('power-on', 'Start it again', 'default')}
          </vitrine-message>
        `;
      case 'running':
        return this.halted
          ? html`<div class="note">
              The system on the machine has stopped the processor and waits for nothing more.
              ${this.#button('reset', 'Reset')} ${this.#button('cut-power', 'Turn off')}
            </div>`
          : nothing;
    }
  }

  #welcome() {
    const begin = this.discName
      ? html`<p>${this.discName} is in the tray.</p>
          <div class="buttons">
            ${this.#button('power-on', 'Turn on', 'default')} ${this.#button('choose-disc', 'Another disc…')}
          </div>`
      : html`<p>
            Drop a disc image (.iso) anywhere on this page, or choose one. It is read on this device and sent
            nowhere. Without a disc the machine starts the exhibit's own.
          </p>
          <div class="buttons">
            ${this.#button('power-on', 'Boot the house disc', 'default')}
            ${this.#button('choose-disc', 'Choose a disc…')}
          </div>`;
    return html`<div class="welcome">
      <h2>A personal computer, as it was in 2009</h2>
      ${begin}
    </div>`;
  }

  #goodbye() {
    const said = this.power.power === 'off' && this.power.reason === 'guest';
    return html`
      <div class="welcome">
        <h2>${said ? 'The machine has shut down' : 'The machine is off'}</h2>
        <div class="buttons">
          ${this.#button('power-on', 'Turn on', 'default')} ${this.#button('choose-disc', 'Choose a disc…')}
        </div>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-overlay': VitrineOverlay;
  }
}
