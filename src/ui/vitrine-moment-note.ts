import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatBytes, formatDuration, formatNumber } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import type { MachineSession } from '../page/machine-session.ts';
import type { MomentDeed, MomentNote } from '../page/moment-deeds.ts';
import { aeroButton } from './aero.ts';
import { clockWords, momentName, timeWords } from './moment-words.ts';
import { StoreController } from './store-controller.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import './vitrine-status.ts';

/** What is being done is said when it takes longer than this. */
const SOON_MS = 400;
const FIGURE_MS = 200;

/** How long what was done stays to be read; what can be undone longer. The shelf of moments undoes it later too. */
function staysMs(note: MomentNote): number {
  if (note.kind === 'failed') return Infinity;
  if ('undo' in note && note.undo !== null) return 30_000;
  return noteWords(note).length > 80 ? 16_000 : 8_000;
}

/** What is being done with moments, and what was done last: with its figure, and with a way to take it back. */
@customElement('vitrine-moment-note')
export class VitrineMomentNote extends VitrineElement {
  static override styles = [
    aeroButton,
    theme,
    css`
      :host {
        --glow: #1c6aa8;
        display: block;
      }
      .note {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 12px;
        align-items: center;
        padding: 8px 12px;
        border: 1px solid #9cc0dd;
        border-radius: 4px;
        background: #eef6fc;
        color: #15181c;
        font: 13px/1.45 var(--sans);
      }
      .note.failed {
        border-color: #d9a09d;
        background: #fdf1f0;
      }
      p {
        flex: 1 1 16em;
        margin: 0;
        overflow-wrap: anywhere;
        font-variant-numeric: tabular-nums;
      }
      vitrine-status {
        display: inline;
      }
      button {
        min-width: 0;
        min-height: 28px;
        padding: 0 12px;
        font-size: 13px;
      }
    `,
  ];

  @property({ attribute: false }) session!: MachineSession;
  @state() private now = 0;
  #clock: ReturnType<typeof setInterval> | undefined;
  #shown: { note: MomentNote | null; until: number } = { note: null, until: Infinity };

  constructor() {
    super();
    new StoreController(this, () => {
      const { deeds, moments } = this.session;
      return [deeds.doing, deeds.note, moments.goingBack];
    });
  }

  protected override willUpdate(): void {
    const { doing, note } = this.session.deeds;
    if ((doing.value || note.value) && this.#clock === undefined) {
      this.now = performance.now();
      this.#clock = setInterval(() => this.#tick(), FIGURE_MS);
    } else if (!doing.value && !note.value) this.#stopClock();
    if (note.value === this.#shown.note) return;
    this.#shown = {
      note: note.value,
      until: note.value ? performance.now() + staysMs(note.value) : Infinity,
    };
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopClock();
  }

  #tick(): void {
    this.now = performance.now();
    // Whoever is at it reads on.
    if (this.matches(':hover, :focus-within')) this.#shown.until += FIGURE_MS;
    else if (this.now > this.#shown.until) this.session.deeds.dismiss();
  }

  #stopClock(): void {
    clearInterval(this.#clock);
    this.#clock = undefined;
  }

  override render() {
    const { doing, note } = this.session.deeds;
    return doing.value ? this.#doing(doing.value) : note.value ? this.#note(note.value) : nothing;
  }

  #doing({ kind, since }: MomentDeed) {
    const elapsedMs = this.now - since;
    if (elapsedMs < SOON_MS) return nothing;
    const words: Record<MomentDeed['kind'], string> = {
      taking: t`Saving this moment…`,
      'going-back': t`Going back…`,
      undoing: t`Undoing…`,
      resetting: t`Going back to the first state…`,
      deleting: t`Deleting…`,
      changing: t`Saving…`,
    };
    const progress = this.session.moments.goingBack.value;
    const percent = progress ? Math.round((progress.done / progress.total) * 100) : 0;
    const part = progress ? `, ${t`${percent} % of its memory`}` : '';
    // Said is what is being done; the figure beside it changes five times a second.
    return html`<div class="note">
      <p><vitrine-status .words=${words[kind]}></vitrine-status> ${formatDuration(elapsedMs)}${part}</p>
    </div>`;
  }

  #note(note: MomentNote) {
    const { deeds } = this.session;
    const undo = 'undo' in note && note.undo !== null;
    return html`
      <div class="note ${note.kind}">
        <p><vitrine-status .words=${noteWords(note)}></vitrine-status></p>
        ${undo ? html`<button class="undo" @click=${() => void deeds.undo()}>${note.kind === 'undone' ? t`Redo` : t`Undo`}</button>` : nothing}
        <button @click=${() => deeds.dismiss()}>${note.kind === 'failed' ? t`Close` : 'OK'}</button>
      </div>
    `;
  }
}

function noteWords(note: MomentNote): string {
  if (note.kind === 'failed') return note.error.words;
  const name = momentName(note.moment);
  if (note.kind === 'taken') {
    const { pausedMs, ownBytes } = note.moment;
    return t`“${name}” is saved: the machine stood still for ${pauseWords(pausedMs)}, and it takes ${formatBytes(ownBytes)}.`;
  }
  const words = {
    'went-back': t`The machine is back at “${name}”.`,
    undone: t`That is undone: the machine is as it was before.`,
    reset: t`The machine is back in its first state.`,
    resumed:
      note.kind === 'resumed' && !note.isClean
        ? t`The machine goes on from ${timeWords(note.moment.createdAt)}, its last checkpoint.`
        : t`The machine goes on where it was left.`,
  }[note.kind];
  return [words, clockWords(note.clock)].filter((part) => part !== '').join(' ');
}

function pauseWords(ms: number): string {
  return ms < 100 ? t`less than 0.1 s` : `${formatNumber(ms / 1000, 1)} s`;
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-moment-note': VitrineMomentNote;
  }
}
