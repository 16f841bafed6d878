import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { freshen } from '../page/fresh-file.ts';
import type { Chapter, Exhibit, Pointer, PointerPlace } from '../exhibit/exhibit-file.ts';
import { say } from '../exhibit/exhibit-text.ts';
import { isVisible, type Seen } from '../exhibit/visible.ts';
import { t } from '../lib/language.ts';
import { paper } from './paper.ts';
import { sheet } from './sheet.ts';
import { theme } from './theme.ts';
import { VitrineElement } from './vitrine-element.ts';

/** A thing on the machine is to be pointed out, or with null no longer. */
export class VitrineLookEvent extends Event {
  readonly place: PointerPlace | null;
  constructor(place: PointerPlace | null) {
    super('vitrine-look', { bubbles: true, composed: true });
    this.place = place;
  }
}

/**
 * The story that the exhibit tells: a list of chapters, and each as a page of its own with its picture, its text, and
 * what to look for on the machine. A lamp beside each of these says whether it can be seen now.
 */
@customElement('vitrine-story')
export class VitrineStory extends VitrineElement {
  static override styles = [
    theme,
    paper,
    sheet,
    css`
      button {
        font: inherit;
        color: inherit;
        cursor: pointer;
      }
      .chapters {
        display: grid;
        margin: 0;
        padding: 0;
        list-style: none;
        counter-reset: chapter;
      }
      .chapters button {
        display: grid;
        grid-template-columns: 1.6em minmax(0, 1fr);
        gap: 0 8px;
        width: 100%;
        min-height: 48px;
        padding: 10px 4px;
        border: 0;
        border-top: 1px solid var(--paper-edge);
        background: none;
        text-align: left;
        counter-increment: chapter;
      }
      .chapters li:first-child button {
        border-top: 0;
      }
      .chapters button::before {
        content: counter(chapter);
        grid-row: 1 / 3;
        color: #8a6a1f;
        font: 600 22px/1.2 var(--serif);
      }
      .chapters button:hover {
        background: #efe9d8;
      }
      .chapters strong {
        font: 600 16px/1.3 var(--serif);
      }
      .chapters span {
        color: var(--ink-soft);
        font-size: 13px;
        line-height: 1.4;
      }
      .picture {
        display: block;
        width: 100%;
        max-height: 210px;
        object-fit: contain;
      }
      h2.title {
        margin: 0;
        font: 600 23px/1.2 var(--serif);
        letter-spacing: 0;
        text-transform: none;
        color: var(--ink);
      }
      h2.title:focus {
        outline: none;
      }
      .text p {
        font: 16px/1.55 var(--serif);
        hyphens: auto;
        overflow-wrap: anywhere;
      }
      .text p + p {
        margin-top: 0.7em;
      }
      .back {
        align-self: flex-start;
        min-height: 32px;
        padding: 4px 10px 4px 6px;
        border: 1px solid var(--paper-edge);
        border-radius: 3px;
        background: #fffdf6;
        font-size: 13px;
      }
      .look {
        display: grid;
        gap: 8px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .look button {
        display: grid;
        grid-template-columns: 14px minmax(0, 1fr);
        gap: 2px 10px;
        align-items: center;
        width: 100%;
        padding: 10px 12px;
        border: 1px solid var(--paper-edge);
        border-radius: 3px;
        background: #fffdf6;
        text-align: left;
      }
      .look button[aria-pressed='true'] {
        border-color: #a5761b;
        box-shadow: inset 3px 0 0 #d8a02f;
        background: #fff6dd;
      }
      .lamp {
        width: 12px;
        height: 12px;
        border: 1px solid #6d675a;
        border-radius: 50%;
        background: #d9d3c3;
      }
      .lamp.lit {
        border-color: #8f6410;
        background: radial-gradient(circle at 35% 30%, #fff4cf, #f2b53a 60%);
        box-shadow: 0 0 8px 2px #f2b53a99;
      }
      .look span {
        grid-column: 2;
        color: var(--ink-soft);
        font-size: 13px;
        line-height: 1.45;
      }
      .turn {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 8px;
        padding-top: 12px;
        border-top: 1px solid var(--paper-edge);
      }
      .turn button {
        max-width: 100%;
        min-height: 40px;
        padding: 6px 10px;
        border: 1px solid var(--paper-edge);
        border-radius: 3px;
        background: #fffdf6;
        font-size: 14px;
        text-align: left;
      }
      .turn button:last-child {
        margin-left: auto;
        text-align: right;
      }
      .turn button:hover,
      .back:hover,
      .look button:hover {
        border-color: #a5761b;
      }
      .sources {
        font-size: 13px;
      }
      .sources ul {
        display: grid;
        gap: 4px;
        margin-top: 8px;
      }
      @media (pointer: coarse) {
        .back {
          min-height: 44px;
        }
      }
      @media (forced-colors: active) {
        .lamp.lit {
          background: Highlight;
          forced-color-adjust: none;
        }
        .look button[aria-pressed='true'] {
          border: 3px solid Highlight;
        }
      }
    `,
  ];

  @property({ attribute: false }) exhibit!: Exhibit;
  /** Where the exhibit's pictures are. */
  @property({ attribute: false }) folder!: URL;
  @property({ attribute: false }) seen!: Seen;
  /** Whether it lies on top: what is out of sight points at nothing. */
  @property({ attribute: false }) shown = true;

  @state() private openId: string | null = null;
  @state() private lookedAt: string | null = null;
  /** Pictures whose file is not there are left out: their words stand in the text. */
  @state() private missing: ReadonlySet<string> = new Set();

