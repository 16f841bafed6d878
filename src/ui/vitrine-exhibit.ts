import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { KioskSettings } from '../exhibit/kiosk-settings.ts';
import type { Exhibit } from '../exhibit/exhibit-file.ts';
import { say } from '../exhibit/exhibit-text.ts';
import type { Seen } from '../exhibit/visible.ts';
import { t } from '../lib/language.ts';
import { ExhibitSource } from '../page/exhibit-source.ts';
import { kioskAsked } from '../page/kiosk-asked.ts';
import { KioskMemory } from '../page/kiosk-memory.ts';
import { LocalMemory } from '../page/local-memory.ts';
import { whenIdle } from '../lib/when-idle.ts';
import { LazyPart } from './lazy-part.ts';
import { spotlight } from './spotlight.ts';
import { StoreController } from './store-controller.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import type { VitrineCoverEvent } from './vitrine-kiosk.ts';
import type { VitrineLookEvent } from './vitrine-story.ts';
import type { VitrineMachine } from './vitrine-machine.ts';
import './vitrine-air-gap.ts';
import './vitrine-label.ts';
import './vitrine-language.ts';

/** How long after its parts could not be loaded a kiosk asks for them again. */
const PARTS_AGAIN_MS = 10_000;

const TABS = ['label', 'story', 'timeline'] as const;
type Tab = (typeof TABS)[number];

/**
 * The room around the case: the machine in its light, and beside it the papers about it: the label, and the story and
 * the timeline of the exhibit file, which come when they are first opened.
 */
