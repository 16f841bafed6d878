import { css, html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { exactBytes, formatBytes } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import type { DiscReport, WindowsOnDisc } from '../media/disc-report.ts';
import {
  architectureWords,
  bootWords,
  discTitle,
  editionNames,
  fileSystemWords,
  languageWords,
  VERDICT_WORDS,
  versionWords,
} from './disc-words.ts';
import { paper } from './paper.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/** Longer lists of editions and languages are folded. */
const MAX_LISTED = 3;

const VERDICT_ICONS: Readonly<Record<DiscReport['verdict'], ReturnType<typeof svg>>> = {
  runs: svg`<circle cx="10" cy="10" r="8.5" /><path d="m5.8 10.4 2.9 2.9 5.6-6.2" />`,
  'may-run': svg`<path d="M10 1.6 18.8 17.6H1.2z" /><path d="M10 7.4v4.4M10 14.4v.4" />`,
  'cannot-run': svg`<circle cx="10" cy="10" r="8.5" /><path d="m6.4 6.4 7.2 7.2M13.6 6.4l-7.2 7.2" />`,
  'not-a-disc': svg`<circle cx="10" cy="10" r="8.5" /><circle cx="10" cy="10" r="2" /><path d="m4 16 12-12" />`,
};

/** The label beside the disc tray: what the disc is, whether it can run here, and why. */
@customElement('vitrine-disc-label')
export class VitrineDiscLabel extends VitrineElement {
  static override styles = [
    theme,
    paper,
    css`
      :host {
        display: grid;
        gap: 10px;
        color: var(--ink);
        font: 14px/1.45 var(--sans);
      }
      h3 {
        margin: 0;
        font: 600 20px/1.2 var(--serif);
        overflow-wrap: anywhere;
      }
      .verdict {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 7px 10px;
        border-left: 4px solid;
        background: color-mix(in srgb, currentcolor 8%, transparent);
        font: 600 14px/1.3 var(--sans);
      }
      .verdict svg {
        flex: none;
      }
      .runs {
        color: var(--good);
      }
      .may-run {
        color: var(--warn);
      }
      .cannot-run,
      .not-a-disc {
        color: var(--bad);
      }
      .reasons {
        display: grid;
        gap: 6px;
      }
      .reasons li {
        overflow-wrap: anywhere;
      }
      .reasons li[data-code='windows/setup-not-shown'] {
        padding-left: 10px;
        border-left: 2px solid var(--paper-edge);
        color: var(--ink-soft);
        font: italic 14px/1.4 var(--serif);
      }
      .more > summary {
        color: var(--ink-soft);
        font-size: 13px;
      }
      .more > :not(summary) {
        margin-top: 8px;
      }
      dd li + li {
        margin-top: 1px;
      }
    `,
  ];

  /** The file's name. */
  @property() name = '';
  @property({ attribute: false }) report: DiscReport | null = null;

  override render() {
    const { report } = this;
    if (!report) return nothing;
    const { windows } = report;
    return html`
      <h3>${discTitle(report, this.name)}</h3>
      <p class="verdict ${report.verdict}">
        <svg
          width="20"
          height="20"
          viewBox="0 0 20 20"
          fill="none"
          stroke="currentColor"
          stroke-width="1.8"
          stroke-linecap="round"
          stroke-linejoin="round"
          aria-hidden="true"
        >
          ${VERDICT_ICONS[report.verdict]}
        </svg>
        <span>${VERDICT_WORDS[report.verdict]}</span>
      </p>
      <ul class="reasons">
        ${report.reasons.map((reason) => html`<li data-code=${reason.code}>${reason.message}</li>`)}
      </ul>
      <dl>
        ${windows ? this.#windows(windows) : nothing}
        ${this.#fact(t`Architecture`, architectureWords(report))}
        ${this.#fact(t`Size`, sizeWords(report.sizeBytes))}
      </dl>
      <details class="more">
        <summary>
          ${report.verdict === 'not-a-disc' ? t`More about this file` : t`More about this disc`}
        </summary>
        <dl>
          ${this.#fact(t`File`, this.name)} ${this.#fact(t`Volume label`, report.label)}
          ${this.#fact(t`Channel`, windows?.channel ?? null)}
          ${this.#fact(t`Build lab`, windows?.buildLab ?? null)}
          ${this.#fact(t`File systems`, fileSystemWords(report))}
          ${this.#fact(t`Starts on`, bootWords(report))}
          ${this.#fact(t`Published as`, report.publishedAs && t`${report.publishedAs} (same label and size)`)}
        </dl>
        <p class="small-print">
          ${t`Told from ${formatBytes(report.bytesRead)} of the file in ${Math.max(1, Math.round(report.elapsedMs))} ms.`}
        </p>
      </details>
    `;
  }

  #windows(windows: WindowsOnDisc) {
    const languages = windows.languages.map(languageWords);
    const editions = editionNames(windows);
    return html`
      ${this.#fact(t`Version`, versionWords(windows))} ${this.#fact(t`Build`, windows.build)}
      ${this.#list(t`Editions`, t`${editions.length} editions`, editions)}
      ${this.#fact(t`Setup offers`, windows.answerEdition && t`${windows.answerEdition} only (ei.cfg)`)}
      ${this.#list(languages.length > 1 ? t`Languages` : t`Language`, t`${languages.length} languages`, languages)}
    `;
  }

  #fact(term: string, value: string | null) {
    return value
      ? html`<dt>${term}</dt>
          <dd>${value}</dd>`
      : nothing;
  }

  #list(term: string, counted: string, values: readonly string[]) {
    if (values.length === 0) return this.#fact(term, t`not listed`);
    const list = html`<ul>
      ${values.map((value) => html`<li>${value}</li>`)}
    </ul>`;
    return html`<dt>${term}</dt>
      <dd>
        ${
          values.length > MAX_LISTED
            ? html`<details>
                <summary>${counted}</summary>
                ${list}
              </details>`
            : list
        }
      </dd>`;
  }
}

function sizeWords(bytes: number): string {
  return bytes < 1000 ? formatBytes(bytes) : exactBytes(bytes);
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-disc-label': VitrineDiscLabel;
  }
}
