import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { language, t } from '../lib/language.ts';
import type { Store } from '../lib/store.ts';
import { isModifier, type ScreenKeys } from '../page/keyboard/screen-keys.ts';
import {
  FUNCTION_KEYS,
  keyWidth,
  NAVIGATION_KEYS,
  NUMBER_KEYS,
  SCREEN_LAYOUTS,
  screenLayout,
  type ScreenLayout,
} from '../page/keyboard/screen-layouts.ts';
import type { Preferences } from '../page/preferences.ts';
import { StoreController } from './store-controller.ts';
import { theme } from './theme.ts';
import { VitrineElement } from './vitrine-element.ts';

const REPEAT_AFTER_MS = 500;
const REPEAT_EVERY_MS = 60;

/**
 * A keyboard on the screen, for kiosks and phones. It sends keys, not letters: what a key means is up to the keyboard
 * layout that is set in the guest. The layout chosen here is what is printed on the keys, and what is typed with a phone's
 * own keyboard becomes keys of it: it should be the guest's. It never takes the focus. Asks to be closed with `vitrine-done`.
 */
@customElement('vitrine-keyboard')
export class VitrineKeyboard extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        display: block;
        container-type: inline-size;
        padding: 8px;
        border-radius: 4px;
        background: linear-gradient(#3b3e43, #1f2226);
        box-shadow:
          inset 0 1px 0 #ffffff4d,
          0 10px 30px #000a;
        user-select: none;
        touch-action: none;
      }
      .bar {
        display: flex;
        gap: 6px;
        justify-content: flex-end;
        margin-bottom: 6px;
      }
      .bar > :first-child {
        margin-right: auto;
      }
      .bar button,
      .bar select {
        min-height: 34px;
        padding: 2px 12px;
        border: 1px solid #ffffff59;
        border-radius: 4px;
        background: #2b2f34;
        color: var(--on-wall);
        font: 14px/1.2 var(--sans);
      }
      .blocks {
        display: grid;
        grid-template-columns: minmax(0, 15fr) minmax(0, 3.6fr);
        gap: 8px;
      }
      .navigation .key {
        font-size: clamp(10px, 1.5vmin, 18px);
      }
      .functions {
        grid-column: 1 / -1;
      }
      .block {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        min-width: 0;
        gap: 4px;
        align-content: start;
      }
      .numbers {
        display: none;
      }
      .row {
        display: flex;
        gap: 4px;
      }
      .key,
      .gap {
        flex: var(--width, 1) 1 0;
        min-width: 0;
        min-height: clamp(30px, 4.6vmin, 64px);
      }
      .key {
        position: relative;
        padding: 0 1px;
        overflow: hidden;
        border: 1px solid #0009;
        border-radius: 5px;
        background: linear-gradient(#5a5f66, #3d4147);
        box-shadow: inset 0 1px 0 #ffffff40;
        color: #fff;
        font: 600 clamp(11px, 1.9vmin, 22px) / 1.05 var(--sans);
        cursor: pointer;
        touch-action: none;
      }
      .key:active,
      .key.down {
        background: #24272b;
      }
      .key small {
        position: absolute;
        top: 3px;
        right: 5px;
        color: #d4d8dd;
        font: 500 10px/1 var(--sans);
      }
      .key small.alt {
        top: auto;
        bottom: 3px;
      }
      .key[aria-pressed='true'] {
        background: #1c6aa8;
      }
      .key.locked {
        box-shadow: inset 0 -5px 0 #ffd36b;
      }
      .phone {
        display: none;
      }
      @container (min-width: 1100px) {
        .blocks {
          grid-template-columns: minmax(0, 15fr) minmax(0, 3fr) minmax(0, 4fr);
        }
        .numbers {
          display: grid;
        }
      }
      @container (max-width: 620px) {
        .desk {
          display: none;
        }
        .phone {
          display: grid;
        }
        .key,
        .gap {
          min-height: 44px;
        }
        .row {
          gap: 3px;
        }
      }
      @media (forced-colors: active) {
        .key {
          border-color: ButtonText;
        }
        .key[aria-pressed='true'] {
          border: 3px solid Highlight;
        }
      }
    `,
  ];

  @property({ attribute: false }) keys!: ScreenKeys;
  @property({ attribute: false }) preferences!: Store<Preferences>;

  /** The other side of a phone's keyboard. */
  @state() private other = false;

  /** Fingers that are down: by pointer, the key and what repeats it. */
  readonly #fingers = new Map<number, { code: string; end: () => void }>();
  readonly #letGo = (): void => this.#liftAll();

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasUpdated) new StoreController(this, () => [this.keys.sticky, this.preferences]);
    addEventListener('blur', this.#letGo);
    document.addEventListener('visibilitychange', this.#letGo);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('blur', this.#letGo);
    document.removeEventListener('visibilitychange', this.#letGo);
    this.#liftAll();
  }

  #liftAll(): void {
    for (const { end } of this.#fingers.values()) end();
    this.#fingers.clear();
    this.keys.releaseAll();
  }

  get #layout(): ScreenLayout {
    return screenLayout(this.preferences.value.keyboardLayout, language.value.tag);
  }

  readonly #down = (event: PointerEvent): void => {
    const key = event.currentTarget as HTMLElement;
    const { code } = key.dataset;
    if (!code || event.button !== 0) return;
    // The guest keeps the focus, and one finger does not scroll or zoom.
    event.preventDefault();
    // A pointer that a test or an assistive tool made up cannot be captured.
    if (event.isTrusted) key.setPointerCapture(event.pointerId);
    this.keys.down(code);
    let timer: ReturnType<typeof setTimeout> | null = null;
    const again = (): void => {
      this.keys.repeat(code);
      timer = setTimeout(again, REPEAT_EVERY_MS);
    };
    if (!isModifier(code)) timer = setTimeout(again, REPEAT_AFTER_MS);
    this.#fingers.set(event.pointerId, {
      code,
      end: () => {
        if (timer !== null) clearTimeout(timer);
      },
    });
  };

  readonly #up = (event: PointerEvent): void => {
    const finger = this.#fingers.get(event.pointerId);
    if (!finger) return;
    this.#fingers.delete(event.pointerId);
    finger.end();
    this.keys.up(finger.code);
  };

  /** A click without a pointer: another keyboard, a switch, a screen reader. */
  readonly #click = (event: MouseEvent): void => {
    const { code } = (event.currentTarget as HTMLElement).dataset;
    if (code && event.detail === 0) this.keys.tap(code);
  };

  override render() {
    const layout = this.#layout;
    return html`
      <div role="group" aria-label=${t`Keyboard on the screen`}>
        <div class="bar">
          <select
            aria-label=${t`Keyboard layout of the machine`}
            @change=${(event: Event) => this.preferences.patch({ keyboardLayout: (event.target as HTMLSelectElement).value })}
          >
            ${SCREEN_LAYOUTS.map(
              ({ id, language: tag }) =>
                html`<option value=${id} ?selected=${id === layout.id}>${layoutName(tag)}</option>`,
            )}
          </select>
          <button class="phone" aria-pressed=${this.other} @click=${() => (this.other = !this.other)}>
            ${this.other ? t`Letters` : t`Signs and F keys`}
          </button>
          <button @click=${() => this.dispatchEvent(new Event('vitrine-done'))}>
            ${t`Close the keyboard`}
          </button>
        </div>
        <div class="blocks desk">
          <div class="block functions">${this.#row(FUNCTION_KEYS)}</div>
          <div class="block">${layout.rows.map((row) => this.#row(row))}</div>
          <div class="block navigation">${NAVIGATION_KEYS.map((row) => this.#row(row))}</div>
          <div class="block numbers">${NUMBER_KEYS.map((row) => this.#row(row))}</div>
        </div>
        <div class="block phone">
          ${
            this.other
              ? [
                  FUNCTION_KEYS.slice(0, 7),
                  FUNCTION_KEYS.slice(7),
                  ...layout.symbols,
                  ['Tab', 'CapsLock', 'Insert', 'Home', 'PageUp', 'ArrowUp', 'ContextMenu'],
                  ['PrintScreen', 'Delete', 'End', 'PageDown', 'ArrowLeft', 'ArrowDown', 'ArrowRight'],
                ].map((row) => this.#row(row))
              : layout.letters.map((row) => this.#row(row))
          }
        </div>
      </div>
    `;
  }

  #row(codes: readonly string[]) {
    return html`<div class="row">
      ${codes.map((code) => (code ? this.#key(code) : html`<span class="gap"></span>`))}
    </div>`;
  }

  #key(code: string) {
    const [base, shift, altGr] = this.#layout.caps[code] ?? [code];
    const how = this.keys.sticky.value.get(code);
    const isLetter = shift !== undefined && shift.toLowerCase() === base;
    const shifted = this.keys.sticky.value.has('ShiftLeft') || this.keys.sticky.value.has('ShiftRight');
    return html`<button
      class="key ${how ?? ''}"
      data-code=${code}
      aria-label=${keyName(code, base)}
      aria-pressed=${isModifier(code) ? how !== undefined : nothing}
      @pointerdown=${this.#down}
      @pointerup=${this.#up}
      @pointercancel=${this.#up}
      @mousedown=${(event: Event) => event.preventDefault()}
      @click=${this.#click}
      @contextmenu=${(event: Event) => event.preventDefault()}
    >
      ${isLetter && shifted ? shift : base}${shift && !isLetter ? html`<small>${shift}</small>` : nothing}${
        altGr ? html`<small class="alt">${altGr}</small>` : nothing
      }
    </button>`;
  }

  protected override updated(): void {
    // Widths through the CSSOM: the page's policy refuses style attributes.
    for (const key of this.renderRoot.querySelectorAll<HTMLElement>('.key'))
      key.style.setProperty('--width', String(keyWidth(key.dataset['code'] ?? '')));
  }
}

function layoutName(tag: string): string {
  switch (tag) {
    case 'de':
      return t`German keys`;
    case 'fr':
      return t`French keys`;
    case 'es':
      return t`Spanish keys`;
    default:
      return t`American keys`;
  }
}

/** What a screen reader says: signs whose shape says nothing by their name. */
function keyName(code: string, base: string): string {
  switch (code) {
    case 'Space':
      return t`Space`;
    case 'Enter':
    case 'NumpadEnter':
      return t`Enter`;
    case 'Backspace':
      return t`Backspace`;
    case 'ShiftLeft':
      return t`Left Shift`;
    case 'ShiftRight':
      return t`Right Shift`;
    case 'MetaLeft':
      return t`Left Windows key`;
    case 'MetaRight':
      return t`Right Windows key`;
    case 'ContextMenu':
      return t`Menu`;
    case 'ArrowUp':
      return t`Up`;
    case 'ArrowDown':
      return t`Down`;
    case 'ArrowLeft':
      return t`Left`;
    case 'ArrowRight':
      return t`Right`;
    default:
      return base;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-keyboard': VitrineKeyboard;
  }
}
