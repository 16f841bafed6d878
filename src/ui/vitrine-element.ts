import { LitElement } from 'lit';
import { heldFirstWords, language } from '../lib/language.ts';

/** Every element of the exhibit: renders again when the page speaks another language. */
export class VitrineElement extends LitElement {
  #endLanguage: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#endLanguage = language.subscribe(() => this.requestUpdate());
  }

  /** The first drawing waits for the language that the page will speak, if that is still on its way. */
  protected override scheduleUpdate(): void | Promise<unknown> {
    const held = this.hasUpdated ? null : heldFirstWords();
    return held ? held.then(() => super.scheduleUpdate()) : super.scheduleUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endLanguage?.();
    this.#endLanguage = null;
  }
}
