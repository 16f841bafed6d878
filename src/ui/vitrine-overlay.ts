import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { VitrineError } from '../lib/errors.ts';
import { formatBytes, formatDuration } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import { isSecureAddress, notSecure } from '../lib/secure-parts.ts';
import type { InstallRoom } from '../machine/install-room.ts';
import type { Start } from '../machine/plan-disk.ts';
import type { PowerState } from '../machine/power.ts';
import type { BaseStanding } from '../page/base-image.ts';
import { aeroButton } from './aero.ts';
import { VitrineWishEvent, type Wish } from './events.ts';
import { installRoomWords } from './shelf-words.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import './vitrine-message.ts';

/** A look at what is kept is mostly over by then. After that the first view would seem to say that there is nothing. */
const SOON_MS = 1_000;

/**
 * What is said over the picture: how to begin, what is awaited, what went wrong and what to do. The slot "room" is for
 * what makes room when storage is full.
 */
@customElement('vitrine-overlay')
export class VitrineOverlay extends VitrineElement {
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
      .room {
        padding: 8px 14px;
        border-left: 3px solid #57b36f;
        background: #ffffff12;
        color: #d5dde6;
        font-size: clamp(12px, 1.7vmin, 14px);
        text-align: left;
      }
      .room.tight {
        border-color: #e0b54e;
      }
      .room.too-little,
      .room.disk-too-small {
        border-color: #e5837d;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 10px;
      }
      /* Words that are higher than the glass scroll under what is to be pressed. */
      .welcome .buttons {
        position: sticky;
        bottom: 0;
        padding-block: 6px;
        background: #000c;
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
  /** The page still looks what is kept of the machine. */
  @property({ type: Boolean }) looking = false;
  @property() discName = '';
  /** For the public of a museum: see `vitrine-machine.ts`. */
  @property({ type: Boolean }) kiosk = false;
  @property({ type: Boolean }) halted = false;
  /** Why the disc in the drive cannot be read any more; the machine runs on. */
  @property({ attribute: false }) discProblem: VitrineError | null = null;
  @property({ attribute: false }) refusal: { heading: string; text: string; detail: string } | null = null;

  /** What the disk holds in memory only. */
  @property({ type: Number }) waitingBytes = 0;
  /** Whether what the disc in the tray installs will have room; null where there is nothing to say. */
  @property({ attribute: false }) installRoom: InstallRoom | null = null;
  /** The disc of the last visit, if it can be had again with one click. */
  @property() lastDiscName = '';

  /** What power would start. */
  @property() start: Start = 'house-disc';
  /** The image that the machine's disk stands on. */
  @property({ attribute: false }) base: BaseStanding | null = null;

  /** How long what is under way has been: the machine starts, or the page looks what is kept of it. */
  @state() private waitedMs = 0;
  #waitsFor: 'starting' | 'looking' | null = null;
  #clock: ReturnType<typeof setInterval> | undefined;

  protected override willUpdate(): void {
    const waitsFor = this.power.power === 'starting' ? 'starting' : this.looking ? 'looking' : null;
    if (waitsFor === this.#waitsFor) return;
    this.#stopClock();
    this.#waitsFor = waitsFor;
    this.waitedMs = 0;
    if (waitsFor === null) return;
    const startedAt = performance.now();
    this.#clock = setInterval(() => (this.waitedMs = performance.now() - startedAt), 500);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopClock();
    this.#waitsFor = null;
  }

  #stopClock(): void {
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
          ${this.#button('dismiss', t`Close`)}
        </vitrine-message>
      `;
    }
    switch (this.power.power) {
      case 'off':
        if (this.looking && this.waitedMs >= SOON_MS)
          return html`<p>${t`Looking what this browser keeps… ${formatDuration(this.waitedMs)}`}</p>`;
        if (this.base && this.base.have !== 'open') return this.#needsBase(this.base);
        return this.power.reason === 'never-on' ? this.#welcome() : this.#goodbye();
      case 'starting':
        return html`<p>${t`Starting the machine… ${formatDuration(this.waitedMs)}`}</p>`;
      case 'paused':
        if (this.power.reason === 'storage-full') return this.#full();
        return html`<div class="welcome">
          <h2>${t`Paused`}</h2>
          ${this.#button('resume', t`Resume`, 'default')}
        </div>`;
      case 'failed':
        if (this.power.error.code === 'store/machine-in-use') return this.#inUse(this.power.error.words);
        if (this.base && this.base.have !== 'open') return this.#needsBase(this.base, this.power.error.words);
        return html`
          <vitrine-message
            heading=${t`The machine has stopped`}
            .text=${this.power.error.words}
            .detail=${this.power.error.detail}
          >
            ${this.#button('power-on', t`Start it again`, 'default')}
            ${this.kiosk ? nothing : this.#button('report', t`Save a report…`)}
          </vitrine-message>
        `;
      case 'running':
        if (this.discProblem) {
          return html`<div class="note" role="alert">
            ${this.discProblem.words} ${this.#button('dismiss-disc-problem', t`Close`)}
          </div>`;
        }
        return this.halted
          ? html`<div class="note">
              ${t`The system on the machine has stopped the processor and waits for nothing more.`}
              ${this.#button('reset', t`Reset`)} ${this.#button('cut-power', t`Turn off`)}
              ${this.kiosk ? nothing : this.#button('report', t`Save a report…`)}
            </div>`
          : nothing;
    }
  }

  #welcome() {
    const begin = this.discName
      ? html`<p>${t`${this.discName} is in the tray.`}</p>
          ${this.#room()}
          <div class="buttons">
            ${this.#button('power-on', t`Turn on`, 'default')}
            ${this.#button('choose-disc', t`Another disc…`)}
          </div>`
      : this.start === 'disk'
        ? html`<p>
              ${this.base ? t`${this.base.name} is the disk of this machine.` : t`The disk of this machine starts it.`}
            </p>
            <div class="buttons">
              ${this.#button('power-on', t`Turn on`, 'default')}
              ${this.#button('choose-disc', t`Choose a disc…`)}
            </div>`
        : html`<p>
              ${t`Drop a disc image (.iso) anywhere on this page, or choose one. It is read on this device and sent nowhere. Without a disc the machine starts the exhibit's own.`}
            </p>
            <div class="buttons">
              ${this.#button('power-on', t`Boot the house disc`, 'default')}
              ${this.lastDiscName ? this.#button('last-disc', t`Put ${this.lastDiscName} back in`) : nothing}
              ${this.#button('choose-disc', t`Choose a disc…`)}
            </div>`;
    return html`<div class="welcome">
      <h2>${t`A personal computer, as it was in 2009`}</h2>
      ${this.#insecure()} ${begin}
    </div>`;
  }

  /** Its disk stands on a file of the visitor's, which the browser does not have by itself. */
  #needsBase({ name, have }: BaseStanding, problem = '') {
    const find = (className: string) => this.#button('find-base', t`Choose ${name}…`, className);
    return html`<div class="welcome">
      <h2>${problem ? t`The machine has stopped` : t`This machine needs ${name}`}</h2>
      <p>
        ${
          problem ||
          (have === 'missing'
            ? t`Its disk stands on that file, which stayed where you have it. Choose or drop it, and the machine can be turned on.`
            : t`Its disk stands on that file, which stayed where you have it. The browser gives it back when you turn the machine on.`)
        }
      </p>
      <div class="buttons">
        ${have === 'one-click' ? html`${this.#button('power-on', t`Turn on with ${name}`, 'default')} ${find('')}` : find('default')}
      </div>
    </div>`;
  }

  /** On an address that is not secure: said before anything is tried. */
  #insecure() {
    if (isSecureAddress()) return nothing;
    return html`<p class="room tight">${notSecure().words}</p>`;
  }

  #room() {
    if (!this.installRoom) return nothing;
    return html`<p class="room ${this.installRoom.verdict}">${installRoomWords(this.installRoom)}</p>`;
  }

  /** The drive waits with what it has in memory; nothing is lost while this page stays open. */
  #full() {
    return html`
      <vitrine-message
        heading=${t`Storage is full`}
        text=${t`The browser has no room for ${formatBytes(this.waitingBytes)} that the machine wrote. It waits, and nothing is lost while this page stays open. Make room, then go on. Turned off without saving, its disk is as it was saved last.`}
      >
        <slot name="room"></slot>
        ${this.#button('retry-disk', t`Go on`, 'default')}
        ${this.#button('drop-unsaved', t`Turn off without saving`)}
      </vitrine-message>
    `;
  }

  #inUse(text: string) {
    return html`
      <vitrine-message
        heading=${t`The machine is open in another tab`}
        text=${t`${text} What it wrote is saved there before it comes here.`}
      >
        ${this.#button('take-over', t`Use it here`, 'default')}
      </vitrine-message>
    `;
  }

  #goodbye() {
    const reason = this.power.power === 'off' ? this.power.reason : 'visitor';
    if (reason === 'taken-over' || reason === 'taken-unsaved') {
      return html`
        <div class="welcome">
          <h2>${t`The machine is in another tab now`}</h2>
          <p>
            ${
              reason === 'taken-over'
                ? t`Everything was saved before it went there.`
                : t`The browser had no room for what it wrote last, so that is lost. Everything before was saved.`
            }
          </p>
          <div class="buttons">${this.#button('take-over', t`Take it back`, 'default')}</div>
        </div>
      `;
    }
    return html`
      <div class="welcome">
        <h2>${reason === 'guest' ? t`The machine has shut down` : t`The machine is off`}</h2>
        ${this.#insecure()} ${this.#room()}
        <div class="buttons">
          ${this.#button('power-on', t`Turn on`, 'default')} ${this.#button('choose-disc', t`Choose a disc…`)}
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
