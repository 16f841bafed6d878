import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { PointerPlace } from '../exhibit/exhibit-file.ts';
import { toVitrineError } from '../lib/errors.ts';
import { t } from '../lib/language.ts';
import { isOn } from '../machine/power.ts';
import { InstallCheck } from '../page/install-check.ts';
import { captureWords } from '../page/keyboard/capture.ts';
import type { MachineInput } from '../page/machine-input.ts';
import { isMachineFile } from '../page/machine-files.ts';
import type { MachineSession } from '../page/machine-session.ts';
import { asImage, sortBrought, type BroughtImage } from '../page/image-study.ts';
import { pickFile, pickFiles, type PickedFile } from '../page/picked-file.ts';
import { VitrineErrorEvent, type Wish, type VitrineWishEvent } from './events.ts';
import { describeDisk } from './disk-words.ts';
import { describePower } from './power-words.ts';
import { LazyPart } from './lazy-part.ts';
import { StoreController } from './store-controller.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import type { VitrineComputer } from './vitrine-computer.ts';
import type { VitrineMonitor } from './vitrine-monitor.ts';
import type { VitrinePressEvent, VitrineVolumeEvent } from './vitrine-toolbar.ts';
import './vitrine-computer.ts';
import './vitrine-message.ts';
import './vitrine-status.ts';
import './vitrine-monitor.ts';
import './vitrine-overlay.ts';
import './vitrine-power-menu.ts';
import './vitrine-speed.ts';
import './vitrine-toolbar.ts';

/** A message in the case: what could not be done, and why. The machine goes on behind it. */
interface Refusal {
  heading: string;
  text: string;
  detail: string;
}

const FLOPPY_ENDINGS = ['.img', '.ima', '.vfd', '.flp'];
const DISC_ENDINGS = ['.iso', '.udf', '.img'];
const DISK_ENDINGS = ['.qcow2', '.vhd', '.vmdk', '.vdi', '.img', '.raw'];

/** What the public of a museum may wish. */
const KIOSK_WISHES: ReadonlySet<Wish> = new Set<Wish>([
  'phone-keyboard',
  'screen-keyboard',
  'dismiss',
  'dismiss-disc-problem',
]);