  /** Pictures that are as the server has them now. */
  @state() private fresh: ReadonlySet<string> = new Set();

  readonly #asked = new Set<string>();

  @query('h2.title') private readonly heading!: HTMLElement | null;

  /** The chapter that is open, null for the list. */
  get chapter(): Chapter | null {
    return this.exhibit.chapters.find((each) => each.id === this.openId) ?? null;
  }

  async #open(id: string | null): Promise<void> {
    const came = this.openId;
    this.#look(null);
    this.openId = id;
    await this.updateComplete;
    this.renderRoot.querySelector('.sheet')?.scrollTo({ top: 0 });
    if (id) this.heading?.focus({ preventScroll: true });
    else this.renderRoot.querySelector<HTMLElement>(`[data-chapter='${came}']`)?.focus();
  }

  #look(pointer: Pointer | null): void {
    const id = pointer?.id ?? null;
    const chosen = id === this.lookedAt ? null : id;
    if (chosen === this.lookedAt) return;
    this.lookedAt = chosen;
    this.dispatchEvent(new VitrineLookEvent(chosen && pointer ? pointer.place : null));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    void this.#freshen();
    const isOther = changed.has('exhibit') && changed.get('exhibit') !== undefined;
    if (isOther || !this.shown) this.#look(null);
  }

  /** A museum may have changed the picture of the chapter that is open. */
  async #freshen(): Promise<void> {
    const src = this.chapter?.picture?.src;
    if (!src || this.#asked.has(src)) return;
    this.#asked.add(src);
    await freshen(new URL(src, this.folder).href);
    this.fresh = new Set([...this.fresh, src]);
  }

  override render() {
    const { chapter } = this;
    return html`<div
      class="sheet"
      role="region"
      aria-label=${t`The story`}
      tabindex="0"
      @keydown=${this.#onKey}
    >
      ${chapter ? this.#page(chapter) : this.#list()}
    </div>`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.chapter) return;
    event.stopPropagation();
    void this.#open(null);
  };

  #list() {
    const { chapters } = this.exhibit;
    return html`
      <ol class="chapters">
        ${chapters.map(
          (each) =>
            html`<li>
              <button data-chapter=${each.id} @click=${() => void this.#open(each.id)}>
                <strong>${say(each.title)}</strong>
                ${each.gist ? html`<span>${say(each.gist)}</span>` : nothing}
              </button>
            </li>`,
        )}
      </ol>
    `;
  }

  #page(chapter: Chapter) {
    const { chapters } = this.exhibit;
    const index = chapters.indexOf(chapter);
    const before = chapters[index - 1];
    const after = chapters[index + 1];
    return html`
      <button class="back" @click=${() => void this.#open(null)}>
        <span aria-hidden="true">‹</span> ${t`All chapters`}
      </button>
      <h2 class="title" tabindex="-1">${say(chapter.title)}</h2>
      ${this.#picture(chapter)}
      <div class="text">${chapter.text.map((paragraph) => html`<p>${say(paragraph)}</p>`)}</div>
      ${
        chapter.pointers.length > 0
          ? html`<section>
              <h2>${t`Look for this on the machine`}</h2>
              <ul class="look">
                ${chapter.pointers.map((pointer) => html`<li>${this.#pointer(pointer)}</li>`)}
              </ul>
            </section>`
          : nothing
      }
      ${
        chapter.sources.length > 0
          ? html`<details class="sources">
              <summary>${t`Sources`}</summary>
              <ul>
                ${chapter.sources.map((source) => html`<li>${say(source)}</li>`)}
              </ul>
            </details>`
          : nothing
      }
      <nav class="turn" aria-label=${t`Chapters`}>
        ${before ? html`<button @click=${() => void this.#open(before.id)}>‹ ${say(before.title)}</button>` : nothing}
        ${after ? html`<button @click=${() => void this.#open(after.id)}>${say(after.title)} ›</button>` : nothing}
      </nav>
    `;
  }

  #picture({ picture }: Chapter) {
    if (!picture || this.missing.has(picture.src) || !this.fresh.has(picture.src)) return nothing;
    return html`<img
      class="picture"
      src=${new URL(picture.src, this.folder).href}
      alt=${say(picture.alt)}
      @error=${() => (this.missing = new Set([...this.missing, picture.src]))}
    />`;
  }

  #pointer(pointer: Pointer) {
    const visible = isVisible(pointer.when, this.seen);
    return html`<button aria-pressed=${this.lookedAt === pointer.id} @click=${() => this.#look(pointer)}>
      <i class="lamp ${visible ? 'lit' : ''}" aria-hidden="true"></i>
      <strong>${say(pointer.title)}</strong>
      <span>${say(pointer.look)}</span>
      <span>${visible ? t`Press to be shown where.` : whenWords(pointer.when)}</span>
    </button>`;
  }
}

/** When a thing that cannot be seen now can be seen. */
function whenWords(condition: Pointer['when']): string {
  switch (condition) {
    case 'always':
      return '';
    case 'off':
      return t`To be seen while the machine is off.`;
    case 'on':
      return t`To be seen while the machine is on.`;
    case 'text':
      return t`To be seen while the machine shows text.`;
    case 'graphics':
      return t`To be seen while the machine shows a picture.`;
    case 'house-disc':
      return t`To be seen while the house disc runs.`;
    case 'windows':
      return t`To be seen while Windows runs.`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-story': VitrineStory;
  }
}
