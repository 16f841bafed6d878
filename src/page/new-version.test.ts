import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Store } from '../lib/store.ts';
import { INITIAL_POWER, type PowerState } from '../machine/power.ts';
import { NewVersion } from './new-version.ts';

/** A worker of the shell, as a page sees it. */
class FakeWorker extends EventTarget {
  state: ServiceWorkerState = 'installing';
  readonly heard: unknown[] = [];
  become(state: ServiceWorkerState): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
  postMessage(message: unknown): void {
    this.heard.push(message);
  }
}

class FakeRegistration extends EventTarget {
  installing: FakeWorker | null = null;
  waiting: FakeWorker | null = null;
  update = vi.fn(async () => {});
  /** The browser found another script. */
  find(): FakeWorker {
    const worker = new FakeWorker();
    this.installing = worker;
    this.dispatchEvent(new Event('updatefound'));
    return worker;
  }
  install(worker: FakeWorker): void {
    this.installing = null;
    this.waiting = worker;
    worker.become('installed');
  }
}

/** The browser's rule: in order of asking; shared beside shared, exclusive alone. */
class FakeLocks {
  readonly #held: LockMode[] = [];
  readonly #pending: { mode: LockMode; grant: () => void }[] = [];
  async query() {
    const words = (mode: LockMode) => ({ name: 'vitrine-machine-on', mode });
    return { held: this.#held.map(words), pending: this.#pending.map(({ mode }) => words(mode)) };
  }
  async request(
    _name: string,
    { mode = 'exclusive', ifAvailable = false }: LockOptions,
    use: (lock: object | null) => unknown,
  ): Promise<unknown> {
    if (!this.#mayHold(mode) || this.#pending.length > 0) {
      if (ifAvailable) return use(null);
      await new Promise<void>((grant) => this.#pending.push({ mode, grant }));
    } else this.#held.push(mode);
    try {
      return await use({});
    } finally {
      this.#held.splice(this.#held.indexOf(mode), 1);
      while (this.#pending.length > 0 && this.#mayHold(this.#pending[0].mode)) {
        const { mode: next, grant } = this.#pending.shift()!;
        this.#held.push(next);
        grant();
      }
    }
  }
  #mayHold(mode: LockMode): boolean {
    return mode === 'shared' ? !this.#held.includes('exclusive') : this.#held.length === 0;
  }
}

const OFF: PowerState = INITIAL_POWER;
const ON: PowerState = { power: 'running' };
const WAITING = { phase: 'waiting', machineOn: false, wanted: false };

let locks: FakeLocks;
let registration: FakeRegistration;
beforeEach(() => {
  locks = new FakeLocks();
  registration = new FakeRegistration();
});

/** A page of the exhibit; `served`: by an older version of the shell. */
async function openPage(options: { served?: boolean; power?: PowerState } = {}) {
  const { served = true, power: initial = OFF } = options;
  const container = Object.assign(new EventTarget(), {
    controller: served ? {} : null,
    startMessages: vi.fn(),
    register: vi.fn(async () => registration),
  });
  const power = new Store<PowerState>(initial);
  const reload = vi.fn();
  let aMomentLater = (): void => {};
  let comesBack = (): void => {};
  const page = new NewVersion(power, {
    container: container as never,
    locks: locks as never,
    onReturn: (callback) => (comesBack = callback),
    reload,
    every: () => {},
    after: (_ms, callback) => (aMomentLater = callback),
  });
  await page.start('./sw.js');
  const hear = (data: object) => container.dispatchEvent(Object.assign(new Event('message'), { data }));
  const changeController = () => container.dispatchEvent(new Event('controllerchange'));
  const says = (state: object) => vi.waitFor(() => expect(page.state.value).toEqual(state));
  return {
    page,
    power,
    reload,
    hear,
    changeController,
    says,
    comesBack: () => comesBack(),
    aMomentLater: () => aMomentLater(),
  };
}

describe('NewVersion', () => {
  it('says nothing of a first download that is quick', async () => {
    const { page, hear, aMomentLater } = await openPage({ served: false });
    const worker = registration.find();
    for (const done of [0, 40, 80]) hear({ type: 'shell-progress', isUpdate: false, done, total: 80 });
    worker.become('activated');
    aMomentLater();
    expect(page.state.value).toEqual({ phase: 'quiet' });
  });

  it('counts the files of one that is not, also while a single file takes long', async () => {
    const { page, hear, says, aMomentLater } = await openPage({ served: false });
    const worker = registration.find();
    const progress = (done: number) => hear({ type: 'shell-progress', isUpdate: false, done, total: 80 });
    progress(0);
    progress(40);
    expect(page.state.value).toEqual({ phase: 'quiet' });
    aMomentLater();
    expect(page.state.value).toEqual({ phase: 'downloading', done: 40, total: 80 });
    progress(41);
    expect(page.state.value).toEqual({ phase: 'downloading', done: 41, total: 80 });
    progress(80);
    worker.become('activated');
    await says({ phase: 'kept' });
    aMomentLater();
    expect(page.state.value).toEqual({ phase: 'quiet' });
  });

  it('says why the first download failed, and tries again when asked', async () => {
    const { page, hear } = await openPage({ served: false });
    hear({ type: 'shell-failed', isUpdate: false, failure: 'storage-full' });
    expect(page.state.value).toEqual({ phase: 'failed', failure: 'storage-full', isUpdate: false });
    await page.tryAgain('./sw.js');
    expect(page.state.value).toEqual({ phase: 'quiet' });
    expect(registration.update).toHaveBeenCalledOnce();
  });

  it('does not trouble the visitor with an update whose server went away', async () => {
    const { page, hear } = await openPage();
    for (const failure of ['server-lost', 'server-mixed'] as const) {
      hear({ type: 'shell-failed', isUpdate: true, failure });
      expect(page.state.value).toEqual({ phase: 'quiet' });
    }
    hear({ type: 'shell-failed', isUpdate: true, failure: 'storage-full' });
    expect(page.state.value).toMatchObject({ phase: 'failed', isUpdate: true });
  });

  it('takes a waiting version at a press where no machine is on, and loads again once it is in', async () => {
    const { page, reload, changeController, says } = await openPage();
    const worker = registration.find();
    registration.install(worker);
    await says(WAITING);
    expect(worker.heard).toEqual([]);
    const taken = page.take();
    await vi.waitFor(() => expect(worker.heard).toEqual([{ type: 'shell-take-over' }]));
    expect(page.state.value).toEqual({ phase: 'taking' });
    registration.waiting = null;
    worker.become('activated');
    await taken;
    expect(reload).not.toHaveBeenCalled();
    changeController();
    expect(reload).toHaveBeenCalledOnce();
  });

  it('waits while the machine is on, says so, and takes the version when it is off', async () => {
    const { page, power, says } = await openPage({ power: ON });
    const worker = registration.find();
    registration.install(worker);
    await says({ ...WAITING, machineOn: true });
    void page.take();
    await says({ ...WAITING, machineOn: true, wanted: true });
    expect(worker.heard).toEqual([]);
    power.set(OFF);
    await vi.waitFor(() => expect(worker.heard).toEqual([{ type: 'shell-take-over' }]));
  });

  it('waits for the machine of another tab', async () => {
    const other = await openPage({ power: ON });
    const { page, says, comesBack } = await openPage();
    const worker = registration.find();
    registration.install(worker);
    await says({ ...WAITING, machineOn: true });
    void page.take();
    await says({ ...WAITING, machineOn: true, wanted: true });
    expect(worker.heard).toEqual([]);
    page.dismiss();
    other.power.set(OFF);
    comesBack();
    await vi.waitFor(async () => expect((await locks.query()).held).toEqual([]));
    expect(worker.heard).toEqual([]);
    expect(page.state.value).toEqual({ phase: 'quiet' });
  });

  it('a page that was not asked loads again with the others, but not under a machine that runs', async () => {
    const { power, reload, changeController } = await openPage({ power: ON });
    changeController();
    expect(reload).not.toHaveBeenCalled();
    power.set(OFF);
    expect(reload).toHaveBeenCalledOnce();
  });

  it('the first version that takes the page over is no reason to load again', async () => {
    const { reload, changeController } = await openPage({ served: false });
    changeController();
    expect(reload).not.toHaveBeenCalled();
    changeController();
    expect(reload).toHaveBeenCalledOnce();
  });

  it('for a machine that nobody attends it looks for a version, waits until it is whole and takes it', async () => {
    const { page } = await openPage();
    expect(await page.takeIfThereIsOne()).toBe(false);
    let worker!: FakeWorker;
    registration.update.mockImplementationOnce(async () => {
      worker = registration.find();
    });
    const taken = page.takeIfThereIsOne();
    await vi.waitFor(() => expect(worker).toBeDefined());
    registration.install(worker);
    await vi.waitFor(() => expect(worker.heard).toHaveLength(1));
    worker.become('activated');
    expect(await taken).toBe(true);
  });

  it('and goes on with the version it has where the server cannot be reached or a machine is on', async () => {
    const { page } = await openPage({ power: ON });
    registration.update.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    expect(await page.takeIfThereIsOne()).toBe(false);
    const worker = registration.find();
    registration.install(worker);
    expect(await page.takeIfThereIsOne()).toBe(false);
    expect(worker.heard).toEqual([]);
  });
});
