import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { fitsDrive } from '../lib/disk-limit.ts';
import { toVitrineError, type VitrineError } from '../lib/errors.ts';
import { exactDiskSize } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import { ProgressMeter, type Progress } from '../lib/progress-meter.ts';
import { isOn } from '../machine/power.ts';
import type { DiskReport } from '../media/disk-report.ts';
import { isBlank } from '../page/browser-shelf.ts';
import { inspectImage, measureImage, type BroughtImage, type ImageRoom } from '../page/image-study.ts';
import { LONGEST_NAME } from '../page/machine-shelf-model.ts';
import type { MachineSession } from '../page/machine-session.ts';
import { aeroButton } from './aero.ts';
import {
  DISK_VERDICT_WORDS,
  diskFormatWords,
  diskWindowsWords,
  imageRoomWords,
  nameOfImage,
  partitionList,
} from './disk-report-words.ts';
import { VitrineDoneEvent } from './events.ts';
import { paper } from './paper.ts';
import { StoreController } from './store-controller.ts';
import { VitrineElement } from './vitrine-element.ts';
import type { VitrineWindow } from './vitrine-window.ts';
import { windowLook } from './window-look.ts';
import { theme } from './theme.ts';
import './vitrine-progress.ts';
import './vitrine-status.ts';
import './vitrine-window.ts';

type Phase = 'looking' | 'report' | 'attaching' | 'keeping';

/**
 * What a brought disk image is, said before anything is done with it, and the ways to have it: attached where it lies, or
 * copied into this browser. `session` and `image` are given once; ends with `vitrine-done`.
 */
@customElement('vitrine-disk-report')
export class VitrineDiskReport extends VitrineElement {
  static override styles = [
    aeroButton,
    theme,
    paper,
    windowLook,
    css`
      .verdict {
        padding: 7px 10px;
        border-left: 4px solid;
        background: color-mix(in srgb, currentcolor 8%, transparent);
        font: 600 14px/1.3 var(--sans);
      }
      .runs {
        color: var(--good);
      }
      .may-run {
        color: var(--warn);
      }
      .cannot-run,
      .not-a-disk {
        color: var(--bad);
      }
      .reasons {
        display: grid;
        gap: 6px;
      }
      .name {
        display: grid;
        gap: 3px;
      }
      input {
        min-height: 28px;
        padding: 2px 6px;
        border: 1px solid #8f959c;
        border-radius: 2px;
        background: #fff;
        color: inherit;
        font: 14px/1.3 var(--sans);
      }
    `,
  ];

  @property({ attribute: false }) session!: MachineSession;
  @property({ attribute: false }) image!: BroughtImage;
  /** It is the disk of the machine in the case already: what is left is to keep it, or to be content. */
  @property({ type: Boolean }) attached = false;

  @state() private phase: Phase = 'looking';
  @state() private report: DiskReport | null = null;
  @state() private room: ImageRoom | null = null;
  @state() private progress: Progress | null = null;
  @state() private problem: VitrineError | null = null;
  @query('vitrine-window') private readonly window!: VitrineWindow;
  @query('input') private readonly nameField!: HTMLInputElement | null;

  #cancel: AbortController | null = null;

  constructor() {
    super();
    new StoreController(this, () => [this.session.power, this.session.machine]);
  }

  protected override firstUpdated(): void {
    void this.#look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#cancel?.abort();
  }

