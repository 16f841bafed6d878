import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { toVitrineError } from '../lib/errors.ts';
import { formatTime } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import { trimBoth } from '../lib/trim.ts';
import type { MachineSession } from '../page/machine-session.ts';
import { composePhoto, photoName, printPhoto, type PhotoLabel } from '../page/photo.ts';
import { aeroButton, aeroForm } from './aero.ts';
import { discTitle } from './disc-words.ts';
import { VitrineElement } from './vitrine-element.ts';
import type { VitrineWindow } from './vitrine-window.ts';
import { windowLook } from './window-look.ts';
import { theme } from './theme.ts';
import { VitrineDoneEvent } from './events.ts';
import './vitrine-picture.ts';
import './vitrine-status.ts';
import './vitrine-window.ts';
import { pictureClipboard, sharing } from '../page/secure-parts.ts';

/** The machine's screen as it was when the window opened, on a card with its label: to save, copy, share or print. */
@customElement('vitrine-photo')
export class VitrinePhoto extends VitrineElement {
  static override styles = [
    aeroButton,
    aeroForm,
    theme,
    windowLook,
    css`
      vitrine-window {
        --window-width: 680px;
      }
      vitrine-picture {
        aspect-ratio: auto;
        height: min(46vh, 400px);
        background: #5a5f66;
      }
      label {
        display: grid;
        gap: 3px;
      }
      input,
      textarea {
        width: 100%;
        padding: 5px 8px;
        border: 1px solid #8a919a;
        border-radius: 2px;
        color: inherit;
        font: 14px/1.4 var(--sans);
      }
      textarea {
        min-height: 3.4em;
        resize: vertical;
      }
      /* No taller than the picture. */
      details pre {
        max-height: 30vh;
        margin: 4px 0 0;
        padding: 6px 10px;
        overflow: auto;
        background: #101418;
        color: #e6e6e6;
        font:
          12px/1.35 ui-monospace,
          monospace;
        user-select: text;
      }
    `,
  ];

  @property({ attribute: false }) session!: MachineSession;

  @state() private photo: Blob | null = null;
  @state() private heading = 'Vitrine';
  @state() private text = '';
  /** The rows of a text screen as they were then: '' for a picture. */
  @state() private words = '';
  @state() private done = '';
  @state() private problem = '';

  @query('vitrine-window') private readonly window!: VitrineWindow;

  readonly #at = new Date();
  #screenshot: Blob | null = null;
  /** Typing is quicker than drawing: only the drawing begun last counts, and what is done with it waits for it. */
  #drawing: Promise<void> = Promise.resolve();
  /** Counts what was begun: only the last says what came of it. */
  #attempts = 0;

  protected override firstUpdated(): void {
    void this.#take();
  }

