import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { toVitrineError, type VitrineError } from '../lib/errors.ts';
import { t } from '../lib/language.ts';
import { isOn } from '../machine/power.ts';
import { MachineShelfModel } from '../page/machine-shelf-model.ts';
import { MACHINE_ENDING } from '../page/machine-files.ts';
import type { MachineSession } from '../page/machine-session.ts';
import { pickFile } from '../page/picked-file.ts';
import { aeroButton } from './aero.ts';
import { VitrineWishEvent, type Wish } from './events.ts';
import { StoreController } from './store-controller.ts';
import { VitrineElement } from './vitrine-element.ts';
import type { VitrineWindow } from './vitrine-window.ts';
import { windowLook } from './window-look.ts';
import { theme } from './theme.ts';
import type { VitrineBringEvent } from './vitrine-bring-machine.ts';
import type { VitrineEraseEvent } from './vitrine-erase-machine.ts';
import type { VitrineNewMachineEvent } from './vitrine-new-machine.ts';
import type { VitrineShelfWishEvent } from './vitrine-shelf-machine.ts';
import './vitrine-bring-machine.ts';
import './vitrine-disk-map.ts';
import './vitrine-new-machine.ts';
import './vitrine-progress.ts';
import './vitrine-shelf-machine.ts';
import './vitrine-storage-meter.ts';
import './vitrine-window.ts';

/** How often the shelf is looked at again while it is open: sizes grow, and other tabs change it too. */
const LOOK_MS = 2000;

/** The shelf of machines: a window over the exhibit. Closes itself with the wish 'shelf'. */
@customElement('vitrine-shelf')
export class VitrineShelf extends VitrineElement {
  static override styles = [
    aeroButton,
    theme,
    windowLook,
    css`
      vitrine-window {
        --window-width: 940px;
        --window-padding: 0;
        --window-gap: 0;
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 300px;
        min-height: 340px;
      }
      .machines {
        padding: 14px 16px 18px;
      }
      aside {
        padding: 14px 16px 18px;
        border-left: 1px solid var(--window-line);
        background: var(--window-side);
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
        justify-content: space-between;
        margin-bottom: 10px;
      }
      h2 {
        margin: 0 0 8px;
        color: #1e395b;
        font: 400 17px/1.3 var(--sans);
      }
      .head h2 {
        margin: 0;
      }
      .head .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      aside section + section {
        margin-top: 18px;
      }
      ul {
        display: grid;
        gap: 8px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      vitrine-new-machine {
        margin-bottom: 10px;
      }
      .notice,
      .problem {
        margin: 0 0 10px;
      }
      .new {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      .new button,
      .head button,
      footer button {
        min-width: 0;
        min-height: 28px;
        padding: 0 12px;
        font-size: 13px;
      }
      @media (max-width: 720px) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
        .machines,
        aside {
          padding: 12px;
        }
        aside {
          border-top: 1px solid var(--window-line);
          border-left: 0;
        }
      }
      @media (min-width: 1700px) {
        vitrine-window {
          --window-width: 1120px;
        }
        .columns {
          grid-template-columns: minmax(0, 1fr) 380px;
        }
      }
    `,
  ];

  @property({ attribute: false }) session!: MachineSession;
  @state() private making = false;
  @state() private busy = false;
  /** Why what was asked for could not be done. */
  @state() private problem: VitrineError | null = null;
  /** Why the last look failed. */
  @state() private blindness: VitrineError | null = null;
  /** What was just done, for those who hear the page. */
  @state() private done = '';
  @query('vitrine-window') private readonly window!: VitrineWindow;

  #model: MachineShelfModel | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #endPower: () => void = () => {};

  constructor() {
    super();
    new StoreController(this, () => {
      const { power, files, disks } = this.session;
      return [this.model.view, power, files.work, files.brought, disks.base.standing];
    });
  }

  private get model(): MachineShelfModel {
    this.#model ??= new MachineShelfModel(this.session);
    return this.#model;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#look();
    this.#endPower = this.session.power.subscribe(() => void this.#look());
    this.#timer = setInterval(() => {
      if (!document.hidden && !this.busy) void this.#look();
    }, LOOK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endPower();
    clearInterval(this.#timer);
  }

