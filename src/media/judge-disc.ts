import { sentence, t } from '../lib/language.ts';
import type { DiscEvidence, WimOnDisc } from './disc-evidence.ts';
import { exactBytes } from '../lib/format.ts';
import { ReasonList } from './disc-reasons.ts';
import type { DiscReport } from './disc-report.ts';
import { evidenceIn, judgeFolders, leadingFolder } from './judge-folders.ts';
import { judgeWholeness, noteFile } from './judge-wholeness.ts';
import { detectOldSystem, type DetectedSystem } from './disc-systems.ts';
import { find32BitDisc, findDiscByLabel } from './windows7-discs.ts';
import { parseWindows7Label } from './windows7-label.ts';
import { describeWindows, isTooNew, systemOfBuildLab, type WindowsInWim } from './windows-on-disc.ts';

/** A report without what the inspection cost. */
export type Judgement = Omit<DiscReport, 'bytesRead' | 'elapsedMs'>;

/** What a disc is and whether it can run, from what was seen on it. Pure. */
export function judgeDisc(evidence: DiscEvidence): Judgement {
  const { iso, udf, boot, sizeBytes } = evidence;
  const reasons = new ReasonList();
  const label = iso?.primary.volumeId || udf?.label || '';

  judgeWholeness(evidence, reasons);
  judgeBoot(evidence, reasons);
  const lead = leadingFolder(evidence.folders);
  const inside = judgeSystem(
    lead ? { ...evidence, ...evidenceIn(lead, evidence) } : evidence,
    label,
    reasons,
  );
  if (lead) judgeFolders(lead, evidence.folders, reasons);
  if (reasons.verdict === 'runs' && inside.system?.id !== 'house') {
    const { windows } = inside;
    if (windows) reasons.add('windows/made-for', () => ({ name: fullName(windows) }));
    reasons.add('windows/setup-not-shown');
  }
  noteFile(evidence, reasons);

  return {
    verdict: reasons.verdict,
    reasons: reasons.reasons,
    label,
    sizeBytes,
    bootable: evidence.bootStart?.entry.bootable === true && evidence.bootStart.image !== null,
    fileSystems: [
      ...(iso ? (['iso9660'] as const) : []),
      ...(iso?.joliet ? (['joliet'] as const) : []),
      ...(iso?.rockRidge ? (['rock-ridge'] as const) : []),
      ...(udf ? (['udf'] as const) : []),
    ],
    windows: inside.windows,
    system: inside.system,
    bootEntries: (boot?.entries ?? []).map(({ platform, emulation, bootable, lba }) => ({
      platform,
      emulation,
      bootable,
      lba,
    })),
    publishedAs: findDiscByLabel(label, sizeBytes)?.file ?? null,
  };
}

function judgeBoot({ boot, bootStart, problems }: DiscEvidence, reasons: ReasonList): void {
  if (!boot) {
    if (!problems.some(({ where }) => where === 'boot')) reasons.add('boot/none');
    return;
  }
  if (!boot.signatureOk || !bootStart) {
    reasons.add('boot/catalog-damaged');
    return;
  }
  if (!boot.checksumOk) reasons.add('boot/catalog-checksum');
  const { entry, image } = bootStart;
  if (entry.platform === 'efi') reasons.add('boot/efi-only');
  else if (entry.platform !== 'x86') reasons.add('boot/not-x86');
  else if (!entry.bootable) reasons.add('boot/not-bootable');
  else if (!image) reasons.add('boot/image-missing');
  else if (image.subarray(0, 512).every((byte) => byte === 0)) reasons.add('boot/image-empty');
}

interface Inside {
  readonly system: DetectedSystem | null;
  readonly windows: DiscReport['windows'];
}

