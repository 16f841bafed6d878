import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { language, t } from '../lib/language.ts';
import { chooseLanguage, languageName, LANGUAGES } from '../page/languages.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/** The choice of the page's language, for the dark wall: each under its own name. Nothing where there is only one. */
@customElement('vitrine-language')
export class VitrineLanguage extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        display: inline-block;
      }
      .languages {
        display: inline-flex;
        flex-wrap: wrap;
        gap: 2px 4px;
      }
      button {
        min-height: 26px;
        min-width: 26px;
        padding: 2px 8px;
        border: 1px solid transparent;
        border-radius: 3px;
        background: none;
        color: var(--on-wall-soft);
        font: inherit;
        font-size: 14px;
        cursor: pointer;
      }
      button:hover {
        border-color: currentcolor;
        color: var(--on-wall);
      }
      button[aria-pressed='true'] {
        color: var(--on-wall);
        text-decoration: underline 2px;
        text-underline-offset: 4px;
      }
      @media (pointer: coarse) {
        button {
          min-height: 44px;
          min-width: 44px;
        }
      }
      @media (forced-colors: active) {
        button[aria-pressed='true'] {
          border-color: Highlight;
        }
      }
      p {
        margin: 4px 0 0;
        font-size: 13px;
        color: var(--on-wall);
      }
    `,
  ];

  /** The name of the language that could not be loaded; empty when the last choice was. */
  @state() private missing = '';

  override render() {
    if (LANGUAGES.length < 2) return nothing;
    return html`
      <div class="languages" role="group" aria-label=${t`Language of the page`}>
        ${LANGUAGES.map(
          (tag) =>
            html`<button
              lang=${tag}
              aria-pressed=${tag === language.value.tag ? 'true' : 'false'}
              @click=${() => this.#choose(tag)}
            >
              ${languageName(tag)}
            </button>`,
        )}
      </div>
      ${
        this.missing
          ? html`<p role="alert">
              ${t`The texts in this language (${this.missing}) could not be loaded. Try again when the server can be reached.`}
            </p>`
          : nothing
      }
    `;
  }

  async #choose(tag: string): Promise<void> {
    try {
      this.missing = '';
      await chooseLanguage(tag);
    } catch {
      // Offline, or a server that lost the file: the page goes on in the language it speaks.
      this.missing = languageName(tag);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-language': VitrineLanguage;
  }
}
