import type { LocalMemory } from './local-memory.ts';

/** What happens to a kiosk that its keepers want to read in the evening. */
export type LogEntryKind =
  | 'started'
  | 'visitor'
  | 'reset'
  | 'reset-failed'
  | 'machine-failed'
  | 'machine-hung'
  | 'shut-down'
  | 'page-error'
  | 'exhibit-failed'
  | 'page-reloaded'
  | 'not-reloaded'
  | 'needs-file'
  | 'pin-set'
  | 'slept'
  | 'woke'
  | 'staff'
  | 'wrong-pin';

export interface LogEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: LogEntryKind;
  readonly detail: string;
}

/** Entries that are kept; the oldest go first. */
export const LONGEST_LOG = 2000;
const LONGEST_DETAIL = 300;

/** The plain log of a kiosk, kept on this device and never sent anywhere. Survives reloads. */
export class DayLog {
  readonly #memory: LocalMemory;
  #entries: LogEntry[];

  constructor(memory: LocalMemory) {
    this.#memory = memory;
    const { entries } = memory.load();
    this.#entries = Array.isArray(entries) ? entries.filter(isEntry) : [];
  }

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  note(at: number, kind: LogEntryKind, detail = ''): void {
    const entry = { at, kind, detail: detail.slice(0, LONGEST_DETAIL) };
    this.#entries = [...this.#entries, entry].slice(-LONGEST_LOG);
    this.#memory.save({ entries: this.#entries });
  }

  /** For a file: a line for each entry, UTC time, kind and detail, separated by tabs. */
  text(): string {
    const lines = this.#entries.map(({ at, kind, detail }) =>
      [new Date(at).toISOString(), kind, detail.replaceAll(/\s+/g, ' ')].join('\t'),
    );
    return `${['time\tkind\tdetail', ...lines].join('\n')}\n`;
  }
}

function isEntry(value: unknown): value is LogEntry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'at' in value &&
    Number.isFinite(value.at) &&
    'kind' in value &&
    typeof value.kind === 'string' &&
    'detail' in value &&
    typeof value.detail === 'string'
  );
}
