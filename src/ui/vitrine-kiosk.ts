import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { secondsLeft } from '../exhibit/kiosk-clock.ts';
import type { KioskSettings } from '../exhibit/kiosk-settings.ts';
import { language, t } from '../lib/language.ts';
import { chooseLanguage } from '../page/languages.ts';
import { DayLog } from '../page/day-log.ts';
import { guardPage, keepLit } from '../page/kiosk-guard.ts';
import { kioskMachine } from '../page/kiosk-machine.ts';
import { KioskSession } from '../page/kiosk-session.ts';
import { LocalMemory } from '../page/local-memory.ts';
import { takeNewVersion } from '../page/offline-shell.ts';
import { StoreController } from './store-controller.ts';
import { theme } from './theme.ts';
import { VitrineElement } from './vitrine-element.ts';
import type { VitrineMachine } from './vitrine-machine.ts';
import './vitrine-status.ts';

/** How long a line of the attract screen stands. */
const LINE_MS = 7_000;

/**
 * The exhibit as a kiosk: starts by itself, invites people, counts down when they seem gone, and goes back to the first
 * state. Over everything, but only in the way of what it covers. Staff hold the upper right corner, where the room has
 * nothing to press.
 */
@customElement('vitrine-kiosk')
export class VitrineKiosk extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        position: fixed;
        inset: 0;
        z-index: 50;
        color: #f4efe2;
        pointer-events: none;
        user-select: none;
      }
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
      progress {
        width: min(50vw, 420px);
        accent-color: #ffd36b;
      }
      .corner {
        position: absolute;
        top: 0;
        right: 0;
        width: 64px;
        height: 64px;
        border: 0;
        background: none;
        pointer-events: auto;
        touch-action: none;
      }
      .corner:focus-visible {
        outline-offset: -6px;
      }
      .again {
        position: absolute;
        top: 6px;
        right: 68px;
        min-height: 44px;
        padding: 4px 16px;
        border: 1px solid #ffffff59;
        border-radius: 4px;
        background: #33383f;
        color: inherit;
        font: 600 14px/1.2 var(--sans);
        pointer-events: auto;
        cursor: pointer;
      }
      @media (forced-colors: active) {
        .over {
          background: Canvas;
        }
      }
    `,
  ];

  @property({ attribute: false }) machine!: VitrineMachine;
  @property({ attribute: false }) settings!: KioskSettings;
  /** The exhibit's name, and lines about it that take turns. */
  @property() heading = '';
  @property({ attribute: false }) lines: readonly string[] = [];

  @state() private line = 0;
  @state() private now = 0;
  @state() private staffLoaded = false;

  #kiosk!: KioskSession;
  #ears: AbortController | null = null;
  #holding: ReturnType<typeof setTimeout> | null = null;

  /** For tests and the staff menu. */
  get kiosk(): KioskSession {
    return this.#kiosk;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) return;
    this.#kiosk = new KioskSession(
      this.settings,
      kioskMachine(this.machine.session, () => this.machine.opened),
      {
        now: () => Date.now(),
        every: (ms, callback) => {
          const id = setInterval(callback, ms);
          return () => clearInterval(id);
        },
        after: (ms, callback) => {
          const id = setTimeout(callback, ms);
          return () => clearTimeout(id);
        },
        reload: async () => {
          if (!(await takeNewVersion())) location.reload();
        },
      },
      new DayLog(new LocalMemory(() => localStorage, 'vitrine-kiosk-log')),
    );
    new StoreController(this, () => [this.#kiosk.state]);
    this.#keepRoomFresh();
    this.#listen();
    const end = this.#kiosk.run();
    this.#ears!.signal.addEventListener('abort', end);
    const lines = setInterval(() => this.line++, LINE_MS);
    // The figure of the countdown.
    const seconds = setInterval(() => (this.now = this.#kiosk.now()), 250);
    this.#ears!.signal.addEventListener('abort', () => {
      clearInterval(lines);
      clearInterval(seconds);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#ears?.abort();
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    this.now = this.#kiosk.now();
    this.machine.toggleAttribute('inert', this.#covers);
  }

  /** What a visitor did to the room goes with them: the next one finds it as the first one of the day did. */
  #keepRoomFresh(): void {
    const { sound, preferences } = this.machine.session;
    const first = {
      language: language.value.tag,
      sound: sound.settings.value,
      preferences: preferences.value,
    };
    this.#kiosk.state.subscribe(({ phase }) => {
      if (phase !== 'attract') return;
      if (language.value.tag !== first.language) void chooseLanguage(first.language);
      sound.setVolume(first.sound.volume);
      sound.setMuted(first.sound.muted);
      preferences.set(first.preferences);
      this.machine.tidyUp();
      this.dispatchEvent(new Event('vitrine-fresh'));
    });
  }

  /** Whether what lies beneath is out of a visitor's reach. */
  get #covers(): boolean {
    const { phase } = this.#kiosk.state.value;
    return phase !== 'visiting' && phase !== 'staff';
  }

  #listen(): void {
    const ears = new AbortController();
    const { signal } = ears;
    this.#ears = ears;
    guardPage(signal);
    keepLit(() => this.#kiosk.state.value.phase !== 'asleep', signal);
    const touched = (event: Event): void => {
      // The corner is the staff's: who holds it is no visitor yet.
      if (event.composedPath().some((each) => each instanceof Element && each.classList.contains('corner')))
        return;
      this.#kiosk.send({ type: 'touch', at: this.#kiosk.now() });
    };
    for (const type of ['pointerdown', 'keydown', 'wheel', 'touchstart'])
      addEventListener(type, touched, { capture: true, passive: true, signal });
    // A hand on the mouse is somebody; a picture that moves under a pointer that rests is not.
    addEventListener(
      'pointermove',
      (event) => {
        if (event.movementX !== 0 || event.movementY !== 0) {
          const { phase } = this.#kiosk.state.value;
          if (phase === 'visiting' || phase === 'countdown') touched(event);
        }
      },
      { capture: true, passive: true, signal },
    );
    addEventListener('error', (event) => this.#kiosk.pageError(event.message), { signal });
    addEventListener('unhandledrejection', (event) => this.#kiosk.pageError(String(event.reason)), {
      signal,
    });
    // For staff with a keyboard.
    addEventListener(
      'keydown',
      (event) => {
        if (event.ctrlKey && event.altKey && event.code === 'KeyS' && !event.repeat) this.#hold();
      },
      { capture: true, signal },
    );
    addEventListener('keyup', () => this.#letGo(), { capture: true, signal });
    addEventListener('blur', () => this.#letGo(), { signal });
  }

  readonly #hold = (): void => {
    this.#letGo();
    this.#holding = setTimeout(() => void this.#openStaff(), this.settings.staffHoldSeconds * 1000);
  };

  readonly #letGo = (): void => {
    if (this.#holding) clearTimeout(this.#holding);
    this.#holding = null;
  };

  readonly #onCornerKey = (event: KeyboardEvent): void => {
    if ((event.key === 'Enter' || event.key === ' ') && !event.repeat) this.#hold();
  };

  async #openStaff(): Promise<void> {
    await import('./vitrine-staff.ts');
    this.staffLoaded = true;
    this.#kiosk.send({ type: 'staff' });
  }

  readonly #onStaffLeft = (): void => {
    this.#kiosk.send({ type: 'staff-left', at: this.#kiosk.now() });
  };

  override render() {
    const { phase } = this.#kiosk.state.value;
    return html`
      ${this.#screen()}
      ${
        phase === 'visiting'
          ? html`<button class="again" @click=${() => this.#kiosk.send({ type: 'start-again' })}>
              ${t`Start again`}
            </button>`
          : nothing
      }
      ${
        phase === 'staff' && this.staffLoaded
          ? html`<vitrine-staff
              .kiosk=${this.#kiosk}
              .machine=${this.machine}
              @vitrine-done=${this.#onStaffLeft}
            ></vitrine-staff>`
          : html`<button
              class="corner"
              aria-label=${t`Staff: hold for ${this.settings.staffHoldSeconds} seconds`}
              @pointerdown=${this.#hold}
              @pointerup=${this.#letGo}
              @pointerleave=${this.#letGo}
              @pointercancel=${this.#letGo}
              @keydown=${this.#onCornerKey}
            ></button>`
      }
    `;
  }

  #screen() {
    const kiosk = this.#kiosk.state.value;
    switch (kiosk.phase) {
      case 'attract':
        return html`<button class="over attract">
          <strong>${this.heading}</strong>
          <span class="line">${this.lines[this.line % Math.max(1, this.lines.length)] ?? ''}</span>
          <span class="invite">${t`Touch to begin`}</span>
        </button>`;
      case 'countdown':
        return html`<div class="over shade" role="alertdialog" aria-labelledby="still">
          <p id="still">${t`Are you still there? The machine goes back to its beginning.`}</p>
          <div class="count" role="timer">${secondsLeft(kiosk, this.now)}</div>
          <button>${t`I am still here`}</button>
        </div>`;
      case 'starting':
      case 'resetting':
        return html`<div class="over shade">
          <vitrine-status
            .words=${kiosk.phase === 'starting' ? t`The machine is being started.` : t`The machine goes back to its beginning.`}
          ></vitrine-status>
          <progress aria-label=${t`Please wait`}></progress>
        </div>`;
      case 'asleep':
        return html`<div class="over dark">
          <vitrine-status .words=${t`The exhibit sleeps.`}></vitrine-status>
        </div>`;
      case 'resting':
        return html`<div class="over shade">
          <vitrine-status
            .words=${t`The machine is being looked after. Please come back in a few minutes.`}
          ></vitrine-status>
        </div>`;
      case 'visiting':
      case 'staff':
        return nothing;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-kiosk': VitrineKiosk;
  }
}