@customElement('vitrine-exhibit')
export class VitrineExhibit extends VitrineElement {
  static override styles = [
    theme,
    spotlight,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr) clamp(290px, 26vw, 460px);
        gap: clamp(14px, 2.4vw, 40px);
        width: 100%;
        height: 100dvh;
        min-height: 560px;
        padding: clamp(10px, 2vmin, 28px) clamp(10px, 2.4vw, 44px);
        background:
          radial-gradient(70% 60% at 40% 0, #ffedc430, transparent 70%),
          linear-gradient(#1d2127 0 78%, #0d0f12 78% 78.2%, #23201d 78.2%, #14120f);
        color: var(--on-wall);
      }
      main {
        min-width: 0;
        min-height: 0;
      }
      ::slotted(vitrine-machine) {
        height: 100%;
      }
      aside {
        display: flex;
        flex-direction: column;
        gap: clamp(8px, 1.6vmin, 16px);
        min-width: 0;
        min-height: 0;
      }
      /* Lettering on the wall. */
      header {
        padding: 0 8px;
      }
      h1 {
        margin: 0;
        font: 600 clamp(24px, 2.6vmin, 34px) / 1.15 var(--serif);
        letter-spacing: 0.02em;
        color: #f4efe2;
        overflow-wrap: anywhere;
      }
      header p {
        margin: 2px 0 0;
        color: #cfc9ba;
        font: italic 15px/1.4 var(--serif);
      }
      .papers {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      /* Index tabs of the papers; the chosen one is of one piece with its sheet. */
      .tabs {
        display: flex;
        gap: 3px;
        padding: 0 8px;
      }
      .tabs button {
        min-width: 0;
        min-height: 34px;
        padding: 4px 12px;
        border: 1px solid #0000;
        border-bottom: 0;
        border-radius: 5px 5px 0 0;
        background: #b5ad98;
        box-shadow: inset 0 -6px 8px -6px #0007;
        color: #221f18;
        font: 600 13px/1.2 var(--sans);
        overflow: hidden;
        text-overflow: ellipsis;
        cursor: pointer;
      }
      .tabs button:hover {
        background: #d3ccb8;
      }
      .tabs button[aria-selected='true'] {
        background: var(--paper);
        box-shadow: none;
      }
      .paper {
        display: flex;
        min-height: 0;
      }
      .paper > * {
        flex: 1;
      }
      .missing {
        margin: 0;
        padding: 16px 20px;
        background: var(--paper);
        color: #5c1a15;
        font: 15px/1.5 var(--serif);
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-start;
        justify-content: space-between;
        gap: 8px;
        margin-top: auto;
      }
      @media (min-width: 1900px) {
        aside {
          zoom: 1.15;
        }
      }
      /* A tall screen of a kiosk: the papers stand under the machine, and nothing scrolls but they. */
      @media (min-width: 901px) and (max-aspect-ratio: 1) {
        :host {
          grid-template-columns: minmax(0, 1fr);
          grid-template-rows: minmax(0, 62fr) minmax(0, 38fr);
        }
      }
      @media (max-width: 900px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
          height: auto;
          min-height: 100dvh;
        }
        /* The page scrolls here: the glass is high enough for what is said in it, whatever that leaves for the rest. */
        ::slotted(vitrine-machine) {
          --least-glass: max(min(340px, 88dvh), min(85vw, 60dvh));
          height: auto;
          min-height: max(460px, min(92dvh, 150vw));
        }
        .tabs button {
          flex: 1;
          min-height: 44px;
        }
      }
      @media (forced-colors: active) {
        .tabs button[aria-selected='true'] {
          border: 3px solid Highlight;
        }
      }
    `,
  ];

  @state() private machine: VitrineMachine | null = null;
  @state() private tab: Tab = 'label';
  /** The part of the room that a light stands at. */
  @state() private lit = false;
  /** Papers whose elements are loaded. */
  @state() private loaded: ReadonlySet<Tab> = new Set<Tab>(['label']);
  @state() private problemsLoaded = false;
  /** What the page is as a kiosk, once that is known and loaded; null where it is none. */
  @state() private kiosk: KioskSettings | null = null;

  /** Whether the kiosk lies over everything. */
  @state() private covered = false;

  readonly #source = new ExhibitSource(location.href);
  readonly #sheets = {
    story: new LazyPart(this, () => import('./vitrine-story.ts')),
    timeline: new LazyPart(this, () => import('./vitrine-timeline.ts')),
  };

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) return;
    new StoreController(this, () => [this.#source.state]);
    // The first view needs nothing of it, and reading it would hold that up.
    void whenIdle()
      .then(() => this.#source.load())
      .then(() => Promise.all([this.#told(), this.#beKiosk()]));
  }

  /** What is wrong with an exhibit file is for those who wrote it: rare, and loaded then. */
  async #told(): Promise<void> {
    const { exhibit, problems } = this.#source.state.value;
    // The page has its own title already; a museum's file may give it another.
    if (exhibit && say(exhibit.title) !== 'Vitrine')
      document.title = `${say(exhibit.title)}: ${say(exhibit.subtitle)}`;
    if (problems.length === 0) return;
    await import('./vitrine-exhibit-problems.ts');
    this.problemsLoaded = true;
  }

  /** A file that could not be read this time says what it said the last time: no kiosk opens for want of it. */
  async #beKiosk(): Promise<void> {
    const { exhibit, problems } = this.#source.state.value;
    const { file } = this.#source;
    const memory = new KioskMemory(new LocalMemory(() => localStorage, 'vitrine-kiosk-settings'));
    const isRead = exhibit !== null && problems.length === 0;
    // What it said the last time; on a device that never read it, what can be read of it.
    const told = isRead
      ? (exhibit.kiosk ?? null)
      : (problems.find(({ name }) => name === file)?.kiosk ?? null);
    const isKnown = memory.recall(file) !== undefined;
    if (isRead ? told || isKnown : told && !isKnown) memory.remember(file, told);
    const isEnabled = isRead ? told?.enabled : memory.wasEnabled(file) || (!isKnown && told?.enabled);
    if (!(kioskAsked(location.search) ?? isEnabled ?? false)) return this.machine?.removeAttribute('kiosk');
    this.machine?.setAttribute('kiosk', '');
    this.#cover(true);
    const [{ defaultKioskSettings, readKioskSettings }] = await untilLoaded(() =>
      Promise.all([import('../exhibit/kiosk-settings.ts'), import('./vitrine-kiosk.ts')]),
    );
    const kept = isRead ? null : readKioskSettings(memory.recall(file));
    this.kiosk = kept ?? told ?? defaultKioskSettings();
  }

  readonly #onSlot = (event: Event): void => {
    const [machine] = (event.target as HTMLSlotElement).assignedElements();
    if (!machine) return;
    this.machine = machine as VitrineMachine;
    const { power, screen, disc } = this.machine.session;
    new StoreController(this, () => [power, screen, disc]);
  };

  readonly #onLook = ({ place }: VitrineLookEvent): void => {
    this.lit = place !== null && 'part' in place && place.part === 'plate';
    this.machine?.pointAt(this.lit ? null : place);
    // On a phone the case lies above the papers: the light would be out of sight.
    if (place && matchMedia('(max-width: 900px)').matches)
      (this.lit ? this.renderRoot.querySelector('.plate') : this.machine)?.scrollIntoView({
        block: 'center',
        behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth',
      });
  };

  /** Another visitor: the papers lie as they lay in the morning. */
  readonly #onFresh = (): void => {
    this.tab = 'label';
    this.loaded = new Set<Tab>(['label']);
    this.lit = false;
  };

  readonly #onCover = ({ covers }: VitrineCoverEvent): void => this.#cover(covers);

  /** What visitors cannot see they cannot reach by Tab either. */
  #cover(covers: boolean): void {
    this.covered = covers;
    this.machine?.toggleAttribute('inert', covers);
  }

  /** The papers that there are: an exhibit file may tell no story. */
  get #tabs(): readonly Tab[] {
    const { exhibit, problems } = this.#source.state.value;
    // Until it is read there may be all of them: the papers do not move when it comes.
    if (!exhibit && problems.length === 0) return TABS;
    return TABS.filter(
      (tab) => tab === 'label' || (tab === 'story' ? exhibit?.chapters.length : exhibit?.timeline.length),
    );
  }

  async #choose(tab: Tab): Promise<void> {
    this.tab = tab;
    if (tab === 'label') return;
    try {
      await this.#sheets[tab].need();
      this.loaded = new Set([...this.loaded, tab]);
    } catch {
      // The sheet itself says so in its place, and is tried again when it is chosen again.
    }
  }

  /** Arrow keys, Home and End, as a list of tabs has them. */
  readonly #onKey = (event: KeyboardEvent): void => {
    const tabs = this.#tabs;
    const index = tabs.indexOf(this.tab);
    const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    void this.#chooseByKey(tab);
  };

  async #chooseByKey(tab: Tab): Promise<void> {
    await this.#choose(tab);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`#tab-${tab}`)?.focus();
  }

