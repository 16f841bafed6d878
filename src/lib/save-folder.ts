/**
 * The folder under the page's own in which the service worker answers with what the page makes: `save/<id>/<name>`.
 * No file of the exhibit may lie there.
 */
export const SAVE_FOLDER = 'save/';
