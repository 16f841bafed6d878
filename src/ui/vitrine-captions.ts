import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { captionOf } from '../page/audio/captions.ts';
import type { SoundOutput } from '../page/audio/sound-output.ts';
import { theme } from './theme.ts';
import { VitrineElement } from './vitrine-element.ts';

const LISTEN_EVERY_MS = 250;
/** How long a caption stands after the sound. */
const STANDS_MS = 2_000;
/** A screen reader is told of the same sound again at the earliest after this. */
const SAID_AGAIN_MS = 10_000;

/** What can be heard of the machine, in words: for those who do not hear it, or have it muted. */
@customElement('vitrine-captions')
export class VitrineCaptions extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        display: block;
        pointer-events: none;
      }
      .caption {
        width: fit-content;
        margin: 0 auto;
        padding: 3px 12px;
        border-radius: 3px;
        background: #000c;
        color: #fff;
        font: 16px/1.4 var(--sans);
      }
    `,
  ];

  @property({ attribute: false }) sound!: SoundOutput;

  @state() private caption = '';
  @state() private said = '';

  #timer: ReturnType<typeof setInterval> | null = null;
  #heardAt = 0;
  #saidAt = -Infinity;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => void this.#listen(), LISTEN_EVERY_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  async #listen(): Promise<void> {
    const caption = captionOf(await this.sound.energy());
    const now = performance.now();
    if (caption === '') {
      if (now - this.#heardAt > STANDS_MS) this.caption = '';
      return;
    }
    this.#heardAt = now;
    this.caption = caption;
    // The live region changes only when there is something to say: a tune is not read note by note.
    if (caption === this.said || now - this.#saidAt < SAID_AGAIN_MS) return;
    this.said = caption;
    this.#saidAt = now;
  }

  override render() {
    return html`
      ${this.caption ? html`<p class="caption" aria-hidden="true">${this.caption}</p>` : ''}
      <div class="visually-hidden" role="status">${this.said}</div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-captions': VitrineCaptions;
  }
}
