import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import { DISK_GIB } from '../machine/disk-sizes.ts';
import { LONGEST_NAME } from '../page/machine-shelf-model.ts';
import { aeroButton } from './aero.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/** A machine is to be made, or not after all (`wish` null). */
export class VitrineNewMachineEvent extends Event {
  readonly wish: { readonly name: string; readonly diskGiB: number } | null;
  constructor(wish: { name: string; diskGiB: number } | null) {
    super('vitrine-new-machine', { bubbles: true, composed: true });
    this.wish = wish;
  }
}

/** The form for a new machine: a name and the size of its disk. */
@customElement('vitrine-new-machine')
export class VitrineNewMachine extends VitrineElement {
  static override styles = [
    aeroButton,
    theme,
    css`
      :host {
        --glow: #1c6aa8;
        display: block;
      }
      form {
        display: flex;
        flex-wrap: wrap;
        gap: 10px;
        align-items: end;
        padding: 12px;
        border: 1px solid #b9c4ce;
        border-radius: 4px;
        background: #f7f9fb;
        color: #15181c;
        font: 13px/1.4 var(--sans);
      }
      label {
        display: grid;
        gap: 3px;
      }
      label.name {
        flex: 1 1 12em;
      }
      input {
        width: 100%;
        min-height: 28px;
        padding: 2px 6px;
        border: 1px solid #8f959c;
        border-radius: 2px;
        background: #fff;
        color: inherit;
        font: 14px/1.3 var(--sans);
      }
      label.size input {
        width: 6em;
      }
      .note {
        flex: 1 0 100%;
        margin: 0;
        color: #3c434b;
      }
      .buttons {
        display: flex;
        gap: 6px;
      }
      button {
        min-width: 0;
        min-height: 28px;
        padding: 0 12px;
        font-size: 13px;
      }
    `,
  ];

  @property({ type: Boolean }) busy = false;

  override firstUpdated(): void {
    this.renderRoot.querySelector('input')!.focus();
  }

  override render() {
    return html`
      <form aria-label=${t`New machine`} @submit=${this.#make} @keydown=${this.#onKey}>
        <label class="name">
          ${t`Name`}
          <input name="name" required maxlength=${LONGEST_NAME} autocomplete="off" placeholder="Windows 7" />
        </label>
        <label class="size">
          ${t`Disk, in GB`}
          <input
            name="size"
            type="number"
            required
            min=${DISK_GIB.smallest}
            max=${DISK_GIB.largest}
            step="1"
            value=${DISK_GIB.usual}
            aria-describedby="size-note"
          />
        </label>
        <div class="buttons">
          <button class="default" type="submit" ?disabled=${this.busy}>${t`Make it`}</button>
          <button type="button" @click=${this.#cancel}>${t`Cancel`}</button>
        </div>
        <p class="note" id="size-note">
          ${t`From ${DISK_GIB.smallest} to ${DISK_GIB.largest} GB. A disk takes room here only for what is written on it.`}
        </p>
      </form>
    `;
  }

  readonly #make = (event: SubmitEvent): void => {
    event.preventDefault();
    const [name, size] = this.renderRoot.querySelectorAll('input');
    this.dispatchEvent(new VitrineNewMachineEvent({ name: name.value, diskGiB: size.valueAsNumber }));
  };

  readonly #cancel = (): void => {
    this.dispatchEvent(new VitrineNewMachineEvent(null));
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.#cancel();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-new-machine': VitrineNewMachine;
  }
  interface HTMLElementEventMap {
    'vitrine-new-machine': VitrineNewMachineEvent;
  }
}
