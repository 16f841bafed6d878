import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { toVitrineError, type VitrineError } from '../lib/errors.ts';
import { formatBytes } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import { MOMENT_KEY } from '../page/keyboard/moment-key.ts';
import type { MachineSession } from '../page/machine-session.ts';
import { MomentShelfModel } from '../page/moment-shelf-model.ts';
import { aeroButton } from './aero.ts';
import { VitrineWishEvent } from './events.ts';
import { StoreController } from './store-controller.ts';
import { VitrineElement } from './vitrine-element.ts';
import type { VitrineWindow } from './vitrine-window.ts';
import { windowLook } from './window-look.ts';
import { theme } from './theme.ts';
import type { VitrineMomentDetails, VitrineMomentWishEvent } from './vitrine-moment-details.ts';
import type {
  VitrineMomentAskEvent,
  VitrineMomentChosenEvent,
  VitrineMomentTree,
} from './vitrine-moment-tree.ts';
import './vitrine-moment-details.ts';
import './vitrine-moment-note.ts';
import './vitrine-moment-tree.ts';
import './vitrine-window.ts';

/** How often the shelf is looked at again while it is open: the checkpoint moves on, and other tabs change it too. */
const LOOK_MS = 2000;

/** The shelf of moments: a window over the exhibit. Closes itself with the wish 'moments'. */
@customElement('vitrine-moments')
export class VitrineMoments extends VitrineElement {
  static override styles = [
    aeroButton,
    theme,
    windowLook,
    css`
      vitrine-window {
        --window-width: 860px;
        --window-padding: 0;
        --window-gap: 0;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 14px;
        align-items: center;
        justify-content: space-between;
        padding: 12px 16px 10px;
        border-bottom: 1px solid #e1e5ea;
      }
      h2 {
        margin: 0;
        color: #1e395b;
        font: 400 17px/1.3 var(--sans);
      }
      .head p {
        margin: 0;
        color: #3c434b;
      }
      .head .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      button {
        min-width: 0;
        min-height: 28px;
        padding: 0 12px;
        font-size: 13px;
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 300px;
        min-height: 300px;
      }
      .tree {
        min-width: 0;
        padding: 10px;
      }
      vitrine-moment-details {
        padding: 14px 16px 18px;
        border-left: 1px solid var(--window-line);
        background: var(--window-side);
      }
      .notice,
      .problem {
        margin: 10px 16px 0;
      }
      vitrine-moment-note {
        margin: 10px 16px 0;
      }
      .empty {
        display: grid;
        gap: 8px;
        max-width: 44em;
        padding: 22px 18px 30px;
      }
      .empty p {
        margin: 0;
      }
      @media (max-width: 720px) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
          min-height: 0;
        }
        vitrine-moment-details {
          border-top: 1px solid var(--window-line);
          border-left: 0;
        }
        .tree {
          max-height: 46dvh;
          overflow: auto;
        }
      }
    `,
  ];

  @property({ attribute: false }) session!: MachineSession;
  @state() private chosen = '';
  @state() private problem: VitrineError | null = null;
  @query('vitrine-window') private readonly window!: VitrineWindow;
  @query('vitrine-moment-tree') private readonly tree!: VitrineMomentTree | null;
  @query('vitrine-moment-details') private readonly details!: VitrineMomentDetails | null;

  #model: MomentShelfModel | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #ends: (() => void)[] = [];

  constructor() {
    super();
    new StoreController(this, () => [
      this.model.view,
      this.session.power,
      this.session.deeds.doing,
      this.session.deeds.note,
      this.session.moments.hasFirst,
    ]);
  }

  private get model(): MomentShelfModel {
    this.#model ??= new MomentShelfModel(this.session);
    return this.#model;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#look();
    const look = () => void this.#look();
    this.#ends = [this.session.moments.changes.subscribe(look), this.session.power.subscribe(look)];
    this.#timer = setInterval(() => {
      if (!document.hidden && !this.session.deeds.doing.value) look();
    }, LOOK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
    clearInterval(this.#timer);
  }

