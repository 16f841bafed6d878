import { css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import type { Store } from '../lib/store.ts';
import { reservedShortcuts } from '../page/keyboard/combos.ts';
import { releaseGestureName } from '../page/keyboard/release-gesture.ts';
import type { Platform } from '../page/keyboard/platform.ts';
import type { Preferences } from '../page/preferences.ts';
import { aeroButton } from './aero.ts';
import { StoreController } from './store-controller.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import { VitrineDoneEvent, VitrineWishEvent } from './events.ts';
import type { VitrineWindow } from './vitrine-window.ts';
import { windowLook } from './window-look.ts';
import './vitrine-window.ts';

/** How the exhibit behaves, and which keys go where: a window over the exhibit. Ends with `vitrine-done`. */
@customElement('vitrine-settings')
export class VitrineSettings extends VitrineElement {
  static override styles = [
    aeroButton,
    theme,
    windowLook,
    css`
      vitrine-window {
        --window-width: 520px;
      }
      .choice {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 8px;
        align-items: baseline;
        padding: 4px 0;
        font-size: 14px;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 4px 14px;
        margin: 0;
      }
      dt {
        font-weight: 600;
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      @media (max-width: 480px) {
        dl {
          grid-template-columns: minmax(0, 1fr);
          gap: 0;
        }
        dd {
          margin-bottom: 8px;
        }
      }
    `,
  ];

  @property({ attribute: false }) preferences!: Store<Preferences>;
  @property() platform: Platform = 'other';
  @query('vitrine-window') private readonly window!: VitrineWindow;

  constructor() {
    super();
    new StoreController(this, () => [this.preferences]);
  }

  #choice(name: keyof Preferences, label: string) {
    const set = (event: Event) =>
      this.preferences.patch({ [name]: (event.target as HTMLInputElement).checked });
    return html`<label class="choice">
      <input type="checkbox" .checked=${this.preferences.value[name]} @change=${set} />
      <span>${label}</span>
    </label>`;
  }

  override render() {
    return html`
      <vitrine-window .heading=${t`Settings`} @vitrine-window-closed=${this.#onClosed}>
        <div>
          ${this.#choice('pauseWhenHidden', t`Pause the machine while this page is hidden`)}
          ${this.#choice('sharpPicture', t`Show the picture at whole scales only, sharp to the pixel`)}
          ${this.#choice('soundCaptions', t`Write beside the screen what the machine can be heard to do`)}
        </div>
        <h2>${t`Keys`}</h2>
        <dl>
          <dt>${releaseGestureName(this.platform)}</dt>
          <dd>${t`gives keyboard and mouse back to you: press and release, nothing else`}</dd>
          ${reservedShortcuts(this.platform).map(
            ({ keys, does, withKeyboardLock }) => html`
              <dt>${keys}</dt>
              <dd>${withKeyboardLock ? t`${does}; in full screen it may reach the machine` : does}</dd>
            `,
          )}
        </dl>
        <h2>${t`When a system does not start`}</h2>
        <p>
          ${t`See how far it came, and save a report of that for whoever mends this exhibit. Nothing private is in it.`}
        </p>
        <button slot="commands" @click=${() => this.dispatchEvent(new VitrineWishEvent('report'))}>
          ${t`Save a report…`}
        </button>
        <button slot="commands" class="default" @click=${() => this.window.close()}>${t`Done`}</button>
      </vitrine-window>
    `;
  }

  readonly #onClosed = (): void => {
    this.dispatchEvent(new VitrineDoneEvent());
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-settings': VitrineSettings;
  }
}
