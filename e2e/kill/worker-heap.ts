import type { CDPSession, Page } from '@playwright/test';

interface HeapUsage {
  readonly usedSize: number;
  readonly embedderHeapUsedSize: number;
  readonly backingStorageSize: number;
}

/** What a worker of the page holds, by the engine's own count: script objects, and the bytes of its buffers. */
export class WorkerHeap {
  readonly #page: CDPSession;
  readonly #session: string;
  #nextId = 1;

  private constructor(page: CDPSession, session: string) {
    this.#page = page;
    this.#session = session;
  }

  /** The worker whose script's address contains `name`. */
  static async of(page: Page, name: string): Promise<WorkerHeap> {
    const session = await page.context().newCDPSession(page);
    const attached = new Promise<string>((resolve) =>
      session.on('Target.attachedToTarget', ({ targetInfo, sessionId }) => {
        if (targetInfo.type === 'worker' && targetInfo.url.includes(name)) resolve(sessionId);
      }),
    );
    await session.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: false,
    });
    return new WorkerHeap(session, await attached);
  }

  /** What is held and not only awaiting the garbage collector: collects first. */
  async liveBytes(): Promise<number> {
    await this.#ask('HeapProfiler.collectGarbage');
    return this.usedBytes();
  }

  async usedBytes(): Promise<number> {
    const usage = (await this.#ask('Runtime.getHeapUsage')) as HeapUsage;
    return usage.usedSize + usage.embedderHeapUsedSize + usage.backingStorageSize;
  }

  async #ask(method: string): Promise<unknown> {
    const id = this.#nextId++;
    const answer = new Promise<unknown>((resolve) => {
      const hear = ({ message }: { message: string }) => {
        const heard = JSON.parse(message) as { id?: number; result: unknown };
        if (heard.id !== id) return;
        this.#page.off('Target.receivedMessageFromTarget', hear);
        resolve(heard.result);
      };
      this.#page.on('Target.receivedMessageFromTarget', hear);
    });
    const message = JSON.stringify({ id, method });
    await this.#page.send('Target.sendMessageToTarget', { message, sessionId: this.#session });
    return answer;
  }
}
