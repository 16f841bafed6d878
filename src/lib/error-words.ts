/** Values a sentence is made from. */
export type ErrorParams = Readonly<Record<string, string | number>>;

/**
 * Every error code of the product and its sentence: what it is about, what is wrong, what to do next.
 * Codes are stable (tests, embedding pages and the protocol rely on them); words may be improved.
 * Grouped by the folder that raises them.
 */
export const ERROR_WORDS = {
  'internal/unexpected': () => 'Something went wrong inside the exhibit. Start the machine again.',

  // bytes
  'bytes/out-of-range': (p) =>
    `${p['name'] ?? 'The file'} ends before the data that it should hold. It is cut off; copy or download it again.`,
  'bytes/unreadable': (p) =>
    `${p['name'] ?? 'The file'} can no longer be read. It was moved, changed or its drive was removed; pick it again.`,
} satisfies Record<string, (p: ErrorParams) => string>;

export type ErrorCode = keyof typeof ERROR_WORDS;
