import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { toVitrineError, VitrineError } from '../lib/errors.ts';
import { isOn, type Power, type PowerState } from '../machine/power.ts';
import type { MachineProfile } from '../machine/profile.ts';
import type { DiscReport } from '../media/disc-report.ts';
import { captureWords } from '../page/keyboard/capture.ts';
import { MachineSession } from '../page/machine-session.ts';
import { MachineInput } from '../page/machine-input.ts';
import { createDefaultSession } from '../page/default-session.ts';
import type { MachineStats } from '../page/machine-stats.ts';
import {
  VitrineActivityEvent,
  VitrineErrorEvent,
  VitrinePowerEvent,
  VitrineScreenEvent,
  VitrineSerialEvent,
  type VitrineWishEvent,
} from './events.ts';
import { describePower } from './power-words.ts';
import { StoreController } from './store-controller.ts';
import { theme } from './theme.ts';
import { listenForDrops } from './drop-target.ts';
import { pickFile } from './pick-file.ts';
import type { VitrinePressEvent, VitrineVolumeEvent } from './vitrine-toolbar.ts';
import type { VitrineComputer } from './vitrine-computer.ts';
import type { VitrineMonitor } from './vitrine-monitor.ts';
import './vitrine-computer.ts';
import './vitrine-message.ts';
import './vitrine-monitor.ts';
import './vitrine-overlay.ts';
import './vitrine-power-menu.ts';
import './vitrine-toolbar.ts';

/**
 * The machine in its glass case, as a museum embeds it: `<vitrine-machine>`. Its methods, properties and events
 * are the contract that other pages and the tests rely on; every method that fails rejects with a
 * `VitrineError` whose `code` is stable.
 *
 * Attribute `drop-anywhere`: files dropped anywhere on the page are taken, not only on the case.
 */
@customElement('vitrine-machine')
export class VitrineMachine extends LitElement {
  static override styles = [
    theme,
    css`
      :host {
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto;
        gap: clamp(8px, 1.6vmin, 18px);
        min-width: 0;
        min-height: 0;
        color: var(--on-wall);
      }
      .case {
        position: relative;
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto;
        gap: clamp(2px, 0.5vmin, 6px);
        min-height: 0;
        padding: clamp(10px, 2.2vmin, 30px) clamp(10px, 3vmin, 44px) clamp(10px, 1.8vmin, 22px);
        border-radius: 6px 6px 2px 2px;
        background:
          radial-gradient(120% 90% at 50% 0, #fff3d626, transparent 60%),
          linear-gradient(#ffffff12, #ffffff05 40%, #00000026);
        box-shadow:
          inset 0 0 0 1px #ffffff38,
          inset 0 0 0 4px #ffffff0d,
          inset 0 2px 0 #ffffff80,
          0 30px 60px -30px #000;
      }
      .reflection {
        position: absolute;
        inset: 0;
        border-radius: inherit;
        background: linear-gradient(112deg, #fff0 32%, #ffffff14 36%, #ffffff08 44%, #fff0 47%, #fff0 72%, #ffffff0d 75%, #fff0 79%);
        pointer-events: none;
      }
      .plinth {
        padding: 12px clamp(10px, 2vmin, 24px);
        border-radius: 2px;
        background: linear-gradient(#4a4d52, #33363b 12%, #24272b);
        box-shadow:
          inset 0 1px 0 #ffffff4d,
          0 10px 30px #000a;
      }
      .under {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 4px 20px;
        min-height: 1.5em;
        margin-top: 8px;
        font-size: 13px;
        color: var(--on-wall-soft);
        font-variant-numeric: tabular-nums;
      }
      vitrine-monitor {
        width: 100%;
      }
      .computer {
        position: relative;
      }
      :host([dragging]) .case {
        box-shadow:
          inset 0 0 0 3px var(--glow),
          inset 0 0 60px #6cc4ff4d;
      }
    `,
  ];

  /** The page's side of the machine. An embedding page may hand in its own. */
  @property({ attribute: false }) session: MachineSession = createDefaultSession();
  @property({ type: Boolean, attribute: 'drop-anywhere' }) dropAnywhere = false;
  @property({ type: Boolean, reflect: true }) dragging = false;
  /** Pauses the machine while its page is hidden. */
  @property({ type: Boolean, attribute: 'runs-hidden' }) runsHidden = false;
  /** Only whole picture scales. */
  @property({ type: Boolean }) sharp = false;

  @state() private powerMenuOpen = false;
  @state() private fullScreen = false;
  /** Something that could not be done, to be read and put away; the machine goes on. */
  @state() private refusal: { heading: string; text: string; detail: string } | null = null;

  @query('vitrine-monitor') private readonly monitor!: VitrineMonitor;
  @query('vitrine-computer') private readonly computer!: VitrineComputer;

  #input: MachineInput | null = null;
  #ends: (() => void)[] = [];
  #lastPower: Power = 'off';

  constructor() {
    super();
    new StoreController(this, () => [
      this.session.power,
      this.session.disc,
      this.session.floppy,
      this.session.canvas,
      this.session.screen,
      this.session.speed,
      this.session.halted,
      this.session.sound.settings,
    ]);
  }

