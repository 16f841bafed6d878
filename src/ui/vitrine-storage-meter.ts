import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatBytes } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import type { StorageRoom } from '../store/storage-room.ts';
import { aeroButton } from './aero.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/** The visitor wishes that the browser keeps what is stored. */
export class VitrineKeepEvent extends Event {
  constructor() {
    super('vitrine-keep', { bubbles: true, composed: true });
  }
}

interface Part {
  readonly kind: 'this' | 'others' | 'site' | 'free';
  readonly words: string;
  readonly bytes: number;
}

/** The browser's storage as a meter: what this machine, the others and the rest of the site take, and what is free. */
@customElement('vitrine-storage-meter')
export class VitrineStorageMeter extends VitrineElement {
  static override styles = [
    aeroButton,
    theme,
    css`
      :host {
        --glow: #1c6aa8;
        display: block;
        color: #15181c;
        font: 13px/1.45 var(--sans);
      }
      .bar {
        display: flex;
        height: 18px;
        overflow: hidden;
        border: 1px solid #8f959c;
        border-radius: 3px;
        background: linear-gradient(#fdfdfd, #e8e8e8 45%, #d5d5d5 46%, #e9e9e9);
        box-shadow: inset 0 0 0 1px #fff9;
      }
      .bar i {
        flex: 0 0 auto;
        min-width: 3px;
        border-right: 1px solid #fffc;
      }
      .this {
        background: linear-gradient(#a8e59b, #47c22f 46%, #2aa312 47%, #52cf3a);
      }
      .others {
        background: linear-gradient(#a9d3f5, #3f97dc 46%, #2580c8 47%, #55abea);
      }
      .site {
        background: linear-gradient(#f2dba6, #d8a93d 46%, #c59427 47%, #e0b54e);
      }
      .free {
        background: linear-gradient(#fdfdfd, #d5d5d5);
      }
      dl {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 3px 8px;
        align-items: center;
        margin: 8px 0;
      }
      dl > div {
        display: contents;
      }
      dt {
        display: flex;
        gap: 7px;
        align-items: baseline;
      }
      .key {
        flex: none;
        width: 12px;
        height: 12px;
        border: 1px solid #6f757c;
        border-radius: 2px;
      }
      dd {
        margin: 0;
        text-align: right;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      p {
        margin: 0;
        color: #3c434b;
      }
      button {
        min-height: 26px;
        margin-top: 8px;
        padding: 0 10px;
        font-size: 13px;
      }
    `,
  ];

  /** Null where the browser does not tell. */
  @property({ attribute: false }) room: StorageRoom | null = null;
  /** Stored for the machine in the case, what it shares included. */
  @property({ type: Number }) thisBytes = 0;
  /** Stored for all machines. */
  @property({ type: Number }) allBytes = 0;
  /** The visitor asked and the browser did not promise. */
  @state() private asked = false;

  #parts(): Part[] {
    const { room, thisBytes, allBytes } = this;
    const parts: Part[] = [
      { kind: 'this', words: t`The machine in the case`, bytes: thisBytes },
      { kind: 'others', words: t`Other machines`, bytes: Math.max(0, allBytes - thisBytes) },
    ];
    if (!room) return parts;
    return [
      ...parts,
      {
        kind: 'site',
        words: t`The exhibit itself`,
        bytes: Math.max(0, room.usedBytes - allBytes),
      },
      { kind: 'free', words: t`Free`, bytes: room.freeBytes },
    ];
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    // The policy of the page forbids style attributes; the object model is free.
    const parts = this.#parts();
    const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { kind, bytes } of parts) {
      const slice = this.renderRoot.querySelector<HTMLElement>(`.bar .${kind}`);
      if (slice) slice.style.width = `${total > 0 ? (100 * bytes) / total : 0}%`;
    }
  }

  override render() {
    const parts = this.#parts();
    return html`
      <div class="bar" aria-hidden="true">
        ${parts.map(({ kind, bytes }) => (bytes > 0 && kind !== 'free' ? html`<i class=${kind}></i>` : nothing))}
      </div>
      <dl>
        ${parts.map(
          ({ kind, words, bytes }) => html`
            <div>
              <dt><span class="key ${kind}" aria-hidden="true"></span>${words}</dt>
              <dd data-part=${kind}>${formatBytes(bytes)}</dd>
            </div>
          `,
        )}
      </dl>
      ${this.#promise()}
    `;
  }

  #promise() {
    if (!this.room) return html`<p>${t`This browser does not tell how much room there is.`}</p>`;
    if (this.room.isPersistent)
      return html`<p>${t`The browser has promised to keep all this until you erase it.`}</p>`;
    return html`
      <p>
        ${t`The browser may clear all this by itself when the device runs short of space.`}
        ${this.asked ? t`It was asked to keep it and did not promise: export what matters, or add this page to your bookmarks and ask again.` : nothing}
      </p>
      <button @click=${this.#ask}>${this.asked ? t`Ask again` : t`Ask the browser to keep it`}</button>
    `;
  }

  readonly #ask = (): void => {
    this.asked = true;
    this.dispatchEvent(new VitrineKeepEvent());
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-storage-meter': VitrineStorageMeter;
  }
  interface HTMLElementEventMap {
    'vitrine-keep': VitrineKeepEvent;
  }
}
