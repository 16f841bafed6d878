/**
 * The cache of what a museum wrote itself: its exhibit file and the pictures in it. The page keeps it there, the
 * offline shell answers with it when the server is gone. Not part of a version: it is edited at any time.
 */
export const MUSEUM_CACHE = 'vitrine-museum';

/**
 * Whether a file, by its address relative to the exhibit, is what a museum edits: exhibit files and the pictures they
 * name, the product's own among them. The build's files lie in `assets` and are versioned; these are not.
 */
export function isMuseumFile(path: string): boolean {
  return !path.startsWith('assets/') && /\.(json|svg|png|jpe?g|webp|avif|gif)$/i.test(path);
}
