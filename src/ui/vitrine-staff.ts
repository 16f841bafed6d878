import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { toVitrineError } from '../lib/errors.ts';
import { language, t } from '../lib/language.ts';
import type { KioskFile } from '../page/kiosk-file.ts';
import type { KioskSession } from '../page/kiosk-session.ts';
import { isSecureAddress, notSecure } from '../lib/secure-parts.ts';
import { copyText } from '../page/secure-parts.ts';
import { LEAST_FILED_DIGITS } from '../page/kiosk-pin.ts';
import type { StaffAccess } from '../page/staff-access.ts';
import { staffLook } from './staff-look.ts';
import { theme } from './theme.ts';
import { VitrineElement } from './vitrine-element.ts';
import type { VitrineMachine } from './vitrine-machine.ts';
import type { VitrinePinEvent } from './vitrine-pin-pad.ts';
import './vitrine-pin-pad.ts';

/** What makes a setup of the page's address; a line is not broken in it. */
const SETUP_QUERY = '?\u2060kiosk=setup';

type Screen = 'closed' | 'pin' | 'new-pin' | 'repeat-pin' | 'menu' | 'log';

/** The window of those who look after a kiosk: its menu, behind the PIN. Ends with `vitrine-done`. */
@customElement('vitrine-staff')
export class VitrineStaff extends VitrineElement {
  static override styles = [
    theme,
    staffLook,
    css`
      dialog {
        width: min(560px, calc(100vw - 16px));
        max-width: none;
        max-height: calc(100dvh - 16px);
        padding: 0;
        border: 0;
        border-radius: 4px;
        background: var(--paper);
        color: var(--ink);
        overflow: auto;
        overscroll-behavior: contain;
        pointer-events: auto;
      }
      dialog::backdrop {
        background: #0b1017e6;
      }
      section {
        display: grid;
        gap: 14px;
        padding: clamp(16px, 3vmin, 28px);
      }
      section:focus {
        outline: none;
      }
      .menu {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
        gap: 8px;
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
      details > * + * {
        margin-top: 8px;
      }
      ul {
        margin: 0;
        padding-left: 1.2em;
        font-size: 14px;
      }
    `,
  ];

  @property({ attribute: false }) kiosk!: KioskSession;
  @property({ attribute: false }) access!: StaffAccess;
  @property({ attribute: false }) file!: KioskFile;
  @property({ attribute: false }) machine!: VitrineMachine;

  @state() private screen: Screen = 'closed';
  @state() private message = '';
  @state() private busy = false;
  #first = '';

  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('section') private readonly box!: HTMLElement;

  override connectedCallback(): void {
    super.connectedCallback();
    const { door } = this.access;
    this.screen = door === 'first-pin' ? 'new-pin' : door;
    if (!isSecureAddress()) this.message = notSecure().words;
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
    this.#focus();
  }

