import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import type { Store } from '../lib/store.ts';
import { reservedShortcuts } from '../page/keyboard/combos.ts';
import { releaseGestureName } from '../page/keyboard/release-gesture.ts';
import type { Platform } from '../page/keyboard/platform.ts';
import type { Preferences } from '../page/preferences.ts';
import { aeroButton, aeroWindow } from './aero.ts';
import { VitrineWishEvent } from './events.ts';
import { StoreController } from './store-controller.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/** How the exhibit behaves, and which keys go where: a window over the picture. */
@customElement('vitrine-settings')
export class VitrineSettings extends VitrineElement {
  static override styles = [
    aeroWindow,
    aeroButton,
    theme,
    css`
      :host {
        display: block;
        width: min(520px, 94%);
        max-height: 94%;
        overflow: auto;
        text-align: left;
      }
      .title-bar-text {
        font: 600 13px var(--sans);
      }
      .window-body {
        padding: 16px 18px;
        color: #15181c;
        font: 14px/1.45 var(--sans);
      }
      .choice {
        margin: 0 0 10px;
      }
      label {
        font: 14px/1.4 var(--sans);
      }
      h3 {
        margin: 16px 0 6px;
        font: 600 14px var(--sans);
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 3px 14px;
        margin: 0 0 14px;
        font-size: 13px;
      }
      dt {
        font-weight: 600;
        white-space: nowrap;
      }
      dd {
        margin: 0;
      }
      .buttons {
        text-align: right;
      }
    `,
  ];

  @property({ attribute: false }) preferences!: Store<Preferences>;
  @property() platform: Platform = 'other';

  constructor() {
    super();
    new StoreController(this, () => [this.preferences]);
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  #choice(name: keyof Preferences, label: string) {
    const set = (event: Event) =>
      this.preferences.patch({ [name]: (event.target as HTMLInputElement).checked });
    return html`
      <p class="choice">
        <input type="checkbox" id=${name} .checked=${this.preferences.value[name]} @change=${set} />
        <label for=${name}>${label}</label>
      </p>
    `;
  }

  override render() {
    return html`
      <div role="dialog" aria-labelledby="title" @keydown=${this.#onKey}>
        <div class="window active">
          <div class="title-bar"><div class="title-bar-text" id="title">${t`Settings`}</div></div>
          <div class="window-body has-space">
            ${this.#choice('pauseWhenHidden', t`Pause the machine while this page is hidden`)}
            ${this.#choice('sharpPicture', t`Show the picture at whole scales only, sharp to the pixel`)}
            ${this.#choice('soundCaptions', t`Write beside the screen what the machine can be heard to do`)}
            <h3>${t`Keys`}</h3>
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
            <p class="buttons"><button class="default" @click=${this.#close}>${t`Close`}</button></p>
          </div>
        </div>
      </div>
    `;
  }

  readonly #close = (): void => {
    this.dispatchEvent(new VitrineWishEvent('settings'));
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.#close();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-settings': VitrineSettings;
  }
}
