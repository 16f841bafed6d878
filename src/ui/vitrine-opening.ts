import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { formatDuration } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import type { OpeningState } from '../page/machine-opening.ts';
import type { MachineSession } from '../page/machine-session.ts';
import { aeroButton, aeroProgress } from './aero.ts';
import { VitrineWishEvent, type Wish } from './events.ts';
import { timeWords } from './moment-words.ts';
import { StoreController } from './store-controller.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import './vitrine-message.ts';
import './vitrine-picture.ts';
import './vitrine-status.ts';

type Asking = Extract<OpeningState, { phase: 'asking' }>;
type Resuming = Extract<OpeningState, { phase: 'resuming' }>;
type StoreFailed = Extract<OpeningState, { phase: 'store-failed' }>;
type NeedsDisc = Extract<OpeningState, { phase: 'needs-disc' }>;

/** Figures change this often while the machine goes on. */
const FIGURE_MS = 200;

/** What is said over the picture while it is decided what becomes of a machine that was left running. */
@customElement('vitrine-opening')
export class VitrineOpening extends VitrineElement {
  static override styles = [
    aeroButton,
    aeroProgress,
    theme,
    css`
      :host {
        position: absolute;
        inset: 0;
        display: grid;
        align-items: safe center;
        justify-items: center;
        overflow: auto;
        container-type: size;
        color: #dfe6ee;
        background: #050607;
        pointer-events: auto;
        text-align: center;
      }
      section {
        display: grid;
        gap: 12px;
        justify-items: center;
        max-width: 44em;
        padding: 14px 20px;
      }
      h2 {
        margin: 0;
        font: 400 clamp(19px, 3vmin, 30px)/1.2 var(--serif);
      }
      p,
      vitrine-status {
        max-width: 36em;
        margin: 0;
        color: #b4bec9;
        font: clamp(13px, 1.9vmin, 16px)/1.5 var(--sans);
        overflow-wrap: anywhere;
      }
      .figure {
        font-variant-numeric: tabular-nums;
      }
      .problem {
        color: #ffc9c4;
      }
      vitrine-picture {
        width: min(300px, 60vw, 34vmin);
      }
      progress {
        width: min(300px, 60vw);
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 10px;
      }
      .buttons button {
        min-height: 34px;
        padding: 0 18px;
        font-size: 14px;
      }
      .truths {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 14px;
      }
      .truth {
        all: unset;
        display: grid;
        flex: 0 1 250px;
        gap: 6px;
        align-content: start;
        justify-items: center;
        box-sizing: border-box;
        padding: 12px;
        border: 1px solid #ffffff38;
        border-radius: 5px;
        background: #ffffff0f;
        cursor: pointer;
        font: 14px/1.45 var(--sans);
      }
      /* The look of the case's other buttons, which have a pale face for each of these, is not for this one. */
      .truth:is(:hover, :focus, :active) {
        border-color: var(--glow);
        background: #123247;
        box-shadow: none;
        animation: none;
      }
      .truth::before,
      .truth::after {
        content: none;
      }
      .truth:focus-visible {
        outline: 3px solid var(--glow);
        outline-offset: 2px;
      }
      .truth vitrine-picture,
      .truth svg {
        width: 100%;
        max-width: 200px;
        height: auto;
        aspect-ratio: 4 / 3;
      }
      .truth strong {
        font-size: 16px;
      }
      .truth span {
        color: #b4bec9;
      }
      /* The screen of a phone's case is a few lines high. */
      @container (max-height: 330px) {
        section {
          gap: 6px;
          padding: 6px 8px;
        }
        section > vitrine-picture,
        .truth vitrine-picture,
        .truth svg,
        .truth span {
          display: none;
        }
        .truths {
          gap: 6px;
        }
        .truth {
          flex: 0 1 auto;
          padding: 5px 9px;
        }
        .truth strong {
          font-size: 13px;
        }
        h2 {
          font-size: 15px;
        }
        p,
        vitrine-status {
          font-size: 12px;
          line-height: 1.35;
        }
        .buttons {
          gap: 6px;
        }
        vitrine-message {
          zoom: 0.8;
        }
        .buttons button {
          min-height: 28px;
          padding: 0 10px;
          font-size: 12.5px;
        }
      }
    `,
  ];

  @property({ attribute: false }) session!: MachineSession;
  /** For the public of a museum: it is not for them to decide. */
  @property({ type: Boolean }) kiosk = false;
  @state() private elapsedMs = 0;
  @query('.first') private readonly first!: HTMLElement | null;

  #clock: ReturnType<typeof setInterval> | undefined;
  #shown: OpeningState['phase'] = 'settled';

  constructor() {
    super();
    new StoreController(this, () => [
      this.session.opening.state,
      this.session.moments.goingBack,
      this.session.lastDisc.name,
      this.session.disks.base.standing,
    ]);
  }

  get opening() {
    return this.session.opening;
  }

  protected override willUpdate(): void {
    const waits = this.opening.state.value.phase === 'resuming';
    if (waits && this.#clock === undefined) {
      const startedAt = performance.now();
      this.elapsedMs = 0;
      this.#clock = setInterval(() => (this.elapsedMs = performance.now() - startedAt), FIGURE_MS);
    } else if (!waits) this.#stopClock();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopClock();
  }

