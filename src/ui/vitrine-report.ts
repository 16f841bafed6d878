import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { toVitrineError, type VitrineError } from '../lib/errors.ts';
import { t } from '../lib/language.ts';
import { MILESTONES, type MilestoneId } from '../machine/milestones/milestones.ts';
import type { MachineSession } from '../page/machine-session.ts';
import { reportFileName, reportText } from '../page/report/compose-report.ts';
import { gatherReport } from '../page/report/gather-report.ts';
import type { MachineReport } from '../page/report/report-schema.ts';
import { aeroButton } from './aero.ts';
import { VitrineDoneEvent } from './events.ts';
import { evidenceWords, milestoneName, partlyRead, stopWords, whenWords } from './report-words.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import type { VitrineWindow } from './vitrine-window.ts';
import { windowLook } from './window-look.ts';
import './vitrine-status.ts';
import './vitrine-window.ts';

/**
 * The window that shows how far the system on the machine came, and saves a report of it: the whole of what would be
 * saved can be read first. `session` is given once.
 */
@customElement('vitrine-report')
export class VitrineReport extends VitrineElement {
  static override styles = [
    aeroButton,
    theme,
    windowLook,
    css`
      vitrine-window {
        --window-width: 640px;
      }
      ol {
        display: grid;
        gap: 6px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 20px minmax(0, 1fr);
        gap: 0 8px;
      }
      .mark {
        grid-row: span 2;
        width: 16px;
        height: 16px;
        margin-top: 1px;
        border: 2px solid #8a949e;
        border-radius: 50%;
      }
      .reached .mark {
        border-color: #2c7a44;
        background: #2c7a44;
      }
      .reached .mark::after {
        display: block;
        width: 4px;
        height: 8px;
        margin: 0 0 0 4px;
        border: solid #fff;
        border-width: 0 2px 2px 0;
        transform: rotate(45deg);
        content: '';
      }
      summary {
        cursor: pointer;
      }
      pre {
        max-height: 40vh;
        margin: 6px 0 0;
        padding: 8px;
        overflow: auto;
        background: #f1f3f5;
        font:
          11px/1.4 ui-monospace,
          monospace;
      }
    `,
  ];

  @property({ attribute: false }) session!: MachineSession;
  @state() private report: MachineReport | null = null;
  @state() private problem: VitrineError | null = null;
  @state() private done = '';
  @query('vitrine-window') private readonly window!: VitrineWindow;

  protected override firstUpdated(): void {
    void this.#gather();
  }

  async #gather(): Promise<void> {
    try {
      this.problem = null;
      this.report = await gatherReport(this.session);
    } catch (thrown) {
      this.problem = toVitrineError(thrown);
    }
  }

  readonly #save = (): void => {
    if (!this.report) return;
    const url = URL.createObjectURL(new Blob([reportText(this.report)], { type: 'application/json' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = reportFileName(this.report);
    link.click();
    URL.revokeObjectURL(url);
    this.done = t`${link.download} was handed to the browser’s downloads.`;
  };

  readonly #lookAgain = async (): Promise<void> => {
    this.done = '';
    await this.#gather();
  };

  override render() {
    const { report } = this;
    return html`
      <vitrine-window
        .heading=${t`Save a report`}
        .loading=${report === null && this.problem === null}
        @vitrine-window-closed=${() => this.dispatchEvent(new VitrineDoneEvent())}
      >
        <h2>${t`How far the machine came`}</h2>
        ${this.problem ? html`<p class="problem" role="alert">${this.problem.words}</p>` : nothing}
        ${report ? this.#milestones(report) : nothing}
        <p class="soft">
          ${t`The report is for whoever mends this exhibit. It holds the list above, versions, the machine’s hardware, the kind of disc and counts; no file names, nothing that is on the disc, the disk or the screen, and nothing that was typed. It is made on this device and sent nowhere.`}
        </p>
        ${
          report
            ? html`<details>
                <summary>${t`The report, word for word`}</summary>
                <pre tabindex="0" role="region" aria-label=${t`The report, word for word`}>
${reportText(report)}</pre>
              </details>`
            : nothing
        }
        ${this.done ? html`<vitrine-status class="good" .words=${this.done}></vitrine-status>` : nothing}
        <button slot="commands" class="default" ?disabled=${!report} @click=${this.#save}>${t`Save`}</button>
        <button slot="commands" @click=${this.#lookAgain}>${t`Look again`}</button>
        <button slot="commands" @click=${() => this.window.close()}>${t`Close`}</button>
      </vitrine-window>
    `;
  }

  #milestones({ boot }: MachineReport) {
    const soFar = partlyRead(boot);
    return html`
      ${boot.stops.map(
        (stop) =>
          html`<p class="problem">${stopWords(stop)} <span class="soft">${whenWords(stop)}</span></p>`,
      )}
      <ol aria-label=${t`Milestones of Windows Setup`}>
        ${MILESTONES.map((id) => this.#milestone(id, boot))}
      </ol>
      ${soFar ? html`<p class="soft">${soFar}</p>` : nothing}
    `;
  }

  #milestone(id: MilestoneId, boot: MachineReport['boot']) {
    const reached = boot.reached.find((each) => each.id === id);
    return html`<li class=${reached ? 'reached' : ''}>
      <span class="mark" aria-hidden="true"></span>
      <span>${milestoneName(id)}</span>
      <span class="soft">
        ${reached ? html`${whenWords(reached)}: ${evidenceWords(reached.evidence)}` : t`not yet`}
      </span>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-report': VitrineReport;
  }
}
