import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatBytes } from '../lib/format.ts';
import type { DiscReport } from '../media/disc-report.ts';
import { theme } from './theme.ts';

const VERDICTS: Record<DiscReport['verdict'], string> = {
  runs: 'The kind of disc this machine is made for',
  'may-run': 'May run here',
  'cannot-run': 'Cannot run here',
  'not-a-disc': 'Not a disc',
};

/** The label beside the disc tray: what the disc is and whether it can run here. */
@customElement('vitrine-disc-label')
export class VitrineDiscLabel extends LitElement {
  static override styles = [
    theme,
    css`
      :host {
        display: block;
        font: 14px/1.45 var(--sans);
        color: var(--ink);
      }
      h3 {
        margin: 0 0 2px;
        font: 600 15px/1.3 var(--sans);
        overflow-wrap: anywhere;
      }
      .verdict {
        margin: 0 0 6px;
        font-weight: 600;
      }
      .runs,
      .may-run {
        color: var(--good);
      }
      .may-run {
        color: var(--warn);
      }
      .cannot-run,
      .not-a-disc {
        color: var(--bad);
      }
      ul {
        margin: 0 0 8px;
        padding: 0;
        list-style: none;
      }
      li {
        margin: 0 0 4px;
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 2px 12px;
        margin: 0;
        font-size: 13px;
      }
      dt {
        color: var(--ink-soft);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property() name = '';
  @property({ attribute: false }) report: DiscReport | null = null;

  override render() {
    const { report } = this;
    if (!report) return nothing;
    const { windows } = report;
    return html`
      <h3>${windows?.name ?? (report.label || this.name)}</h3>
      <p class="verdict ${report.verdict}">${VERDICTS[report.verdict]}</p>
      <ul>
        ${report.reasons.map((reason) => html`<li data-code=${reason.code}>${reason.message}</li>`)}
      </ul>
      <dl>
        ${
          this.name
            ? html`<dt>File</dt>
                <dd>${this.name}</dd>`
            : nothing
        }
        ${
          report.label
            ? html`<dt>Label</dt>
                <dd>${report.label}</dd>`
            : nothing
        }
        ${
          windows
            ? html`<dt>Version</dt>
                <dd>${windows.release}, build ${windows.build}, ${windows.architecture}</dd>
                <dt>Editions</dt>
                <dd>${windows.editions.map((edition) => edition.name).join(', ') || 'not listed'}</dd>
                <dt>Language</dt>
                <dd>${windows.languages.join(', ') || 'not listed'}</dd>`
            : nothing
        }
        <dt>Size</dt>
        <dd>${formatBytes(report.sizeBytes)}</dd>
      </dl>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-disc-label': VitrineDiscLabel;
  }
}
