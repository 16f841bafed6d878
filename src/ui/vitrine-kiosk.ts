import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { KioskSettings } from '../exhibit/kiosk-settings.ts';
import { toVitrineError } from '../lib/errors.ts';
import { language, t } from '../lib/language.ts';
import { whenIdle } from '../lib/when-idle.ts';
import { DayLog } from '../page/day-log.ts';
import { kioskSetupAsked, withoutSetup } from '../page/kiosk-asked.ts';
import { listenToPeople } from '../page/kiosk-ears.ts';
import { KioskFile } from '../page/kiosk-file.ts';
import { guardPage, keepLit } from '../page/kiosk-guard.ts';
import { kioskMachine } from '../page/kiosk-machine.ts';
import { browserPage } from '../page/kiosk-page.ts';
import { KioskSession } from '../page/kiosk-session.ts';
import { chooseLanguage } from '../page/languages.ts';
import { LocalMemory } from '../page/local-memory.ts';
import { ReloadRation } from '../page/reload-ration.ts';
import { StaffAccess } from '../page/staff-access.ts';
import { LazyPart } from './lazy-part.ts';
import { StoreController } from './store-controller.ts';
import { theme } from './theme.ts';
import { VitrineElement } from './vitrine-element.ts';
import type { VitrineMachine } from './vitrine-machine.ts';
import './vitrine-kiosk-screen.ts';

/** How long a line of the attract screen stands. */
const LINE_MS = 7_000;

/** What lies beneath the kiosk is in a visitor's reach, or not any more. */
export class VitrineCoverEvent extends Event {
  readonly covers: boolean;

  constructor(covers: boolean) {
    super('vitrine-cover');
    this.covers = covers;
  }
}