  get #name(): string {
    return this.image.files[0].name;
  }

  get #caseIsOn(): boolean {
    return isOn(this.session.power.value);
  }

  /** A machine that has nothing yet takes the disk; any other keeps what it has, and a new one is made. */
  get #makesNew(): boolean {
    const machine = this.session.machine.value;
    return machine !== null && !isBlank(machine);
  }

  async #look(): Promise<void> {
    try {
      this.report = await inspectImage(this.image);
      this.phase = 'report';
      if (this.report.verdict === 'not-a-disk') return;
      if (fitsDrive(this.report.virtualSizeBytes)) this.room = await measureImage(this.image);
    } catch (thrown) {
      this.problem = toVitrineError(thrown);
      this.phase = 'report';
    }
  }

  async #attach(keep: boolean): Promise<void> {
    this.problem = null;
    try {
      if (!this.attached) {
        this.phase = 'attaching';
        const newMachine = this.#makesNew
          ? this.nameField?.value.trim() || nameOfImage(this.#name)
          : undefined;
        const options = { handles: this.image.handles, ...(newMachine !== undefined && { newMachine }) };
        await this.session.disks.attach(this.image.files, options);
        this.attached = true;
      }
      if (keep) await this.#keep();
      this.window.close();
    } catch (thrown) {
      this.problem = toVitrineError(thrown);
      this.phase = 'report';
    }
  }

  async #keep(): Promise<void> {
    this.phase = 'keeping';
    this.progress = null;
    const cancel = new AbortController();
    this.#cancel = cancel;
    const meter = new ProgressMeter(null);
    await this.session.disks.keepBase({
      signal: cancel.signal,
      onProgress: ({ doneBytes, totalBytes }) => {
        meter.set(doneBytes, totalBytes);
        this.progress = meter.read();
      },
    });
  }

  readonly #onCancel = (): void => this.#cancel?.abort();

  readonly #onClosed = (): void => {
    this.dispatchEvent(new VitrineDoneEvent());
  };

  override render() {
    return html`
      <vitrine-window
        .heading=${t`A disk image`}
        ?busy=${this.phase === 'keeping' || this.phase === 'attaching'}
        ?loading=${this.phase === 'looking'}
        @vitrine-window-closed=${this.#onClosed}
        @vitrine-window-escape=${this.#onCancel}
      >
        <h2>${this.#name}</h2>
        ${this.report ? this.#report(this.report) : nothing}
        ${this.problem ? html`<p class="problem" role="alert">${this.problem.words}</p>` : nothing}
        ${this.#foot()}
      </vitrine-window>
    `;
  }

  #report(report: DiskReport) {
    return html`
      <p class="verdict ${report.verdict}">${DISK_VERDICT_WORDS[report.verdict]}</p>
      <ul class="reasons">
        ${report.reasons.map((reason) => html`<li data-code=${reason.code}>${reason.message}</li>`)}
      </ul>
      ${report.verdict === 'not-a-disk' ? nothing : this.#facts(report)}
    `;
  }

  #facts(report: DiskReport) {
    const { windows, partitions } = report;
    const fact = (term: string, value: unknown) =>
      value
        ? html`<dt>${term}</dt>
            <dd>${value}</dd>`
        : nothing;
    return html`<dl>
      ${fact(t`Format`, diskFormatWords(report))} ${fact(t`Size`, exactDiskSize(report.virtualSizeBytes))}
      ${fact(t`Starts a PC`, report.bootable ? t`yes` : t`no`)}
      ${fact(t`System`, windows && diskWindowsWords(windows))}
      ${fact(
        partitions.length === 1 ? t`Partition` : t`Partitions`,
        partitions.length > 0 &&
          html`<ul>
            ${partitionList(partitions).map((words) => html`<li>${words}</li>`)}
          </ul>`,
      )}
      ${fact(t`A copy takes`, this.room && imageRoomWords(this.room))}
    </dl>`;
  }

  #foot() {
    const close = (label: string) =>
      html`<button slot="commands" @click=${() => this.window.close()}>${label}</button>`;
    switch (this.phase) {
      case 'looking':
        return html`<p class="soft">${t`Looking at it…`}</p>`;
      case 'attaching':
        return html`<vitrine-status class="soft" .words=${t`Attaching it…`}></vitrine-status>`;
      case 'keeping':
        return html`<vitrine-progress
          label=${t`Copying ${this.#name} into this browser`}
          .progress=${this.progress}
          @vitrine-cancel=${this.#onCancel}
        ></vitrine-progress>`;
      case 'report':
        if (!this.report || this.report.verdict === 'not-a-disk' || !fitsDrive(this.report.virtualSizeBytes))
          return close(t`Close`);
        if (this.attached)
          return html`
            <button slot="commands" class="default" @click=${() => this.#attach(true)}>
              ${t`Keep in the browser`}
            </button>
            ${close(t`Go on from the file`)}
          `;
        return this.#choice(close(t`Cancel`));
    }
  }

  #choice(cancel: unknown) {
    const fits = !this.room || this.room.freeBytes === null || this.room.freeBytes >= this.room.neededBytes;
    const blocked = this.#caseIsOn;
    return html`
      ${
        this.#makesNew
          ? html`<label class="name"
              >${t`Name of the new machine`}
              <input maxlength=${LONGEST_NAME} autocomplete="off" .value=${nameOfImage(this.#name)} />
            </label>`
          : nothing
      }
      <p class="soft">
        ${this.#makesNew ? t`The machine in the case has a disk already, so this becomes the disk of a new machine, which then stands in the case.` : t`It becomes the disk of the machine in the case.`}
        ${t`The file is never changed: what the machine writes goes into this browser. Attached, it is read where it lies and is needed again at each visit; kept here, it is copied once and needed no more.`}
      </p>
      ${
        blocked
          ? html`<vitrine-status
              class="problem"
              .words=${t`The machine in the case is on. Turn it off first, then bring this disk again.`}
            ></vitrine-status>`
          : nothing
      }
      <button slot="commands" class="default" ?disabled=${blocked} @click=${() => this.#attach(false)}>
        ${t`Attach`}
      </button>
      <button slot="commands" ?disabled=${blocked || !fits} @click=${() => this.#attach(true)}>
        ${t`Keep in the browser`}
      </button>
      ${cancel}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-disk-report': VitrineDiskReport;
  }
}
