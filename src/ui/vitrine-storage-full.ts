import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { toVitrineError, type VitrineError } from '../lib/errors.ts';
import { formatBytes } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import { MachineShelfModel } from '../page/machine-shelf-model.ts';
import type { MachineSession } from '../page/machine-session.ts';
import { StoreController } from './store-controller.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import type { VitrineEraseEvent, VitrineEraseMachine } from './vitrine-erase-machine.ts';
import './vitrine-erase-machine.ts';

const LOOK_MS = 2000;

/** When storage is full: how much is needed, how much is free by now, and what can be erased to make room. */
@customElement('vitrine-storage-full')
export class VitrineStorageFull extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        --glow: #1c6aa8;
        display: block;
        flex: 1 0 100%;
        color: #15181c;
        font: 13px/1.45 var(--sans);
        text-align: left;
      }
      p {
        margin: 0 0 8px;
        font-variant-numeric: tabular-nums;
      }
      .enough {
        color: #176634;
        font-weight: 600;
      }
      .problem {
        color: var(--bad);
      }
      ul {
        display: grid;
        gap: 6px;
        max-height: 220px;
        margin: 0 0 8px;
        padding: 0;
        overflow: auto;
        list-style: none;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 10px;
        align-items: center;
        justify-content: space-between;
        padding: 6px 8px;
        border: 1px solid #d5dbe1;
        border-radius: 3px;
        background: #fff;
      }
      li > span {
        flex: 1 1 12em;
        overflow-wrap: anywhere;
      }
      vitrine-erase-machine[asking] {
        flex: 1 0 100%;
      }
    `,
  ];

  @property({ attribute: false }) session!: MachineSession;
  @state() private problem: VitrineError | null = null;
  @state() private done = '';
  /** Whether what the browser says of free room can be so: it refused to store a moment ago. */
  #isRoomTrue: boolean | null = null;

  #model: MachineShelfModel | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    new StoreController(this, () => [this.model.view, this.session.disk]);
  }

  private get model(): MachineShelfModel {
    this.#model ??= new MachineShelfModel(this.session);
    return this.#model;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#look();
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    try {
      await this.model.refresh();
      const { room } = this.model.view.value!;
      this.#isRoomTrue ??= room !== null && room.freeBytes <= this.#needed;
    } catch (thrown) {
      this.problem = toVitrineError(thrown);
    }
  }

  readonly #onErase = async (event: VitrineEraseEvent): Promise<void> => {
    const eraser = event.target as VitrineEraseMachine;
    const { name } = eraser.machine;
    this.problem = null;
    try {
      await this.model.erase(event.machineId);
      this.done = t`“${name}” was erased.`;
    } catch (thrown) {
      this.problem = toVitrineError(thrown);
      eraser.reset();
    }
  };

  override render() {
    const view = this.model.view.value;
    if (!view) return this.#problem();
    const others = view.machines.filter(
      ({ isInCase, ownBytes, moments }) => !isInCase && ownBytes + moments.storedBytes > 0,
    );
    return html`
      ${this.#room(view.room?.freeBytes ?? null)} ${this.#problem()}
      ${
        others.length === 0
          ? html`<p>${t`No other machine takes any room here. Free space on this device.`}</p>`
          : html`<p>${t`What can be erased here:`}</p>
              <ul aria-label=${t`Other machines`} @vitrine-erase=${this.#onErase}>
                ${repeat(
                  others,
                  ({ id }) => id,
                  (machine) =>
                    html`<li>
                      <span
                        ><strong>${machine.name}</strong>:
                        ${t`erasing it frees ${formatBytes(machine.ownBytes + machine.moments.storedBytes)}`}</span
                      >
                      <vitrine-erase-machine
                        .machine=${machine}
                        .refusal=${machine.on === 'elsewhere' ? t`It is on in another tab. Turn it off there first.` : ''}
                      ></vitrine-erase-machine>
                    </li>`,
                )}
              </ul>`
      }
    `;
  }

  get #needed(): number {
    return this.session.disk.value?.waitingBytes ?? 0;
  }

  #room(free: number | null) {
    const needed = this.#needed;
    if (free === null || !this.#isRoomTrue) {
      return html`<p class=${this.done ? 'enough' : ''} role="status">
        ${this.done}
        ${t`${formatBytes(needed)} are needed at least; this browser does not say how much is free.`}
        ${this.done ? t`Go on when you like.` : ''}
      </p>`;
    }
    return html`<p class=${free > needed ? 'enough' : ''} role="status">
      ${this.done} ${t`${formatBytes(needed)} are needed at least, ${formatBytes(free)} are free now.`}
      ${free > needed ? t`Go on when you like.` : ''}
    </p>`;
  }

  #problem() {
    return this.problem ? html`<p class="problem" role="alert">${this.problem.words}</p>` : nothing;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-storage-full': VitrineStorageFull;
  }
}
