import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/** A small picture of the machine's screen, from a file in memory; dark glass where there is none. */
@customElement('vitrine-picture')
export class VitrinePicture extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        display: block;
        aspect-ratio: 4 / 3;
        overflow: hidden;
        background: #101418;
        box-shadow: 0 0 0 1px #ffffff2e;
      }
      img {
        display: block;
        width: 100%;
        height: 100%;
        object-fit: contain;
      }
    `,
  ];

  @property({ attribute: false }) blob: Blob | null = null;
  /** What is to be seen, for those who do not; '' where the words beside it say so. */
  @property() alt = '';
  @state() private url = '';

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('blob')) this.#show(this.blob);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#show(this.blob);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#show(null);
  }

  #show(blob: Blob | null): void {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = blob ? URL.createObjectURL(blob) : '';
  }

  override render() {
    return this.url ? html`<img src=${this.url} alt=${this.alt} />` : nothing;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-picture': VitrinePicture;
  }
}
