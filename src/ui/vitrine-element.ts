import { LitElement } from 'lit';
import { heldFirstWords, language } from '../lib/language.ts';
import { firstDrawingTurn } from './first-drawing.ts';

/** Every element of the exhibit: renders again when the page speaks another language. */
export class VitrineElement extends LitElement {
  #endLanguage: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#endLanguage = language.subscribe(() => this.requestUpdate());
  }

  /** The first drawing waits for the language that the page will speak, if that is still on its way, and for its turn. */
  protected override scheduleUpdate(): void | Promise<unknown> {
    const wait = this.hasUpdated ? null : (heldFirstWords() ?? firstDrawingTurn());
    return wait ? this.#drawAfter(wait) : super.scheduleUpdate();
  }

  async #drawAfter(wait: Promise<void>): Promise<void> {
    for (let next: Promise<void> | null = wait; next; next = firstDrawingTurn()) await next;
    await super.scheduleUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endLanguage?.();
    this.#endLanguage = null;
  }
}
