import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import type { Power } from '../machine/power.ts';
import { VitrineWishEvent, type Wish } from './events.ts';
import { spotlight } from './spotlight.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/** How long a drive's light stays on after the last traffic. */
const LIGHT_MS = 120;

/** The desktop computer under the monitor: disc tray, floppy slot, activity lights and the power button. */
@customElement('vitrine-computer')
export class VitrineComputer extends VitrineElement {
  static override styles = [
    theme,
    spotlight,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1.6fr) minmax(0, 1fr) auto auto;
        gap: clamp(8px, 1.6vmin, 22px);
        align-items: center;
        padding: clamp(8px, 1.3vmin, 16px) clamp(10px, 2vmin, 26px);
        border-radius: 7px;
        color: #cdd2d8;
        background:
          linear-gradient(#ffffff14, transparent 12%),
          repeating-linear-gradient(90deg, #ffffff05 0 1px, transparent 1px 3px),
          linear-gradient(#34383e, #1d2024 55%, #141619);
        box-shadow:
          inset 0 1px 0 #ffffff4d,
          inset 0 0 0 1px #ffffff14,
          0 16px 24px -12px #000b;
      }
      button {
        font: inherit;
        color: inherit;
      }
      .bay {
        position: relative;
        display: flex;
        align-items: center;
        gap: 10px;
        min-width: 0;
        height: 40px;
        padding: 0 12px;
        border: 1px solid #0009;
        border-radius: 4px;
        background: linear-gradient(#25282c, #101214);
        box-shadow:
          inset 0 1px 0 #ffffff1a,
          0 1px 0 #ffffff14;
        text-align: left;
        cursor: pointer;
      }
      .bay:hover {
        background: linear-gradient(#2f3338, #17191c);
      }
      .bay .name {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        font-size: 13px;
      }
      .bay .hint {
        color: #9da4ac;
      }
      /* What changes while the machine runs has a layer of its own from the start and only turns or fades: painting
         anything waits behind the browser's compiler, which has the processors for itself while it works on the
         engine, and a layer that comes and goes has all that lies over it painted anew. */
      .well {
        flex: none;
        overflow: clip;
        width: 24px;
        height: 24px;
      }
      .disc {
        display: block;
        width: 24px;
        height: 24px;
        border-radius: 50%;
        background:
          radial-gradient(circle, #101214 0 14%, #c9d3da 15% 24%, transparent 25%),
          conic-gradient(#dfe8ee, #9fb3c2, #e7d9ee, #b6d7d0, #f1ead6, #9fb3c2, #dfe8ee);
      }
      .disc.none {
        background: none;
        border: 1px dashed #6f767e;
      }
      .disc {
        animation: turn 0.7s linear infinite paused;
        will-change: transform;
      }
      .disc.reading {
        animation-play-state: running;
      }
      @keyframes turn {
        to {
          transform: rotate(1turn);
        }
      }
      .slot {
        display: flex;
        align-items: stretch;
        min-width: 0;
      }
      .slot .bay {
        flex: 1;
        border-radius: 4px 0 0 4px;
      }
      .slot .bay:last-child {
        border-radius: 4px;
      }
      .eject {
        width: 34px;
        border: 1px solid #0009;
        border-left: 0;
        border-radius: 0 4px 4px 0;
        background: linear-gradient(#2b2f34, #15171a);
        cursor: pointer;
      }
      .eject:hover {
        background: linear-gradient(#3a3f46, #1c1f23);
      }
      .eject svg {
        display: block;
        margin: auto;
      }
      .lights {
        display: grid;
        grid-template-columns: auto auto;
        gap: 4px 8px;
        align-items: center;
        font-size: 11px;
        color: #aab0b8;
      }
      .light {
        position: relative;
        width: 9px;
        height: 9px;
        border-radius: 50%;
        background: #2d3136;
        box-shadow: inset 0 0 2px #000;
      }
      .light::before,
      .light::after {
        content: '';
        position: absolute;
        inset: 0;
        border-radius: 50%;
        /* What is not seen at all is not painted beforehand. */
        opacity: 0.004;
        will-change: opacity;
      }
      .light::before {
        background: #7dff9b;
        box-shadow: 0 0 8px 2px #3be26bb3;
      }
      .light::after {
        background: #ffc35c;
        box-shadow: 0 0 8px 2px #ff9f1ab3;
      }
      .light.read::before,
      .light.write::after {
        opacity: 1;
      }
      .power {
        position: relative;
        width: 52px;
        height: 52px;
        border: 0;
        border-radius: 50%;
        background: radial-gradient(circle at 35% 28%, #5b626a, #1b1e21 62%);
        box-shadow:
          0 0 0 3px #0d0f11,
          0 0 0 4px #ffffff2e,
          inset 0 1px 1px #ffffff66;
        cursor: pointer;
      }
      .power:hover {
        background: radial-gradient(circle at 35% 28%, #717982, #24282c 62%);
      }
      .power:active {
        background: radial-gradient(circle at 40% 40%, #3c4248, #121416 62%);
      }
      .power svg {
        display: block;
        margin: auto;
        color: #9aa2ab;
        /* There from the start: a filter that comes has the whole page painted anew. */
        filter: drop-shadow(0 0 4px #4db5ff00);
      }
      /* The glow of the button: on a layer of its own, as the lights are. */
      .power::after {
        content: '';
        position: absolute;
        inset: 0;
        border-radius: 50%;
        box-shadow:
          0 0 0 3px #0d0f11,
          0 0 0 4px #6cc4ff94,
          0 0 18px 4px #3ea8ff73;
        opacity: 0.004;
        will-change: opacity;
      }
      .power.on::after {
        opacity: 1;
      }
      .power.on svg {
        color: #9fdcff;
        filter: drop-shadow(0 0 4px #4db5ff);
      }
      .power.paused::after {
        animation: breathe 2.4s ease-in-out infinite;
      }
      @keyframes breathe {
        50% {
          opacity: 0.3;
        }
      }
      @media (forced-colors: active) {
        .power {
          border: 1px solid ButtonText;
        }
        .power svg {
          color: ButtonText;
        }
        .light {
          forced-color-adjust: none;
        }
      }
      @media (max-width: 560px) {
        :host {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        .slot.floppy {
          grid-row: 2;
        }
      }
    `,
  ];

  @property() power: Power = 'off';
  /** For the public of a museum: to be looked at, not to be used. */
  @property({ type: Boolean }) kiosk = false;
  /** The part that a light stands at, '' for none. */
  @property() spot = '';
  /** What lies in each drive, '' for nothing. */
  @property() discName = '';
  @property() floppyName = '';

  @state() private readonly lights: Record<string, 'read' | 'write' | undefined> = {};

  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** Lights a drive's lamp for a moment. */
  flash(drive: 'disc' | 'disk' | 'floppy', direction: 'read' | 'write'): void {
    clearTimeout(this.#timers.get(drive));
    this.lights[drive] = direction;
    this.#timers.set(
      drive,
      setTimeout(() => {
        this.lights[drive] = undefined;
        this.requestUpdate();
      }, LIGHT_MS),
    );
    this.requestUpdate();
  }

  #wish(wish: Wish): void {
    this.dispatchEvent(new VitrineWishEvent(wish));
  }

  override render() {
    const on = this.power !== 'off' && this.power !== 'failed';
    return html`
      <div class="slot ${this.#lit('disc-tray')}">
        <button
          class="bay"
          ?disabled=${this.kiosk}
          @click=${() => this.#wish('choose-disc')}
          aria-label=${this.#trayLabel() ?? nothing}
        >
          <span class="well" aria-hidden="true"
            ><span class="disc ${this.discName ? '' : 'none'} ${this.lights['disc'] ? 'reading' : ''}"></span
          ></span>
          <span class="name ${this.discName ? '' : 'hint'}"
            >${this.discName || t`Disc tray: put in your disc (.iso)`}</span
          >
        </button>
        ${this.discName && !this.kiosk ? this.#eject(t`Eject the disc`, 'eject-disc') : nothing}
      </div>
      <div class="slot floppy ${this.#lit('floppy')}">
        <button
          class="bay"
          ?disabled=${this.kiosk}
          @click=${() => this.#wish('choose-floppy')}
          aria-label=${this.#floppyLabel()}
        >
          <span class="name ${this.floppyName ? '' : 'hint'}">${this.floppyName || t`Floppy`}</span>
        </button>
        ${this.floppyName && !this.kiosk ? this.#eject(t`Eject the floppy`, 'eject-floppy') : nothing}
      </div>
      <div class="lights ${this.#lit('lights')}" aria-hidden="true">
        ${this.#light('disc', t`Disc`)} ${this.#light('disk', t`Disk`)}
      </div>
      <button
        class="power ${this.#lit('power')} ${on ? 'on' : ''} ${this.power === 'paused' ? 'paused' : ''}"
        ?disabled=${this.kiosk}
        aria-label=${on ? t`Power: turn off or pause…` : t`Power: turn on`}
        aria-haspopup=${on ? 'menu' : nothing}
        title=${on ? t`Turn off or pause` : t`Turn on`}
        @click=${() => this.#wish(on ? 'power-menu' : 'power-on')}
      >
        <svg
          width="24"
          height="24"
          viewBox="0 0 24 24"
          fill="none"
          stroke="currentColor"
          stroke-width="2.4"
          aria-hidden="true"
        >
          <path d="M12 3v8" stroke-linecap="round" />
          <path d="M6.6 6.6a7.6 7.6 0 1 0 10.8 0" stroke-linecap="round" />
        </svg>
      </button>
    `;
  }

  #lit(part: string): string {
    return this.spot === part ? 'spot' : '';
  }

  #light(drive: string, label: string) {
    const direction = this.lights[drive];
    return html`<span class="light ${direction ?? ''}" data-drive=${drive}></span><span>${label}</span>`;
  }

  #eject(label: string, wish: Wish) {
    return html`
      <button class="eject" aria-label=${label} title=${label} @click=${() => this.#wish(wish)}>
        <svg width="14" height="14" viewBox="0 0 14 14" fill="currentColor" aria-hidden="true">
          <path d="M7 2 1.5 8.5h11z" />
          <rect x="1.5" y="10" width="11" height="2" />
        </svg>
      </button>
    `;
  }

  /** Null where the words on the tray say it all. */
  #trayLabel(): string | null {
    return this.discName ? t`Disc tray: ${this.discName}. Choose another disc…` : null;
  }

  #floppyLabel(): string {
    return this.floppyName
      ? t`Floppy: ${this.floppyName}. Choose another…`
      : t`Floppy drive: choose a floppy image…`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-computer': VitrineComputer;
  }
}
