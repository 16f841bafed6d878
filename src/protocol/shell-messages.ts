/**
 * Between a page and the service worker that keeps the exhibit for offline use: how far its download is, and the
 * word that lets a waiting version in.
 */

/** From the page to a worker that waits. */
export interface TakeOver {
  type: 'shell-take-over';
}

/**
 * Why a version could not be kept: nothing of it is, and the version before it (if there is one) goes on. `server-mixed`:
 * a file is not of this version, because the files on the server are being replaced, or were changed on the way.
 */
export type ShellFailure = 'storage-full' | 'server-lost' | 'server-mixed' | 'unexpected';

/** From a worker that installs itself to every page of the exhibit. `isUpdate`: an older version is in use meanwhile. */
export type ShellToPage =
  | { type: 'shell-progress'; isUpdate: boolean; done: number; total: number }
  | { type: 'shell-failed'; isUpdate: boolean; failure: ShellFailure };
