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
  'bytes/too-large': (p) =>
    `${p['name'] ?? 'The file'} gives a size that no file can have. It is damaged; copy or download it again.`,
  'bytes/budget': (p) =>
    `${p['name'] ?? 'The file'} is so tangled inside that looking further was stopped. It is damaged or was made to mislead; use another copy.`,

  // media, discs
  'media/malformed': (p) =>
    `${p['name'] ?? 'The file'} is damaged: ${p['what'] ?? 'its contents'} cannot be right. Copy or download it again.`,
  'media/unsupported': (p) =>
    `${p['name'] ?? 'The file'} has ${p['what'] ?? 'contents'} that the exhibit cannot read. Use the disc as it was published.`,

  // machine
  'machine/impossible-profile': (p) =>
    `The machine cannot be built: ${p['message'] ?? 'a value is impossible.'}`,
  'machine/not-off': () => 'The machine is on. Turn it off first, then change what it is built with.',
  'machine/not-on': () => 'The machine is off. Turn it on first.',
  'machine/one-file': () => 'More than one file was dropped. The tray takes one disc at a time.',
  'machine/no-house-disc': () =>
    'The exhibit’s own disc could not be loaded. Put in a disc of your own, or reload the page when the server can be reached.',
  'machine/stopped': () => 'The machine was turned off before this was done.',

  // worker
  'engine/load-failed': () =>
    'The emulator could not be loaded. Reload the page; if it happens again, the exhibit on the server is incomplete.',
  'engine/no-memory': (p) =>
    `This browser does not give the machine ${p['memoryMiB'] ?? 'enough'} MiB of memory. Close other tabs, or choose less memory.`,
  'engine/unsupported': (p) =>
    `This browser lacks ${p['feature'] ?? 'something the machine needs'}. Use a current Chrome, Edge or Firefox.`,
  'engine/trap': () =>
    'The emulated processor stopped: the program on the machine did something the emulator cannot do. Start the machine again.',
  'engine/worker-died': () => 'The machine stopped because the browser ended its worker. Start it again.',
  'engine/disc-write': (p) =>
    `The machine tried to write on the disc ${p['name'] ?? ''}, which is read-only. Start it again.`,
  'engine/floppy-size': (p) =>
    `${p['name'] ?? 'The file'} is not a floppy image: it has ${p['sizeBytes']} bytes, a 3.5-inch disk has 1474560. Pick another file.`,

  // keyboard
  'keyboard/no-key': (p) =>
    `The text cannot be typed: no key of a US keyboard makes ${p['characters']}. Leave these characters out and try again.`,
  'keyboard/unknown-key': (p) =>
    `There is no key named ${p['key']}. Use the names of KeyboardEvent.code, such as ControlLeft or KeyA.`,

  // sound
  'sound/unavailable': () =>
    'This browser cannot play the sound of the computer, which runs on without it. For sound, use a current browser over https.',
} satisfies Record<string, (p: ErrorParams) => string>;

export type ErrorCode = keyof typeof ERROR_WORDS;
