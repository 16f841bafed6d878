import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import type { VitrineMachine } from './vitrine-machine.ts';
import './vitrine-air-gap.ts';
import './vitrine-label.ts';

/** The room around the case: one screen, the machine in its light, and a paper label beside it. */
@customElement('vitrine-exhibit')
export class VitrineExhibit extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr) clamp(270px, 25vw, 384px);
        gap: clamp(14px, 2.4vw, 40px);
        width: 100%;
        height: 100dvh;
        min-height: 560px;
        padding: clamp(10px, 2vmin, 28px) clamp(10px, 2.4vw, 44px);
        background:
          radial-gradient(70% 60% at 40% 0, #ffedc430, transparent 70%),
          linear-gradient(#1d2127 0 78%, #0d0f12 78% 78.2%, #23201d 78.2%, #14120f);
        color: var(--on-wall);
      }
      main {
        min-width: 0;
        min-height: 0;
      }
      ::slotted(vitrine-machine) {
        height: 100%;
      }
      aside {
        display: flex;
        flex-direction: column;
        gap: clamp(8px, 1.6vmin, 16px);
        justify-content: center;
        min-width: 0;
        min-height: 0;
      }
      @media (max-width: 900px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
          height: auto;
          min-height: 100dvh;
        }
        ::slotted(vitrine-machine) {
          height: min(92dvh, 150vw);
          min-height: 460px;
        }
        aside {
          justify-content: flex-start;
        }
      }
    `,
  ];

  @state() private machine: VitrineMachine | null = null;

  readonly #onSlot = (event: Event): void => {
    const [machine] = (event.target as HTMLSlotElement).assignedElements();
    if (machine) this.machine = machine as VitrineMachine;
  };

  override render() {
    return html`
      <main><slot name="machine" @slotchange=${this.#onSlot}></slot></main>
      <aside aria-label=${t`About this exhibit`}>
        ${this.machine ? html`<vitrine-label .session=${this.machine.session}></vitrine-label>` : nothing}
        <vitrine-air-gap></vitrine-air-gap>
      </aside>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-exhibit': VitrineExhibit;
  }
}