  get power(): Power {
    return this.session.power.value.power;
  }

  get error(): { code: string; message: string } | null {
    const state = this.session.power.value;
    return state.power === 'failed' ? { code: state.error.code, message: state.error.message } : null;
  }

  get disc(): DiscReport | null {
    return this.session.disc.value?.report ?? null;
  }

  configure(profile: Partial<MachineProfile>): void {
    this.session.configure(profile);
  }

  async insertDisc(disc: Blob, options: { name?: string } = {}): Promise<DiscReport> {
    return this.session.insertDisc(disc, options.name);
  }

  ejectDisc = (): Promise<void> => this.session.ejectDisc();
  insertFloppy = (image: Blob): Promise<void> => this.session.insertFloppy(image);
  ejectFloppy = (): Promise<void> => this.session.ejectFloppy();
  powerOn = (): Promise<void> => this.session.powerOn();
  powerOff = (): Promise<void> => this.session.powerOff();
  reset = (): Promise<void> => this.session.reset();
  pause = (): Promise<void> => this.session.pause();
  resume = (): Promise<void> => this.session.resume();
  flush = (): Promise<void> => this.session.flush();
  screenText = (): Promise<string[]> => this.session.screenText();
  screenshot = (): Promise<Blob> => this.session.screenshot();

  typeText(text: string): Promise<void> {
    return this.#hands().keyboard.typeText(text);
  }

  pressKeys(codes: string[]): Promise<void> {
    return this.#hands().keyboard.pressKeys(codes);
  }

  /** Relative steps in counts, right and down positive. */
  movePointer(dx: number, dy: number): void {
    this.#hands().movePointer(dx, dy);
  }

  clickPointer(button: 'left' | 'middle' | 'right' = 'left'): Promise<void> {
    return this.#hands().clickPointer(button);
  }

  sendSerial(text: string): void {
    this.session.send({ type: 'serial', text });
  }

  async stats(): Promise<MachineStats> {
    return this.session.machineStats();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { session } = this;
    const hidden = () => this.#followVisibility();
    document.addEventListener('visibilitychange', hidden);
    const fullScreen = () => (this.fullScreen = this.shadowRoot?.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', fullScreen);
    this.#ends = [
      session.power.subscribe((state) => this.#powerChanged(state)),
      session.onSerial((text) => this.dispatchEvent(new VitrineSerialEvent(text))),
      session.screen.subscribe((mode) => {
        if (mode) this.dispatchEvent(new VitrineScreenEvent(mode.width, mode.height, mode.mode));
      }),
      session.onActivity(({ drive, direction, bytes }) => {
        this.computer?.flash(drive, direction);
        this.dispatchEvent(new VitrineActivityEvent(drive, direction, bytes));
      }),
      () => document.removeEventListener('visibilitychange', hidden),
      () => document.removeEventListener('fullscreenchange', fullScreen),
      listenForDrops(this.dropAnywhere ? document : this, {
        dragging: (on) => (this.dragging = on),
        files: (files) => void this.#attempt('This file cannot be used', () => this.#takeFile(files)),
      }),
    ];
    if (this.hasUpdated) this.#attachInput();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
    this.#input?.detach();
    this.#input = null;
  }

  override firstUpdated(): void {
    this.#attachInput();
  }

  #attachInput(): void {
    void this.monitor.updateComplete.then(() => {
      if (!this.isConnected || this.#input) return;
      this.#input = new MachineInput(this.session, this.monitor.glass);
      this.#ends.push(this.#input.capture.subscribe(() => this.requestUpdate()));
      this.requestUpdate();
    });
  }

  #hands(): MachineInput {
    if (!this.#input) throw new VitrineError('machine/not-on');
    return this.#input;
  }

  #powerChanged(state: PowerState): void {
    if (!isOn(state)) this.powerMenuOpen = false;
    if (state.power === this.#lastPower) return;
    this.#lastPower = state.power;
    this.setAttribute('power', state.power);
    this.dispatchEvent(new VitrinePowerEvent(state.power));
    if (state.power === 'failed') this.dispatchEvent(new VitrineErrorEvent(state.error));
  }

  #followVisibility(): void {
    const { power } = this.session;
    if (document.hidden && !this.runsHidden && power.value.power === 'running') {
      void this.#attempt('The machine could not be paused', () => this.session.pause('hidden'));
    } else if (!document.hidden && power.value.power === 'paused' && power.value.reason === 'hidden') {
      void this.#attempt('The machine could not go on', () => this.session.resume());
    }
  }

