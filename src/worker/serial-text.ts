/** COM1's bytes as text for the page: decoded as UTF-8 and sent together, since a guest writes one at a time. */
export class SerialText {
  readonly #send: (text: string) => void;
  readonly #decoder = new TextDecoder();
  #bytes: number[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  push(byte: number): void {
    this.#bytes.push(byte);
    this.#timer ??= setTimeout(() => this.flush(), 10);
  }

  /** Sends what waits now. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#bytes.length === 0) return;
    const text = this.#decoder.decode(Uint8Array.from(this.#bytes), { stream: true });
    this.#bytes = [];
    if (text) this.#send(text);
  }
}
