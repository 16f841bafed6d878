import { t, translate } from '../../lib/language.ts';
import type { DiskReport } from '../disk-report.ts';

type Verdict = DiskReport['verdict'];
type Words = Readonly<Record<string, string | number>>;

interface ReasonKind {
  /** The best verdict that is left once this reason holds; 'runs' for what is only worth knowing. */
  readonly atBest: Verdict;
  readonly say: (words: Words) => string;
}

/** Every reason that a report on a disk can give, besides the `image/…` errors of an image that cannot be opened. */
export const DISK_REASONS = {
  'disk/blank': {
    atBest: 'may-run',
    say: () => t`The start of this disk is empty. Nothing starts from it yet; put in a disc to install from.`,
  },
  'disk/too-large': {
    atBest: 'cannot-run',
    say: ({ size, limit, end }) =>
      end
        ? t`The disk has ${size}, and the drive of this machine can have no more than ${limit}. Its partitions end before that, at ${end}: shorten the disk with qemu-img convert -O qcow2 and qemu-img resize --shrink to 127G, then pick the result.`
        : t`The disk has ${size}, and the drive of this machine can have no more than ${limit}. Make its last partition smaller in the system on it (in Windows: Disk Management, Shrink Volume), so that nothing lies beyond that. Then shorten the disk with qemu-img convert -O qcow2 and qemu-img resize --shrink to 127G, and pick the result.`,
  },
  'disk/odd-size': {
    atBest: 'may-run',
    say: () =>
      t`The file is no whole number of sectors, as a disk would be. If the copy broke off, copy it again.`,
  },
  'disk/truncated': {
    atBest: 'may-run',
    say: ({ missing }) =>
      t`Its partitions reach ${missing} beyond the end of the disk. The file is probably cut off; copy it again.`,
  },
  'disk/partitions-damaged': {
    atBest: 'may-run',
    say: () => t`Its partition table contradicts itself, so the list of partitions may be incomplete.`,
  },
  'disk/partitions-overlap': {
    atBest: 'may-run',
    say: () => t`Two of its partitions overlap, so a system on it may damage its own files.`,
  },
  'disk/hybrid': {
    atBest: 'runs',
    say: () =>
      t`The disk has two partition tables, as a Mac with Boot Camp has: one for EFI, and one for a BIOS, which this machine goes by.`,
  },
  'disk/bitlocker': {
    atBest: 'may-run',
    say: () =>
      t`A partition is encrypted by BitLocker. Without the chip of the PC that it comes from it asks for its recovery key.`,
  },
  'disk/not-looked-into': {
    atBest: 'may-run',
    say: () => t`A partition could not be read with few reads, so whether Windows is on it is not known.`,
  },
  'boot/none': {
    atBest: 'may-run',
    say: () =>
      t`The disk holds nothing that a PC can start from. Start from a disc, and use it as a second step.`,
  },
  'boot/no-active': {
    atBest: 'may-run',
    say: () =>
      t`No partition is marked as the one to start from, so the PC will stop with "Missing operating system". Mark it active where the disk comes from.`,
  },
  'boot/needs-efi': {
    atBest: 'cannot-run',
    say: () =>
      t`The disk is partitioned for PCs with EFI firmware (GPT), and this machine has a BIOS. Prepare it again with an MBR partition table.`,
  },
  'arch/x64': {
    atBest: 'cannot-run',
    say: ({ name }) => t`${name} on this disk is for 64-bit processors, and this machine is a 32-bit PC.`,
  },
  'arch/other': {
    atBest: 'cannot-run',
    say: ({ name }) =>
      t`${name} on this disk is for processors of another kind, and this machine is a 32-bit PC.`,
  },
  'windows/too-new': {
    atBest: 'cannot-run',
    say: ({ name }) =>
      t`${name} needs a processor with the NX bit, and this machine has none. Windows 7, 32-bit, is the newest that it is made for.`,
  },
  'windows/hibernated': {
    atBest: 'may-run',
    say: ({ name }) =>
      t`${name} on this disk is asleep and expects the PC on which it fell asleep. Wake it there and shut it down; or choose to delete the saved session when it starts here.`,
  },
  'windows/one-processor': {
    atBest: 'runs',
    say: ({ name }) =>
      t`${name} was found. If it stops here with 0x0000005C, it was installed on a machine with several processors: install it again with one (see prepare/README.md).`,
  },
  'windows/little-memory': {
    atBest: 'runs',
    say: ({ name }) => t`${name} was found. The machine gets 128 MiB of memory for it: it stops above 480.`,
  },
  'system/dos': {
    atBest: 'may-run',
    say: () =>
      t`DOS starts from this disk. The machine gets 64 MiB of memory for it: some of its programs stop above that.`,
  },
  'system/unknown': {
    atBest: 'may-run',
    say: () => t`Something starts from this disk; which system it is was not found out.`,
  },
} satisfies Record<string, ReasonKind>;

export type DiskReasonCode = keyof typeof DISK_REASONS;

const ORDER: readonly Verdict[] = ['runs', 'may-run', 'cannot-run', 'not-a-disk'];

/** Reasons in the order of their gravity, and the verdict that is left. */
export class DiskReasons {
  readonly #found: { code: DiskReasonCode; readonly message: string }[] = [];

  /**
   * Each code is given once, in the words of its first finding; `words` is asked whenever the reason is read, since the
   * page may speak another language by then.
   */
  add(code: DiskReasonCode, words: () => Words = () => ({})): void {
    if (this.#found.some((reason) => reason.code === code)) return;
    this.#found.push({
      code,
      get message() {
        return DISK_REASONS[code].say(inLanguage(words()));
      },
    });
  }

  get verdict(): Verdict {
    return ORDER[Math.max(0, ...this.#found.map(({ code }) => rank(code)))];
  }

  get reasons(): DiskReport['reasons'] {
    return [...this.#found].sort((a, b) => rank(b.code) - rank(a.code));
  }
}

const rank = (code: DiskReasonCode): number => ORDER.indexOf(DISK_REASONS[code].atBest);

/** Words that are data (what a file is, how a system is called) in the page's language. */
function inLanguage(words: Words): Words {
  return Object.fromEntries(
    Object.entries(words).map(([key, word]) => [key, typeof word === 'string' ? translate(word) : word]),
  );
}
