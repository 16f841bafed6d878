import { t, translate } from '../lib/language.ts';
import type { DiscReport } from './disc-report.ts';
import { OTHER_FILE_REASONS, type ReasonKind, type Verdict, type Words } from './other-file-reasons.ts';

/**
 * Every reason that a report can give: its stable code, how good a verdict it allows, and its sentence, which says
 * what is wrong and what to do next and promises no more than was tested.
 */
export const DISC_REASONS = {
  ...OTHER_FILE_REASONS,

  // the file as a whole
  'media/raw-copy': {
    atBest: 'runs',
    say: ({ sectorBytes }) =>
      t`The file is a raw copy with ${sectorBytes} bytes a sector. It is read as it lies; its size here is that of the disc in it.`,
  },
  'media/truncated': {
    atBest: 'cannot-run',
    say: ({ size, volume, missing }) =>
      t`The file is cut off: the disc says that it has ${volume}, the file has ${size}, so ${missing} are missing. Copy or download it again.`,
  },
  'media/padding-missing': {
    atBest: 'runs',
    say: ({ missing }) =>
      t`The file is ${missing} shorter than the disc says. Nothing is lost by that: every file on the disc is whole.`,
  },
  'media/end-missing': {
    atBest: 'may-run',
    say: ({ missing }) =>
      t`The file is ${missing} shorter than the disc says. What was looked at is whole; if Setup cannot read a file, copy the disc again.`,
    sayRefused: ({ missing }) => t`The file is ${missing} shorter than the disc says.`,
  },
  'media/tangled': {
    atBest: 'cannot-run',
    say: () =>
      t`The disc is so tangled inside that looking further was stopped. It is damaged or was made to mislead; use another copy.`,
  },
  'media/damaged': {
    atBest: 'cannot-run',
    say: ({ detail }) => [t`The file system of the disc is damaged.`, detail].join(' '),
  },
  'media/directory-damaged': {
    atBest: 'may-run',
    say: ({ detail }) => [t`A part of the disc could not be read.`, detail].join(' '),
  },

  // starting
  'boot/none': {
    atBest: 'cannot-run',
    say: () =>
      t`This disc holds files, but nothing that a PC can start from. Use it in a machine that already runs, or pick a disc that starts.`,
  },
  'boot/catalog-unreadable': {
    atBest: 'cannot-run',
    say: () =>
      t`The boot catalog lies outside the file, so the disc cannot start. Copy or download it again.`,
  },
  'boot/catalog-damaged': {
    atBest: 'cannot-run',
    say: () =>
      t`The boot catalog is damaged, so no firmware will start this disc. Copy or download it again.`,
  },
  'boot/catalog-checksum': {
    atBest: 'may-run',
    say: () =>
      t`The checksum of the boot catalog is wrong. This machine starts the disc all the same, but something changed it: copy or download it again.`,
    sayRefused: () =>
      t`The checksum of the boot catalog is wrong: something changed it. Copy or download it again.`,
  },
  'boot/efi-only': {
    atBest: 'cannot-run',
    say: () =>
      t`This disc starts only on PCs with EFI firmware; this machine has a BIOS. Look for a BIOS disc.`,
  },
  'boot/not-x86': {
    atBest: 'cannot-run',
    say: () => t`This disc starts only on a computer of another kind, not on a PC. Look for the PC edition.`,
  },
  'boot/not-bootable': {
    atBest: 'cannot-run',
    say: () => t`The disc marks its boot image as not to be started. Pick a disc that starts.`,
  },
  'boot/image-missing': {
    atBest: 'cannot-run',
    say: () => t`The program that starts this disc lies outside the file. Copy or download it again.`,
  },
  'boot/image-empty': {
    atBest: 'cannot-run',
    say: () => t`The program that should start this disc is nothing but zeros. Copy or download it again.`,
  },

  // processors
  'arch/x64': {
    atBest: 'cannot-run',
    say: ({ name }) => t`This is ${name} for 64-bit processors, and this machine is a 32-bit PC.`,
  },
  'arch/look-for': {
    atBest: 'cannot-run',
    say: ({ label, file, size }) =>
      t`Look for the 32-bit (x86) disc: label ${label}, published as ${file}, ${size}.`,
  },
  'arch/ia64': {
    atBest: 'cannot-run',
    say: ({ name }) => t`This is ${name} for Itanium processors. Look for the 32-bit (x86) disc.`,
  },
  'arch/arm': {
    atBest: 'cannot-run',
    say: ({ name }) => t`This is ${name} for ARM processors. Look for the 32-bit (x86) disc.`,
  },
  'arch/mixed': {
    atBest: 'may-run',
    say: () =>
      t`Somebody joined 32-bit and 64-bit images on this disc. Only the 32-bit ones can run here; choose one of those in Setup.`,
    sayRefused: () => t`Somebody joined 32-bit and 64-bit images on this disc.`,
  },
  'arch/folders': {
    atBest: 'may-run',
    say: ({ name, fitting, others }) =>
      t`There is more than one Windows on this disc. Only the 32-bit ${name} in the folder ${fitting} can run here, not what is in ${others}; choose it where the disc asks.`,
    sayRefused: ({ fitting, others }) =>
      t`There is more than one Windows on this disc: in the folders ${fitting} and ${others}.`,
  },
  'arch/setup-x64': {
    atBest: 'cannot-run',
    say: () =>
      t`Setup on this disc is a 64-bit program, though the Windows on it is 32-bit. Use the 32-bit disc as it was published.`,
  },

  // Windows
  'windows/made-for': {
    atBest: 'runs',
    say: ({ name }) => t`${name}, 32-bit: the kind of disc this machine is made for.`,
  },
  'windows/setup-not-shown': {
    atBest: 'runs',
    say: () =>
      t`A whole Windows Setup in this machine has not been shown yet; a disk that was prepared elsewhere is the surer way.`,
  },
  'windows/too-new': {
    atBest: 'cannot-run',
    say: ({ name }) =>
      t`${name} needs a processor with the NX bit, and this machine has none. Windows 7, 32-bit, is the newest that it is made for.`,
  },
  'windows/setup-too-new': {
    atBest: 'cannot-run',
    say: ({ name }) =>
      t`Setup on this disc comes from ${name}, which needs a processor with the NX bit. Use the Windows 7 disc as it was published.`,
  },
  'windows/vista': {
    atBest: 'may-run',
    say: ({ name }) => t`${name}, 32-bit, is close to Windows 7 and may run; it was not tried here.`,
    sayRefused: ({ name }) => t`This is ${name}, 32-bit.`,
  },
  'windows/server': {
    atBest: 'may-run',
    say: ({ name }) => t`${name} is a server; it may run but was not tried here.`,
    sayRefused: ({ name }) => t`This is ${name}.`,
  },
  'windows/test-version': {
    atBest: 'may-run',
    say: ({ name, release }) =>
      t`This is a ${release} of ${name} from before its release. It may run, but it stops working after its last day unless the clock is set back.`,
    sayRefused: ({ name, release }) => t`This is a ${release} of ${name} from before its release.`,
  },
  'windows/embedded': {
    atBest: 'may-run',
    say: () =>
      t`This is Windows Embedded, which Setup puts together from packages; so there is no install.wim. It may run, but it was not tried here.`,
    sayRefused: () =>
      t`This is Windows Embedded, which Setup puts together from packages; so there is no install.wim.`,
  },
  'windows/repair-disc': {
    atBest: 'may-run',
    say: ({ name }) => t`This disc holds ${name}, and no Windows to install. It may start.`,
    sayRefused: ({ name }) => t`This disc holds ${name}, and no Windows to install.`,
  },
  'windows/unknown-version': {
    atBest: 'may-run',
    say: () => t`The disc does not say which Windows it holds. It may start.`,
    sayRefused: () => t`The disc does not say which Windows it holds.`,
  },
  'windows/older': {
    atBest: 'may-run',
    say: ({ name }) =>
      t`${name} may run; the machine is set up for it (see its plan), but a whole Setup was not tried here.`,
    sayRefused: ({ name }) => t`This is ${name}.`,
  },
  'windows/label-differs': {
    atBest: 'runs',
    say: ({ label, says }) =>
      t`The label ${label} belongs to a disc of another kind (${says}); what counts is what is on it.`,
  },

  // the Windows images
  'wim/missing': {
    atBest: 'cannot-run',
    say: () =>
      t`This is a Windows disc without its install.wim, the file that holds Windows itself. Get the whole disc.`,
  },
  'wim/unreadable': {
    atBest: 'cannot-run',
    say: ({ file, detail }) => [t`${file} cannot be read: it is damaged or cut off.`, detail].join(' '),
  },
  'wim/unfinished': {
    atBest: 'cannot-run',
    say: ({ file }) => t`${file} was never finished: the program that wrote it was stopped. Make it again.`,
  },
  'wim/split': {
    atBest: 'may-run',
    say: ({ file, parts }) =>
      t`Windows is split over ${parts} files (${file}), as for a USB stick. All parts are here; it was not tried.`,
    sayRefused: ({ file, parts }) =>
      t`Windows is split over ${parts} files (${file}), as for a USB stick. All parts are here.`,
  },
  'wim/split-incomplete': {
    atBest: 'cannot-run',
    say: ({ file, parts, found }) =>
      t`Windows is split over ${parts} files (${file}), and only ${found} are on this disc. Get the whole disc.`,
  },
  'wim/esd': {
    atBest: 'may-run',
    say: ({ file }) =>
      t`Windows is packed as ${file}, which the Setup of Windows 7 does not know. Use a disc with install.wim.`,
  },
  'wim/encrypted': {
    atBest: 'cannot-run',
    say: ({ file }) =>
      t`${file} is encrypted, so nothing can be installed from it. Use a disc with install.wim.`,
  },

  // other systems
  'system/house': {
    atBest: 'runs',
    say: () =>
      t`The exhibit’s own disc: a small system that shows what this machine is made of. It was written for it and is tried on it.`,
    sayRefused: () => t`The exhibit’s own disc: a small system that shows what this machine is made of.`,
  },
  'system/other': {
    atBest: 'may-run',
    say: ({ name }) => t`${name} may run; it was not tried here.`,
    sayRefused: ({ name }) => t`This is ${name}.`,
  },
  'system/memory-test': {
    atBest: 'may-run',
    say: () => t`A memory test may start, but one that was tried stopped this machine at once.`,
    sayRefused: () => t`This is a memory test.`,
  },
  'system/mac-os': {
    atBest: 'cannot-run',
    say: () => t`Mac OS X needs another computer than a PC. Pick a disc for PCs.`,
  },
  'system/unknown': {
    atBest: 'may-run',
    say: () => t`The disc can start, but what it is could not be told. It may run.`,
    sayRefused: () => t`The disc does not say which system it holds.`,
  },
} satisfies Record<string, ReasonKind>;

