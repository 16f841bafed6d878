import { css, html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import type { Power } from '../machine/power.ts';
import { COMBOS } from '../page/keyboard/combos.ts';
import { MOMENT_KEY } from '../page/keyboard/moment-key.ts';
import { spotlight } from './spotlight.ts';
import { aeroButton, aeroSlider } from './aero.ts';
import { VitrineWishEvent, type Wish } from './events.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/** Keys that a browser keeps for itself, pressed on the machine instead (KeyboardEvent.code names). */
export class VitrinePressEvent extends Event {
  readonly codes: readonly string[];
  constructor(codes: readonly string[]) {
    super('vitrine-press', { bubbles: true, composed: true });
    this.codes = codes;
  }
}

export class VitrineVolumeEvent extends Event {
  readonly volume: number;
  readonly muted: boolean;
  constructor(volume: number, muted: boolean) {
    super('vitrine-volume', { bubbles: true, composed: true });
    this.volume = volume;
    this.muted = muted;
  }
}

/** The controls under the case: keys the browser takes, pause, reset, sound and full screen. */
@customElement('vitrine-toolbar')
export class VitrineToolbar extends VitrineElement {
  static override styles = [
    aeroButton,
    aeroSlider,
    theme,
    spotlight,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: center;
        gap: 8px 10px;
      }
      .group {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px;
      }
      button {
        min-width: 0;
        min-height: 28px;
        padding: 0 7px;
        font-size: 12.5px;
        /* The package fades borders for a second whenever a button wakes. All of these wake at power-on, when the
           computer has least time for it: each frame would wait for the whole plinth to be drawn anew. */
        transition: none !important;
      }
      /* Where there is a keyboard already, a button for one would only confuse. */
      .touch {
        display: none;
      }
      @media (any-pointer: coarse) {
        .touch {
          display: inline-block;
        }
      }
      .sound {
        color: var(--on-wall);
      }
      .sound button {
        width: 34px;
        padding: 0;
      }
      .sound svg {
        display: block;
        margin: auto;
      }
      input[type='range'] {
        width: 60px;
      }
    `,
  ];

  @property() power: Power = 'off';
  @property({ type: Boolean }) keyboardOpen = false;
  /** For the public of a museum: keys and sound, nothing else. */
  @property({ type: Boolean }) kiosk = false;
  /** The part that a light stands at: 'keys', or another's. */
  @property() spot = '';
  @property({ type: Number }) volume = 1;
  @property({ type: Boolean }) muted = false;
  @property({ type: Boolean }) fullScreen = false;
  /** Whether a saved moment is the exhibit's first state. */
  @property({ type: Boolean }) hasFirst = false;

  #wish(wish: Wish): void {
    this.dispatchEvent(new VitrineWishEvent(wish));
  }

  override render() {
    const running = this.power === 'running';
    const on = running || this.power === 'paused';
    return html`
      <div
        class="group ${this.spot === 'keys' ? 'spot' : ''}"
        role="group"
        aria-label=${t`Keys for the machine`}
      >
        ${COMBOS.map(
          ({ label, title, codes }) => html`
            <button
              title=${title}
              ?disabled=${!running}
              @click=${() => this.dispatchEvent(new VitrinePressEvent(codes))}
            >
              ${label}
            </button>
          `,
        )}
        <button class="touch" ?disabled=${!running} @click=${() => this.#wish('phone-keyboard')}>
          ${t`Keyboard`}
        </button>
        <button
          aria-pressed=${this.keyboardOpen}
          ?disabled=${!running && !this.keyboardOpen}
          @click=${() => this.#wish('screen-keyboard')}
        >
          ${t`Screen keyboard`}
        </button>
      </div>
      ${this.kiosk ? nothing : this.#machine(running, on)}
      <div class="group sound" role="group" aria-label=${t`Sound`}>
        <button
          aria-pressed=${this.muted}
          aria-label=${t`Mute`}
          title=${this.muted ? t`Sound is off` : t`Mute`}
          @click=${() => this.dispatchEvent(new VitrineVolumeEvent(this.volume, !this.muted))}
        >
          <svg
            width="18"
            height="18"
            viewBox="0 0 18 18"
            fill="none"
            stroke="#222"
            stroke-width="1.5"
            aria-hidden="true"
          >
            <path d="M2 6.5h3L9 3v12l-4-3.5H2z" fill="#222" stroke-linejoin="round" />
            ${
              this.muted
                ? svg`<path d="m11.5 6.5 5 5m0-5-5 5" stroke-linecap="round" />`
                : svg`<path d="M11.5 6a4 4 0 0 1 0 6M13.6 3.8a7 7 0 0 1 0 10.4" stroke-linecap="round" />`
            }
          </svg>
        </button>
        <input
          type="range"
          min="0"
          max="100"
          aria-label=${t`Volume`}
          .value=${String(Math.round(this.volume * 100))}
          @input=${this.#slide}
        />
      </div>
    `;
  }

  #machine(running: boolean, on: boolean) {
    return html`<div class="group" role="group" aria-label=${t`Machine`}>
      <button ?disabled=${!on} @click=${() => this.#wish(running ? 'pause' : 'resume')}>
        ${this.power === 'paused' ? t`Resume` : t`Pause`}
      </button>
      <button ?disabled=${!on} @click=${() => this.#wish('reset')}>${t`Reset`}</button>
      <button @click=${() => this.#wish('full-screen')}>
        ${this.fullScreen ? t`Leave full screen` : t`Full screen`}
      </button>
      ${
        this.hasFirst
          ? html`<button
              title=${t`Back to the exhibit's first state; it can be undone`}
              @click=${() => this.#wish('reset-to-first')}
            >
              ${t`Reset to first state`}
            </button>`
          : nothing
      }
      <button
        aria-haspopup="dialog"
        title=${t`Saved moments: go back, or save one (${MOMENT_KEY})`}
        @click=${() => this.#wish('moments')}
      >
        ${t`Moments…`}
      </button>
      <button aria-haspopup="dialog" ?disabled=${!on} @click=${() => this.#wish('photo')}>
        ${t`Photograph…`}
      </button>
      <button aria-haspopup="dialog" @click=${() => this.#wish('shelf')}>${t`Machines…`}</button>
      <button aria-haspopup="dialog" @click=${() => this.#wish('settings')}>${t`Settings…`}</button>
    </div>`;
  }

  readonly #slide = (event: Event): void => {
    const volume = Number((event.target as HTMLInputElement).value) / 100;
    this.dispatchEvent(new VitrineVolumeEvent(volume, false));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-toolbar': VitrineToolbar;
  }
  interface HTMLElementEventMap {
    'vitrine-press': VitrinePressEvent;
    'vitrine-volume': VitrineVolumeEvent;
  }
}