function judgeSystem(evidence: DiscEvidence, label: string, reasons: ReasonList): Inside {
  const { install, bootWim, texts, paths } = evidence;
  const setup = describeWindows(bootWim?.description?.images ?? [], texts);
  if (bootWim && !bootWim.description) judgeBrokenWim(bootWim, evidence, reasons);
  if (install) {
    const found = describeWindows(install.description?.images ?? [], texts);
    judgeWim(install, evidence, reasons);
    judgeSetup(found, setup, reasons);
    if (!found) {
      if (setup) judgeProcessor(setup, label, reasons);
      if (install.description) reasons.add('windows/unknown-version');
      return { system: judgeByBuildLab(evidence, label, reasons) ?? setup?.system ?? null, windows: null };
    }
    judgeWindows(found, label, reasons);
    return { system: found.system, windows: found.windows };
  }
  if (setup) {
    judgeProcessor(setup, label, reasons);
    if (isTooNew(setup))
      reasons.add('windows/too-new', () => ({ name: setup.windows?.name ?? setup.system.name }));
    // Setup without Windows is a disc that lost a file, but for one that installs from packages; PE alone is a repair disc.
    if (isEmbedded(evidence)) reasons.add('windows/embedded');
    else if (paths.has('sources/setup.exe')) reasons.add('wim/missing');
    else reasons.add('windows/repair-disc', () => ({ name: setup.system.name }));
    return { system: setup.system, windows: setup.windows };
  }
  if (bootWim?.description && !paths.has('sources/setup.exe')) {
    const name = sentence`a repair or setup environment of Windows`;
    reasons.add('windows/repair-disc', () => ({ name }));
    return { system: { id: 'windows-pe', name, architecture: null }, windows: null };
  }
  if (paths.has('bootmgr') && paths.has('sources')) {
    if (!bootWim || paths.has('sources/setup.exe')) reasons.add('wim/missing');
    return { system: judgeByBuildLab(evidence, label, reasons), windows: null };
  }
  return { system: judgeOldSystem(evidence, label, reasons), windows: null };
}

/** Windows Embedded Standard 7 is put together from packages beside its Setup: its discs have no install.wim. */
function isEmbedded({ bootWim, paths }: DiscEvidence): boolean {
  const images = bootWim?.description?.images ?? [];
  const isNamed = images.some(({ name, displayName, editionId }) =>
    /embedded/iu.test(`${name} ${displayName} ${editionId}`),
  );
  return isNamed || [...paths].some((path) => /^ds(?:32|64)?(?:sp1)?$/u.test(path));
}

/** Without a readable WIM the text beside it still says which disc this should be. */
function judgeByBuildLab({ texts }: DiscEvidence, label: string, reasons: ReasonList): DetectedSystem | null {
  const system = systemOfBuildLab(texts);
  if (system?.architecture === 'x64') judgeX64(system.name, label, [], reasons);
  return system;
}

function judgeOldSystem(evidence: DiscEvidence, label: string, reasons: ReasonList): DetectedSystem | null {
  const system = detectOldSystem(evidence, label);
  if (!system) {
    reasons.add('system/unknown');
    return null;
  }
  const { id, name, architecture } = system;
  if (architecture === 'x64') reasons.add('arch/x64', () => ({ name }));
  if (id === 'house') reasons.add('system/house');
  else if (id === 'memory-test') reasons.add('system/memory-test');
  else if (id === 'mac-os') reasons.add('system/mac-os');
  else if (id.startsWith('windows')) reasons.add('windows/older', () => ({ name }));
  else reasons.add('system/other', () => ({ name }));
  return system;
}

function judgeWindows(found: WindowsInWim, label: string, reasons: ReasonList): void {
  const name = found.windows?.name ?? found.system.name;
  judgeProcessor(found, label, reasons);
  if (isTooNew(found)) {
    reasons.add('windows/too-new', () => ({ name }));
    return;
  }
  if (found.isServer) reasons.add('windows/server', () => ({ name }));
  else if (found.system.id === 'windows-vista') reasons.add('windows/vista', () => ({ name }));
  if (!found.isFinal)
    reasons.add('windows/test-version', () => ({ name, release: found.windows?.release ?? '' }));
  judgeLabel(found, label, reasons);
}

