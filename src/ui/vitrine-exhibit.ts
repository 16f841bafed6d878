import { css, html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { VitrineMachine } from './vitrine-machine.ts';
import { StoreController } from './store-controller.ts';
import { theme } from './theme.ts';
import './vitrine-air-gap.ts';
import './vitrine-disc-label.ts';

/** The room around the case: one screen, the machine in its light, and a paper label beside it. */
@customElement('vitrine-exhibit')
export class VitrineExhibit extends LitElement {
  static override styles = [
    theme,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(250px, 320px);
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
        gap: 16px;
        justify-content: center;
        min-height: 0;
      }
      .label {
        display: flex;
        flex-direction: column;
        min-height: 0;
        padding: 22px 24px;
        border: 1px solid var(--paper-edge);
        border-radius: 2px;
        background: linear-gradient(150deg, #fbf9f2, var(--paper));
        box-shadow: 0 14px 30px -8px #000b;
        color: var(--ink);
        overflow: auto;
      }
      h1 {
        margin: 0 0 2px;
        font: 600 26px/1.15 var(--serif);
        letter-spacing: 0.01em;
      }
      .subtitle {
        margin: 0 0 12px;
        color: var(--ink-soft);
        font: italic 15px/1.4 var(--serif);
      }
      .label p {
        margin: 0 0 10px;
        font: 15px/1.5 var(--serif);
      }
      section {
        margin-top: 10px;
        padding-top: 14px;
        border-top: 1px solid var(--paper-edge);
      }
      h2 {
        margin: 0 0 6px;
        font: 600 12px/1.3 var(--sans);
        letter-spacing: 0.08em;
        text-transform: uppercase;
        color: var(--ink-soft);
      }
      vitrine-air-gap {
        align-self: flex-start;
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
    if (!machine || machine === this.machine) return;
    this.machine = machine as VitrineMachine;
    const { session } = this.machine;
    const watching = new StoreController(this, () => [session.disc, session.power]);
    watching.hostConnected();
  };

  override render() {
    const disc = this.machine?.session.disc.value ?? null;
    return html`
      <main><slot name="machine" @slotchange=${this.#onSlot}></slot></main>
      <aside aria-label="About this exhibit">
        <div class="label">
          <h1>Vitrine</h1>
          <p class="subtitle">A Windows 7 PC in a museum case</p>
          <p>
            A personal computer of 2009, rebuilt in software: processor, memory, drives and screen run inside
            this page. Bring a 32-bit Windows 7 disc of your own, or any other disc a PC of that time could
            start.
          </p>
          ${
            disc
              ? html`<section>
                  <h2>In the tray</h2>
                  <vitrine-disc-label .name=${disc.medium.name} .report=${disc.report}></vitrine-disc-label>
                </section>`
              : nothing
          }
        </div>
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
