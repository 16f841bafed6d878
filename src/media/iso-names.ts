/** Longest Joliet name (Joliet §5), in UCS-2 characters. */
const MAX_JOLIET = 64;

/**
 * Names for the primary tree of one directory: 8.3, capital letters, digits and underscores (ECMA-119 level 1, so
 * that DOS can read them too), different from each other. In the order of `names`.
 */
export function primaryNames(names: readonly { name: string; isDirectory: boolean }[]): string[] {
  const taken = new Set<string>();
  return names.map(({ name, isDirectory }) => {
    const dot = isDirectory ? -1 : name.lastIndexOf('.');
    const stem = clean(dot > 0 ? name.slice(0, dot) : name);
    const extension = dot > 0 ? clean(name.slice(dot + 1)).slice(0, 3) : '';
    for (let number = 0; ; number++) {
      const suffix = number === 0 ? '' : String(number);
      const short = (stem || '_').slice(0, 8 - suffix.length) + suffix;
      const full = isDirectory ? short : `${short}.${extension};1`;
      if (taken.has(full)) continue;
      taken.add(full);
      return full;
    }
  });
}

/** Names for the Joliet tree of one directory: as they are, without the characters that Joliet forbids. */
export function jolietNames(names: readonly { name: string }[]): string[] {
  const taken = new Set<string>();
  return names.map(({ name }) => {
    const allowed = name.replace(/[*/:;?\\]/gu, '_');
    for (let number = 0; ; number++) {
      const suffix = number === 0 ? '' : `~${number}`;
      const full = allowed.slice(0, MAX_JOLIET - suffix.length) + suffix;
      if (taken.has(full.toLowerCase())) continue;
      taken.add(full.toLowerCase());
      return full;
    }
  });
}

function clean(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9_]/gu, '_');
}
