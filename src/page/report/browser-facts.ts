export const BROWSERS = ['Chromium', 'Firefox', 'Safari', 'other'] as const;
export const SYSTEMS = ['Android', 'ChromeOS', 'iOS', 'Linux', 'macOS', 'Windows', 'other'] as const;

/** As much of a browser as may change how a machine runs in it, and no more. */
export interface BrowserFacts {
  readonly engine: (typeof BROWSERS)[number];
  /** The major version. */
  readonly version: number | null;
  readonly system: (typeof SYSTEMS)[number];
  readonly cores: number | null;
  /** As the browser rounds it, 8 at most. */
  readonly memoryGiB: number | null;
}

const VERSIONS: readonly (readonly [BrowserFacts['engine'], RegExp])[] = [
  ['Chromium', /\b(?:HeadlessChrome|Chrome|Chromium)\/(\d{1,4})\b/],
  ['Firefox', /\bFirefox\/(\d{1,4})\b/],
  // Others that say so, too, have names of their own, and were looked for before.
  ['Safari', /\bVersion\/(\d{1,4})\b/],
];
/** What names another system too goes first. */
const OF_SYSTEM: readonly (readonly [BrowserFacts['system'], RegExp])[] = [
  ['Android', /\bAndroid\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['iOS', /\b(?:iPhone|iPad|iPod)\b/],
  ['Windows', /\bWindows NT\b/],
  ['macOS', /\bMacintosh\b/],
  ['Linux', /\bLinux\b/],
];

/** Takes a `navigator` apart; the user agent's own words go nowhere. */
export function browserFacts(navigator: {
  readonly userAgent: string;
  readonly hardwareConcurrency?: number;
  readonly deviceMemory?: number;
}): BrowserFacts {
  const { userAgent } = navigator;
  const found = VERSIONS.map(([engine, words]) => ({ engine, match: words.exec(userAgent) })).find(
    ({ match }) => match !== null,
  );
  return {
    engine: found?.engine ?? 'other',
    version: found ? Number(found.match![1]) : null,
    system: OF_SYSTEM.find(([, words]) => words.test(userAgent))?.[0] ?? 'other',
    cores: wholeNumber(navigator.hardwareConcurrency, 1024),
    memoryGiB: typeof navigator.deviceMemory === 'number' ? bounded(navigator.deviceMemory, 1024) : null,
  };
}

const wholeNumber = (value: unknown, most: number): number | null =>
  Number.isInteger(value) ? bounded(value as number, most) : null;

const bounded = (value: number, most: number): number | null => (value > 0 && value <= most ? value : null);
