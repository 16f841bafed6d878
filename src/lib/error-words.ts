import { formatNumber } from './format.ts';
import { sentence, t, translate } from './language.ts';
/** Values a sentence is made from. */
export type ErrorParams = Readonly<Record<string, string | number>>;

const image = (p: ErrorParams): string => String(p['name'] ?? t`The disk image`);

/** File names, and how many more there are. */
const listed = (p: ErrorParams): string => {
  const more = Number(p['more'] ?? 0);
  return more > 0 ? t`${p['missing'] ?? '?'} and ${more} more` : String(p['missing'] ?? '?');
};

/** A number of bytes as the page's language writes it. */
const bytes = (count: string | number | undefined): string => formatNumber(Number(count ?? 0));

const folderWords = ({ name = '?', inside, program, isDisc }: ErrorParams): string => {
  if (program && inside) {
    return t`${name} is a machine of ${program}, which is a folder to a browser. Open it (on a Mac: Show Package Contents) and drop its disk: ${inside}.`;
  }
  if (program) {
    return t`${name} is a machine of ${program}, which is a folder to a browser. Open it (on a Mac: Show Package Contents) and drop the disk image inside.`;
  }
  if (inside) return t`${name} is a folder. Open it and drop the image in it: ${inside}.`;
  if (isDisc) {
    return t`${name} is a folder with the files of a disc. A PC starts from the whole disc: drop its image (.iso), or make one of the folder first.`;
  }
  return t`${name} is a folder. Open it and drop the disc image (.iso) or the disk image inside it.`;
};

/** Words that are data, such as the part of a file that is wrong: in the page's language, or as they are. */
const said = (word: string | number | undefined, fallback: string): string =>
  translate(String(word ?? fallback));

/**
 * Every error code of the product and its sentence: what it is about, what is wrong, what to do next.
 * Codes are stable (tests, embedding pages and the protocol rely on them); words may be improved.
 * Grouped by the folder that raises them.
 */