/** The glass case and its plinth: shows a session, turns what the visitor wishes into its methods. */
@customElement('vitrine-case')
export class VitrineCase extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto auto;
        gap: clamp(8px, 1.6vmin, 18px);
        min-width: 0;
        min-height: 0;
        color: var(--on-wall);
      }
      .glass-case {
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
      :host([dragging]) .glass-case {
        box-shadow:
          inset 0 0 0 3px var(--glow),
          inset 0 0 60px #6cc4ff4d;
      }
      .reflection {
        position: absolute;
        inset: 0;
        border-radius: inherit;
        background: linear-gradient(
          112deg,
          #fff0 32%,
          #ffffff14 36%,
          #ffffff08 44%,
          #fff0 47%,
          #fff0 72%,
          #ffffff0d 75%,
          #fff0 79%
        );
        pointer-events: none;
      }
      vitrine-monitor,
      .computer {
        position: relative;
      }
      .over {
        position: absolute;
        inset: 0;
        display: grid;
        place-items: center;
        background: #0009;
        pointer-events: auto;
      }
      vitrine-moment-note {
        position: absolute;
        top: 6px;
        left: 50%;
        z-index: 5;
        width: min(640px, calc(100% - 24px));
        transform: translateX(-50%);
        filter: drop-shadow(0 8px 18px #000a);
        pointer-events: auto;
      }
      vitrine-captions {
        position: absolute;
        right: 12px;
        bottom: 10px;
        left: 12px;
        z-index: 4;
      }
      .plinth {
        padding: 12px clamp(10px, 2vmin, 24px);
        border-radius: 2px;
        background: linear-gradient(#4a4d52, #33363b 12%, #24272b);
        box-shadow:
          inset 0 1px 0 #ffffff4d,
          0 10px 30px #000a;
      }
      /* While fingers type, the room is the picture's and the keys': everything else is a touch away. */
      :host([typing]) :is(.computer, vitrine-toolbar) {
        display: none;
      }
      :host([typing]) vitrine-monitor {
        --least-glass: 0;
      }
      :host([typing]) .plinth {
        padding-block: 2px 6px;
      }
      .under {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 4px 20px;
        min-height: 20px;
        margin-top: 8px;
        font-size: 13px;
        line-height: 20px;
        color: #c3c7cc;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  @property({ attribute: false }) session!: MachineSession;
  @property({ attribute: false }) input!: MachineInput;
  @property({ type: Boolean }) sharp = false;
  /** For the public of a museum: see `vitrine-machine.ts`. */
  @property({ type: Boolean }) kiosk = false;
  /** What a light stands at. */
  @property({ attribute: false }) spot: PointerPlace | null = null;

  @state() private powerMenuOpen = false;
  @state() private settingsOpen = false;
  @state() private shelfOpen = false;
  @state() private momentsOpen = false;
  /** The keyboard on the screen is open. */
  @property({ type: Boolean, reflect: true, attribute: 'typing' }) keyboardOpen = false;
  @state() private photoOpen = false;
  @state() private reportOpen = false;
  @state() private fullScreen = false;
  @state() private refusal: Refusal | null = null;
  /** The window about a disk that is open. */
  @state() private diskWindow: 'save' | { image: BroughtImage; attached: boolean } | null = null;

  @query('vitrine-monitor') private readonly monitor!: VitrineMonitor;
  @query('vitrine-computer') private readonly computer!: VitrineComputer;

  /** What most visits do not need, or not at first. */
  readonly #parts = {
    captions: new LazyPart(this, () => import('./vitrine-captions.ts')),
    diskReport: new LazyPart(this, () => import('./vitrine-disk-report.ts')),
    keyboard: new LazyPart(this, () => import('./vitrine-keyboard.ts')),
    moments: new LazyPart(this, () => import('./vitrine-moments.ts')),
    note: new LazyPart(this, () => import('./vitrine-moment-note.ts')),
    opening: new LazyPart(this, () => import('./vitrine-opening.ts')),
    photo: new LazyPart(this, () => import('./vitrine-photo.ts')),
    report: new LazyPart(this, () => import('./vitrine-report.ts')),
    saveDisk: new LazyPart(this, () => import('./vitrine-save-disk.ts')),
    settings: new LazyPart(this, () => import('./vitrine-settings.ts')),
    shelf: new LazyPart(this, () => import('./vitrine-shelf.ts')),
    storageFull: new LazyPart(this, () => import('./vitrine-storage-full.ts')),
  };

  #ends: (() => void)[] = [];
  #endHands: (() => void) | null = null;
  #installCheck: InstallCheck | null = null;

  get #installs(): InstallCheck {
    this.#installCheck ??= new InstallCheck(this.session);
    return this.#installCheck;
  }

  constructor() {
    super();
    new StoreController(this, () => {
      const { session, input } = this;
      const { power, disc, lastDisc, floppy, canvas, screen, speed, halted, disk, sound } = session;
      return [
        power,
        disc,
        lastDisc.name,
        disk,
        sound.state,
        this.session.preferences,
        session.opening.state,
        session.deeds.doing,
        session.deeds.note,
        session.moments.hasFirst,
        session.moments.checkpoint,
        floppy,
        canvas,
        screen,
        speed,
        halted,
        session.discProblem,
        sound.settings,
        session.disks.base.standing,
        session.machine,
        session.diskless,
        input.capture,
        input.keyboard.untyped,
        input.pointerMode,
        this.#installs.room,
      ];
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const onFullScreen = () => (this.fullScreen = this.shadowRoot?.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', onFullScreen);
    this.#ends = [
      () => document.removeEventListener('fullscreenchange', onFullScreen),
      this.session.onActivity(({ drive, direction }) => this.computer?.flash(drive, direction)),
      this.session.power.subscribe((power) => {
        if (!isOn(power)) this.powerMenuOpen = false;
        if (this.#isFull) void this.#bring(this.#parts.storageFull);
      }),
      this.session.opening.state.subscribe(() => {
        if (this.#opens) void this.#bring(this.#parts.opening);
      }),
      this.session.preferences.subscribe(() => void this.#bringCaptions()),
      this.session.deeds.doing.subscribe(() => void this.#bring(this.#parts.note)),
      this.session.deeds.note.subscribe(() => void this.#bring(this.#parts.note)),
      this.#installs.start((thrown) => this.dispatchEvent(new VitrineErrorEvent(toVitrineError(thrown)))),
    ];
    void this.#bringCaptions();
    if (this.#opens) void this.#bring(this.#parts.opening);
    const { choiceProblem } = this.session;
    if (choiceProblem) {
      const heading = t`The address names no machine`;
      this.refusal = { heading, text: choiceProblem.message, detail: '' };
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
    this.#ends = [];
    this.#followHands();
  }

  /** The glass takes keys and pointer only while there is a guest to hear them. */
  #followHands(): void {
    const listens = this.isConnected && this.session.power.value.power === 'running';
    if (listens && !this.#endHands) {
      this.#endHands = this.input.attach(this.monitor.hands);
    } else if (!listens && this.#endHands) {
      this.#endHands();
      this.#endHands = null;
    }
  }

  override updated(): void {
    this.#followHands();
  }

  /** What was dropped goes into the drive that it belongs to; of a disk image the report is shown first. */
  async takeFiles(dropped: Promise<PickedFile[]>): Promise<void> {
    await this.#attempt(t`This file cannot be used`, async () => {
      const files = await dropped;
      if (files.length === 1 && isMachineFile(files[0].file.name)) return this.#bringMachine(files[0].file);
      const brought = await sortBrought(files);
      if (brought.kind === 'floppy') await this.session.insertFloppy(brought.picked.file);
      else if (brought.kind === 'disc') await this.#takeDisc(brought.picked);
      else await this.#takeImage(brought.image);
    });
  }

  /** The shelf asks what it is to become. */
  async #bringMachine(file: File): Promise<void> {
    this.session.files.brought.set(file);
    if (!this.shelfOpen) await this.#toggleShelf();
  }

  /** The image that the machine waits for, or a copy of it, is taken at once; of any other the report is shown. */
  async #takeImage(image: BroughtImage): Promise<void> {
    const { base } = this.session.disks;
    const awaited = base.standing.value;
    const isAwaited = async () =>
      awaited?.name === image.files[0].name || (await base.recognises(image.files));
    if (awaited && awaited.have !== 'open' && (await isAwaited())) {
      await base.offer(image.files, image.handles);
    } else {
      await this.#openDiskWindow({ image, attached: false });
    }
  }

  async #openDiskWindow(what: 'save' | { image: BroughtImage; attached: boolean }): Promise<void> {
    await (what === 'save' ? this.#parts.saveDisk : this.#parts.diskReport).need();
    this.shelfOpen = false;
    this.diskWindow = what;
  }

  async #takeDisc({ file, handle }: PickedFile): Promise<void> {
    const report = await this.session.insertDisc(file);
    if (report.verdict === 'not-a-disc') {
      const text = report.reasons.map((reason) => reason.message).join(' ');
      this.refusal = { heading: t`${file.name} is not a disc`, text, detail: '' };
    } else if (handle) {
      await this.session.rememberDisc(handle);
    }
  }

  /** Does what the visitor asked for; what cannot be done is said in a window, and nothing else changes. */
  async #attempt(heading: string, action: () => unknown): Promise<void> {
    const before = this.session.power.value;
    try {
      this.refusal = null;
      await action();
    } catch (thrown) {
      const error = toVitrineError(thrown);
      // The visitor turned it off meanwhile.
      if (error.code === 'machine/stopped') return;
      // It is over the picture already, with what can be done.
      if (this.session.opening.tells(error)) return;
      // A machine that died of it says so on its own screen.
      const now = this.session.power.value;
      if (now.power === 'failed' && now !== before) return;
      this.refusal = { heading, text: error.message, detail: error.detail };
      this.dispatchEvent(new VitrineErrorEvent(error));
    }
  }

  readonly #onWish = (event: VitrineWishEvent): void => {
    const { session } = this;
    const { wish } = event;
    if (this.kiosk && !KIOSK_WISHES.has(wish)) return;
    const fulfil: Record<Wish, () => unknown> = {
      'power-on': () => session.powerOn(),
      'start-without-disk': () => session.powerOn({ withoutDisk: true }),
      'begin-anew': () => session.beginAnew(),
      'power-menu': () => (this.powerMenuOpen = !this.powerMenuOpen),
      'shut-down': () => session.pressPowerButton(),
      'cut-power': () => session.powerOff(),
      reset: () => session.reset(),
      pause: () => session.pause(),
      resume: () => session.resume(),
      'choose-disc': () => this.#choose(t`Disc image`, DISC_ENDINGS, (picked) => this.#takeDisc(picked)),
      'eject-disc': () => session.ejectDisc(),
      'choose-floppy': () =>
        this.#choose(t`Floppy image`, FLOPPY_ENDINGS, ({ file }) => session.insertFloppy(file)),
      'eject-floppy': () => session.ejectFloppy(),
      'full-screen': () => this.#toggleFullScreen(),
      shelf: () => this.#toggleShelf(),
      moments: () => this.#toggleMoments(),
      'reset-to-first': () => session.deeds.resetToFirst(),
      settings: () => this.#openSettings(),
      'screen-keyboard': () => this.#toggleKeyboard(),
      photo: () => this.#openPhoto(),
      report: () => this.#openReport(),
      'phone-keyboard': () => this.input.openPhoneKeyboard(),
      'take-over': () => session.powerOn({ takeOver: true }),
      'retry-disk': () => session.retryDisk(),
      'drop-unsaved': () => session.powerOff({ unsaved: 'drop' }),
      'choose-disk': () => this.#chooseImage((image) => this.#openDiskWindow({ image, attached: false })),
      'find-base': () => this.#chooseImage(({ files, handles }) => session.disks.base.offer(files, handles)),
      'save-disk': () => this.#openDiskWindow('save'),
      'keep-base': async () => {
        await session.recall();
        const base = await session.disks.base.open();
        if (base) await this.#openDiskWindow({ image: { files: base.files, handles: [] }, attached: true });
      },
      'last-disc': () => session.insertLastDisc(),
      dismiss: () => {},
      'dismiss-disc-problem': () => session.discProblem.set(null),
    };
    if (wish !== 'power-menu') this.powerMenuOpen = false;
    void this.#attempt(t`This cannot be done now`, fulfil[wish]);
  };

  async #choose(what: string, endings: string[], take: (picked: PickedFile) => Promise<void>): Promise<void> {
    const picked = await pickFile(what, endings);
    if (picked) await take(picked);
  }

  /** An image may be kept in two files, which are picked together. */
  async #chooseImage(take: (image: BroughtImage) => Promise<void>): Promise<void> {
    const picked = await pickFiles(t`Disk image`, DISK_ENDINGS);
    if (picked.length > 0) await take(await asImage(picked));
  }

  async #toggleFullScreen(): Promise<void> {
    if (this.fullScreen) await document.exitFullscreen();
    else await this.monitor.requestFullscreen({ navigationUI: 'hide' });
    this.monitor.hands.glass.focus();
  }

  readonly #onPress = (event: VitrinePressEvent): void => {
    void this.#attempt(t`The keys could not be pressed`, () => this.input.keyboard.pressKeys(event.codes));
  };

  readonly #onVolume = (event: VitrineVolumeEvent): void => {
    this.session.sound.setVolume(event.volume);
    this.session.sound.setMuted(event.muted);
  };

  override render() {
    const { session } = this;
    const power = session.power.value;
    const on = isOn(power);
    const discName = session.disc.value?.medium.name ?? '';
    const sound = session.sound.settings.value;
    // Something else that has to be said goes first.
    const { opening } = this.#parts;
    const opens = this.#opens && this.refusal === null && (opening.isLoaded || opening.problem !== null);
    return html`
      <div class="glass-case" @vitrine-wish=${this.#onWish}>
        <div class="reflection" aria-hidden="true"></div>
        ${this.fullScreen ? nothing : this.#note()}
        <vitrine-monitor
          .canvas=${session.canvas.value}
          .guestSize=${session.screen.value}
          .lit=${on}
          .dimmed=${power.power === 'paused' || power.power === 'failed'}
          .captured=${this.input.pointerMode.value !== 'free' && power.power === 'running'}
          .sharp=${this.sharp || session.preferences.value.sharpPicture}
          .spot=${this.spot && 'x' in this.spot ? this.spot : null}
        >
          ${opens ? this.#opening() : nothing}
          <vitrine-overlay
            ?hidden=${opens}
            .kiosk=${this.kiosk}
            .power=${power}
            .looking=${this.#opens || session.opening.state.value.phase === 'looking'}
            .discName=${discName}
            .halted=${session.halted.value}
            .discProblem=${session.discProblem.value}
            .refusal=${this.refusal}
            .waitingBytes=${session.disk.value?.waitingBytes ?? 0}
            .lastDiscName=${session.lastDisc.name.value}
            .installRoom=${this.#installs.room.value}
            .start=${session.start}
            .base=${session.disks.base.standing.value}
            >${this.#isFull && this.#parts.storageFull.isLoaded ? html`<vitrine-storage-full slot="room" .session=${session}></vitrine-storage-full>` : nothing}</vitrine-overlay
          >
          ${
            this.#parts.captions.isLoaded && session.preferences.value.soundCaptions && on
              ? html`<vitrine-captions .sound=${session.sound}></vitrine-captions>`
              : nothing
          }
          ${this.fullScreen ? this.#note() : nothing}
        </vitrine-monitor>
        <div class="computer">
          <vitrine-computer
            .kiosk=${this.kiosk}
            .power=${power.power}
            .discName=${discName}
            .floppyName=${session.floppy.value?.name ?? ''}
            .spot=${this.spot && 'part' in this.spot ? this.spot.part : ''}
          ></vitrine-computer>
          ${
            this.powerMenuOpen && on
              ? html`<vitrine-power-menu
                  .power=${power.power}
                  .acpi=${session.profile.value.acpi}
                ></vitrine-power-menu>`
              : nothing
          }
        </div>
      </div>
      <div
        class="plinth"
        @vitrine-wish=${this.#onWish}
        @vitrine-press=${this.#onPress}
        @vitrine-volume=${this.#onVolume}
      >
        <vitrine-toolbar
          .kiosk=${this.kiosk}
          .spot=${this.spot && 'part' in this.spot ? this.spot.part : ''}
          .power=${power.power}
          .volume=${sound.volume}
          .muted=${sound.muted}
          .fullScreen=${this.fullScreen}
          .hasFirst=${session.moments.hasFirst.value}
          .keyboardOpen=${this.keyboardOpen}
        ></vitrine-toolbar>
        <div class="under">
          <span>${this.#untyped() ?? this.#hint()}</span><span>${this.#saved()}</span
          ><span>${this.#figures()}</span>
        </div>
      </div>
      ${
        this.keyboardOpen
          ? html`<vitrine-keyboard
              .keys=${this.input.screenKeys}
              .preferences=${session.preferences}
              @vitrine-done=${() => (this.keyboardOpen = false)}
            ></vitrine-keyboard>`
          : nothing
      }
      ${
        this.photoOpen
          ? html`<vitrine-photo
              .session=${session}
              @vitrine-done=${() => (this.photoOpen = false)}
            ></vitrine-photo>`
          : nothing
      }
      ${
        this.reportOpen
          ? html`<vitrine-report
              .session=${session}
              @vitrine-done=${() => (this.reportOpen = false)}
            ></vitrine-report>`
          : nothing
      }
      ${this.shelfOpen ? html`<vitrine-shelf .session=${session} @vitrine-wish=${this.#onWish}></vitrine-shelf>` : nothing}
      ${this.momentsOpen ? html`<vitrine-moments .session=${session} @vitrine-wish=${this.#onWish}></vitrine-moments>` : nothing}
      ${this.diskWindow ? this.#diskWindow(this.diskWindow) : nothing}
      ${this.settingsOpen ? this.#settings() : nothing}
      <div class="visually-hidden" role="status">${describePower(power)}</div>
    `;
  }

  /** Over the case; in full screen there is only the picture to be over. The shelf of moments has one of its own. */
  #note() {
    if (!this.#parts.note.isLoaded || this.momentsOpen) return nothing;
    return html`<vitrine-moment-note .session=${this.session}></vitrine-moment-note>`;
  }

  async #toggleKeyboard(): Promise<void> {
    if (!this.keyboardOpen) await this.#parts.keyboard.need();
    this.keyboardOpen = !this.keyboardOpen;
    // On a phone the page may have been scrolled to the papers.
    this.scrollIntoView({ block: 'nearest' });
  }

  async #openSettings(): Promise<void> {
    await this.#parts.settings.need();
    this.settingsOpen = true;
  }

  async #openPhoto(): Promise<void> {
    await this.#parts.photo.need();
    this.photoOpen = true;
  }

  async #openReport(): Promise<void> {
    await this.#parts.report.need();
    this.reportOpen = true;
  }

  async #toggleMoments(): Promise<void> {
    if (!this.momentsOpen) await this.#parts.moments.need();
    this.momentsOpen = !this.momentsOpen;
  }

  async #bringCaptions(): Promise<void> {
    if (this.session.preferences.value.soundCaptions) await this.#bring(this.#parts.captions);
  }

  /**
   * Loads a part that nobody asked for just now: a window that is read meanwhile stays, and what is missing is said
   * once, unless something else is being said.
   */
  async #bring(part: LazyPart): Promise<void> {
    if (part.isLoaded) return;
    const isKnown = part.problem !== null;
    try {
      await part.need();
    } catch (thrown) {
      if (isKnown) return;
      const error = toVitrineError(thrown);
      // Of what is to be decided it is said where that would be.
      if (part !== this.#parts.opening)
        this.refusal ??= { heading: t`The page is incomplete`, text: error.words, detail: error.detail };
      this.dispatchEvent(new VitrineErrorEvent(error));
    }
  }

  /** Whether it is still to be decided what becomes of the machine. */
  get #opens(): boolean {
    const { phase } = this.session.opening.state.value;
    return phase !== 'settled' && phase !== 'looking';
  }

  /** What is to be decided; what is missing for that, where it could not be loaded. */
  #opening() {
    const { opening } = this.#parts;
    if (opening.isLoaded)
      return html`<vitrine-opening .session=${this.session} .kiosk=${this.kiosk}></vitrine-opening>`;
    if (!opening.problem) return nothing;
    return html`
      <div class="over">
        <vitrine-message
          heading=${t`The page is incomplete`}
          .text=${opening.problem.words}
          .detail=${opening.problem.detail}
        >
          <button class="default" @click=${() => location.reload()}>${t`Reload the page`}</button>
        </vitrine-message>
      </div>
    `;
  }

  #diskWindow(what: 'save' | { image: BroughtImage; attached: boolean }) {
    const close = () => (this.diskWindow = null);
    if (what === 'save') {
      return html`<vitrine-save-disk .session=${this.session} @vitrine-done=${close}></vitrine-save-disk>`;
    }
    return html`<vitrine-disk-report
      .session=${this.session}
      .image=${what.image}
      .attached=${what.attached}
      @vitrine-done=${close}
    ></vitrine-disk-report>`;
  }

  async #toggleShelf(): Promise<void> {
    if (!this.shelfOpen) await this.#parts.shelf.need();
    this.shelfOpen = !this.shelfOpen;
  }

  get #isFull(): boolean {
    const power = this.session.power.value;
    return power.power === 'paused' && power.reason === 'storage-full';
  }

  #settings() {
    return html`<vitrine-settings
      .preferences=${this.session.preferences}
      .platform=${this.input.keyboard.platform}
      @vitrine-wish=${this.#onWish}
      @vitrine-done=${() => (this.settingsOpen = false)}
    ></vitrine-settings>`;
  }

  /** What was typed in vain, said aloud too. */
  #untyped() {
    const untyped = this.input.keyboard.untyped.value;
    if (!untyped || this.session.power.value.power !== 'running') return null;
    return html`<vitrine-status
      .words=${t`The machine’s keyboard has no key for ${untyped}. Choose its layout on the screen keyboard.`}
    ></vitrine-status>`;
  }

  #hint(): string {
    const power = this.session.power.value;
    const sound = this.session.sound.state.value.state;
    if (power.power === 'running' && sound === 'blocked')
      return t`The browser keeps it silent until you click.`;
    return power.power === 'running'
      ? captureWords(this.input.capture.value, this.input.keyboard.platform)
      : describePower(power);
  }

  /** What is saved, and what could not be: in one line. */
  #saved(): string {
    const { error } = this.session.moments.checkpoint.value;
    const { power } = this.session.power.value;
    if (this.session.diskless.value && (power === 'running' || power === 'paused'))
      return t`without a disk: nothing of it is kept`;
    const disk = describeDisk(this.session.disk.value);
    if (!error || !isOn(this.session.power.value)) return disk;
    const checkpoint = t`the last checkpoint could not be saved: ${error.words}`;
    return disk ? `${disk} · ${checkpoint}` : checkpoint;
  }

  #figures() {
    if (!isOn(this.session.power.value)) return nothing;
    const mode = this.session.screen.value;
    const size = mode ? `${mode.width} × ${mode.height}` : '';
    const picture = mode ? `${mode.mode === 'text' ? t`${size} text` : size} · ` : '';
    return html`${picture}<vitrine-speed .mips=${this.session.speed.value.mips}></vitrine-speed>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-case': VitrineCase;
  }
}