  #focus(): void {
    (this.renderRoot.querySelector('vitrine-pin-pad') ?? this.box).focus();
  }

  #show(screen: Screen, message = ''): void {
    this.screen = screen;
    this.message = message;
    void this.updateComplete.then(() => this.#focus());
  }

  #open(message = ''): void {
    this.kiosk.send({ type: 'staff-unlocked' });
    this.#show('menu', message);
  }

  #leave(): void {
    this.dispatchEvent(new Event('vitrine-done'));
  }

  readonly #onPin = async ({ pin }: VitrinePinEvent): Promise<void> => {
    this.busy = true;
    try {
      if (this.screen === 'new-pin') {
        this.#first = pin;
        this.#show('repeat-pin');
      } else if (this.screen === 'repeat-pin') {
        await this.#set(pin);
      } else {
        await this.#try(pin);
      }
    } catch (thrown) {
      // On an address that is not secure no PIN can be checked, so none opens the menu.
      this.message = toVitrineError(thrown).words;
    } finally {
      this.busy = false;
    }
  };

  async #set(pin: string): Promise<void> {
    if (pin !== this.#first) return this.#show('new-pin', t`The two were not the same. Choose again.`);
    const isKept = await this.access.set(pin);
    this.kiosk.note('pin-set');
    this.#open(
      isKept
        ? t`The PIN is set.`
        : t`The PIN is set, but this browser keeps nothing for the page: it is forgotten when the page is loaded again. Put it into the exhibit file.`,
    );
  }

  async #try(pin: string): Promise<void> {
    const seconds = Math.ceil(this.access.wait / 1000);
    if (seconds > 0) {
      this.message = t`Too many wrong ones. Wait ${seconds} s.`;
    } else if (await this.access.enter(pin)) {
      this.#open(
        this.access.isShortInFile
          ? t`This PIN stands in the exhibit file, which everybody can read, and has fewer than ${LEAST_FILED_DIGITS} digits: it can be found out. Change it.`
          : '',
      );
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
    await this.machine.session.moments.takeFirst(t`The exhibit’s first state`);
    return t`This is the first state from now on.`;
  };

  readonly #chooseFile = async (): Promise<string> => {
    if (await this.file.choose()) this.kiosk.send({ type: 'file-given' });
    return '';
  };

  readonly #copy = async (text: string): Promise<string> => {
    await copyText(text);
    return t`Copied.`;
  };

  #saveLog(): void {
    const url = URL.createObjectURL(new Blob([this.kiosk.log.text()], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `vitrine-log-${this.kiosk.date().toISOString().slice(0, 10)}.txt`;
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
    return html`<dialog aria-labelledby="heading" @close=${() => this.#leave()}>
      <section tabindex="-1">${this.#body()}</section>
    </dialog>`;
  }

  #body() {
    switch (this.screen) {
      case 'closed':
        return this.#closed();
      case 'pin':
        return this.#pad(t`Staff: the PIN`);
      case 'new-pin':
        return this.#pad(t`Choose a PIN, better of 8 digits than of 4`);
      case 'repeat-pin':
        return this.#pad(t`The same PIN again`);
      case 'menu':
        return this.#menu();
      case 'log':
        return this.#log();
    }
  }

  #closed() {
    return html`
      <h2 id="heading">${t`No PIN is known here`}</h2>
      <p>
        ${t`Nobody can open the staff menu without one. Open this page once with ${SETUP_QUERY} in its address to choose a PIN, or put one into the exhibit file.`}
      </p>
      ${this.#back()}
    `;
  }

  #pad(heading: string) {
    return html`
      <h2 id="heading">${heading}</h2>
      <vitrine-pin-pad
        .message=${live(this.message)}
        ?busy=${this.busy}
        @vitrine-pin=${this.#onPin}
      ></vitrine-pin-pad>
      ${this.#back()}
    `;
  }

  #back() {
    return html`<button @click=${() => this.#leave()}>${t`Back to the exhibit`}</button>`;
  }

  #menu() {
    const { kiosk } = this;
    const on = this.machine.power === 'running';
    return html`
      <h2 id="heading">${t`Staff`}</h2>
      <p role="status">${this.message}</p>
      <div class="menu">
        ${this.#fileButton()}
        <button @click=${() => kiosk.send({ type: 'start-again' })}>${t`Back to the first state now`}</button>
        <button ?disabled=${this.busy || !on} @click=${() => void this.#do(this.#makeFirst)}>
          ${t`Make this moment the first state`}
        </button>
        <button @click=${() => kiosk.send({ type: 'reload', because: 'staff' })}>
          ${t`Load the page again`}
        </button>
        <button @click=${() => kiosk.send({ type: 'sleep' })}>${t`Sleep now`}</button>
        <button @click=${() => this.#show('log')}>${t`The log`}</button>
        <button @click=${() => this.#show('new-pin')}>${t`Change the PIN`}</button>
        <button @click=${() => this.#leaveKiosk()}>${t`Leave the kiosk`}</button>
        ${this.#back()}
      </div>
      ${this.#schedule()}
      <details>
        <summary>${t`For the exhibit file: the PIN, salted and hashed`}</summary>
        ${this.#forFile()}
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

  #forFile() {
    const { forFile } = this.access;
    if (!forFile)
      return html`<p>
        ${t`Everybody can read that file, and a PIN of fewer than ${LEAST_FILED_DIGITS} digits can be found out from it. Change the PIN to a longer one to put it there.`}
      </p>`;
    const text = `"pin": ${JSON.stringify(forFile)}`;
    return html`
      <code>${text}</code>
      <p>${t`Everybody can read that file. On this device alone the PIN is safer still.`}</p>
      <button @click=${() => void this.#do(() => this.#copy(text))}>${t`Copy`}</button>
    `;
  }

  /** What the machine waits for, if it does. */
  #fileButton() {
    const { value } = this.kiosk.state;
    if (value.phase !== 'staff' || value.back.phase !== 'needs-file') return nothing;
    return html`<button ?disabled=${this.busy} @click=${() => void this.#do(this.#chooseFile)}>
      ${t`Choose ${value.back.name}…`}
    </button>`;
  }

  #schedule() {
    const { schedule } = this.kiosk.settings;
    return html`<p>
      ${
        schedule.length === 0
          ? t`Awake all day: the exhibit file gives no times.`
          : schedule.map(
              ({ days, wake, sleep }) =>
                html`<span>${days.map(dayName).join(', ')}: ${wake}–${sleep}<br /></span>`,
            )
      }
    </p>`;
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