  #stopClock(): void {
    clearInterval(this.#clock);
    this.#clock = undefined;
  }

  protected override updated(_changed: PropertyValues<this>): void {
    const { phase } = this.opening.state.value;
    if (phase === this.#shown) return;
    this.#shown = phase;
    if (phase === 'asking' || phase === 'needs-disc' || phase === 'store-failed') void this.#focusFirst();
  }

  /** For the keyboard, unless the visitor is busy elsewhere on the page. */
  async #focusFirst(): Promise<void> {
    // A button in a message is drawn when the message is.
    await this.first?.closest('vitrine-message')?.updateComplete;
    // What it is about is read first, on the small screen of a phone's case too.
    if (hasNoFocus()) this.first?.focus({ preventScroll: true });
  }

  override render() {
    const opening = this.opening.state.value;
    switch (opening.phase) {
      case 'settled':
      case 'looking':
        return nothing;
      case 'unreadable':
        return html`
          <vitrine-message
            heading=${t`What was saved of the machine cannot be read`}
            .text=${opening.problem.words}
            .detail=${opening.problem.detail}
          >
            <button class="first" @click=${() => this.opening.dismiss()}>${t`Close`}</button>
          </vitrine-message>
        `;
      case 'store-failed':
        return this.#storeFailed(opening);
      case 'resuming':
        return this.#resuming(opening);
      case 'needs-disc':
        return this.#needsDisc(opening);
      case 'asking':
        return opening.left.kind === 'offer-both' && opening.why !== 'refused'
          ? this.#bothTruths(opening)
          : this.#asking(opening);
    }
  }