export type DiscReasonCode = keyof typeof DISC_REASONS;

const ORDER: readonly Verdict[] = ['runs', 'may-run', 'cannot-run', 'not-a-disc'];

/** Reasons as they are found; the verdict is the best one that they all allow. */
export class ReasonList {
  readonly #found: { code: DiscReasonCode; readonly message: string }[] = [];

  /**
   * Each code is given once, in the words of its first finding; `words` is asked whenever the reason is read, since the
   * page may speak another language by then.
   */
  add(code: DiscReasonCode, words: () => Words = () => ({})): void {
    if (this.#found.some((reason) => reason.code === code)) return;
    // eslint-disable-next-line typescript/no-this-alias -- the getter below is the reason's own
    const list = this;
    this.#found.push({
      code,
      get message() {
        const kind: ReasonKind = DISC_REASONS[code];
        const say = list.#isRefused ? (kind.sayRefused ?? kind.say) : kind.say;
        return say(inLanguage(words()));
      },
    });
  }

  get #isRefused(): boolean {
    return ORDER.indexOf(this.verdict) >= ORDER.indexOf('cannot-run');
  }

  get verdict(): Verdict {
    const ranks = this.#found.map(({ code }) => ORDER.indexOf(DISC_REASONS[code].atBest));
    return ORDER[Math.max(0, ...ranks)];
  }

  /** Gravest first, otherwise as found. */
  get reasons(): DiscReport['reasons'] {
    const rank = (code: DiscReasonCode): number => ORDER.indexOf(DISC_REASONS[code].atBest);
    return [...this.#found].sort((a, b) => rank(b.code) - rank(a.code));
  }
}

/** Words that are data (what a file is, how a system is called) in the page's language. */
function inLanguage(words: Words): Words {
  return Object.fromEntries(
    Object.entries(words).map(([key, word]) => [key, typeof word === 'string' ? translate(word) : word]),
  );
}
