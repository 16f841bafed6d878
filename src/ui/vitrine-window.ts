import { css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import { aeroButton, aeroWindow } from './aero.ts';
import { theme } from './theme.ts';
import { VitrineElement } from './vitrine-element.ts';

/** The window is shut: whoever opened it takes it away. */
export class VitrineWindowClosedEvent extends Event {
  constructor() {
    super('vitrine-window-closed');
  }
}

/** Escape was pressed in a window that is busy: to be taken as a wish to stop what it is at. */
export class VitrineWindowEscapeEvent extends Event {
  constructor() {
    super('vitrine-window-escape');
  }
}

/**
 * A window over the exhibit: a title, a cross, what it holds, and a row of commands that stays in sight while the rest
 * scrolls. Opens as soon as it is in the page, keeps the focus in it and gives it back, as the browser's own `<dialog>` does.
 * In it: the contents, and with `slot="commands"` its buttons. `--window-width` says how wide it may be.
 */
@customElement('vitrine-window')
export class VitrineWindow extends VitrineElement {
  static override styles = [
    aeroWindow,
    aeroButton,
    theme,
    css`
      :host {
        --glow: #1c6aa8;
        display: contents;
      }
      dialog {
        width: min(var(--window-width, 560px), calc(100vw - 16px));
        max-width: none;
        max-height: calc(100dvh - 16px);
        padding: 0;
        border: 0;
        background: none;
        color: var(--window-ink);
        text-align: left;
        overflow: visible;
      }
      dialog::backdrop {
        background: #05070ab3;
      }
      .window {
        display: flex;
        flex-direction: column;
        max-height: calc(100dvh - 16px);
      }
      .title-bar {
        flex: none;
      }
      .title-bar-text {
        font: 600 13px var(--sans);
      }
      .window-body {
        display: flex;
        flex-direction: column;
        min-height: 0;
        padding: 0;
        background: #fff;
        font: 13px/1.45 var(--sans);
      }
      .contents {
        display: grid;
        flex: 1;
        gap: var(--window-gap, 12px);
        align-content: start;
        min-height: 0;
        padding: var(--window-padding, 16px 18px 18px);
        overflow: auto;
        overscroll-behavior: contain;
      }
      .commands {
        display: flex;
        flex: none;
        flex-wrap: wrap;
        gap: 8px;
        justify-content: flex-end;
        padding: 10px 18px;
        border-top: 1px solid var(--window-line);
        background: #f4f6f8;
      }
      .commands[hidden] {
        display: none;
      }
      @media (max-width: 480px) {
        .contents {
          padding: var(--window-padding, 12px);
        }
        .commands {
          padding: 8px 12px;
        }
      }
    `,
  ];

  @property() heading = '';
  /** Something is under way that the cross does not end: see `VitrineWindowEscapeEvent`. */
  @property({ type: Boolean }) busy = false;
  /** What it holds is still looked for. */
  @property({ type: Boolean }) loading = false;

  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('slot[name=commands]') private readonly commands!: HTMLSlotElement;

  protected override firstUpdated(): void {
    this.#showCommands();
    this.dialog.showModal();
  }

  /** Shuts it; the focus goes back to where it was. */
  close(): void {
    this.dialog.close();
  }

  readonly #showCommands = (): void => {
    this.commands.parentElement!.hidden = this.commands.assignedElements().length === 0;
  };

  readonly #onCancel = (event: Event): void => {
    if (!this.busy) return;
    event.preventDefault();
    this.dispatchEvent(new VitrineWindowEscapeEvent());
  };

  override render() {
    return html`
      <dialog
        aria-labelledby="title"
        @close=${() => this.dispatchEvent(new VitrineWindowClosedEvent())}
        @cancel=${this.#onCancel}
      >
        <div class="window active">
          <div class="title-bar">
            <div class="title-bar-text" id="title">${this.heading}</div>
            <div class="title-bar-controls">
              <button
                class="is-close"
                aria-label=${t`Close`}
                ?disabled=${this.busy}
                @click=${() => this.dialog.close()}
              ></button>
            </div>
          </div>
          <div class="window-body">
            <div class="contents" aria-busy=${this.loading ? 'true' : 'false'}><slot></slot></div>
            <div class="commands"><slot name="commands" @slotchange=${this.#showCommands}></slot></div>
          </div>
        </div>
      </dialog>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-window': VitrineWindow;
  }
  interface HTMLElementEventMap {
    'vitrine-window-closed': VitrineWindowClosedEvent;
    'vitrine-window-escape': VitrineWindowEscapeEvent;
  }
}
