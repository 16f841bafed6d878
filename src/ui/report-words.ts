import { formatBytes, formatDuration } from '../lib/format.ts';
import { t } from '../lib/language.ts';
import type {
  BootRecord,
  Evidence,
  FileProgress,
  MilestoneId,
  Stop,
} from '../machine/milestones/milestones.ts';

/** What a milestone is called. */
export function milestoneName(id: MilestoneId): string {
  const names: Record<MilestoneId, () => string> = {
    'boot-image': () => t`The disc starts (etfsboot)`,
    bootmgr: () => t`Its boot manager is read (bootmgr)`,
    'boot-wim': () => t`Windows PE is read (boot.wim)`,
    'vbe-mode': () => t`The screen goes over to graphics`,
    hal: () => t`The kernel sets up the interrupt controller and the clocks`,
    dma: () => t`A drive works by DMA`,
    'disc-polling': () => t`The drive is asked for news of its disc`,
    'setup-screen': () => t`Setup shows its screen`,
    'first-write': () => t`The disk is written for the first time`,
    'second-boot': () => t`The machine starts again, from its disk`,
  };
  return names[id]();
}

/** What a milestone was told by, in a few words. */
export function evidenceWords(evidence: readonly Evidence[]): string {
  return evidence.map(oneEvidence).join(', ');
}

function oneEvidence(each: Evidence): string {
  switch (each.kind) {
    case 'file':
      return t`${formatBytes(each.bytes)} of ${fileName(each.file)} read`;
    case 'phrase':
      return phraseWords(each.phrase);
    case 'mode': {
      const { width, height, bitsPerPixel } = each;
      return t`${width} × ${height}, ${bitsPerPixel} bits a pixel`;
    }
    case 'chip':
      return each.chip === 'pic'
        ? t`interrupt controller (8259)`
        : each.chip === 'pit'
          ? t`timer (8254)`
          : t`clock (MC146818)`;
    case 'dma':
      return each.drive === 'disc'
        ? t`from the disc`
        : each.direction === 'read'
          ? t`from the disk`
          : t`to the disk`;
    case 'packet':
      return t`packet command ${hex(each.opcode, 2)}`;
    case 'mouse':
      return t`mouse switched on`;
    case 'sector':
      return t`sector ${each.sector}`;
  }
}

function fileName(file: FileProgress['file']): string {
  const names: Record<FileProgress['file'], string> = {
    'boot-image': 'etfsboot.com',
    bootmgr: 'bootmgr',
    bcd: 'boot/bcd',
    'boot-sdi': 'boot/boot.sdi',
    'boot-wim': 'sources/boot.wim',
    'install-wim': 'sources/install.wim',
  };
  return names[file];
}

/** The words on the screen that were recognised: the guest's own, so in its language. */
function phraseWords(phrase: Extract<Evidence, { kind: 'phrase' }>['phrase']): string {
  switch (phrase) {
    case 'press-any-key':
      return '“Press any key to boot from CD or DVD”';
    case 'loading-files':
      return '“Windows is loading files”';
    case 'bootmgr-missing':
      return '“BOOTMGR is missing”';
    case 'ntldr-missing':
      return '“NTLDR is missing”';
    case 'cdboot-failed':
      return '“CDBOOT: …”';
    case 'no-bootable-device':
      return '“No bootable device”';
    case 'boot-manager-error':
      return '“Windows Boot Manager”';
  }
}

/** When it was: running time since power-on, and after which restart. */
export function whenWords({ atMs, restarts }: { atMs: number; restarts: number }): string {
  const time = formatDuration(atMs);
  if (restarts === 0) return t`after ${time}`;
  return restarts === 1 ? t`after ${time}, restarted once` : t`after ${time}, restarted ${restarts} times`;
}

/** What stopped the system, with its code where one could be read. */
export function stopWords({ kind, code }: Stop): string {
  switch (kind) {
    case 'bug-check':
      return t`Windows stopped with STOP ${hex(code ?? 0, 8)}`;
    case 'blue-screen':
      return t`Windows stopped with a blue screen; its code stands on the machine’s screen`;
    case 'boot-error':
      return code === null
        ? t`The start stopped with a message on the machine’s screen`
        : t`The boot manager stopped with status ${hex(code, 8)}`;
  }
}

/** How far a file that is only partly read has come; null where it is whole or was not begun. */
export function partlyRead({ files }: BootRecord): string | null {
  const wim = files.find(({ file }) => file === 'boot-wim');
  const parts = wim?.parts.replaceAll('0', '').length ?? 0;
  if (!wim || parts === 0 || parts === wim.parts.length) return null;
  return t`${Math.round((100 * parts) / wim.parts.length)} % of ${fileName('boot-wim')} read so far`;
}

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`;
}
