import { t } from '../lib/language.ts';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { toVitrineError } from '../lib/errors.ts';
import type { PointerPlace } from '../exhibit/exhibit-file.ts';
import type { Power, PowerState } from '../machine/power.ts';
import type { MachineProfile } from '../machine/profile.ts';
import type { DiscReport } from '../media/disc-report.ts';
import type { DiskReport } from '../media/disk-report.ts';
import type { DiskExportOptions } from '../page/disk-export.ts';
import { createExhibitSession } from '../page/exhibit-session.ts';
import { listenForMomentKey } from '../page/keyboard/moment-key.ts';
import { holdPage } from '../page/hold-page.ts';
import { beginEmbeddedLanguage } from '../page/languages.ts';
import { MachineInput } from '../page/machine-input.ts';
import type { MachineSession } from '../page/machine-session.ts';
import type { MachineStats } from '../page/machine-stats.ts';
import { trustOwnScripts } from '../page/trusted-scripts.ts';
import type { MachineReport } from '../page/report/report-schema.ts';
import type { ArchiveOptions } from '../page/shelf-client.ts';
import type { DiskFileFormat } from '../protocol/disk-messages.ts';
import type { SnapshotInfo } from '../protocol/snapshot-messages.ts';
import {
  VitrineActivityEvent,
  VitrineErrorEvent,
  VitrinePowerEvent,
  VitrineScreenEvent,
  VitrineSerialEvent,
} from './events.ts';
import { listenForDrops } from './drop-target.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';
import type { VitrineCase } from './vitrine-case.ts';
import './vitrine-case.ts';

// Before the first worker is started.
trustOwnScripts();

/** How long a page with unsaved writes is held when it is left: a commit of a full batch takes less. */
const LEAVE_MS = 400;
/** The same for a machine that runs: a checkpoint takes longer, and then the next page goes on exactly from here. */
const LEAVE_RUNNING_MS = 800;

/**
 * The machine as a museum embeds it: `<vitrine-machine>`. Its properties, methods and events are the contract
 * that other pages and the tests rely on. A method that fails rejects with a `VitrineError` whose `code` is
 * stable; a machine that runs goes on.
 *
 * Attributes: `drop-anywhere` (files dropped anywhere on the page are taken, not only on the case),
 * `kiosk` (for a museum's public), `runs-hidden` (the machine goes on while its page is hidden), `sharp` (whole picture scales only), `stays-off` (a
 * machine that was left running does not go on by itself when the page opens: the visitor is asked).
 */
