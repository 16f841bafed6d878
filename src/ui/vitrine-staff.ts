import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { toVitrineError } from '../lib/errors.ts';
import { language, t } from '../lib/language.ts';
import type { KioskSession } from '../page/kiosk-session.ts';
import { PIN_SHAPE } from '../page/kiosk-pin.ts';
import { LocalMemory } from '../page/local-memory.ts';
import { StaffAccess } from '../page/staff-access.ts';
import { theme } from './theme.ts';
import { VitrineElement } from './vitrine-element.ts';
import type { VitrineMachine } from './vitrine-machine.ts';

type Screen = 'pin' | 'new-pin' | 'repeat-pin' | 'menu' | 'log';

/** The menu of those who look after a kiosk: behind a PIN; the first thing is to set one. Ends with `vitrine-done`. */
@customElement('vitrine-staff')
export class VitrineStaff extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        position: absolute;
        inset: 0;
        display: grid;
        place-items: center;
        padding: 3vmin;
        background: #0b1017e6;
        pointer-events: auto;
      }
      section {
        display: grid;
        gap: 14px;
        width: min(560px, 100%);
        max-height: 100%;
        padding: clamp(16px, 3vmin, 28px);
        border-radius: 4px;
        background: var(--paper);
        color: var(--ink);
        overflow: auto;
      }
      h2,
      p {
        margin: 0;
      }
      h2 {
        font: 600 22px/1.2 var(--serif);
      }
      button {
        min-height: 48px;
        padding: 6px 14px;
        border: 1px solid #b9b19a;
        border-radius: 4px;
        background: #fffdf6;
        color: inherit;
        font: 16px/1.3 var(--sans);
        cursor: pointer;
      }
      button:hover {
        border-color: #6d5a2c;
      }
      button:disabled {
        color: #6c6a63;
        cursor: default;
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
      section:focus {
        outline: none;
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
      .menu {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
        gap: 8px;
      }
      .wrong {
        color: var(--bad);
        font-weight: 600;
      }
      pre {
        max-height: 46vh;
        margin: 0;
        padding: 10px;
        border: 1px solid var(--paper-edge);
        background: #fff;
        font-size: 12px;
        overflow: auto;
        user-select: text;
      }
      code {
        overflow-wrap: anywhere;
        font-size: 12px;
        user-select: text;
      }
      ul {
        margin: 0;
        padding-left: 1.2em;
        font-size: 14px;
      }
      :focus-visible {
        outline-color: var(--accent);
      }
    `,
  ];

  @property({ attribute: false }) kiosk!: KioskSession;
  @property({ attribute: false }) machine!: VitrineMachine;

  @state() private screen: Screen = 'pin';
  @state() private typed = '';
  @state() private message = '';
  @state() private busy = false;
  #first = '';
  #access!: StaffAccess;

  @query('input') private readonly field!: HTMLInputElement | null;
  @query('section') private readonly box!: HTMLElement;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#access = new StaffAccess(
      new LocalMemory(() => localStorage, 'vitrine-kiosk-staff'),
      this.kiosk.settings.pin ?? null,
      () => this.kiosk.now(),
    );
    this.screen = this.#access.hasPin ? 'pin' : 'new-pin';
  }

  protected override firstUpdated(): void {
    (this.field ?? this.box).focus();
  }

  #show(screen: Screen, message = ''): void {
    this.screen = screen;
    this.typed = '';
    this.message = message;
    void this.updateComplete.then(() => (this.field ?? this.box).focus());
  }

  #leave(): void {
    this.dispatchEvent(new Event('vitrine-done'));
  }

  async #enter(): Promise<void> {
    if (this.busy) return;
    const { typed } = this;
    if (!PIN_SHAPE.test(typed)) {
      this.message = t`A PIN has 4 to 12 digits.`;
      return;
    }
    this.busy = true;
    try {
      if (this.screen === 'new-pin') {
        this.#first = typed;
        this.#show('repeat-pin');
      } else if (this.screen === 'repeat-pin') {
        if (typed !== this.#first) return this.#show('new-pin', t`The two were not the same. Choose again.`);
        await this.#access.set(typed);
        this.#show('menu', t`The PIN is set.`);
      } else {
        await this.#try(typed);
      }
    } finally {
      this.busy = false;
    }
  }

  async #try(pin: string): Promise<void> {
    const seconds = Math.ceil(this.#access.wait / 1000);
    if (seconds > 0) {
      this.typed = '';
      this.message = t`Too many wrong ones. Wait ${seconds} s.`;
    } else if (await this.#access.enter(pin)) {
      this.#show('menu');
    } else {
      this.kiosk.note('wrong-pin');
      this.#show('pin', t`This is not the PIN.`);
    }
  }

  /** Does something for staff; what cannot be done is said in the menu. */
  async #do(action: () => Promise<string>): Promise<void> {
    this.busy = true;
    try {
      this.message = await action();
    } catch (thrown) {
      this.message = toVitrineError(thrown).words;
    } finally {
      this.busy = false;
    }
  }

  readonly #makeFirst = async (): Promise<string> => {
    const { session } = this.machine;
    const moment = await session.moments.take(t`The exhibit’s first state`);
    await session.moments.pinFirst(moment.id);
    session.deeds.dismiss();
    return t`This is the first state from now on.`;
  };

  #saveLog(): void {
    const url = URL.createObjectURL(new Blob([this.kiosk.log.text()], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `vitrine-log-${new Date(this.kiosk.now()).toISOString().slice(0, 10)}.txt`;
    link.click();
    URL.revokeObjectURL(url);
  }

  #leaveKiosk(): void {
    const url = new URL(location.href);
    // The exhibit file may say that it is a kiosk: the address has the last word.
    url.searchParams.set('kiosk', '0');
    location.assign(url);
  }

  override render() {
    return html`<section role="dialog" aria-modal="true" aria-labelledby="heading" tabindex="-1">
      ${this.screen === 'menu' ? this.#menu() : this.screen === 'log' ? this.#log() : this.#pad()}
    </section>`;
  }

  #pad() {
    const heading = {
      pin: t`Staff: the PIN`,
      'new-pin': t`No PIN is set yet: choose one`,
      'repeat-pin': t`The same PIN again`,
    }[this.screen as 'pin'];
    const press = (digit: string): void => {
      this.typed = (this.typed + digit).slice(0, 12);
      this.message = '';
    };
    return html`
      <h2 id="heading">${heading}</h2>
      <input
        type="password"
        inputmode="none"
        autocomplete="off"
        maxlength="12"
        aria-label=${t`PIN`}
        .value=${this.typed}
        @input=${(event: Event) => {
          const field = event.target as HTMLInputElement;
          field.value = this.typed = field.value.replaceAll(/\D/g, '');
        }}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Enter') void this.#enter();
          if (event.key === 'Escape') this.#leave();
        }}
      />
      <p class="wrong" role="alert">${this.message}</p>
      <div class="pad">
        ${['1', '2', '3', '4', '5', '6', '7', '8', '9'].map(
          (digit) => html`<button @click=${() => press(digit)}>${digit}</button>`,
        )}
        <button class="word" @click=${() => (this.typed = this.typed.slice(0, -1))}>${t`Delete`}</button>
        <button @click=${() => press('0')}>0</button>
        <button class="word" ?disabled=${this.busy} @click=${() => void this.#enter()}>${t`Enter`}</button>
      </div>
      <button @click=${() => this.#leave()}>${t`Back to the exhibit`}</button>
    `;
  }

  #menu() {
    const { kiosk } = this;
    const { schedule } = kiosk.settings;
    const on = this.machine.power === 'running';
    return html`
      <h2 id="heading">${t`Staff`}</h2>
      <p role="status">${this.message}</p>
      <div class="menu">
        <button @click=${() => kiosk.send({ type: 'start-again' })}>${t`Back to the first state now`}</button>
        <button ?disabled=${this.busy || !on} @click=${() => void this.#do(this.#makeFirst)}>
          ${t`Make this moment the first state`}
        </button>
        <button @click=${() => void kiosk.reload()}>${t`Load the page again`}</button>
        <button @click=${() => kiosk.send({ type: 'sleep' })}>${t`Sleep now`}</button>
        <button @click=${() => this.#show('log')}>${t`The log`}</button>
        <button @click=${() => this.#show('new-pin')}>${t`Change the PIN`}</button>
        <button @click=${() => this.#leaveKiosk()}>${t`Leave the kiosk`}</button>
        <button @click=${() => this.#leave()}>${t`Back to the exhibit`}</button>
      </div>
      <p>
        ${
          schedule.length === 0
            ? t`Awake all day: the exhibit file gives no times.`
            : schedule.map(
                ({ days, wake, sleep }) =>
                  html`<span>${days.map(dayName).join(', ')}: ${wake}–${sleep}<br /></span>`,
              )
        }
      </p>
      <details>
        <summary>${t`For the exhibit file: the PIN, salted and hashed`}</summary>
        <code>${`"pin": ${JSON.stringify(this.#access.pin)}`}</code>
      </details>
      <details>
        <summary>${t`Keys that no page can keep from a browser`}</summary>
        <ul>
          <li>${t`Ctrl+W, Ctrl+T and Ctrl+N, outside of full screen`}</li>
          <li>${t`Alt+F4, Alt+Tab, the Windows key and Ctrl+Alt+Del: the system takes them`}</li>
          <li>${t`Escape, held: it leaves full screen`}</li>
        </ul>
        <p>${t`Start the browser in its own kiosk mode; docs/kiosk.md says how.`}</p>
      </details>
    `;
  }

  #log() {
    const { entries } = this.kiosk.log;
    const lines = entries
      .slice(-200)
      .map(
        ({ at, kind, detail }) => `${new Date(at).toLocaleString(language.value.tag)}  ${kind}  ${detail}`,
      );
    return html`
      <h2 id="heading">${t`The log`}</h2>
      <pre tabindex="0">${lines.toReversed().join('\n') || t`Nothing happened yet.`}</pre>
      <div class="menu">
        <button @click=${() => this.#saveLog()}>${t`Save as a file`}</button>
        <button @click=${() => this.#show('menu')}>${t`Back`}</button>
      </div>
      ${entries.length > 200 ? html`<p>${t`The last 200 of ${entries.length}; the file has all.`}</p>` : nothing}
    `;
  }
}

/** A weekday in the page's language. */
function dayName(day: string): string {
  const index = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].indexOf(day);
  // 5 January 2009 was a Monday.
  return new Intl.DateTimeFormat(language.value.tag, { weekday: 'short', timeZone: 'UTC' }).format(
    Date.UTC(2009, 0, 5 + index),
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-staff': VitrineStaff;
  }
}
