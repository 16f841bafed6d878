import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { secondsLeft, type KioskState } from '../exhibit/kiosk-clock.ts';
import { formatDuration } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import type { RestoreProgress } from '../protocol/snapshot-messages.ts';
import { theme } from './theme.ts';
import { VitrineElement } from './vitrine-element.ts';
import './vitrine-status.ts';

/** A wait this short needs no figure. */
const FIGURE_AFTER_MS = 2_000;

/** Somebody touched the screen of a kiosk that waits for a file: a gesture in which the browser may be asked for it. */
export class VitrineGiveFileEvent extends Event {
  constructor() {
    super('vitrine-give-file', { bubbles: true, composed: true });
  }
}

/** What a kiosk shows over the exhibit while that is nobody's, or nobody's any more. */
@customElement('vitrine-kiosk-screen')
export class VitrineKioskScreen extends VitrineElement {
  static override styles = [
    theme,
    css`
      .over {
        position: absolute;
        inset: 0;
        display: grid;
        place-content: center;
        justify-items: center;
        gap: clamp(10px, 2vmin, 28px);
        padding: 5vmin;
        text-align: center;
        pointer-events: auto;
      }
      .attract {
        width: 100%;
        border: 0;
        background:
          radial-gradient(60% 46% at 50% 50%, #0b1017eb, #0b1017b3 60%, #0b101755),
          linear-gradient(#0000, #0008);
        color: inherit;
        font: inherit;
        cursor: pointer;
      }
      .attract strong {
        font: 600 clamp(34px, 8vmin, 120px) / 1.1 var(--serif);
        letter-spacing: 0.02em;
        text-shadow: 0 2px 20px #000;
      }
      .line {
        max-width: 34ch;
        min-height: 3.2em;
        font: italic clamp(17px, 2.8vmin, 40px) / 1.4 var(--serif);
        text-shadow: 0 1px 12px #000;
      }
      .invite {
        padding: 0.7em 1.6em;
        border: 2px solid #ffd36b;
        border-radius: 999px;
        background: #14171ccc;
        font: 600 clamp(17px, 2.6vmin, 36px) / 1.2 var(--sans);
        animation: invite 2.4s ease-in-out infinite;
      }
      @keyframes invite {
        50% {
          box-shadow: 0 0 0 12px #ffd36b33;
        }
      }
      .shade {
        background: #0b1017e6;
      }
      /* The case beneath says the same in its own words. */
      .solid {
        background: #0b1017;
      }
      .dark {
        background: #000;
        color: #8a8f98;
      }
      .count {
        font: 600 clamp(60px, 18vmin, 260px) / 1 var(--serif);
        font-variant-numeric: tabular-nums;
        color: #ffd36b;
      }
      p,
      vitrine-status {
        max-width: 40ch;
        margin: 0;
        font: clamp(17px, 2.4vmin, 34px) / 1.4 var(--sans);
        overflow-wrap: anywhere;
      }
      .soft {
        color: #c3c7cd;
        font-size: clamp(15px, 1.9vmin, 26px);
      }
      .over button:not(.attract) {
        min-height: 56px;
        padding: 0.5em 1.4em;
        border: 0;
        border-radius: 6px;
        background: #ffd36b;
        color: #241a02;
        font: 600 clamp(17px, 2.4vmin, 32px) / 1.2 var(--sans);
        cursor: pointer;
      }
      .figure {
        min-height: 1.4em;
        font-variant-numeric: tabular-nums;
      }
      progress {
        width: min(50vw, 420px);
        accent-color: #ffd36b;
      }
      @media (forced-colors: active) {
        .over {
          background: Canvas;
        }
      }
    `,
  ];

  @property({ attribute: false }) state!: KioskState;
  /** By the clock of the state. */
  @property({ attribute: false }) now = 0;
  /** The exhibit's name, and a line about it. */
  @property() heading = '';
  @property() line = '';
  /** How far going back has come; null while that is not known. */
  @property({ attribute: false }) progress: RestoreProgress | null = null;
  /** Whether the browser has the file that is waited for, and only has to be asked. */
  @property({ attribute: false }) fileIsAtHand = false;

  protected override updated(changed: PropertyValues<this>): void {
    // What asks for an answer has the keyboard, and is read out.
    if (
      changed.has('state') &&
      this.state.phase === 'countdown' &&
      changed.get('state')?.phase !== 'countdown'
    )
      this.renderRoot.querySelector('button')?.focus();
  }

  override render() {
    const { state } = this;
    switch (state.phase) {
      case 'attract':
        return html`<button class="over attract">
          <strong>${this.heading}</strong>
          <span class="line">${this.line}</span>
          <span class="invite">${t`Touch to begin`}</span>
        </button>`;
      case 'countdown':
        return html`<div class="over shade" role="alertdialog" aria-labelledby="still">
          <p id="still">${t`Are you still there? The machine goes back to its beginning.`}</p>
          <div class="count" role="timer">${secondsLeft(state, this.now)}</div>
          <button>${t`I am still here`}</button>
        </div>`;
      case 'starting':
      case 'reloading':
        return this.#busy(t`The machine is being started.`, state.since);
      case 'resetting':
        return this.#busy(t`The machine goes back to its beginning.`, state.since);
      case 'asleep':
        return html`<div class="over dark">
          <vitrine-status .words=${t`The exhibit sleeps.`}></vitrine-status>
        </div>`;
      case 'resting':
        return html`<div class="over solid">
          <vitrine-status
            .words=${t`The machine is being looked after. Please come back in a few minutes.`}
          ></vitrine-status>
        </div>`;
      case 'needs-file':
        return this.#file(state.name);
      case 'visiting':
      case 'staff':
        return nothing;
    }
  }

  /** With a figure, whatever is known: how much of it is done, else for how long it goes on. */
  #busy(words: string, since: number) {
    const { progress } = this;
    const elapsedMs = Math.floor(Math.max(0, this.now - since) / 1000) * 1000;
    const percent = progress && progress.total > 0 ? (progress.done / progress.total) * 100 : null;
    return html`<div class="over shade">
      <vitrine-status .words=${words}></vitrine-status>
      <progress aria-label=${t`Please wait`} max="100" value=${ifDefined(percent ?? undefined)}></progress>
      <p class="soft figure">
        ${
          percent !== null
            ? t`${Math.floor(percent)} %`
            : elapsedMs >= FIGURE_AFTER_MS
              ? formatDuration(elapsedMs)
              : nothing
        }
      </p>
    </div>`;
  }

  #file(name: string) {
    return html`<div class="over solid">
      <vitrine-status
        .words=${t`The machine waits for ${name}, a file on this computer. The browser gives it only to a hand.`}
      ></vitrine-status>
      ${
        this.fileIsAtHand
          ? html`<button @click=${() => this.dispatchEvent(new VitrineGiveFileEvent())}>
              ${t`Touch to let the machine read it`}
            </button>`
          : nothing
      }
      <p class="soft">${t`For staff: hold the upper right corner, then choose the file from the menu.`}</p>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-kiosk-screen': VitrineKioskScreen;
  }
  interface HTMLElementEventMap {
    'vitrine-give-file': VitrineGiveFileEvent;
  }
}
