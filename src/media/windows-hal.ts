import { VitrineError } from '../lib/errors.ts';
import type { WindowsOnDisk } from './disk-report.ts';
import type { FileVolume } from './file-volume.ts';
import { readProgramVersion } from './program-version.ts';

/** What each hardware abstraction layer stops without, and nothing that it does not use. */
export const HAL_HARDWARE: Record<NonNullable<WindowsOnDisk['hal']>, { acpi: boolean; apic: boolean }> = {
  hal: { acpi: false, apic: false },
  halapic: { acpi: false, apic: true },
  halmps: { acpi: false, apic: true },
  halacpi: { acpi: true, apic: false },
  halaacpi: { acpi: true, apic: true },
  halmacpi: { acpi: true, apic: true },
  'as-found': { acpi: true, apic: false },
};

const HALS = ['hal', 'halapic', 'halmps', 'halacpi', 'halaacpi', 'halmacpi'] as const;

/**
 * The loader of Windows 7 takes `halmacpi.dll` where the firmware's tables name an APIC, else `halacpi.dll`, at every
 * start; its installation has both. Others load `hal.dll`, which Setup made of the one that suited the PC and which
 * keeps that one's name in its version resource.
 */
export async function findHal(
  volume: FileVolume,
  folder: readonly string[],
  version: string,
): Promise<WindowsOnDisk['hal']> {
  if (version.startsWith('6.1.') && (await volume.openFile([...folder, 'halacpi.dll'])) !== null) {
    return 'as-found';
  }
  const file = await volume.openFile([...folder, 'hal.dll']);
  if (file === null) return null;
  try {
    const name = (await readProgramVersion(file))?.originalName.toLowerCase();
    return HALS.find((hal) => name === `${hal}.dll`) ?? null;
  } catch (error) {
    // Damage in this file alone leaves the rest of what was found as it is.
    if (error instanceof VitrineError && error.code === 'bytes/out-of-range') return null;
    throw error;
  }
}
