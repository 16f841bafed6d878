import { css, html, type PropertyValues } from 'lit';
import { customElement, property, queryAll } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import type { Power } from '../machine/power.ts';
import { VitrineWishEvent, type Wish } from './events.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

interface Choice {
  wish: Wish;
  label: string;
  note: string;
}

/** What the power button can do while the machine is on: a menu above it. */
@customElement('vitrine-power-menu')
export class VitrinePowerMenu extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        position: absolute;
        right: 0;
        bottom: calc(100% + 8px);
        z-index: 6;
        width: min(330px, 90vw);
        max-height: calc(100dvh - 16px);
        overflow: auto;
        padding: 5px;
        border: 1px solid #8a949e;
        border-radius: 5px;
        background: #f4f6f9;
        box-shadow: 0 14px 34px #000b;
      }
      button {
        display: block;
        width: 100%;
        padding: 8px 12px;
        border: 1px solid transparent;
        border-radius: 3px;
        background: none;
        color: #14202c;
        font: 14px/1.35 var(--sans);
        text-align: left;
        cursor: pointer;
      }
      button:hover,
      button:focus-visible {
        border-color: #aecff7;
        background: linear-gradient(#eef5fd, #d9e9fb);
      }
      small {
        display: block;
        color: #4d5a66;
        font-size: 12px;
      }
    `,
  ];

  @property() power: Power = 'running';
  /** Without ACPI there is no power button that a system could listen to. */
  @property({ type: Boolean }) acpi = true;
  @queryAll('button') private readonly buttons!: NodeListOf<HTMLButtonElement>;

  override firstUpdated(): void {
    this.buttons[0].focus();
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    this.setAttribute('role', 'menu');
    this.setAttribute('aria-label', t`Power`);
  }

  #choices(): Choice[] {
    const paused = this.power === 'paused';
    return [
      ...(paused || !this.acpi
        ? []
        : [
            {
              wish: 'shut-down',
              label: t`Shut down`,
              note: t`Press the button: a system that listens shuts itself down`,
            } as const,
          ]),
      paused
        ? { wish: 'resume', label: t`Resume`, note: t`Go on exactly where it was` }
        : { wish: 'pause', label: t`Pause`, note: t`Stop time for the machine` },
      { wish: 'reset', label: t`Reset`, note: t`Start again from the beginning; unsaved work is lost` },
      { wish: 'cut-power', label: t`Turn off now`, note: t`Cut the power; unsaved work is lost` },
      { wish: 'power-menu', label: t`Cancel`, note: '' },
    ];
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.dispatchEvent(new VitrineWishEvent('power-menu'));
    }
    if (step === 0) return;
    event.preventDefault();
    const buttons = [...this.buttons];
    const at = buttons.indexOf(this.shadowRoot!.activeElement as HTMLButtonElement);
    buttons[(at + step + buttons.length) % buttons.length].focus();
  };

  override render() {
    return this.#choices().map(
      ({ wish, label, note }) => html`
        <button
          role="menuitem"
          @keydown=${this.#onKey}
          @click=${() => this.dispatchEvent(new VitrineWishEvent(wish))}
        >
          ${label}${note ? html`<small>${note}</small>` : ''}
        </button>
      `,
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-power-menu': VitrinePowerMenu;
  }
}
