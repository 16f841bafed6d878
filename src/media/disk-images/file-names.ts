/**
 * Finds files by name: letter for letter, else as file systems compare names (macOS gives accents as letters of their
 * own, Windows and macOS do not tell capitals apart). Of several that are alike the first is found.
 */
export function filesByName<File extends { readonly name: string }>(
  files: readonly File[],
): (name: string) => File | null {
  const indexes = SHAPES.map((shape) => {
    const index = new Map<string, File>();
    for (const file of files.toReversed()) index.set(shape(file.name), file);
    return { shape, index };
  });
  return (name) => {
    for (const { shape, index } of indexes) {
      const found = index.get(shape(name));
      if (found) return found;
    }
    return null;
  };
}

const SHAPES = [
  (name: string) => name,
  (name: string) => name.normalize('NFC'),
  (name: string) => name.normalize('NFC').toLowerCase(),
];
