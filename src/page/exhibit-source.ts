import type { Exhibit } from '../exhibit/exhibit-file.ts';
import type { KioskSettings } from '../exhibit/kiosk-settings.ts';
import type { ExhibitMistake } from '../exhibit/read-exhibit.ts';
import { t } from '../lib/language.ts';
import { nextTask } from '../lib/next-task.ts';
import { Store, type ReadableStore } from '../lib/store.ts';
import { fetchFresh } from './fresh-file.ts';
import { keepExhibit } from './keep-exhibit.ts';

/** Why an exhibit file is not shown; `mistakes` where it was read and is wrong. */
export interface ExhibitProblem {
  /** The file as the address or the product names it. */
  readonly name: string;
  readonly reason: string;
  readonly mistakes: readonly ExhibitMistake[];
  /** What it says of a kiosk all the same; null for nothing that can be read. */
  readonly kiosk: KioskSettings | null;
}

export interface ExhibitState {
  /** Null until it is read, and where there is none. */
  readonly exhibit: Exhibit | null;
  /** The folder that the exhibit's pictures are below. */
  readonly folder: URL;
  /** What is wrong with the file that was asked for; the exhibit's own is shown in its place. */
  readonly problems: readonly ExhibitProblem[];
}

const OWN_FILE = 'exhibit.json';

/**
 * The exhibit file of the page: the one that the address names (`?exhibit=`, same origin only), else the product's own
 * beside the page. A file that cannot be used is told, and the product's own shown.
 */
export class ExhibitSource {
  readonly #state: Store<ExhibitState>;
  readonly #page: URL;

  /** `page` is the page's address with its query. */
  constructor(page: string) {
    this.#page = new URL(page);
    this.#state = new Store<ExhibitState>({
      exhibit: null,
      folder: new URL('./', this.#page),
      problems: [],
    });
  }

  /** The file that is asked for, as the address or the product names it. */
  get file(): string {
    return this.#page.searchParams.get('exhibit') ?? OWN_FILE;
  }

  get state(): ReadableStore<ExhibitState> {
    return this.#state;
  }

  /** Resolves when an exhibit is shown, or it is known that there is none. Never rejects. */
  async load(): Promise<void> {
    const asked = this.#page.searchParams.get('exhibit');
    for (const name of asked ? [asked, OWN_FILE] : [OWN_FILE]) {
      const result = await this.#read(name);
      if ('exhibit' in result) return this.#state.patch(result);
      this.#state.patch({ problems: [...this.#state.value.problems, result] });
    }
  }

  async #read(name: string): Promise<{ exhibit: Exhibit; folder: URL } | ExhibitProblem> {
    const refuse = (
      reason: string,
      mistakes: readonly ExhibitMistake[] = [],
      kiosk: KioskSettings | null = null,
    ): ExhibitProblem => ({ name, reason, mistakes, kiosk });
    const url = URL.canParse(name, this.#page.href) ? new URL(name, this.#page.href) : null;
    if (!url || url.origin !== this.#page.origin)
      return refuse(
        t`An exhibit file must lie on the same server as the page: nothing is loaded from anywhere else.`,
      );
    let bytes: Uint8Array;
    try {
      const file = await fetchFresh(url);
      if (!file.ok) return refuse(t`The server does not have it (${file.status}). Check the address.`);
      bytes = file.bytes;
    } catch {
      return refuse(t`The server cannot be reached. Check the connection, then reload the page.`);
    }
    const [{ decodeExhibit }, { readExhibit, readKioskPart }] = await Promise.all([
      import('../exhibit/exhibit-encoding.ts'),
      import('../exhibit/read-exhibit.ts'),
    ]);
    const decoded = decodeExhibit(bytes);
    const mistaken = (mistakes: readonly ExhibitMistake[], kiosk: KioskSettings | null) =>
      refuse(t`It has mistakes. Mend them and reload the page.`, mistakes, kiosk);
    // Letters of another encoding stand in its texts, not in what it says of a kiosk.
    if (!decoded.ok) return mistaken([decoded.mistake], readKioskPart(new TextDecoder().decode(bytes)));
    // Each piece of it takes a slow computer long enough: the page answers its visitor between them.
    await nextTask();
    const read = readExhibit(decoded.text);
    await nextTask();
    if (read.ok) {
      // Nobody waits for it, and without it the exhibit is only online.
      if (name !== OWN_FILE)
        keepExhibit(url, read.exhibit).catch((error: unknown) =>
          console.warn(`${name} is not kept for use without network.`, error),
        );
      return { exhibit: read.exhibit, folder: new URL('./', url) };
    }
    return mistaken(read.mistakes, readKioskPart(decoded.text));
  }
}
