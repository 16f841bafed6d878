import { LitElement } from 'lit';
import { language } from '../lib/language.ts';

/** Every element of the exhibit: renders again when the page speaks another language. */
export class VitrineElement extends LitElement {
  #endLanguage: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#endLanguage = language.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endLanguage?.();
    this.#endLanguage = null;
  }
}
