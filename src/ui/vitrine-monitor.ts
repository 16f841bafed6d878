import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import type { HandsOn } from '../page/machine-input.ts';
import { fitPicture } from '../page/picture-fit.ts';
import { watchPixelDensity } from '../page/pixel-density.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/**
 * The monitor in the case: a glossy frame of its time around the guest's picture, which is letterboxed and, at
 * whole scales, sharp to the pixel. What has to be said over the picture goes into the default slot.
 */
@customElement('vitrine-monitor')
export class VitrineMonitor extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        display: grid;
        grid-template-rows: 1fr auto;
        min-height: 0;
        min-width: 0;
      }
      .frame {
        display: grid;
        grid-template-rows: 1fr auto;
        min-height: 0;
        padding: clamp(8px, 1.4vmin, 18px);
        padding-bottom: 0;
        border-radius: 10px 10px 12px 12px;
        background: linear-gradient(170deg, #3b3f45 0%, #17191c 22%, #0b0c0e 60%, #1b1d21 100%);
        box-shadow:
          inset 0 0 0 1px #ffffff1f,
          inset 0 1px 0 #ffffff59,
          0 24px 44px -18px #000c,
          0 4px 10px #0007;
      }
      .glass {
        position: relative;
        /* Set by a room that gives the case the height that it asks for. */
        min-height: var(--least-glass, 0);
        overflow: hidden;
        background: #000;
        box-shadow:
          inset 0 0 0 1px #000,
          inset 0 0 30px #000;
        cursor: default;
      }
      .glass:focus-visible {
        outline-offset: 3px;
      }
      .picture {
        position: absolute;
      }
      .picture canvas {
        display: block;
        width: 100%;
        height: 100%;
      }
      .picture[data-sharp] canvas {
        image-rendering: pixelated;
      }
      :host([dimmed]) .picture {
        filter: brightness(0.35) saturate(0.6);
      }
      :host([captured]) .glass {
        cursor: none;
      }
      /* Over the glass, not in it: what is clicked here is the page's, not the guest's. */
      .glass,
      .words {
        grid-area: 1 / 1;
      }
      .words {
        position: relative;
        min-height: 0;
        pointer-events: none;
        /* They lie over the picture, which has a layer once there is one: theirs does not come and go with it. */
        will-change: transform;
      }
      /* At the picture's edge nearest to what it points at; its arm reaches a little into the picture. */
      .beacon {
        position: absolute;
        z-index: 4;
        width: 0;
        height: 0;
        pointer-events: none;
      }
      .beacon svg {
        position: absolute;
        left: -34px;
        top: -14px;
        width: 44px;
        height: 28px;
        filter: drop-shadow(0 0 6px #ffb52e) drop-shadow(0 0 14px #ffb52e);
        transform: rotate(var(--turn, 0deg));
        transform-origin: 34px 14px;
        animation: beckon 1.1s ease-in-out infinite alternate;
      }
      .beacon[data-edge='right'] {
        --turn: 180deg;
      }
      .beacon[data-edge='bottom'] {
        --turn: -90deg;
      }
      .beacon[data-edge='top'] {
        --turn: 90deg;
      }
      @keyframes beckon {
        to {
          opacity: 0.65;
        }
      }
      .chin {
        display: flex;
        align-items: center;
        justify-content: space-between;
        height: clamp(20px, 3.2vmin, 34px);
        padding: 0 6px;
        color: #aab0b8;
        font: 600 11px/1 var(--sans);
        letter-spacing: 0.22em;
        text-transform: uppercase;
      }
      .led {
        width: 18px;
        height: 3px;
        border-radius: 2px;
        background: #2a2d31;
      }
      :host([lit]) .led {
        background: #7fd0ff;
        box-shadow: 0 0 8px 1px #4db5ffcc;
      }
      .stand {
        justify-self: center;
        width: 30%;
        height: clamp(10px, 2.2vmin, 24px);
        background: linear-gradient(#08090a, #2a2d31 40%, #131518);
        clip-path: polygon(14% 0, 86% 0, 100% 100%, 0 100%);
      }
      :host(:fullscreen) {
        background: #000;
      }
      :host(:fullscreen) .frame {
        padding: 0;
        border-radius: 0;
        background: #000;
      }
      :host(:fullscreen) :is(.chin, .stand) {
        display: none;
      }
    `,
  ];

  @property({ attribute: false }) canvas: HTMLCanvasElement | null = null;
  /** Guest resolution, null before the first picture. */
  @property({ attribute: false }) guestSize: { width: number; height: number } | null = null;
  /** Whether the monitor shows light: the machine is on. */
  @property({ type: Boolean, reflect: true }) lit = false;
  @property({ type: Boolean, reflect: true }) dimmed = false;
  @property({ type: Boolean, reflect: true }) captured = false;
  /** Always whole scales, even where that leaves the screen half empty. */
  @property({ type: Boolean }) sharp = false;

  /** What a light points at, in percent of the picture. */
  @property({ attribute: false }) spot: { readonly x: number; readonly y: number } | null = null;

  @query('.beacon') private readonly beacon!: HTMLElement | null;
  @query('.glass') private readonly glass!: HTMLElement;
  @query('.picture') private readonly picture!: HTMLElement;
  /** Focused for a phone, whose keyboard comes up only for a field. */
  @query('textarea') private readonly phoneField!: HTMLTextAreaElement;

  /** Where the visitor's hands are listened to; there after the first rendering. */
  get hands(): HandsOn {
    return { glass: this.glass, picture: this.picture, phoneField: this.phoneField };
  }

  readonly #resizes = new ResizeObserver(() => this.#place());
  #ears = new AbortController();

  override firstUpdated(): void {
    this.#resizes.observe(this.glass);
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('canvas')) this.picture.replaceChildren(...(this.canvas ? [this.canvas] : []));
    this.#place();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
    this.#ears.abort();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#resizes.observe(this.glass);
    this.#ears = new AbortController();
    watchPixelDensity(window, () => this.#place(), this.#ears.signal);
  }

  #place(): void {
    if (!this.guestSize || !this.picture) return;
    const box = { width: this.glass.clientWidth, height: this.glass.clientHeight };
    if (box.width === 0 || box.height === 0) return;
    const fit = fitPicture(this.guestSize, box, devicePixelRatio, this.sharp);
    // Through the CSSOM: the page's policy refuses style attributes.
    const { style } = this.picture;
    style.width = `${fit.width}px`;
    style.height = `${fit.height}px`;
    style.left = `${fit.left}px`;
    style.top = `${fit.top}px`;
    this.picture.toggleAttribute('data-sharp', fit.sharp);
    this.#placeBeacon(fit);
  }

  /** `fit` is the picture's place in the glass, in CSS pixels. */
  #placeBeacon(fit: { left: number; top: number; width: number; height: number }): void {
    const { beacon, spot } = this;
    if (!beacon || !spot) return;
    const distances = { left: spot.x, right: 100 - spot.x, bottom: 100 - spot.y, top: spot.y };
    const [edge] = Object.entries(distances).reduce((near, each) => (each[1] < near[1] ? each : near));
    const x = edge === 'left' ? 0 : edge === 'right' ? 100 : spot.x;
    const y = edge === 'top' ? 0 : edge === 'bottom' ? 100 : spot.y;
    beacon.dataset['edge'] = edge;
    beacon.style.left = `${fit.left + (fit.width * x) / 100}px`;
    beacon.style.top = `${fit.top + (fit.height * y) / 100}px`;
  }

  override render() {
    return html`
      <div class="frame">
        <div
          class="glass"
          tabindex=${this.lit ? 0 : -1}
          role="application"
          aria-label=${t`Screen of the machine`}
          aria-describedby="capture-help"
        >
          <div class="picture"></div>
          <textarea
            class="visually-hidden"
            tabindex="-1"
            aria-label=${t`Type on the machine`}
            autocapitalize="off"
            autocomplete="off"
            spellcheck="false"
          ></textarea>
        </div>
        <div class="words">
          <slot></slot>
          ${
            this.spot && this.lit && this.guestSize
              ? html`<div class="beacon" aria-hidden="true">
                  <svg viewBox="0 0 44 28">
                    <path
                      d="M2 9h24V2l16 12-16 12v-7H2z"
                      fill="#ffd36b"
                      stroke="#7a4d00"
                      stroke-width="1.5"
                    />
                  </svg>
                </div>`
              : nothing
          }
        </div>
        <span id="capture-help" class="visually-hidden">
          ${t`Press Enter or click here to type on the machine. The line under the case says how to come back.`}
        </span>
        <div class="chin">
          <span aria-hidden="true">Vitrine</span><span class="led" aria-hidden="true"></span>
        </div>
      </div>
      <div class="stand" aria-hidden="true"></div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-monitor': VitrineMonitor;
  }
}