/** A label of another architecture or service pack than what is on the disc: somebody remade it. */
function judgeLabel({ windows }: WindowsInWim, label: string, reasons: ReasonList): void {
  const says = parseWindows7Label(label);
  if (!says || !windows) return;
  if (says.architecture !== windows.architecture || says.servicePack !== windows.servicePack) {
    const kind = `Windows 7 ${says.edition}${says.servicePack ? ' SP1' : ''} ${says.architecture}`;
    reasons.add('windows/label-differs', () => ({ label, says: kind }));
  }
}

function judgeProcessor(
  { architectures, windows, system }: WindowsInWim,
  label: string,
  reasons: ReasonList,
): void {
  const name = windows ? fullName(windows) : system.name;
  if (architectures.includes('x86')) {
    if (architectures.length > 1) reasons.add('arch/mixed');
    return;
  }
  if (architectures.includes('x64')) {
    judgeX64(name, label, windows?.languages ?? [], reasons);
  } else if (architectures.includes('ia64')) reasons.add('arch/ia64', () => ({ name }));
  else if (architectures.includes('unknown')) reasons.add('windows/unknown-version');
  else reasons.add('arch/arm', () => ({ name }));
}

/** Refuses a 64-bit Windows and names the disc to look for in its place. */
function judgeX64(name: string, label: string, languages: readonly string[], reasons: ReasonList): void {
  const { volumeId, file, sizeBytes } = find32BitDisc(label, languages);
  reasons.add('arch/x64', () => ({ name }));
  reasons.add('arch/look-for', () => ({ label: volumeId ?? '', file, size: exactBytes(sizeBytes ?? 0) }));
}

/** What installs must run here too: its own architecture and version count as much as those of the Windows. */
function judgeSetup(found: WindowsInWim | null, setup: WindowsInWim | null, reasons: ReasonList): void {
  if (!setup) return;
  if (isTooNew(setup) && (!found || !isTooNew(found))) {
    reasons.add('windows/setup-too-new', () => ({ name: setup.windows?.name ?? sentence`a later Windows` }));
  }
  const is64Only = !setup.architectures.includes('x86') && setup.architectures.includes('x64');
  if (is64Only && found?.architectures.includes('x86')) reasons.add('arch/setup-x64');
}

function judgeWim(wim: WimOnDisc, evidence: DiscEvidence, reasons: ReasonList): void {
  const { header, description } = wim;
  const file = wim.path;
  if (description?.isEncrypted) reasons.add('wim/encrypted', () => ({ file }));
  if (header?.isBeingWritten) reasons.add('wim/unfinished', () => ({ file }));
  if (header?.isSolid || file.endsWith('.esd')) reasons.add('wim/esd', () => ({ file }));
  if (header && (header.totalParts > 1 || file.endsWith('.swm'))) {
    const parts = Math.max(1, header.totalParts);
    const found = [...evidence.paths].filter((path) => /^sources\/install\d*\.swm$/u.test(path)).length;
    if (found < parts) reasons.add('wim/split-incomplete', () => ({ file, parts, found }));
    else reasons.add('wim/split', () => ({ file, parts }));
  }
  if (!description) judgeBrokenWim(wim, evidence, reasons);
}

function judgeBrokenWim({ path, header }: WimOnDisc, { problems }: DiscEvidence, reasons: ReasonList): void {
  // An encrypted ESD keeps its header and hides the rest.
  if (header && path.endsWith('.esd')) {
    reasons.add('wim/encrypted', () => ({ file: path }));
    return;
  }
  const problem = problems.find(({ where }) => where === 'wim');
  reasons.add('wim/unreadable', () => ({
    file: path,
    detail: problem?.error.words ?? t`Copy or download the disc again.`,
  }));
}

function fullName({ name, release }: NonNullable<DiscReport['windows']>): string {
  return release === 'RTM' ? name : `${name} ${release}`;
}