  /** Does what the visitor asked for; what cannot be done is said in a window, and nothing else changes. */
  async #attempt(heading: string, action: () => Promise<void>): Promise<void> {
    try {
      this.refusal = null;
      await action();
    } catch (thrown) {
      const error = toVitrineError(thrown);
      // A dead machine speaks for itself on its own screen.
      if (this.power === 'failed') return;
      this.refusal = { heading, text: error.message, detail: error.detail };
      this.dispatchEvent(new VitrineErrorEvent(error));
    }
  }

  async #takeFile(files: File[]): Promise<void> {
    if (files.length > 1) throw new VitrineError('page/one-file');
    const [file] = files;
    if (/\.(img|ima|vfd|flp)$/i.test(file.name) && file.size <= 2880 * 1024) {
      await this.session.insertFloppy(file);
      return;
    }
    await this.#takeDisc(file);
  }

  async #takeDisc(file: File): Promise<void> {
    const report = await this.session.insertDisc(file);
    if (report.verdict !== 'not-a-disc') return;
    this.refusal = {
      heading: 'This is not a disc',
      text: report.reasons.map((reason) => reason.message).join(' '),
      detail: report.reasons.map((reason) => reason.code).join(', '),
    };
  }

  readonly #onWish = (event: VitrineWishEvent): void => {
    const { session } = this;
    const acts: Record<typeof event.wish, () => Promise<void>> = {
      'power-on': () => session.powerOn(),
      'power-off': async () => {
        this.powerMenuOpen = !this.powerMenuOpen;
      },
      'cut-power': () => session.powerOff(),
      'shut-down': () => session.pressPowerButton(),
      reset: () => session.reset(),
      pause: () => session.pause(),
      resume: () => session.resume(),
      'choose-disc': async () => {
        const file = await pickFile(['.iso', '.img', '.udf']);
        if (file) await this.#takeDisc(file);
      },
      'eject-disc': () => session.ejectDisc(),
      'choose-floppy': async () => {
        const file = await pickFile(['.img', '.ima', '.vfd', '.flp']);
        if (file) await session.insertFloppy(file);
      },
      'eject-floppy': () => session.ejectFloppy(),
      'full-screen': () => this.#toggleFullScreen(),
      dismiss: async () => {
        this.refusal = null;
      },
    };
    if (event.wish !== 'power-off') this.powerMenuOpen = false;
    void this.#attempt('This cannot be done now', acts[event.wish]);
  };

  async #toggleFullScreen(): Promise<void> {
    if (this.fullScreen) await document.exitFullscreen();
    else await this.monitor.requestFullscreen({ navigationUI: 'hide' });
    this.monitor.glass.focus();
  }

  readonly #onPress = (event: VitrinePressEvent): void => {
    void this.#attempt('The keys could not be pressed', () => this.pressKeys(event.codes));
  };

  readonly #onVolume = (event: VitrineVolumeEvent): void => {
    this.session.sound.setVolume(event.volume);
    this.session.sound.setMuted(event.muted);
  };

  override render() {
    const { session } = this;
    const state = session.power.value;
    const on = isOn(state);
    const captured = this.#input?.capture.value.state === 'captured';
    const sound = session.sound.settings.value;
    return html`
      <div class="case" @vitrine-wish=${this.#onWish}>
        <vitrine-monitor
          .canvas=${session.canvas.value}
          .guestSize=${session.screen.value}
          .lit=${on}
          .dimmed=${state.power === 'paused' || state.power === 'failed'}
          .captured=${captured && state.power === 'running'}
          .sharp=${this.sharp}
        >
          <vitrine-overlay
            .state=${state}
            .discName=${session.disc.value?.medium.name ?? ''}
            .halted=${session.halted.value}
            .hasPicture=${session.screen.value !== null}
            .refusal=${this.refusal}
          ></vitrine-overlay>
        </vitrine-monitor>
        <div class="computer">
          <vitrine-computer
            .power=${state.power}
            .discName=${session.disc.value?.medium.name ?? ''}
            .floppyName=${session.floppy.value?.name ?? ''}
          ></vitrine-computer>
          ${this.powerMenuOpen && on ? html`<vitrine-power-menu .power=${state.power}></vitrine-power-menu>` : nothing}
        </div>
        <div class="reflection" aria-hidden="true"></div>
      </div>
      <div class="plinth" @vitrine-wish=${this.#onWish} @vitrine-press=${this.#onPress} @vitrine-volume=${this.#onVolume}>
        <vitrine-toolbar
          .power=${state.power}
          .volume=${sound.volume}
          .muted=${sound.muted}
          .fullScreen=${this.fullScreen}
        ></vitrine-toolbar>
        <div class="under">
          <span>${this.#hint(captured)}</span>
          <span>${this.#figures()}</span>
        </div>
      </div>
      <div class="visually-hidden" role="status">${describePower(state)}</div>
    `;
  }

  #hint(captured: boolean): string {
    if (this.power !== 'running' || !this.#input) return describePower(this.session.power.value);
    return captureWords(this.#input.capture.value, this.#input.keyboard.platform);
  }

  #figures(): string {
    const { session } = this;
    if (!isOn(session.power.value)) return '';
    const mode = session.screen.value;
    const picture = mode ? `${mode.width} × ${mode.height}${mode.mode === 'text' ? ' text' : ''} · ` : '';
    return `${picture}${Math.round(session.speed.value.mips)} million instructions a second`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-machine': VitrineMachine;
  }
}
