import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { theme } from './theme.ts';
import { VitrineElement } from './vitrine-element.ts';

/** Screen readers look at a new live region at their own pace; what it holds before that is not news to them. */
const SOON_MS = 100;

/**
 * Words that are said when they come, and again when they change, as well as shown. A live region that is put into
 * the page together with its words stays unheard in most screen readers: here they are put in anew a moment after.
 */
@customElement('vitrine-status')
export class VitrineStatus extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        display: block;
      }
    `,
  ];

  @property() words = '';
  /** Whether a screen reader has met the region. */
  @state() private met = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setTimeout(() => (this.met = true), SOON_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    // In another place of the page it is another region.
    this.met = false;
  }

  override render() {
    // Two templates though they read alike: Lit puts the second one's nodes in anew, and to the eye nothing moves.
    const first = html`<span>${this.words}</span>`;
    const again = html`<span>${this.words}</span>`;
    return html`<span role="status">${this.met ? again : first}</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-status': VitrineStatus;
  }
}
