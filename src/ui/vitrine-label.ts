import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { toVitrineError } from '../lib/errors.ts';
import { t } from '../lib/language.ts';
import { adviseProfile } from '../machine/plan.ts';
import { isOn } from '../machine/power.ts';
import { DiscStudy } from '../page/disc-study.ts';
import type { LoadedDisc, MachineSession } from '../page/machine-session.ts';
import { aeroButton } from './aero.ts';
import { discTitle, VERDICT_WORDS } from './disc-words.ts';
import { emptyTray, emptyTrayStyle } from './empty-tray.ts';
import { paper } from './paper.ts';
import { profileGist } from './profile-words.ts';
import { sheet } from './sheet.ts';
import { StoreController } from './store-controller.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import type { VitrineCompareEvent } from './vitrine-authenticity.ts';
import type { VitrineProfileEvent } from './vitrine-plan.ts';
import './vitrine-authenticity.ts';
import './vitrine-disc-label.ts';
import './vitrine-disc-map.ts';
import './vitrine-plan.ts';

/**
 * The paper label beside the case: what lies in the tray, the machine's plan and, for the
 * curious, the disc's map. It scrolls in itself and pushes nothing. `session` is given once.
 */
@customElement('vitrine-label')
export class VitrineLabel extends VitrineElement {
  static override styles = [
    aeroButton,
    theme,
    paper,
    sheet,
    emptyTrayStyle,
    css`
      .sheet > section:first-child {
        padding-top: 0;
        border-top: 0;
      }
      .refused {
        padding: 12px 14px;
        border: 1px dashed #b98a86;
        background: #fbeeea;
      }
      .refused button {
        justify-self: start;
        min-height: 26px;
        font-size: 13px;
      }
      .drawer {
        scroll-margin: 14px;
      }
      .drawer > summary {
        font: 600 14px/1.4 var(--sans);
      }
      .drawer > :not(summary) {
        margin-top: 10px;
      }
      .gist {
        display: block;
        color: var(--ink-soft);
        font: 400 13px/1.4 var(--sans);
      }
      @media (max-height: 700px) and (min-width: 901px) {
        .sheet {
          gap: 10px;
        }
      }
    `,
  ];

  @property({ attribute: false }) session!: MachineSession;

  /** Why the last change of the machine was not taken. */
  @state() private planRefusal = '';
  /** Its drawer was opened: the form is a quarter of all that the first view would be made of, and not in sight. */
  @state() private planSeen = false;

  @query('#map') private readonly mapDrawer!: HTMLDetailsElement | null;

  #study!: DiscStudy;
  #hadDisc = false;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) return;
    const { session } = this;
    const study = new DiscStudy(session.disc);
    this.#study = study;
    new StoreController(this, () => {
      const { disc, refusedDisc, power, profile, planned, planReasons } = session;
      return [disc, refusedDisc, power, profile, planned, planReasons, study.map, study.sum];
    });
  }

  /** Nobody waits for the sum of a disc whose label is gone. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#study.cancel();
  }

  readonly #onProfile = ({ part }: VitrineProfileEvent): void => {
    try {
      this.planRefusal = '';
      if (part) this.session.configure(part);
      else this.session.configureAsPlanned();
    } catch (thrown) {
      this.planRefusal = toVitrineError(thrown).message;
    }
  };

  readonly #onCompare = ({ wish }: VitrineCompareEvent): void => {
    if (wish === 'compare') void this.#study.compare();
    else this.#study.cancel();
  };

  /** What a drawer holds is brought into view, not only its heading; it has to be drawn before. */
  readonly #onDrawer = async (event: Event): Promise<void> => {
    const drawer = event.target as HTMLDetailsElement;
    if (!drawer.open) return;
    if (drawer === this.mapDrawer) await this.#study.drawMap();
    else this.planSeen = true;
    await this.updateComplete;
    await drawer.querySelector<VitrineElement>('vitrine-plan, vitrine-disc-map')?.updateComplete;
    drawer.scrollIntoView({ block: 'nearest' });
  };

  readonly #drawOpenMap = (): void => {
    if (this.mapDrawer?.open && this.#study.map.value.phase === 'none') void this.#study.drawMap();
  };

  /** A drawer that is open when another disc comes in gets that disc's map. */
  protected override updated(): void {
    this.#drawOpenMap();
  }

  /** What is said: not that the tray is empty as it was when the page came. */
  #news(disc: LoadedDisc | null): string {
    this.#hadDisc ||= disc !== null;
    if (disc) return discNews(disc);
    return this.#hadDisc ? t`The tray is empty` : '';
  }

  override render() {
    const { session } = this;
    const disc = session.disc.value;
    const refused = session.refusedDisc.value;
    return html`
      <div class="sheet" role="region" aria-label=${t`The label`} tabindex="0">
        ${refused ? this.#refused(refused) : nothing} ${disc ? this.#inTheTray(disc) : emptyTray()}
        ${this.#plan()} ${disc ? this.#map() : nothing}
        <div class="visually-hidden" role="status">${this.#news(disc)}</div>
      </div>
    `;
  }

  #inTheTray({ medium, report }: LoadedDisc) {
    return html`<section>
      <h2>${t`In the tray`}</h2>
      <vitrine-disc-label .name=${medium.name} .report=${report}></vitrine-disc-label>
      ${
        report.system?.id === 'house'
          ? nothing
          : html`<vitrine-authenticity
              .sum=${this.#study.sum.value}
              @vitrine-compare=${this.#onCompare}
            ></vitrine-authenticity>`
      }
    </section>`;
  }

  #refused({ medium, report }: LoadedDisc) {
    return html`<section class="refused">
      <h2>${t`Not put in`}</h2>
      <vitrine-disc-label .name=${medium.name} .report=${report}></vitrine-disc-label>
      <button @click=${() => this.session.refusedDisc.set(null)}>${t`Put this note away`}</button>
    </section>`;
  }

  #plan() {
    const { session } = this;
    const profile = session.profile.value;
    const system = session.disc.value?.report.system ?? null;
    return html`<section>
      <details class="drawer" @toggle=${this.#onDrawer}>
        <summary>
          <span>${t`The machine’s plan`} <span class="gist">${profileGist(profile)}</span></span>
        </summary>
        ${
          this.planSeen
            ? html`<vitrine-plan
                .profile=${profile}
                .planned=${session.planned.value}
                .reasons=${session.planReasons.value}
                .advice=${adviseProfile(profile, { system })}
                .fixed=${isOn(session.power.value)}
                @vitrine-profile=${this.#onProfile}
              ></vitrine-plan>`
            : nothing
        }
        ${this.planRefusal ? html`<p role="alert">${this.planRefusal}</p>` : nothing}
      </details>
    </section>`;
  }

  #map() {
    return html`<section>
      <details class="drawer" id="map" @toggle=${this.#onDrawer}>
        <summary>
          <span
            >${t`Map of the disc`}
            <span class="gist">${t`What lies where, from the first byte to the last`}</span></span
          >
        </summary>
        <vitrine-disc-map .map=${this.#study.map.value}></vitrine-disc-map>
      </details>
    </section>`;
  }
}

/** What a screen reader hears when a disc comes in. */
function discNews({ medium, report }: LoadedDisc): string {
  return t`In the tray: ${discTitle(report, medium.name)}. ${VERDICT_WORDS[report.verdict]}.`;
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-label': VitrineLabel;
  }
}
