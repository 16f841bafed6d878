import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { t } from '../lib/language.ts';
import type { PlanReason } from '../machine/plan.ts';
import { checkProfile, PROFILE_LIMITS } from '../machine/profile-limits.ts';
import { DEFAULT_PROFILE, type MachineProfile } from '../machine/profile.ts';
import { aeroButton, aeroForm } from './aero.ts';
import { paper } from './paper.ts';
import {
  BOOT_ORDER_WORDS,
  CLOCK_WORDS,
  FIELD_WORDS,
  profileWords,
  SHOWN_FIELDS,
  type ShownField,
} from './profile-words.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/** What the visitor sets of the machine: some fields, each possible; or null to have it as planned again. */
export class VitrineProfileEvent extends Event {
  readonly part: Partial<MachineProfile> | null;
  constructor(part: Partial<MachineProfile> | null) {
    super('vitrine-profile', { bubbles: true, composed: true });
    this.part = part;
  }
}

/** Every size that the card can have: powers of two. */
const VIDEO_SIZES = Array.from(
  { length: Math.log2(PROFILE_LIMITS.videoMemoryMiB.max) + 1 },
  (_, power) => 2 ** power,
);

/**
 * The machine that the disc asks for, field by field with its reasons, and editable while the machine is off. What
 * cannot be built is refused beside its field and the machine keeps what it had; what would go badly is said.
 */
@customElement('vitrine-plan')
export class VitrinePlan extends VitrineElement {
  static override styles = [
    aeroButton,
    aeroForm,
    theme,
    paper,
    css`
      :host {
        display: grid;
        gap: 8px;
        color: var(--ink);
        font: 13px/1.4 var(--sans);
      }
      fieldset {
        gap: 10px;
        min-width: 0;
        padding: 10px 12px 12px;
        border-color: #c3ccd3;
        background: #fdfdfd;
      }
      .field {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: center;
        gap: 2px 10px;
      }
      .field > p,
      .words {
        grid-column: 1 / -1;
      }
      input[type='text'] {
        width: 5.5em;
        height: 26px;
        text-align: right;
        font: 13px var(--sans);
      }
      input[aria-invalid='true'] {
        border-color: var(--bad);
        box-shadow: 0 0 0 1px var(--bad);
      }
      select:not([multiple]) {
        max-width: 100%;
        height: 26px;
        font: 13px var(--sans);
        color: var(--ink);
      }
      input[type='checkbox']:focus-visible,
      select:not([multiple]):focus-visible,
      input[type='text']:focus-visible {
        outline: 2px solid var(--accent);
        outline-offset: 1px;
      }
      .box {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 24px;
      }
      input[type='checkbox'] {
        width: 15px;
        height: 15px;
        margin: 0;
        accent-color: var(--accent);
      }
      .problem,
      .advice {
        display: flex;
        gap: 6px;
        color: var(--bad);
        font: 13px/1.4 var(--sans);
      }
      .advice {
        color: var(--warn);
      }
      .problem::before,
      .advice::before {
        content: '!';
        flex: none;
        width: 16px;
        height: 16px;
        margin-top: 1px;
        border-radius: 50%;
        background: currentcolor;
        color: inherit;
        font: 700 12px/16px var(--sans);
        text-align: center;
        -webkit-text-fill-color: #fff;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 6px 12px;
      }
      button {
        min-height: 26px;
        font-size: 13px;
      }
      dd p {
        margin-top: 1px;
      }
    `,
  ];

  @property({ attribute: false }) profile: MachineProfile = DEFAULT_PROFILE;
  /** As it would be without what the visitor set. */
  @property({ attribute: false }) planned: MachineProfile = DEFAULT_PROFILE;
  @property({ attribute: false }) reasons: readonly PlanReason[] = [];
  /** What the profile does badly with the disc: said, and nothing is stopped by it. */
  @property({ attribute: false }) advice: readonly PlanReason[] = [];
  /** The machine is on: its hardware is what it is. */
  @property({ type: Boolean }) fixed = false;

  /** What was typed as memory and cannot be, and why not. */
  @state() private refused: { text: string; message: string } | null = null;

  override render() {
    return this.fixed ? this.#asBuilt() : this.#form();
  }

