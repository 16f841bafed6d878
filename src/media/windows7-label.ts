/** What the volume label of a Windows 7 disc says. People put wrong labels on remade discs: a hint only. */
export interface Windows7Label {
  readonly servicePack: 0 | 1;
  /** '' where the label names none (several editions). */
  readonly edition: string;
  readonly architecture: 'x86' | 'x64';
  readonly channel: 'retail' | 'oem' | 'volume' | 'evaluation' | 'upgrade' | 'checked';
  /** Microsoft's two or three letters, upper case. */
  readonly language: string;
}

const GRAMMAR = /^G(SP1)?RMC(N?)(ST|HB|HP|PR|EN|UL)?(X?)(FRER|FREO|VOL|EVAL|VCCP|CHK)_([A-Z]{2,3})_DVD$/u;
const EDITIONS: Readonly<Record<string, string>> = {
  ST: 'Starter',
  HB: 'Home Basic',
  HP: 'Home Premium',
  PR: 'Professional',
  EN: 'Enterprise',
  UL: 'Ultimate',
};
const CHANNELS: Readonly<Record<string, Windows7Label['channel']>> = {
  FRER: 'retail',
  FREO: 'oem',
  VOL: 'volume',
  EVAL: 'evaluation',
  VCCP: 'upgrade',
  CHK: 'checked',
};

/** A label such as `GSP1RMCPRXFRER_EN_DVD` taken apart, null where it does not follow Microsoft's grammar. */
export function parseWindows7Label(label: string): Windows7Label | null {
  const match = GRAMMAR.exec(label.toUpperCase());
  if (!match) return null;
  const [, servicePack, n, edition, x64, channel, language] = match;
  const name = EDITIONS[edition ?? ''] ?? '';
  return {
    servicePack: servicePack ? 1 : 0,
    edition: n && name ? `${name} N` : name,
    architecture: x64 ? 'x64' : 'x86',
    channel: CHANNELS[channel],
    language: language,
  };
}