  get #caseIsOn(): boolean {
    return isOn(this.session.power.value);
  }

  /** A look that fails says so until one does better. */
  async #look(): Promise<void> {
    try {
      await this.model.refresh();
      this.blindness = null;
    } catch (thrown) {
      this.blindness = toVitrineError(thrown);
    }
  }

  /** Does what was asked for; what cannot be done is said above the list. True when it was done. */
  async #try(action: () => Promise<unknown>, done = ''): Promise<boolean> {
    this.problem = null;
    this.busy = true;
    try {
      await action();
      this.done = done;
      return true;
    } catch (thrown) {
      this.problem = toVitrineError(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }

  #nameOf(machineId: string): string {
    return this.model.view.value?.machines.find(({ id }) => id === machineId)?.name ?? machineId;
  }

  #card(machineId: string) {
    const cards = [...this.renderRoot.querySelectorAll('vitrine-shelf-machine')];
    return cards.find(({ machine }) => machine.id === machineId);
  }

  readonly #onNew = async ({ wish }: VitrineNewMachineEvent): Promise<void> => {
    let made = '';
    if (wish) {
      const create = async () => (made = await this.model.create(wish.name, wish.diskGiB));
      if (!(await this.#try(create, t`“${wish.name}” was made.`))) return;
    }
    this.making = false;
    await this.updateComplete;
    if (made) this.#card(made)?.focus();
    else this.renderRoot.querySelector<HTMLElement>('.head button')?.focus();
  };

  readonly #onWish = async ({ wish }: VitrineShelfWishEvent): Promise<void> => {
    const { machineId } = wish;
    const name = this.#nameOf(machineId);
    switch (wish.type) {
      case 'choose':
        await this.#try(() => this.model.choose(machineId), t`“${name}” is in the case.`);
        this.#card(machineId)?.focus();
        return;
      case 'rename':
        await this.#try(() => this.model.rename(machineId, wish.name), t`“${name}” is now “${wish.name}”.`);
        return;
      case 'duplicate': {
        let copy = '';
        await this.#try(async () => (copy = await this.model.duplicate(machineId)));
        await this.updateComplete;
        if (copy) this.done = t`“${name}” was copied as “${this.#nameOf(copy)}”.`;
        this.#card(copy)?.focus();
        return;
      }
      case 'save':
        await this.#saveToFile(machineId, name);
    }
  };

  async #saveToFile(machineId: string, name: string): Promise<void> {
    let outcome = '';
    const save = async () => (outcome = await this.model.saveToFile(machineId));
    if (!(await this.#try(save)) || outcome === 'dismissed') return;
    this.done = outcome === 'done' ? t`“${name}” is in a file now.` : t`The file was given up.`;
  }

  readonly #onBring = async ({ as }: VitrineBringEvent): Promise<void> => {
    const { files, opening } = this.session;
    if (!as) return files.brought.set(null);
    let outcome = '';
    if (!(await this.#try(async () => (outcome = await this.model.bring(as))))) return;
    this.done =
      outcome === 'done' ? t`The machine is on the shelf.` : t`It was given up; everything is as it was.`;
    // What came may have been left while it was on: that is asked over the picture.
    if (opening.state.value.phase === 'asking') this.window.close();
  };

  readonly #pickMachine = (): void => {
    void this.#try(async () => {
      const picked = await pickFile(t`Machine of this exhibit`, [MACHINE_ENDING]);
      if (picked) this.session.files.brought.set(picked.file);
    });
  };

  readonly #onErase = async ({ machineId }: VitrineEraseEvent): Promise<void> => {
    const name = this.#nameOf(machineId);
    if (await this.#try(() => this.model.erase(machineId), t`“${name}” was erased.`)) {
      this.renderRoot.querySelector<HTMLElement>('.head button')?.focus();
    } else {
      this.#card(machineId)?.resetEraser();
    }
  };

  readonly #onKeep = (): void => {
    void this.#try(() => this.model.askToKeep());
  };

  override render() {
    const view = this.model.view.value;
    return html`
      <vitrine-window
        .heading=${t`Machines`}
        ?loading=${!view}
        @vitrine-window-closed=${this.#onClosed}
        @vitrine-new-machine=${this.#onNew}
        @vitrine-shelf-wish=${this.#onWish}
        @vitrine-erase=${this.#onErase}
        @vitrine-bring=${this.#onBring}
        @vitrine-cancel=${() => this.session.files.cancel()}
        @vitrine-keep=${this.#onKeep}
      >
        <div class="columns">
          <div class="machines">${this.#machines()}</div>
          <aside aria-label=${t`Storage`}>${this.#storage()}</aside>
        </div>
        <div class="visually-hidden" role="status">${this.done}</div>
      </vitrine-window>
    `;
  }

  #wish(wish: Wish): void {
    this.dispatchEvent(new VitrineWishEvent(wish));
  }

  readonly #onClosed = (): void => {
    this.dispatchEvent(new VitrineWishEvent('shelf'));
  };

  #machines() {
    const view = this.model.view.value;
    const problem = this.problem ?? this.blindness;
    const work = this.session.files.work.value;
    const brought = this.session.files.brought.value;
    return html`
      <div class="head">
        <h2>${t`Kept on this device`}</h2>
        ${
          this.making
            ? nothing
            : html`<div class="buttons">
                <button ?disabled=${!view} @click=${() => (this.making = true)}>${t`New machine…`}</button>
                <button @click=${() => this.#wish('choose-disk')}>
                  ${t`New machine from a disk image…`}
                </button>
                <button ?disabled=${!view || work !== null} @click=${this.#pickMachine}>
                  ${t`Bring a machine file…`}
                </button>
              </div>`
        }
      </div>
      ${
        work
          ? html`<vitrine-progress
              class="notice"
              .label=${work.kind === 'writing' ? t`Writing ${work.fileName}` : t`Reading and checking ${work.fileName}`}
              .progress=${work.progress}
            ></vitrine-progress>`
          : nothing
      }
      ${
        brought && view
          ? html`<vitrine-bring-machine
              .file=${brought}
              .inCase=${view.machines.find(({ isInCase, isStored }) => isInCase && isStored) ?? null}
            ></vitrine-bring-machine>`
          : nothing
      }
      ${problem ? html`<p class="problem" role="alert">${problem.words}</p>` : nothing}
      ${
        this.#caseIsOn
          ? html`<p class="notice">
              ${t`The machine in the case is on. Turn it off to put another one in, or to copy or erase it.`}
            </p>`
          : nothing
      }
      ${this.making ? html`<vitrine-new-machine .busy=${this.busy}></vitrine-new-machine>` : nothing}
      ${
        view
          ? html`<ul>
              ${repeat(
                view.machines,
                ({ id }) => id,
                (machine) =>
                  html`<li>
                    <vitrine-shelf-machine
                      .machine=${machine}
                      .caseIsOn=${this.#caseIsOn}
                    ></vitrine-shelf-machine>
                  </li>`,
              )}
            </ul>`
          : problem
            ? nothing
            : html`<p>${t`Looking at the shelf…`}</p>`
      }
    `;
  }

  #diskActions() {
    const base = this.session.disks.base.standing.value;
    return html`
      ${base ? html`<p>${t`It stands on ${base.name}, a file of yours.`}</p>` : nothing}
      <div class="new">
        <button @click=${() => this.#wish('save-disk')}>${t`Save the disk as…`}</button>
        ${
          base && !this.#caseIsOn
            ? html`<button @click=${() => this.#wish('keep-base')}>
                ${t`Keep ${base.name} in the browser…`}
              </button>`
            : nothing
        }
      </div>
    `;
  }

  #storage() {
    const view = this.model.view.value;
    if (!view) return nothing;
    const inCase = view.machines.find(({ isInCase }) => isInCase);
    return html`
      <section>
        <h2>${t`Room`}</h2>
        <vitrine-storage-meter
          .room=${view.room}
          .thisBytes=${inCase ? inCase.ownBytes + inCase.sharedBytes + inCase.moments.storedBytes : 0}
          .allBytes=${view.storedBytes}
        ></vitrine-storage-meter>
      </section>
      <section>
        <h2>${t`The disk in the case`}</h2>
        <vitrine-disk-map .session=${this.session}></vitrine-disk-map>
        ${inCase?.isStored ? this.#diskActions() : nothing}
      </section>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-shelf': VitrineShelf;
  }
}