  override render() {
    const { exhibit, problems } = this.#source.state.value;
    const tabs = this.#tabs;
    return html`
      <main><slot name="machine" @slotchange=${this.#onSlot}></slot></main>
      <aside aria-label=${t`About this exhibit`} ?inert=${this.covered} @vitrine-look=${this.#onLook}>
        <header>
          <h1>${exhibit ? say(exhibit.title) : 'Vitrine'}</h1>
          <p>${exhibit ? say(exhibit.subtitle) : t`A Windows 7 PC in a museum case`}</p>
        </header>
        ${
          this.problemsLoaded && problems.length > 0
            ? html`<vitrine-exhibit-problems .problems=${problems}></vitrine-exhibit-problems>`
            : nothing
        }
        <div class="papers">
          ${this.#tabList(tabs)}
          <div class="paper" id="paper" role="tabpanel" aria-labelledby="tab-${this.tab}">
            ${this.#paper(exhibit)}
          </div>
        </div>
        <div class="foot">
          <vitrine-air-gap class="plate ${this.lit ? 'spot' : ''}"></vitrine-air-gap>
          <vitrine-language></vitrine-language>
        </div>
      </aside>
      ${
        this.kiosk && this.machine
          ? html`<vitrine-kiosk
              .machine=${this.machine}
              .settings=${this.kiosk}
              .heading=${exhibit ? say(exhibit.title) : 'Vitrine'}
              .lines=${this.#lines(exhibit)}
              .problem=${problems.map(({ name, reason }) => `${name}: ${reason}`).join(' ')}
              @vitrine-cover=${this.#onCover}
              @vitrine-fresh=${this.#onFresh}
            ></vitrine-kiosk>`
          : nothing
      }
    `;
  }

  /** What the attract screen says in turn. */
  #lines(exhibit: Exhibit | null): readonly string[] {
    if (!exhibit) return [t`A Windows 7 PC in a museum case`];
    return [exhibit.subtitle, ...exhibit.chapters.flatMap(({ gist }) => (gist ? [gist] : []))].map(say);
  }

  #tabList(tabs: readonly Tab[]) {
    const words = { label: t`The label`, story: t`The story`, timeline: t`Timeline` };
    return html`<div class="tabs" role="tablist" aria-label=${t`Papers`} @keydown=${this.#onKey}>
      ${tabs.map(
        (tab) =>
          html`<button
            id="tab-${tab}"
            role="tab"
            aria-controls="paper"
            aria-selected=${this.tab === tab}
            tabindex=${this.tab === tab ? 0 : -1}
            @click=${() => void this.#choose(tab)}
          >
            ${words[tab]}
          </button>`,
      )}
    </div>`;
  }

  #paper(exhibit: Exhibit | null) {
    const { machine } = this;
    if (!machine) return nothing;
    const problem =
      this.tab !== 'label' && !this.loaded.has(this.tab) ? this.#sheets[this.tab].problem : null;
    // They stay as they were left while another is read.
    return html`
      ${problem ? html`<p class="missing" role="alert">${problem.words}</p>` : nothing}
      <vitrine-label ?hidden=${this.tab !== 'label'} .session=${machine.session}></vitrine-label>
      ${
        exhibit && this.loaded.has('story')
          ? html`<vitrine-story
              ?hidden=${this.tab !== 'story'}
              .shown=${this.tab === 'story'}
              .exhibit=${exhibit}
              .folder=${this.#source.state.value.folder}
              .seen=${seenOn(machine)}
            ></vitrine-story>`
          : nothing
      }
      ${
        exhibit && this.loaded.has('timeline')
          ? html`<vitrine-timeline ?hidden=${this.tab !== 'timeline'} .exhibit=${exhibit}></vitrine-timeline>`
          : nothing
      }
    `;
  }
}

/** Nobody is there to load a kiosk's page again: its parts are asked for until they come. */
async function untilLoaded<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch (error) {
      console.warn(`The kiosk is not loaded; again in ${PARTS_AGAIN_MS / 1000} s.`, error);
      await new Promise((resolve) => setTimeout(resolve, PARTS_AGAIN_MS));
    }
  }
}

/** What can be seen on a machine. One that was started from its disk is taken for what the visitors bring: Windows. */
function seenOn({ session }: VitrineMachine): Seen {
  const report = session.disc.value?.report ?? null;
  const system =
    report?.system?.id === 'house'
      ? 'house-disc'
      : report?.windows || session.start === 'disk'
        ? 'windows'
        : 'other';
  return { power: session.power.value.power, mode: session.screen.value?.mode ?? null, system };
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-exhibit': VitrineExhibit;
  }
}