  /** A look that fails says so; the next one may do better. */
  async #look(): Promise<void> {
    try {
      await this.model.refresh();
      this.problem = null;
      this.#keepChoice();
    } catch (thrown) {
      const error = toVitrineError(thrown);
      // It was turned off meanwhile, and that is a reason to look again.
      if (error.code !== 'machine/stopped') this.problem = error;
    }
  }

  /** What was chosen may be gone: then it is where the machine is, or what was saved last. */
  #keepChoice(): void {
    const rows = this.model.view.value?.rows ?? [];
    if (rows.some(({ moment }) => moment.id === this.chosen)) return;
    const here = rows.find(({ moment }) => moment.isCurrent) ?? rows.at(-1);
    this.chosen = here?.moment.id ?? '';
  }

  get #isRunning(): boolean {
    const { power } = this.session.power.value;
    return power === 'running' || power === 'paused';
  }

  get #isBusy(): boolean {
    return this.session.deeds.doing.value !== null || this.session.power.value.power === 'starting';
  }

  readonly #onWish = async ({ wish }: VitrineMomentWishEvent): Promise<void> => {
    const { deeds } = this.session;
    switch (wish.type) {
      case 'go-back':
        // What it goes back to is to be seen, and the note over the case says how to undo it.
        if (await deeds.goBack(wish.id)) this.window.close();
        return;
      case 'rename':
        await deeds.rename(wish.id, wish.label);
        return;
      case 'pin':
      case 'unpin':
        await deeds.pinFirst(wish.type === 'pin' ? wish.id : null);
        return;
      case 'delete':
        await deeds.delete(wish.id);
        // Focus goes to what is there now.
        await this.#look();
        await this.updateComplete;
        await this.tree?.updateComplete;
        this.tree?.focus();
    }
  };

  readonly #onChosen = ({ id }: VitrineMomentChosenEvent): void => {
    this.chosen = id;
  };

  readonly #onAsk = ({ ask }: VitrineMomentAskEvent): void => {
    this.details?.ask(ask);
  };

  readonly #take = async (): Promise<void> => {
    if (!(await this.session.deeds.take())) return;
    const note = this.session.deeds.note.value;
    await this.#look();
    if (note?.kind === 'taken') this.chosen = note.moment.id;
  };

  readonly #reset = async (): Promise<void> => {
    if (await this.session.deeds.resetToFirst()) this.window.close();
  };

  readonly #onClosed = (): void => {
    this.dispatchEvent(new VitrineWishEvent('moments'));
  };

  override render() {
    const view = this.model.view.value;
    return html`
      <vitrine-window
        .heading=${t`Moments`}
        ?loading=${!view}
        @vitrine-window-closed=${this.#onClosed}
        @vitrine-moment-wish=${this.#onWish}
        @vitrine-moment-chosen=${this.#onChosen}
        @vitrine-moment-ask=${this.#onAsk}
      >
        ${this.#head()} ${this.#notices()} ${view ? this.#body(view.isElsewhere) : this.#waiting()}
      </vitrine-window>
    `;
  }

  #head() {
    const view = this.model.view.value;
    const count = view?.rows.length ?? 0;
    const total =
      view && count > 0
        ? count === 1
          ? t`1 moment, ${formatBytes(view.togetherBytes)} together`
          : t`${count} moments, ${formatBytes(view.togetherBytes)} together`
        : '';
    const canChange = !this.#isBusy && !view?.isElsewhere;
    return html`
      <div class="head">
        <div>
          <h2>${t`Saved moments of the machine in the case`}</h2>
          <p>${total}</p>
        </div>
        <div class="buttons">
          ${
            this.session.moments.hasFirst.value
              ? html`<button ?disabled=${!canChange} @click=${this.#reset}>
                  ${t`Reset to first state`}
                </button>`
              : nothing
          }
          <button
            class="default"
            title=${t`Key ${MOMENT_KEY}, also while you use the machine`}
            ?disabled=${!canChange || !this.#isRunning}
            @click=${this.#take}
          >
            ${t`Save this moment (${MOMENT_KEY})`}
          </button>
        </div>
      </div>
    `;
  }

  #notices() {
    const isElsewhere = this.model.view.value?.isElsewhere ?? false;
    return html`
      <vitrine-moment-note .session=${this.session}></vitrine-moment-note>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem.words}</p>` : nothing}
      ${
        isElsewhere
          ? html`<p class="notice">
              ${t`The machine is open in another tab or window. Its moments can be seen here, and changed there.`}
            </p>`
          : nothing
      }
    `;
  }

  #waiting() {
    return this.problem ? nothing : html`<div class="empty"><p>${t`Looking at what was saved…`}</p></div>`;
  }

  #body(isElsewhere: boolean) {
    const { rows } = this.model.view.value!;
    const chosen = rows.find(({ moment }) => moment.id === this.chosen);
    if (!chosen) return this.#empty();
    const disabled = isElsewhere || this.#isBusy;
    return html`
      <div class="columns">
        <div class="tree">
          <vitrine-moment-tree
            .rows=${rows}
            .chosen=${this.chosen}
            .disabled=${disabled}
          ></vitrine-moment-tree>
        </div>
        <vitrine-moment-details .row=${chosen} .disabled=${disabled}></vitrine-moment-details>
      </div>
    `;
  }

  #empty() {
    return html`
      <div class="empty">
        <p>
          ${t`Nothing is saved yet. A moment is the whole machine at one instant: its memory, its screen and its disk. You can go back to it at any time, and it goes on exactly where it was.`}
        </p>
        <p>
          ${this.#isRunning ? t`Save one with the button above, or with ${MOMENT_KEY} while you use the machine.` : t`Turn the machine on first; then save one here, or with ${MOMENT_KEY} while you use the machine.`}
          ${t`Once a minute a running machine is saved by itself too.`}
        </p>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-moments': VitrineMoments;
  }
}
