import { formatTime } from '../lib/format.ts';
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { toVitrineError, type VitrineError } from '../lib/errors.ts';
import { t } from '../lib/language.ts';
import type { Progress } from '../lib/progress-meter.ts';
import { isOn } from '../machine/power.ts';
import type { MachineSession } from '../page/machine-session.ts';
import { saveStream } from '../page/save-stream.ts';
import type { DiskFileFormat } from '../protocol/disk-messages.ts';
import type { SnapshotInfo } from '../protocol/snapshot-messages.ts';
import { aeroButton, aeroForm } from './aero.ts';
import { diskSizeWords } from './shelf-words.ts';
import { StoreController } from './store-controller.ts';
import { VitrineElement } from './vitrine-element.ts';
import type { VitrineWindow } from './vitrine-window.ts';
import { windowLook } from './window-look.ts';
import { theme } from './theme.ts';
import { VitrineDoneEvent } from './events.ts';
import './vitrine-progress.ts';
import './vitrine-status.ts';
import './vitrine-window.ts';

interface FileChoice {
  readonly format: DiskFileFormat;
  readonly ending: string;
  readonly label: string;
  /** `sizeBytes`: of the disk as its guest sees it. */
  readonly words: (sizeBytes: number) => string;
}

const CHOICES: readonly FileChoice[] = [
  {
    format: 'qcow2',
    ending: '.qcow2',
    label: 'qcow2',
    words: () => t`for QEMU and for this exhibit; as small as what is on the disk`,
  },
  {
    format: 'vhd',
    ending: '.vhd',
    label: 'VHD',
    words: () => t`for VirtualBox, Hyper-V and Windows itself; as small as what is on the disk`,
  },
  {
    format: 'raw',
    ending: '.img',
    get label() {
      return t`Raw`;
    },
    words: (sizeBytes) => t`for everything; every byte of the disk, ${diskSizeWords(sizeBytes)}`,
  },
];

/** The window that writes the disk of the machine in the case into a file. `session` is given once. */
@customElement('vitrine-save-disk')
export class VitrineSaveDisk extends VitrineElement {
  static override styles = [
    aeroButton,
    aeroForm,
    theme,
    windowLook,
    css`
      fieldset {
        display: grid;
        gap: 8px;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0 0 6px;
        font: inherit;
      }
      .choice {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0 8px;
        align-items: baseline;
      }
      .choice span {
        display: block;
      }
      .field {
        display: grid;
        gap: 3px;
      }
      select:not([multiple]) {
        max-width: 100%;
        height: 28px;
        font: 13px var(--sans);
        color: inherit;
      }
    `,
  ];

  @property({ attribute: false }) session!: MachineSession;

  @state() private choice: FileChoice = CHOICES[0];
  @state() private moments: readonly SnapshotInfo[] = [];
  @state() private momentId = '';
  @state() private progress: Progress | null = null;
  @state() private saving = false;
  @state() private problem: VitrineError | null = null;
  @state() private done = '';
  @query('vitrine-window') private readonly window!: VitrineWindow;

  #cancel: AbortController | null = null;

  constructor() {
    super();
    new StoreController(this, () => [this.session.power, this.session.machine]);
  }

  protected override firstUpdated(): void {
    void this.#listMoments();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#cancel?.abort();
  }

