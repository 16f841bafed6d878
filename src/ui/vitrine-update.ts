import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import type { NewVersion, ShellState } from '../page/new-version.ts';
import type { ShellFailure } from '../protocol/shell-messages.ts';
import { StoreController } from './store-controller.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import './vitrine-status.ts';

/** A quiet line at the foot of the page about the copy of the exhibit that the browser keeps: see `page/new-version.ts`. */
@customElement('vitrine-update')
export class VitrineUpdate extends VitrineElement {
  static override styles = [
    theme,
    css`
      aside {
        position: fixed;
        z-index: 20;
        bottom: max(8px, env(safe-area-inset-bottom));
        left: 50%;
        display: flex;
        flex-wrap: wrap;
        gap: 6px 12px;
        align-items: center;
        justify-content: center;
        width: max-content;
        max-width: min(720px, calc(100vw - 16px));
        padding: 6px 14px;
        border: 1px solid #ffffff40;
        border-radius: 4px;
        background: #1d2127;
        box-shadow: 0 6px 20px #000a;
        color: var(--on-wall);
        font: 14px/1.4 var(--sans);
        transform: translateX(-50%);
        /* What lies under the words stays within reach. */
        pointer-events: none;
      }
      @media (min-width: 901px) {
        aside {
          left: auto;
          right: clamp(10px, 2.4vw, 44px);
          max-width: clamp(270px, 25vw, 384px);
          transform: none;
        }
      }
      vitrine-status {
        margin: 0;
      }
      button {
        min-height: 30px;
        padding: 2px 12px;
        border: 1px solid #ffffff59;
        border-radius: 3px;
        background: #33383f;
        color: inherit;
        font: inherit;
        pointer-events: auto;
        cursor: pointer;
      }
      button:hover {
        background: #434a53;
      }
      @media (pointer: coarse) {
        button {
          min-height: 44px;
        }
      }
      progress {
        width: 120px;
        accent-color: var(--glow);
      }
    `,
  ];

  @property({ attribute: false }) version!: NewVersion;
  /** Address of the shell's script, for another try. */
  @property({ attribute: false }) script = '';

  constructor() {
    super();
    new StoreController(this, () => [this.version.state]);
  }

  override render() {
    const state = this.version.state.value;
    if (state.phase === 'quiet') return nothing;
    return html`
      <aside aria-label=${t`This exhibit in your browser`}>
        <vitrine-status .words=${words(state)}></vitrine-status>
        ${
          state.phase === 'downloading'
            ? html`<progress aria-label=${t`Files kept`} max=${state.total} .value=${state.done}></progress>`
            : nothing
        }
        ${this.#buttons(state)}
      </aside>
    `;
  }

  #buttons(state: ShellState) {
    const button = (words: string, onClick: () => unknown) =>
      html`<button type="button" @click=${onClick}>${words}</button>`;
    const dismiss = (words: string) => button(words, () => this.version.dismiss());
    switch (state.phase) {
      case 'waiting':
        if (state.wanted) return dismiss(t`Not now`);
        return [
          button(state.machineOn ? t`Take it then` : t`Take it now`, () => this.version.take()),
          dismiss(t`Not now`),
        ];
      case 'failed':
        return [
          button(t`Try again`, () => this.version.tryAgain(this.script)),
          dismiss(t`Put this note away`),
        ];
      case 'kept':
        return dismiss(t`Put this note away`);
      case 'quiet':
      case 'downloading':
      case 'taking':
        return nothing;
    }
  }
}

function words(state: Exclude<ShellState, { phase: 'quiet' }>): string {
  switch (state.phase) {
    case 'downloading':
      return t`Keeping the exhibit for use without network: ${state.done} of ${state.total} files.`;
    case 'kept':
      return t`The exhibit is ready to work without network.`;
    case 'failed':
      return failureWords(state.failure, state.isUpdate);
    case 'waiting':
      if (!state.machineOn) return t`A new version of the exhibit is ready.`;
      if (state.wanted)
        return t`The new version is taken as soon as the machine is off, in every tab of the exhibit.`;
      return t`A new version of the exhibit is ready. It waits until the machine is off, in every tab of the exhibit.`;
    case 'taking':
      return t`Taking the new version…`;
  }
}

function failureWords(failure: ShellFailure, isUpdate: boolean): string {
  if (isUpdate)
    return failure === 'storage-full'
      ? t`A new version of the exhibit could not be kept: the browser’s storage is full. This version goes on. Delete a machine or a moment to make room, then try again.`
      : t`A new version of the exhibit could not be kept. This version goes on.`;
  switch (failure) {
    case 'storage-full':
      return t`The exhibit could not be kept for use without network: the browser’s storage is full. It works as long as its server does. Make room on this device, then try again.`;
    case 'server-lost':
      return t`The exhibit is not ready to work without network: its server was lost during the download. Try again when it can be reached.`;
    case 'server-mixed':
      return t`The exhibit is not ready to work without network: the files on its server do not belong together. They may be being replaced just now; try again in a minute. If it stays so, copy the whole exhibit to the server again.`;
    case 'unexpected':
      return t`The exhibit could not be kept for use without network: the browser refused. It works as long as its server does.`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-update': VitrineUpdate;
  }
}
