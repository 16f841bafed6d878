/** What the small text files of a Windows disc say. */
export interface SetupTexts {
  /** `[EditionID]` of `ei.cfg`: the edition that Setup takes without asking; null where there is none. */
  readonly answerEdition: string | null;
  /** `[Channel]` of `ei.cfg`: Retail, OEM, Volume. */
  readonly channel: string | null;
  /** `BuildLab` of `idwbinfo.txt`: `win7sp1_rtm.101119-1850`. */
  readonly buildLab: string | null;
  /** `BuildArch` of `idwbinfo.txt`: `x86`, `amd64`. */
  readonly buildArch: string | null;
}

/** Text of a file that may be in UTF-16 or UTF-8 with a mark, or in any 8-bit code page. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
}

/** `ei.cfg` gives a value on the line after its heading; `idwbinfo.txt` gives `name=value` lines. */
export function parseSetupTexts(eiCfg: string, idwbInfo: string): SetupTexts {
  return {
    answerEdition: lineAfter(eiCfg, '[EditionID]'),
    channel: lineAfter(eiCfg, '[Channel]'),
    buildLab: valueOf(idwbInfo, 'BuildLab'),
    buildArch: valueOf(idwbInfo, 'BuildArch'),
  };
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/u).map((line) => line.trim());
}

function lineAfter(text: string, heading: string): string | null {
  const lines = linesOf(text);
  const at = lines.findIndex((line) => line.toLowerCase() === heading.toLowerCase());
  const value = at < 0 ? undefined : lines.slice(at + 1).find((line) => line !== '');
  return value === undefined || value.startsWith('[') ? null : value;
}

function valueOf(text: string, key: string): string | null {
  const prefix = `${key.toLowerCase()}=`;
  const line = linesOf(text).find((candidate) => candidate.toLowerCase().startsWith(prefix));
  return line?.slice(prefix.length).trim() || null;
}