@customElement('vitrine-machine')
export class VitrineMachine extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        display: grid;
        grid-template: minmax(0, 1fr) / minmax(0, 1fr);
        min-width: 0;
        min-height: 0;
      }
    `,
  ];

  @property({ type: Boolean, attribute: 'drop-anywhere' }) dropAnywhere = false;
  @property({ type: Boolean, attribute: 'runs-hidden' }) runsHidden = false;
  @property({ type: Boolean }) sharp = false;
  @property({ type: Boolean, attribute: 'stays-off' }) staysOff = false;

  /** For the public of a museum: no files, no other machines, no settings; whoever embeds it starts it. */
  @property({ type: Boolean, reflect: true }) kiosk = false;
  @state() private spot: PointerPlace | null = null;

  /** The page's side of the machine: watchable values for whoever builds more around it. */
  readonly session: MachineSession = createExhibitSession();
  readonly #input = new MachineInput(
    this.session,
    (thrown) => this.#tell(thrown),
    () => !this.kiosk,
  );
  #ends: (() => void)[] = [];
  #lastPower: Power = 'off';
  #opened: Promise<void> | null = null;

  /**
   * Resolves when it is decided what becomes of a machine that was left running: by then it runs again, or is off and
   * the visitor is asked. `powerOn` before that starts it from its disk.
   */
  get opened(): Promise<void> {
    return this.#opened ?? Promise.resolve();
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

  /** While off; throws 'machine/not-off' otherwise, and refuses impossible values with their limit. */
  configure(profile: Partial<MachineProfile>): void {
    this.session.configure(profile);
  }

  /** Off or running. What is no disc is reported, and the tray keeps what it has. */
  async insertDisc(disc: Blob, options: { name?: string } = {}): Promise<DiscReport> {
    return this.session.insertDisc(disc, options.name);
  }

  async ejectDisc(): Promise<void> {
    await this.session.ejectDisc();
  }

  async insertFloppy(image: Blob): Promise<void> {
    await this.session.insertFloppy(image);
  }

  async ejectFloppy(): Promise<void> {
    await this.session.ejectFloppy();
  }

  /** A blank persistent disk; refused with 'disk/not-blank' when the machine has one with something on it. */
  async createDisk(options: { sizeBytes: number }): Promise<void> {
    await this.session.createDisk(options.sizeBytes);
  }

  /**
   * Makes a prepared disk image (raw, qcow2, VHD, VMDK, VDI) the read-only base of the machine's disk, while off. It is
   * read in place; what the machine writes goes into this browser. What cannot be opened as a disk is reported with
   * the verdict 'not-a-disk' and an `image/…` reason, and nothing is attached. Refused with 'disk/not-blank' when the
   * machine has a disk with something on it.
   */
  async attachDisk(image: Blob, options: { name?: string } = {}): Promise<DiskReport> {
    const name = options.name ?? (image instanceof File ? image.name : t`The disk image`);
    return this.session.disks.attach([{ file: image, name }]);
  }

  /** Copies the attached image into this browser: the machine needs the file no more. While off. */
  async keepDisk(options: ArchiveOptions = {}): Promise<void> {
    await this.session.disks.keepBase(options);
  }

  /**
   * The machine's disk as a disk image, on or off: as it is now, or as it was at a saved moment. Cancelling the stream,
   * or the signal, gives it up.
   */
  async exportDisk(
    format: DiskFileFormat,
    options: DiskExportOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    return (await this.session.disks.export(format, options)).stream;
  }

  /** Erases the machine's disk and everything on it, for good. While off. */
  async eraseMachine(): Promise<void> {
    await this.session.eraseMachine();
  }

  async powerOn(): Promise<void> {
    await this.session.powerOn();
  }

  /**
   * What the guest wrote is made durable first. Refused with 'store/full' when there is no room for that, and the
   * machine stays on with it; with `unsaved: 'drop'` it goes off, its disk as it was saved last.
   */
  async powerOff(options: { unsaved?: 'keep' | 'drop' } = {}): Promise<void> {
    await this.session.powerOff(options);
  }

  async reset(): Promise<void> {
    await this.session.reset();
  }

  async pause(): Promise<void> {
    await this.session.pause();
  }

  async resume(): Promise<void> {
    await this.session.resume();
  }

  /** Resolves when every write so far is durable. */
  async flush(): Promise<void> {
    await this.session.flush();
  }

  /** US layout, never faster than the guest takes it. */
  async typeText(text: string): Promise<void> {
    await this.#input.keyboard.typeText(text);
  }

  /** KeyboardEvent.code names, pressed together, then released. */
  async pressKeys(codes: string[]): Promise<void> {
    await this.#input.keyboard.pressKeys(codes);
  }

  /** Relative steps in counts, right and down positive. */
  movePointer(dx: number, dy: number): void {
    this.#input.pointer.move(dx, dy);
  }

  async clickPointer(button: 'left' | 'middle' | 'right' = 'left'): Promise<void> {
    await this.#input.pointer.click(button);
  }

  /** COM1. */
  sendSerial(text: string): void {
    this.session.send({ type: 'serial', text });
  }

  /** Rows in a text mode, [] in a graphics mode. */
  async screenText(): Promise<string[]> {
    return this.session.screenText();
  }

  /** image/png, guest pixels, unscaled. */
  async screenshot(): Promise<Blob> {
    return this.session.screenshot();
  }

  /** Saves the machine as it is now. While on. */
  async takeSnapshot(label?: string): Promise<SnapshotInfo> {
    return this.session.moments.take(label);
  }

  /** In the order they were saved, the rolling checkpoint among them. */
  async snapshots(): Promise<SnapshotInfo[]> {
    return this.session.moments.list();
  }

  /** Goes back to a saved moment, from power 'off' too, in a fresh page too; the machine runs afterwards. */
  async restoreSnapshot(id: string): Promise<void> {
    await this.session.moments.restore(id);
  }

  /** Goes back to the exhibit's first state, for a kiosk between two visitors: what is there now is lost. False when none is pinned. */
  async resetToFirstState(): Promise<boolean> {
    return this.session.moments.resetToFirst();
  }

  async deleteSnapshot(id: string): Promise<void> {
    await this.session.moments.delete(id);
  }

  /** The machine with its disk and all its moments as one file, which should end in .vitrine. While off. */
  async exportMachine(): Promise<ReadableStream<Uint8Array>> {
    return this.session.moments.exportMachine();
  }

  /** Makes the machine, which is off, what the file holds; all of it is checked before anything is replaced. */
  async importMachine(file: Blob): Promise<void> {
    await this.session.moments.importMachine(file, file instanceof File ? file.name : t`The file`);
    await this.session.machineReplaced();
  }

  /**
   * Lights a lamp beside a point of the machine's picture (percent of it) or at a part of the case; null puts it out.
   */
  pointAt(place: PointerPlace | null): void {
    this.spot = place;
  }

  /** Puts away what a visitor opened over the case, forgets what was typed and not read yet, and lifts every key. */
  tidyUp(): void {
    this.session.send({ type: 'forget-input' });
    this.#input.release();
    this.spot = null;
    this.#case().keyboardOpen = false;
  }

  /** How far the system on the machine came, with versions and counts, and nothing private: docs/real-disc.md. */
  async report(): Promise<MachineReport> {
    const { gatherReport } = await import('../page/report/gather-report.ts');
    return gatherReport(this.session);
  }

  async stats(): Promise<MachineStats> {
    return this.session.stats();
  }

  override connectedCallback(): void {
    beginEmbeddedLanguage();
    super.connectedCallback();
    this.setAttribute('power', this.power);
    const { session } = this;
    const ears = new AbortController();
    const { signal } = ears;
    document.addEventListener('visibilitychange', () => this.#followVisibility(), { signal });
    // The last moments in which a page may still save: what the guest wrote becomes durable.
    document.addEventListener('freeze', () => this.#save(), { signal });
    window.addEventListener('pagehide', () => this.#saveAndLeave(), { signal });
    this.#opened ??= session.opening.begin({ asks: this.staysOff || this.kiosk });
    this.#ends = [
      () => ears.abort(),
      session.power.subscribe((state) => this.#powerChanged(state)),
      session.opening.state.subscribe((state) => {
        const isKnown = state.phase === 'store-failed' && state.isTrying;
        if ('problem' in state && state.problem && !isKnown) this.#tell(state.problem);
      }),
      session.discProblem.subscribe((problem) => {
        if (problem) this.#tell(problem);
      }),
      session.pointerAbsolute.subscribe((absolute) => this.#input.pointer.setAbsolute(absolute)),
      session.onSerial((text) => this.dispatchEvent(new VitrineSerialEvent(text))),
      session.screen.subscribe((mode) => {
        if (mode) this.dispatchEvent(new VitrineScreenEvent(mode.width, mode.height, mode.mode));
      }),
      session.onActivity(({ drive, direction, bytes }) =>
        this.dispatchEvent(new VitrineActivityEvent(drive, direction, bytes)),
      ),
      listenForMomentKey(
        this.dropAnywhere ? document : this,
        () => !this.kiosk && (this.power === 'running' || this.power === 'paused'),
        () => void session.deeds.take(),
      ),
      listenForDrops(this.dropAnywhere ? document : this, {
        dragging: (over) => this.#case().toggleAttribute('dragging', over && !this.kiosk),
        files: (files) => {
          if (!this.kiosk) void this.#case().takeFiles(files);
        },
      }),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  #case(): VitrineCase {
    return this.renderRoot.querySelector('vitrine-case')!;
  }

  #powerChanged(state: PowerState): void {
    if (state.power === this.#lastPower) return;
    this.#lastPower = state.power;
    this.setAttribute('power', state.power);
    if (state.power === 'running') this.#restIfHidden();
    else this.#input.release();
    this.dispatchEvent(new VitrinePowerEvent(state.power));
    if (state.power === 'failed') this.dispatchEvent(new VitrineErrorEvent(state.error));
  }

  #save(): void {
    // The disk first: it is quick, and a page that goes away may not have time for more. Both are asked for at once:
    // a page that is being left hears no answers.
    for (const saved of [this.session.flush(), this.session.moments.prepareToLeave()])
      saved.catch((thrown: unknown) => this.#tell(thrown));
  }

  #saveAndLeave(): void {
    const unsaved = this.session.disk.value?.phase === 'unsaved';
    this.#save();
    if (this.power === 'running') holdPage(LEAVE_RUNNING_MS);
    else if (unsaved) holdPage(LEAVE_MS);
  }

  #followVisibility(): void {
    if (document.hidden) this.#save();
    const { power } = this.session;
    this.#restIfHidden();
    if (!document.hidden && power.value.power === 'paused' && power.value.reason === 'hidden') {
      this.session.resume().catch((thrown: unknown) => this.#tell(thrown));
    }
  }

  /** A machine can go on by itself in a tab that nobody sees. */
  #restIfHidden(): void {
    const pauses = this.session.preferences.value.pauseWhenHidden && !this.runsHidden;
    if (!document.hidden || !pauses || this.power !== 'running') return;
    this.session.pause('hidden').catch((thrown: unknown) => this.#tell(thrown));
  }

  #tell(thrown: unknown): void {
    const error = toVitrineError(thrown);
    // What fails because the machine stopped is told by the machine's own state.
    if (error.code === 'machine/stopped' || error.code === 'machine/not-on') return;
    this.dispatchEvent(new VitrineErrorEvent(error));
  }

  override render() {
    return html`<vitrine-case
      .session=${this.session}
      .input=${this.#input}
      .sharp=${this.sharp}
      .spot=${this.spot}
      .kiosk=${this.kiosk}
    ></vitrine-case>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-machine': VitrineMachine;
  }
}
