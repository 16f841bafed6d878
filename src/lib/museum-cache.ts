/**
 * The cache of what a museum wrote itself: its exhibit file and the pictures in it. The page keeps it there, the
 * offline shell answers with it when the server is gone. Not part of a version: it is edited at any time.
 */
export const MUSEUM_CACHE = 'vitrine-museum';