/**
 * The exhibit as a kiosk: starts by itself, invites people, counts down when they seem gone, and goes back to the first
 * state. Over everything, but only in the way of what it covers. Staff hold the upper right corner, where the room has
 * nothing to press. Tells by `vitrine-cover` whether the room is in reach, and by `vitrine-fresh` that the next visitor
 * may come.
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
    `,
  ];

  @property({ attribute: false }) machine!: VitrineMachine;
  @property({ attribute: false }) settings!: KioskSettings;
  /** The exhibit's name, and lines about it that take turns. */
  @property() heading = '';
  @property({ attribute: false }) lines: readonly string[] = [];
  /** What is wrong with the exhibit file, for the log; '' for nothing. */
  @property() problem = '';

  @state() private line = 0;
  @state() private now = 0;

  #kiosk!: KioskSession;
  #access!: StaffAccess;
  #file!: KioskFile;
  readonly #staff = new LazyPart(this, () => import('./vitrine-staff.ts'));
  #ears: AbortController | null = null;
  #holding: ReturnType<typeof setTimeout> | null = null;
  #covered: boolean | null = null;
  /** What had the keyboard when the countdown came. */
  #left: HTMLElement | null = null;

  /** For tests and the staff menu. */
  get kiosk(): KioskSession {
    return this.#kiosk;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) return;
    const { session } = this.machine;
    const memory = (key: string) => new LocalMemory(() => localStorage, key);
    this.#kiosk = new KioskSession(
      this.settings,
      kioskMachine(session, () => this.machine.opened),
      browserPage,
      new DayLog(memory('vitrine-kiosk-log')),
      new ReloadRation(memory('vitrine-kiosk-reloads')),
    );
    this.#access = new StaffAccess({
      memory: memory('vitrine-kiosk-staff'),
      filed: this.settings.pin ?? null,
      isSetup: kioskSetupAsked(location.search),
      now: () => browserPage.now(),
      date: () => browserPage.date(),
    });
    this.#file = new KioskFile(session);
    new StoreController(this, () => [
      this.#kiosk.state,
      session.disks.base.standing,
      session.lastDisc.name,
      session.moments.goingBack,
    ]);
    this.#keepRoomFresh();
    this.#listen();
    if (this.problem !== '') this.#kiosk.note('exhibit-failed', this.problem);
    const end = this.#kiosk.run();
    const lines = setInterval(() => this.line++, LINE_MS);
    // The figure of the countdown.
    const seconds = setInterval(() => (this.now = this.#kiosk.now()), 250);
    this.#ears!.signal.addEventListener('abort', () => {
      end();
      clearInterval(lines);
      clearInterval(seconds);
    });
    if (kioskSetupAsked(location.search)) void this.#setUp();
    // Staff come when something is wrong: their menu is there by then. What fails now is tried again when they come.
    else void whenIdle().then(() => this.#staff.need().catch(() => undefined));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#ears?.abort();
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    this.now = this.#kiosk.now();
    const { phase } = this.#kiosk.state.value;
    const covers = phase !== 'visiting';
    // Whoever was only asked whether they are there types on where they were.
    if (phase === 'countdown') this.#left ??= focused();
    else if (covers) this.#left = null;
    if (covers === this.#covered) return;
    this.#covered = covers;
    this.dispatchEvent(new VitrineCoverEvent(covers));
    if (covers || !this.#left) return;
    const left = this.#left;
    this.#left = null;
    void this.updateComplete.then(() => left.focus({ preventScroll: true }));
  }

  /** What a visitor did to the room goes with them: the next one finds it as the first one of the day did. */
  #keepRoomFresh(): void {
    const { sound, preferences } = this.machine.session;
    const first = {
      language: language.value.tag,
      sound: sound.settings.value,
      preferences: preferences.value,
    };
    let before = '';
    this.#kiosk.state.subscribe(({ phase }) => {
      if (phase === before) return;
      if (before === 'staff') this.#access.endSetup();
      before = phase;
      // What is being typed is not for the machine of the next visitor.
      if (phase === 'resetting' || phase === 'starting' || phase === 'reloading') this.machine.tidyUp();
      if (phase !== 'attract') return;
      if (language.value.tag !== first.language) this.#speak(first.language);
      sound.setVolume(first.sound.volume);
      sound.setMuted(first.sound.muted);
      preferences.set(first.preferences);
      this.machine.tidyUp();
      this.dispatchEvent(new Event('vitrine-fresh'));
    });
  }

  #speak(tag: string): void {
    // Its words may not come while the server is away: the visit goes on in the language that is there.
    chooseLanguage(tag).catch((error: unknown) => this.#kiosk.pageError(String(error)));
  }

  #listen(): void {
    const ears = new AbortController();
    const { signal } = ears;
    this.#ears = ears;
    guardPage(signal);
    const { state } = this.#kiosk;
    const look = keepLit(() => state.value.phase !== 'asleep', signal);
    let before = state.value.phase;
    state.subscribe(({ phase }) => {
      if ((phase === 'asleep') !== (before === 'asleep')) look();
      before = phase;
    });
    listenToPeople(
      {
        touched: () => this.#kiosk.send({ type: 'touch' }),
        moved: () => {
          const { phase } = this.#kiosk.state.value;
          if (phase === 'visiting' || phase === 'countdown') this.#kiosk.send({ type: 'touch' });
        },
        staffKeys: this.#hold,
        letGo: this.#letGo,
        error: (detail) => this.#kiosk.pageError(detail),
      },
      () => browserPage.now(),
      signal,
    );
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
    try {
      await this.#staff.need();
    } catch (thrown) {
      const { code, message } = toVitrineError(thrown);
      return this.#kiosk.pageError(`${code}: ${message}`);
    }
    this.#kiosk.send({ type: 'staff' });
  }

  /** The next time that the page is loaded, it is for visitors. */
  async #setUp(): Promise<void> {
    history.replaceState(history.state, '', withoutSetup(location.href));
    await this.#openStaff();
  }

  readonly #giveFile = async (): Promise<void> => {
    try {
      if (await this.#file.ask()) this.#kiosk.send({ type: 'file-given' });
    } catch (thrown) {
      const { code, message } = toVitrineError(thrown);
      // The browser asked, and whoever touched the screen did not say yes.
      if (code === 'disk/base-missing') return;
      this.#kiosk.note('needs-file', `${code}: ${message}`);
    }
  };

  override render() {
    const { value } = this.#kiosk.state;
    const isStaff = value.phase === 'staff' && this.#staff.isLoaded;
    return html`
      <vitrine-kiosk-screen
        .state=${value}
        .now=${this.now}
        .heading=${this.heading}
        .line=${this.lines[this.line % Math.max(1, this.lines.length)] ?? ''}
        .progress=${this.machine.session.moments.goingBack.value}
        .fileIsAtHand=${this.#file.isAtHand}
        @vitrine-give-file=${this.#giveFile}
      ></vitrine-kiosk-screen>
      ${
        value.phase === 'visiting'
          ? html`<button class="again" @click=${() => this.#kiosk.send({ type: 'start-again' })}>
              ${t`Start again`}
            </button>`
          : nothing
      }
      ${
        isStaff
          ? html`<vitrine-staff
              .kiosk=${this.#kiosk}
              .access=${this.#access}
              .file=${this.#file}
              .machine=${this.machine}
              @vitrine-done=${() => this.#kiosk.send({ type: 'staff-left' })}
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
}

/** The element that has the keyboard, in whatever tree it is; null for none. */
function focused(): HTMLElement | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement && element !== document.body ? element : null;
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-kiosk': VitrineKiosk;
  }
}