export const ERROR_WORDS = {
  'internal/unexpected': () => t`Something went wrong inside the exhibit. Start the machine again.`,

  'page/not-secure': (p) =>
    t`${p['address'] ?? t`This address`} is not a secure address for the browser, so nothing is kept here and only discs run: open the page with https, or as ${p['local'] ?? 'http://localhost'} on the computer that serves it.`,
  'page/incomplete': () =>
    t`A part of the page could not be loaded. Reload the page; if it happens again, the server cannot be reached, or the exhibit on it is incomplete.`,

  // bytes
  'bytes/out-of-range': (p) =>
    t`${p['name'] ?? t`The file`} ends before the data that it should hold. It is cut off; copy or download it again.`,
  'bytes/unreadable': (p) =>
    t`${p['name'] ?? t`The file`} can no longer be read. It was moved, changed or its drive was removed; pick it again.`,
  'bytes/silent': (p) =>
    t`${p['name'] ?? t`The file`} does not answer any more. Its drive was removed or has failed; connect it again, then pick the file again.`,
  'bytes/too-large': (p) =>
    t`${p['name'] ?? t`The file`} gives a size that no file can have. It is damaged; copy or download it again.`,
  'bytes/budget': (p) =>
    t`${p['name'] ?? t`The file`} is so tangled inside that looking further was stopped. It is damaged or was made to mislead; use another copy.`,

  // media, discs
  'media/malformed': (p) =>
    t`${p['name'] ?? t`The file`} is damaged: ${p['what'] ?? t`its contents`} cannot be right. Copy or download it again.`,
  'media/unsupported': (p) =>
    t`${p['name'] ?? t`The file`} has ${said(p['what'], sentence`contents`)} that the exhibit cannot read. Use the disc as it was published.`,

  'media/hash-cancelled': (p) =>
    t`The check of ${p['name'] ?? t`the file`} was stopped. Start it again at any time.`,
  'media/hash-failed': (p) =>
    t`The sum of ${p['name'] ?? t`the file`} could not be computed because the browser ended its worker. Try it again.`,

  // machine
  'machine/impossible-profile': (p) =>
    t`The machine cannot be built: ${p['message'] ?? t`a value is impossible.`}`,
  'machine/not-off': () => t`The machine is on. Turn it off first, then change what it is built with.`,
  'machine/not-on': () => t`The machine is off. Turn it on first.`,
  'machine/file-busy': () =>
    t`Another machine file is being written or read. Wait until it is done, or cancel it.`,
  'machine/no-file': () =>
    t`A folder or something else that is no file was dropped. Drop one disc image (.iso).`,
  'machine/folder': folderWords,
  'machine/folders': () =>
    t`Folders were dropped, and the machine takes one file at a time. Open a folder and drop the disc image (.iso) or the disk image inside it.`,
  'machine/one-file': () => t`More than one file was dropped. The tray takes one disc at a time.`,
  'machine/no-house-disc': () =>
    t`The exhibit’s own disc could not be loaded. Put in a disc of your own, or reload the page when the server can be reached.`,
  'machine/no-name': () => t`A machine needs a name. Write one, up to 60 letters.`,
  'machine/stopped': () => t`The machine was turned off before this was done.`,

  // worker
  'engine/load-failed': () =>
    t`The emulator could not be loaded. Reload the page; if it happens again, the exhibit on the server is incomplete.`,
  'engine/no-memory': (p) =>
    t`This browser does not give the machine ${p['memoryMiB'] ?? t`enough`} MiB of memory. Close other tabs, or choose less memory.`,
  'engine/unsupported': (p) =>
    t`This browser lacks ${p['feature'] ?? t`something the machine needs`}. Use a current Chrome, Edge or Firefox.`,
  'engine/trap': () =>
    t`The emulated processor stopped: the program on the machine did something the emulator cannot do. Start the machine again.`,
  'engine/worker-died': () => t`The machine stopped because the browser ended its worker. Start it again.`,
  'engine/disc-write': (p) =>
    t`The machine tried to write on the disc ${p['name'] ?? ''}, which is read-only. Start it again.`,
  'engine/floppy-size': (p) =>
    t`${p['name'] ?? t`The file`} is not a floppy image: it has ${bytes(p['sizeBytes'])} bytes, a 3.5-inch disk has ${bytes(1474560)}. Pick another file.`,
  'engine/floppy-cut': (p) =>
    t`${p['name'] ?? t`The file`} is a floppy image that is cut off: its first sector says that it has ${bytes(p['fromBytes'])} bytes, the file has ${bytes(p['sizeBytes'])}. Copy it again.`,
  'engine/not-a-floppy': (p) =>
    t`${p['name'] ?? t`The file`} is not a floppy image: it holds ${said(p['what'], '?')}. Pick a floppy image (.img, .ima, .vfd).`,

  // keyboard
  'keyboard/no-key': (p) =>
    t`The text cannot be typed: no key of a US keyboard makes ${p['characters']}. Leave these characters out and try again.`,
  'keyboard/unknown-key': (p) =>
    t`There is no key named ${p['key']}. Use the names of KeyboardEvent.code, such as ControlLeft or KeyA.`,

  // sound
  'sound/unavailable': () =>
    t`This browser cannot play the sound of the computer, which runs on without it. For sound, use a current browser over https.`,

  // disk images
  'image/empty': (p) => t`${image(p)} is empty. Copy or download it again.`,
  'image/cut': (p) =>
    t`${image(p)} ends before data that its own tables point to. It is cut off; copy it again.`,
  'image/damaged': (p) =>
    t`${image(p)} contradicts itself: its header or tables are damaged. Take a good copy, or repair it with the program that made it.`,
  'image/overlap': (p) =>
    t`${image(p)} is damaged: two parts of the disk lie in the same place. Take a good copy, or check it with qemu-img check.`,
  'image/bad-compression': (p) =>
    t`${image(p)} holds compressed data that cannot be unpacked. It is damaged; take a good copy.`,
  'image/dirty': (p) =>
    t`${image(p)} was not closed properly. Start and shut down its machine in the program that it comes from, then pick it again.`,
  'image/corrupt': (p) =>
    t`${image(p)} is marked as corrupt by the program that wrote it last. Repair it there (qemu-img check -r all), then pick it again.`,
  'image/backing-file': (p) =>
    t`${image(p)} holds only the changes to another image (${p['backing'] ?? '?'}). Join them with qemu-img convert -O qcow2, then pick the result.`,
  'image/differencing': (p) =>
    t`${image(p)} holds only the changes to another image. Join them in the program that made it (merge or clone the disk), then pick the result.`,
  'image/encrypted': (p) =>
    t`${image(p)} is encrypted, which this exhibit cannot open. Make an unencrypted copy, then pick that.`,
  'image/several-files': (p) =>
    t`${image(p)} is only one part of a disk kept in several files. Join them with qemu-img convert -O qcow2, then pick the result.`,
  'image/second-file': (p) =>
    t`${image(p)} only describes a disk; the disk itself is in ${p['second'] ?? t`a second file`}. Pick that file instead, or both together.`,
  'image/only-described': (p) =>
    p['count'] === 1
      ? t`${image(p)} only describes a disk; the disk itself is in ${listed(p)}. Pick both together.`
      : t`${image(p)} only describes a disk; the disk itself is in ${p['count'] ?? t`several`} other files: ${listed(p)}. Pick all of them together with it.`,
  'image/parts-missing': (p) =>
    t`${image(p)} describes a disk that is kept in ${p['count'] ?? t`several`} files, and some are missing: ${listed(p)}. Pick all of them together.`,
  'image/part-alone': (p) =>
    p['descriptor']
      ? t`${image(p)} is only one part of a disk that is kept in several files. Pick all of them together, and ${p['descriptor']}, which describes them.`
      : t`${image(p)} is only one part of a disk that is kept in several files. Pick all of them together, and the one that describes them.`,
  'image/on-a-drive': (p) =>
    t`${image(p)} holds no disk; it only leads to a drive of the computer that it comes from (${p['drive'] ?? '?'}). Make an image of that drive there, then pick that.`,
  'image/subclusters': (p) =>
    t`${image(p)} uses sub-clusters, which this exhibit cannot read. Convert it with qemu-img convert -O qcow2, then pick the result.`,
  'image/unknown-feature': (p) =>
    t`${image(p)} uses something this exhibit does not know (${said(p['feature'], '?')}). Convert it with qemu-img convert -O qcow2, then pick the result.`,
  'image/old-version': (p) =>
    t`${image(p)} is of an old version of ${p['format'] ?? t`its format`} (${p['version'] ?? '?'}). Convert it with qemu-img convert -O qcow2, then pick the result.`,
  'image/other-format': (p) =>
    t`${image(p)} is in the format ${said(p['format'], '?')}, which this exhibit does not read. Convert it with qemu-img convert -O qcow2, then pick the result.`,
  'image/archive': (p) =>
    t`${image(p)} is packed (${p['format'] ?? t`an archive`}). Unpack it, then pick the disk image inside.`,
  'image/is-a-disc': (p) =>
    t`${image(p)} is the image of a CD or DVD, not of a hard disk. Put it into the disc drive instead.`,
  'image/file-system': (p) =>
    t`The file system on ${image(p)} is damaged. Check it in the machine that it comes from (chkdsk), then pick it again.`,
  'image/too-large': (p) =>
    t`${image(p)} is a larger disk than the drive of this machine can have, which is 127 GB. Make its last partition smaller in the system on it, shorten the disk with qemu-img resize --shrink to 127G, then pick the result.`,
  'image/changed': (p) =>
    t`${image(p)} has changed since it was attached, so the saved changes no longer fit it. Bring the old file back, or attach this one as a new disk.`,
  'image/incomplete': (p) =>
    t`The disk of this machine is kept in ${p['count'] ?? t`several`} files, and ${image(p)} is only a part of them. Pick all of them together.`,
  'image/not-a-disk': (p) =>
    p['inside']
      ? t`${image(p)} is not a disk image: it holds ${said(p['what'], '?')}. What is wanted of it is ${p['inside']}: pick that file, unpacked.`
      : t`${image(p)} is not a disk image: it holds ${said(p['what'], '?')}. Pick the image of a hard disk.`,
  'image/not-one': () =>
    t`These files are not one disk image. Pick the image alone, or all files of a VMDK together.`,
  'image/keep-cancelled': (p) =>
    t`Copying ${image(p)} into this browser was stopped, and what was copied is gone again. The machine still runs from the file.`,
  'image/no-room': (p) =>
    t`This browser has no room for a copy of ${image(p)}. Free some room, or go on running from the file.`,
  'export/too-large': (p) =>
    t`The disk is too large for the format ${said(p['format'], '?')}. Choose another format.`,
  'floppy/full': (p) =>
    t`${p['name'] ?? t`The file`} does not fit on the floppy any more. Leave out some files.`,
  'floppy/bad-name': (p) =>
    t`A file on a floppy cannot be called "${p['name'] ?? ''}". Give it another name, without " * / : < > ? \\ | and used once.`,
  'answer/bad-option': (p) =>
    t`Windows cannot be set up with the ${said(p['what'], sentence`setting`)} "${p['value'] ?? ''}". Choose ${said(p['rule'], sentence`another`)}.`,
  'export/cancelled': () =>
    t`The export was cancelled. The file written so far is not a whole disk; delete it.`,

  'export/passing-moment': () =>
    t`The machine replaces this moment by itself while it is on, so its disk cannot be exported now. Turn the machine off first, or export the disk as it is.`,
  'export/cut': () =>
    t`The export ended before the whole disk was written. The file written so far is not a whole disk; delete it, and save it again.`,

  // disk
  'disk/not-blank': () =>
    t`This machine has a disk with something on it already. Erase the machine first, or give it another name.`,
  'disk/out-of-range': () =>
    t`The machine asked for a part of its disk that does not exist. Start the machine again; its disk is unharmed.`,
  'disk/damaged': (p) =>
    t`A part of the disk can no longer be read as it was stored (at ${p['offset'] ?? t`an unknown place`}). Go back to a saved moment, or export what can still be read.`,
  'disk/commit-failed': () =>
    t`The browser could not store what the machine wrote. The disk is as it was at the last save; reload the page to go on from there.`,
  'disk/taken-over': () =>
    t`This machine was taken over by another tab or window. Go on there, or take it back here.`,
  'disk/base-changed': (p) =>
    t`${p['name'] ?? t`The disk image`} is not the one that this machine was made from. Pick the original file.`,
  'disk/base-missing': (p) =>
    t`The disk of this machine stands on ${p['name'] ?? t`a disk image`}, a file that is not open now. Pick ${p['name'] ?? t`it`} again, then turn the machine on.`,
  'disk/no-generation': () => t`That saved moment of the disk no longer exists. Choose another one.`,
  'disk/closed': () => t`The disk of this machine was already closed. Start the machine again.`,

  // snapshot
  'snapshot/no-moment': () => t`That saved moment no longer exists. Choose another one from the shelf.`,
  'snapshot/damaged': () =>
    t`This saved moment cannot be read as it was stored, so the machine cannot go back to it. Choose another one, or start the machine from its disk.`,
  'snapshot/other-machine': (p) =>
    t`This moment was saved on a machine whose ${said(p['part'], sentence`hardware`)} is ${said(p['saved'], sentence`different`)}, and this one has ${said(p['present'], sentence`another`)}. Turn the machine off, set it as it was, then go back.`,
  'snapshot/disc-missing': (p) =>
    t`When this moment was saved, the disc ${p['name'] ?? ''} was in the drive. Put it in, then go back.`,
  'snapshot/other-disc': (p) =>
    t`This moment needs the disc ${p['name'] ?? ''}, and ${p['present'] ?? t`another one`} is in the drive. Put the right one in, then go back.`,
  'snapshot/first-needs-disc': (p) =>
    t`${p['name'] ?? t`A disc`} is in the drive at this moment, and in the morning nobody is there to put it in, so this cannot be the first state. Eject the disc, save a moment, and make that one the first state.`,
  'snapshot/first-needs-image': (p) =>
    t`The disk of this machine stands on ${p['name'] ?? t`a disk image`}, a file that the browser gives only to a hand, so this cannot be the first state. Turn the machine off, keep the image in the browser (under Machines, without the kiosk), then make the first state.`,
  'snapshot/not-stored': () =>
    t`No moment can be saved while the machine runs without a disk. Turn it off, read in the window Machines why nothing is stored, then turn it on again.`,

  // a machine in one file
  'archive/foreign': (p) =>
    t`${p['name'] ?? t`The file`} is not a machine of this exhibit. Pick a file that was exported here; its name ends in .vitrine.`,
  'archive/newer': (p) =>
    t`${p['name'] ?? t`The file`} was exported by a newer version of this page (format ${p['version'] ?? '?'}). Reload to get the newer version, then import it again.`,
  'archive/cut': (p) =>
    t`${p['name'] ?? t`The file`} is cut off: its end is missing. Copy or download it again.`,
  'archive/damaged': (p) =>
    t`${p['name'] ?? t`The file`} is damaged or was changed, so nothing of it was taken over. Copy or download it again.`,
  'archive/cancelled': () => t`The import was cancelled. The machine that was here is as it was.`,
  'archive/unreadable': () =>
    t`A part of this machine can no longer be read as it was stored, so it cannot be exported whole. Delete the damaged moment, or export the disk alone.`,

  // saving files
  'save/cancelled': (p) =>
    t`${p['name'] ?? t`The file`} was not saved, because it was stopped. Save it again at any time.`,
  'save/interrupted': (p) =>
    t`The download of ${p['name'] ?? t`the file`} was ended before it was whole. Delete what there is of it, then save it again.`,
  'save/no-room': (p) =>
    t`There is not enough room for ${p['name'] ?? t`the file`} in that place. Free some room or choose another place, then save it again.`,
  'save/failed': (p) =>
    t`${p['name'] ?? t`The file`} could not be written. Check that its place is still there and may be written to, or choose another one, then save it again.`,
  'save/wrong-size': (p) =>
    t`${p['name'] ?? t`The file`} did not become as long as it should be, so it was not kept. Save it again.`,
  'save/too-large-here': (p) =>
    t`${p['name'] ?? t`The file`} is too large for this browser window, which has to hold all of it in memory (up to ${p['limit'] ?? t`a limit`}). Leave private browsing and reload the page, or use Chrome or Edge.`,

  // store
  'store/full': () =>
    t`The browser has no room left for what the machine wrote. Nothing is lost: free some room, then go on.`,
  'store/failed': () =>
    t`The storage of the browser does not answer as it should. What is kept in it was not changed: try again, and if that does not help, restart the browser.`,
  'store/open-full': () =>
    t`The browser cannot open its storage, because the drive of this computer is full. What is kept in it was not changed: free some room on the drive, then try again.`,
  'store/open-failed': () =>
    t`The browser cannot open its storage just now. What is kept in it was not changed: restart the browser, and if that does not help, the computer, then try again.`,
  'store/blocked': () =>
    t`The browser cannot open its storage while another tab or window uses an older version of this page. What is kept was not changed: close that tab, then try again.`,
  'store/silent': () =>
    t`The storage of the browser does not answer. What is kept in it was not changed: close other tabs and windows of this page, then try again; if that does not help, restart the browser.`,
  'store/lost': () =>
    t`The browser ended the connection to its storage. What was saved is kept as it was: try again, and if that does not help, restart the browser.`,
  'store/emptied': () =>
    t`A machine was kept in this browser, and its storage is empty now: the browser threw the data of this site away, or somebody cleared them. Try again after a restart of the browser, or begin anew and bring the machine back from an exported file.`,
  'store/unavailable': () =>
    t`This browser does not let the page store anything. Leave private browsing or allow storage for this site, then reload.`,
  'store/newer-format': () =>
    t`The machines kept in this browser were written by a newer version of this page. Reload to get the newer version; nothing was changed.`,
  'store/damaged': () =>
    t`The list of what is stored in this browser is damaged, so the machine cannot be opened safely. Import it again from its exported file.`,
  'store/bad-size': (p) =>
    t`A disk cannot have ${p['sizeBytes'] ?? t`so many`} bytes. Choose a multiple of 512 bytes, up to 127 GiB.`,
  'store/no-machine': (p) =>
    t`There is no machine "${p['name'] ?? ''}" in this browser. Choose one from the shelf.`,
  'store/machine-exists': () =>
    t`This machine was made in another tab a moment ago. Look at it there, or load this page again.`,
  'store/machine-in-use': (p) =>
    t`The machine "${p['name'] ?? ''}" is in use in another tab or window. Close it there, or take it over.`,
} satisfies Record<string, (p: ErrorParams) => string>;

export type ErrorCode = keyof typeof ERROR_WORDS;