  async #take(): Promise<void> {
    const { session } = this;
    const disc = session.disc.value;
    const name = session.machine.value?.name;
    this.text = [disc ? discTitle(disc.report, disc.medium.name) : '', name ?? ''].filter(Boolean).join('\n');
    await this.#attempt(async () => {
      const [screenshot, rows] = await Promise.all([session.screenshot(), session.screenText()]);
      this.#screenshot = screenshot;
      this.words = trimBoth(rows.map((row) => row.trimEnd()).join('\n'), (letter) => letter === '\n');
      await this.#draw();
      return '';
    });
  }

  get #label(): PhotoLabel {
    return {
      title: this.heading,
      text: this.text,
      date: formatTime(this.#at, { dateStyle: 'long', timeStyle: 'short' }),
    };
  }

  #draw(): Promise<void> {
    const drawing = this.#compose(() => drawing === this.#drawing);
    this.#drawing = drawing;
    return drawing;
  }

  async #compose(isLast: () => boolean): Promise<void> {
    const screenshot = this.#screenshot;
    if (!screenshot) return;
    const photo = await composePhoto(screenshot, this.#label);
    if (isLast()) this.photo = photo;
  }

  /** Does something with the photograph and says what came of it. A dialog that the visitor closes is no failure. */
  async #attempt(action: () => Promise<string>): Promise<void> {
    const attempt = ++this.#attempts;
    this.done = '';
    this.problem = '';
    try {
      const done = await action();
      if (attempt === this.#attempts) this.done = done;
    } catch (thrown) {
      if (thrown instanceof DOMException && thrown.name === 'AbortError') return;
      if (attempt !== this.#attempts) return;
      this.problem =
        thrown instanceof DOMException && thrown.name === 'NotAllowedError'
          ? t`The browser does not allow it here. Save the photograph instead.`
          : toVitrineError(thrown).words;
    }
  }

  /** As it is with the last letter typed. */
  async #doWithPhoto(action: (photo: Blob) => Promise<string>): Promise<string> {
    await this.#drawing;
    return this.photo ? action(this.photo) : '';
  }

  readonly #save = async (photo: Blob): Promise<string> => {
    const url = URL.createObjectURL(photo);
    const link = document.createElement('a');
    link.href = url;
    link.download = photoName(this.#at);
    link.click();
    URL.revokeObjectURL(url);
    return t`The photograph was handed to the browser’s downloads.`;
  };

  readonly #copy = async (photo: Blob): Promise<string> => {
    await pictureClipboard()?.write([new ClipboardItem({ 'image/png': photo })]);
    return t`The photograph is in the clipboard.`;
  };

  readonly #share = async (photo: Blob): Promise<string> => {
    const files = [asFile(photo, this.#at)];
    await sharing(files)?.({ files, title: this.heading });
    return t`The photograph was shared.`;
  };

  readonly #print = async (photo: Blob): Promise<string> => {
    await printPhoto(photo, `${this.heading}. ${this.text}`);
    return '';
  };

  /** To be read aloud, or copied: an error message is looked up by its words. */
  #screenText() {
    return html`<details>
      <summary>${t`The text on the screen`}</summary>
      <pre tabindex="0" role="region" aria-label=${t`The text on the screen`}>${this.words}</pre>
    </details>`;
  }

  override render() {
    const { photo } = this;
    const button = (words: string, action: (photo: Blob) => Promise<string>, main = false) =>
      html`<button
        slot="commands"
        class=${main ? 'default' : ''}
        ?disabled=${!photo}
        @click=${() => void this.#attempt(() => this.#doWithPhoto(action))}
      >
        ${words}
      </button>`;
    return html`
      <vitrine-window
        .heading=${t`A photograph of the machine`}
        @vitrine-window-closed=${() => this.dispatchEvent(new VitrineDoneEvent())}
      >
        <vitrine-picture
          .blob=${photo}
          .alt=${t`The machine’s screen on a card with its label`}
        ></vitrine-picture>
        ${this.words ? this.#screenText() : nothing}
        <label>
          <span class="soft">${t`Title on the label`}</span>
          <input
            maxlength="80"
            .value=${this.heading}
            @input=${(event: Event) => {
              this.heading = (event.target as HTMLInputElement).value;
              void this.#attempt(async () => (await this.#draw(), ''));
            }}
          />
        </label>
        <label>
          <span class="soft">${t`Words under it`}</span>
          <textarea
            maxlength="400"
            .value=${this.text}
            @input=${(event: Event) => {
              this.text = (event.target as HTMLTextAreaElement).value;
              void this.#attempt(async () => (await this.#draw(), ''));
            }}
          ></textarea>
        </label>
        <p class="soft">${t`It is made on this device, and sent nowhere unless you share it.`}</p>
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        ${this.done ? html`<vitrine-status class="good" .words=${this.done}></vitrine-status>` : nothing}
        ${button(t`Save`, this.#save, true)} ${pictureClipboard() ? button(t`Copy`, this.#copy) : nothing}
        ${canShare(photo) ? button(t`Share…`, this.#share) : nothing} ${button(t`Print…`, this.#print)}
        <button slot="commands" @click=${() => this.window.close()}>${t`Close`}</button>
      </vitrine-window>
    `;
  }
}

function asFile(photo: Blob, at: Date): File {
  return new File([photo], photoName(at), { type: 'image/png' });
}

/** Only where there is a way to share pictures is one offered. */
function canShare(photo: Blob | null): boolean {
  return photo !== null && sharing([asFile(photo, new Date())]) !== null;
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-photo': VitrinePhoto;
  }
}
