/**
 * A download that the page makes byte by byte: the page offers it to the service worker with one end of a channel,
 * goes to the address of the offer in a frame, and then hands over the bytes as the browser takes them.
 */

/** From the page to the service worker itself. */
export type PageToShell =
  /** Comes with the port of this save; answered there with `ready`. */
  | { type: 'save-offer'; id: string }
  /**
   * Posted every few seconds while bytes flow: messages on a port do not keep a service worker alive, these do.
   * Answered on the port of the save with `alive`, by a worker that still has it.
   */
  | { type: 'save-alive'; id: string };

/** From the page, on the port of one save. */
export type PageToSave =
  /** Before the first bytes: what the browser is told of the file. */
  | { type: 'head'; name: string; sizeBytes: number | null }
  /** Answers one `pull`. The bytes are given away. */
  | { type: 'chunk'; bytes: Uint8Array<ArrayBuffer> }
  /** The file is whole. */
  | { type: 'end' }
  /** It never will be: the download fails; before the head, there is none. */
  | { type: 'abort' };

/** To the page, on the same port. */
export type SaveToPage =
  | { type: 'ready' }
  /** The browser came to the address: the head is waited for. */
  | { type: 'begun' }
  /** There is room for one more chunk. */
  | { type: 'pull' }
  /** The browser wants no more: the visitor cancelled the download, or it failed. */
  | { type: 'cancelled' }
  | { type: 'alive' };
