/** What is packed in a file or described by it, as the words of a sentence. */
export interface InsideWords extends Record<string, string> {
  /** Names of what is wanted of it, '' where nothing is. */
  readonly inside: string;
  /** `disc`, `disk`, `machine` (another packed one) or ''. */
  readonly insideIs: string;
}

const DISK = /\.(?:vmdk|vhdx?|vdi|qcow2?|qed|hdd|hds)$/iu;
const DISC = /\.(?:iso|mdf|nrg|bin|cdr)$/iu;
const MACHINE = /\.(?:ova|tar)$/iu;
/** Ending of what may be any medium. */
const ANY = /\.(?:img|raw|dd|ima|dsk)$/iu;
/** More of them are not told one by one. */
const MAX_TOLD = 3;

/** Which of the names a visitor should take out: disks before discs before what may be either. */
export function insideWords(names: readonly string[]): InsideWords {
  const kinds: [is: string, pattern: RegExp][] = [
    ['disk', DISK],
    ['machine', MACHINE],
    ['disc', DISC],
    ['disc', ANY],
  ];
  for (const [insideIs, pattern] of kinds) {
    const found = names.filter((name) => pattern.test(name) && !isLitter(name));
    if (found.length > 0) return { inside: found.slice(0, MAX_TOLD).map(shown).join(', '), insideIs };
  }
  return { inside: '', insideIs: '' };
}

/** What a Mac puts beside each file of a ZIP. */
function isLitter(name: string): boolean {
  return name.startsWith('__MACOSX/');
}

/** A name that somebody else wrote: without control characters, of a length that a sentence bears. */
function shown(name: string): string {
  const plain = Array.from(name, (char) => (char < ' ' || char === '\x7f' ? '\ufffd' : char)).join('');
  return plain.length > 80 ? `…${plain.slice(-79)}` : plain;
}