  async #listMoments(): Promise<void> {
    try {
      this.moments = await this.session.moments.list();
    } catch (thrown) {
      this.problem = toVitrineError(thrown);
    }
  }

  /** While the machine is on, those that it replaces by itself are gone before they are written. */
  get #offered(): readonly SnapshotInfo[] {
    if (!isOn(this.session.power.value)) return this.moments;
    return this.moments.filter(({ kind }) => kind !== 'checkpoint' && kind !== 'before');
  }

  /** '' for the disk as it is now, also when the chosen moment is offered no more. */
  get #momentId(): string {
    return this.#offered.some(({ id }) => id === this.momentId) ? this.momentId : '';
  }

  get #fileName(): string {
    return `${this.session.machine.value?.name ?? t`disk`}${this.choice.ending}`;
  }

  readonly #save = async (): Promise<void> => {
    const { choice, session } = this;
    const momentId = this.#momentId;
    const cancel = new AbortController();
    this.#cancel = cancel;
    this.problem = null;
    this.done = '';
    this.progress = null;
    this.saving = true;
    try {
      const saved = await saveStream({
        suggestedName: this.#fileName,
        types: [
          {
            description: t`${choice.label} disk image`,
            accept: { 'application/octet-stream': [choice.ending] },
          },
        ],
        signal: cancel.signal,
        open: async (signal) => {
          const { stream } = await session.disks.export(choice.format, {
            signal,
            onProgress: (progress) => (this.progress = progress),
            ...(momentId !== '' && { momentId }),
          });
          return stream;
        },
      });
      if (!saved) return;
      this.done =
        saved.way === 'file'
          ? t`The disk was written, and the file is whole.`
          : t`The disk was handed to the browser’s downloads.`;
    } catch (thrown) {
      const error = toVitrineError(thrown);
      // The visitor knows that they stopped it.
      if (!cancel.signal.aborted) this.problem = error;
      else this.done = t`It was stopped; there is no file.`;
    } finally {
      this.saving = false;
    }
  };

  readonly #onClosed = (): void => {
    this.dispatchEvent(new VitrineDoneEvent());
  };

  override render() {
    return html`
      <vitrine-window
        .heading=${t`Save the disk as…`}
        ?busy=${this.saving}
        @vitrine-window-closed=${this.#onClosed}
        @vitrine-window-escape=${() => this.#cancel?.abort()}
      >
        <h2>${t`The disk of “${this.session.machine.value?.name ?? t`this machine`}”`}</h2>
        ${this.saving ? this.#progress() : this.#form()}
      </vitrine-window>
    `;
  }

  #progress() {
    return html`<vitrine-progress
      label=${t`Writing ${this.#fileName}`}
      .progress=${this.progress}
      @vitrine-cancel=${() => this.#cancel?.abort()}
    ></vitrine-progress>`;
  }

  #form() {
    const sizeBytes = this.session.machine.value?.sizeBytes ?? 0;
    return html`
      <fieldset>
        <legend class="soft">${t`As a file`}</legend>
        ${CHOICES.map(
          (choice) => html`
            <label class="choice">
              <input
                type="radio"
                name="format"
                .checked=${choice === this.choice}
                @change=${() => (this.choice = choice)}
              />
              <span>${choice.label} <span class="soft">${choice.words(sizeBytes)}</span></span>
            </label>
          `,
        )}
      </fieldset>
      ${this.#momentField()}
      <p class="soft">
        ${
          isOn(this.session.power.value) && this.#momentId === ''
            ? t`The machine goes on meanwhile; the file holds its disk as of the moment you press Save, as after a power cut. Shut the system down first for a clean one.`
            : t`The file is made on this device, and sent nowhere.`
        }
      </p>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem.words}</p>` : nothing}
      ${this.done ? html`<vitrine-status class="good" .words=${this.done}></vitrine-status>` : nothing}
      <button slot="commands" class="default" @click=${this.#save}>${t`Save`}</button>
      <button slot="commands" @click=${() => this.window.close()}>${t`Close`}</button>
    `;
  }

  #momentField() {
    const offered = this.#offered;
    if (offered.length === 0) return nothing;
    const choose = (event: Event) => (this.momentId = (event.target as HTMLSelectElement).value);
    return html`<label class="field">
      <span class="soft">${t`As it is, or was`}</span>
      <select @change=${choose}>
        <option value="" .selected=${this.#momentId === ''}>${t`Now`}</option>
        ${offered.map(
          (moment) =>
            html`<option value=${moment.id} .selected=${this.#momentId === moment.id}>
              ${momentName(moment)}
            </option>`,
        )}
      </select>
    </label>`;
  }
}

function momentName({ label, kind, createdAt }: SnapshotInfo): string {
  const at = formatTime(new Date(createdAt), { dateStyle: 'medium', timeStyle: 'medium' });
  if (label) return `${label}, ${at}`;
  return kind === 'checkpoint' ? t`Saved by itself, ${at}` : t`Saved ${at}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-save-disk': VitrineSaveDisk;
  }
}