  #storeFailed({ problem, isTrying }: StoreFailed) {
    const isGone = problem.code === 'store/emptied';
    return html`
      <vitrine-message
        heading=${isGone ? t`What was kept in this browser is gone` : t`What this browser keeps cannot be reached`}
        .text=${problem.words}
        .detail=${problem.detail}
      >
        ${this.kiosk ? nothing : isGone ? this.#wish('begin-anew', t`Begin anew`, '') : this.#wish('start-without-disk', t`Start without the disk`, '')}
        <button class="first default" ?disabled=${isTrying} @click=${() => void this.opening.retry()}>
          ${isTrying ? t`Trying…` : t`Try again`}
        </button>
      </vitrine-message>
    `;
  }

  #resuming({ moment }: Resuming) {
    const progress = this.session.moments.goingBack.value;
    const part = progress ? progress.done / progress.total : 0;
    const { memoryMiB } = moment.profile;
    const figure = progress
      ? t`${Math.round(part * memoryMiB)} of ${memoryMiB} MiB of memory`
      : t`the disc and the disk`;
    return html`
      <section aria-busy="true">
        <h2>${t`Going on from ${timeWords(moment.createdAt)}`}</h2>
        <vitrine-picture .blob=${moment.thumbnail}></vitrine-picture>
        <progress aria-label=${t`How much is there`} max="1" .value=${part}></progress>
        <p class="figure">${figure}, ${formatDuration(this.elapsedMs)}</p>
        <div class="buttons">
          <button @click=${() => void this.opening.cancel()}>${t`Stop, and leave it off`}</button>
        </div>
      </section>
    `;
  }

  #needsDisc({ moment, problem }: NeedsDisc) {
    if (problem.code === 'disk/base-missing') return this.#needsBase(moment.createdAt, moment.thumbnail);
    const lastDiscName = this.session.lastDisc.name.value;
    const name = problem.params['name'] === undefined ? t`its disc` : String(problem.params['name']);
    return html`
      <section role="group" aria-labelledby="heading">
        <h2 id="heading">${t`Put ${name} in, and it goes on`}</h2>
        <vitrine-picture .blob=${moment.thumbnail}></vitrine-picture>
        <vitrine-status
          .words=${
            problem.code === 'snapshot/other-disc'
              ? t`${String(problem.params['present'])} is in the drive, which is another disc. The machine was left at ${timeWords(moment.createdAt)} with ${name}.`
              : t`The machine was left at ${timeWords(moment.createdAt)} with this disc in its drive. Drop it here, or choose it.`
          }
        ></vitrine-status>
        <div class="buttons">
          ${lastDiscName ? this.#wish('last-disc', t`Put ${lastDiscName} back in`) : nothing}
          ${this.#wish('choose-disc', t`Choose the disc…`)}
          <button @click=${this.#startFromDisk}>${t`Start from its disk instead`}</button>
        </div>
        <p>${t`Whichever you take, the moment is kept.`}</p>
      </section>
    `;
  }

  /** The image under its disk is a file of the visitor's, which the browser gives back in a gesture at best. */
  #needsBase(createdAt: number, picture: Blob | null) {
    const base = this.session.disks.base.standing.value;
    const name = base?.name ?? t`The disk image`;
    return html`
      <section role="group" aria-labelledby="heading">
        <h2 id="heading">${t`Open ${name}, and it goes on`}</h2>
        <vitrine-picture .blob=${picture}></vitrine-picture>
        <vitrine-status
          .words=${t`The machine was left at ${timeWords(createdAt)}. Its disk stands on this file, which the browser does not open by itself.`}
        ></vitrine-status>
        <div class="buttons">
          ${
            base?.have === 'one-click'
              ? html`<button class="first" @click=${() => void this.opening.choose('moment')}>
                  ${t`Open ${name}`}
                </button>`
              : this.#wish('find-base', t`Choose ${name}…`)
          }
        </div>
        <p>${t`All that was saved is kept.`}</p>
      </section>
    `;
  }

  /** As the power button does: the case tells why it cannot be done. */
  readonly #startFromDisk = (): void => {
    this.dispatchEvent(new VitrineWishEvent('power-on'));
  };

  /** Neither the moment nor the disk can be gone on from without it. */
  #missingBase(
    within: (button: TemplateResult) => TemplateResult = (button) => button,
  ): TemplateResult | typeof nothing {
    const base = this.session.disks.base.standing.value;
    if (base?.have !== 'missing') return nothing;
    return within(
      html`<button @click=${() => this.dispatchEvent(new VitrineWishEvent('find-base'))}>
        ${t`Choose ${base.name}…`}
      </button>`,
    );
  }

  #wish(wish: Wish, label: string, className = 'first') {
    return html`<button class=${className} @click=${() => this.dispatchEvent(new VitrineWishEvent(wish))}>
      ${label}
    </button>`;
  }

  /** After a crash: the moment with its memory, or the disk as it stands, written on after it. */
  #bothTruths({ left, moment, why }: Asking) {
    const diskAt = left.kind === 'offer-both' ? left.diskAt : left.at;
    return html`
      <section role="group" aria-labelledby="heading">
        <h2 id="heading">
          ${why === 'cancelled' ? t`Where should the machine go on?` : t`The page ended while the machine was on`}
        </h2>
        <div class="truths">
          <button class="truth first" @click=${() => void this.opening.choose('moment')}>
            <vitrine-picture .blob=${moment.thumbnail}></vitrine-picture>
            <strong>${t`As it was at ${timeWords(moment.createdAt)}`}</strong>
            <span
              >${t`The last checkpoint: memory and disk as they were then, with everything that was open.`}</span
            >
          </button>
          <button class="truth" @click=${this.#startFromDisk}>
            ${diskPicture()}
            <strong>${t`Its disk of ${timeWords(diskAt)}`}</strong>
            <span>${t`All that was saved on the disk until then, started as after a power cut.`}</span>
          </button>
        </div>
        ${this.#missingBase((button) => html`<div class="buttons">${button}</div>`)}
        <p>${t`Whichever you take, the other one is kept as a saved moment.`}</p>
      </section>
    `;
  }

  #asking({ moment, why, problem }: Asking) {
    const at = timeWords(moment.createdAt);
    const headings: Record<Asking['why'], string> = {
      'moved-on': t`The machine was on at ${at}`,
      chosen: t`This machine was left at ${at}`,
      cancelled: t`The machine is off, and all of it is kept`,
      unfinished: t`The machine did not go on the last time`,
      refused: t`The machine cannot go on from ${at}`,
    };
    const words: Record<Asking['why'], string> = {
      'moved-on': '',
      chosen: t`It can go on exactly where it was.`,
      cancelled: t`It can still go on from ${at}.`,
      unfinished: t`The page ended before the machine was there. It can be tried again from ${at}, or the machine starts from its disk.`,
      refused: '',
    };
    return html`
      <section role="group" aria-labelledby="heading">
        <h2 id="heading">${headings[why]}</h2>
        <vitrine-picture .blob=${moment.thumbnail}></vitrine-picture>
        ${problem ? html`<p class="problem" role="alert">${problem.words}</p>` : html`<p>${words[why]}</p>`}
        <div class="buttons">
          <button class="first default" @click=${() => void this.opening.choose('moment')}>
            ${why === 'refused' ? t`Try again` : t`Go on from ${at}`}
          </button>
          <button @click=${this.#startFromDisk}>${t`Start from its disk`}</button>
          ${this.#missingBase()}
        </div>
        <p>${t`A machine that starts from its disk keeps this moment too.`}</p>
      </section>
    `;
  }
}

function hasNoFocus(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body;
}

/** A hard disk: what there is to show of a truth without a picture. */
function diskPicture(): TemplateResult {
  return html`
    <svg viewBox="0 0 160 120" aria-hidden="true">
      <rect width="160" height="120" rx="2" fill="#101418" />
      <rect x="38" y="18" width="84" height="84" rx="6" fill="#3b4048" />
      <circle cx="80" cy="56" r="30" fill="#c4cad1" />
      <circle cx="80" cy="56" r="8" fill="#3b4048" />
      <path d="m112 92-26-30" stroke="#1b1e22" stroke-width="6" stroke-linecap="round" />
      <circle cx="112" cy="92" r="6" fill="#6f7781" />
    </svg>
  `;
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-opening': VitrineOpening;
  }
}