  #asBuilt() {
    return html`
      <p>${t`The machine is on. Turn it off to change what it is built with.`}</p>
      <dl>
        ${SHOWN_FIELDS.map(
          (field) =>
            html`<dt>${FIELD_WORDS[field]}</dt>
              <dd>${profileWords(this.profile, field)} ${this.#words(field)}</dd>`,
        )}
      </dl>
    `;
  }

  #form() {
    const { profile } = this;
    return html`
      <fieldset>
        <legend class="visually-hidden">${t`What the machine is built with`}</legend>
        ${this.#field('memoryMiB', this.#memory(profile))}
        ${this.#field(
          'videoMemoryMiB',
          this.#select(
            'videoMemoryMiB',
            VIDEO_SIZES.map((size) => [size, `${size} MiB`]),
          ),
        )}
        ${this.#field(
          'acpi',
          html`<span class="box"
            ><input
              id="acpi"
              type="checkbox"
              aria-describedby="acpi-words"
              .checked=${live(profile.acpi)}
              @change=${(event: Event) => this.#set({ acpi: (event.target as HTMLInputElement).checked })}
            /><label for="acpi">${t`ACPI power management`}</label></span
          >`,
        )}
        ${this.#field(
          'apic',
          html`<span class="box"
            ><input
              id="apic"
              type="checkbox"
              aria-describedby="apic-words"
              .checked=${live(profile.apic)}
              @change=${(event: Event) => this.#set({ apic: (event.target as HTMLInputElement).checked })}
            /><label for="apic">${t`APIC interrupt controller`}</label></span
          >`,
        )}
        ${this.#field('clock', this.#select('clock', Object.entries(CLOCK_WORDS)))}
        ${this.#field('bootOrder', this.#select('bootOrder', Object.entries(BOOT_ORDER_WORDS)))}
      </fieldset>
      <div class="buttons">
        <span>${this.#isAsPlanned ? t`As planned.` : t`Changed from the plan.`}</span>
        <button ?disabled=${this.#isAsPlanned && !this.refused} @click=${this.#reset}>
          ${t`As planned`}
        </button>
      </div>
    `;
  }

  get #isAsPlanned(): boolean {
    return SHOWN_FIELDS.every((field) => this.profile[field] === this.planned[field]);
  }

  /** A label, its control and what is said of it. A checkbox carries its own label. */
  #field(field: ShownField, control: unknown) {
    return html`<div class="field">
      ${field === 'acpi' || field === 'apic' ? nothing : html`<label for=${field}>${FIELD_WORDS[field]}</label>`}
      ${control}
      ${field === 'memoryMiB' && this.refused ? html`<p class="problem" role="alert" id="memory-problem">${this.refused.message}</p>` : nothing}
      ${this.#words(field)}
    </div>`;
  }

  #memory({ memoryMiB }: MachineProfile) {
    return html`<span
      ><input
        id="memoryMiB"
        type="text"
        inputmode="numeric"
        autocomplete="off"
        aria-describedby=${this.refused ? 'memory-problem memoryMiB-words' : 'memoryMiB-words'}
        aria-invalid=${this.refused !== null}
        .value=${live(this.refused?.text ?? String(memoryMiB))}
        @change=${this.#onMemory}
      />
      MiB</span
    >`;
  }

  #select(
    field: 'videoMemoryMiB' | 'clock' | 'bootOrder',
    options: readonly (readonly [string | number, string])[],
  ) {
    const value = this.profile[field];
    const choose = (event: Event): void => {
      const [chosen] = options[(event.target as HTMLSelectElement).selectedIndex];
      this.#set({ [field]: chosen });
    };
    return html`<select id=${field} aria-describedby="${field}-words" @change=${choose}>
      ${options.map(
        ([option, words]) =>
          html`<option value=${option} .selected=${live(option === value)}>${words}</option>`,
      )}
    </select>`;
  }

  /** Why a field is as planned, what was planned where it was changed, and what speaks against it. */
  #words(field: ShownField) {
    const reason = this.reasons.find((known) => known.field === field)?.message ?? '';
    const isChanged = this.profile[field] !== this.planned[field];
    const advice = this.advice.find((known) => known.field === field);
    return html`<div class="words" id="${field}-words">
      <p class="small-print">
        ${isChanged ? t`Planned: ${profileWords(this.planned, field)}.` : ''} ${reason}
      </p>
      ${advice ? html`<p class="advice">${advice.message}</p>` : nothing}
    </div>`;
  }

  readonly #onMemory = (event: Event): void => {
    const text = (event.target as HTMLInputElement).value.trim();
    const memoryMiB = /^\d+$/u.test(text) ? Number(text) : text;
    const [problem] = checkProfile({ memoryMiB });
    if (problem || typeof memoryMiB !== 'number') {
      const kept = t`The machine keeps ${this.profile.memoryMiB} MiB.`;
      this.refused = { text, message: `${problem?.message ?? ''} ${kept}` };
      return;
    }
    this.refused = null;
    this.#set({ memoryMiB });
  };

  #set(part: Partial<MachineProfile>): void {
    this.dispatchEvent(new VitrineProfileEvent(part));
  }

  readonly #reset = (): void => {
    this.refused = null;
    this.dispatchEvent(new VitrineProfileEvent(null));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-plan': VitrinePlan;
  }
  interface HTMLElementEventMap {
    'vitrine-profile': VitrineProfileEvent;
  }
}
