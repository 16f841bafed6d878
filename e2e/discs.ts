import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { copyFileSync, truncateSync, writeFileSync } from 'node:fs';
import { isoBytes, windowsDisc, type WindowsDiscSpec } from '../src/media/testing/discs.ts';
import { windows7Images } from '../src/media/testing/wim-builder.ts';
import { guestIso, HOUSE_ISO } from './exhibit.ts';

/** A kind of file that a visitor may bring, and what the label then says of it. */
export interface DiscKind {
  readonly what: string;
  /** Writes it to `path`; false where it cannot be had on this computer. */
  readonly make: (path: string) => Promise<boolean>;
  readonly heading: string | RegExp;
  readonly verdict: string;
  readonly codes: readonly string[];
  /** Sentences or facts that must stand on the label. */
  readonly says?: readonly (string | RegExp)[];
}

const windows = (spec: WindowsDiscSpec) => async (path: string) => {
  await windowsDisc(spec).writeTo(path);
  return true;
};
const iso =
  (...args: Parameters<typeof isoBytes>) =>
  async (path: string) => {
    writeFileSync(path, await isoBytes(...args));
    return true;
  };
const guest = (name: string) => async (path: string) => {
  const found = guestIso(name);
  if (found) copyFileSync(found, path);
  return found !== null;
};

/** The disc that the machine is made for, in the size of a published one; most of it are holes. */
export const WINDOWS_7: DiscKind = {
  what: 'Windows 7, 32-bit',
  make: windows({
    volumeBytes: 2_564_476_928,
    install: { images: windows7Images(), sizeBytes: 2_100_000_000 },
  }),
  heading: 'Windows 7',
  verdict: 'The right kind of disc',
  codes: ['windows/made-for', 'windows/setup-not-shown'],
  says: [
    'Service Pack 1',
    'Professional only (ei.cfg)',
    'Retail',
    '2.56 GB (2,564,476,928 bytes)',
    'en_windows_7_professional_with_sp1_x86_dvd_u_677056.iso',
    'a disk that was prepared elsewhere is the surer way',
    '1024 MiB, ACPI, disc first',
  ],
};

/** A small disc of another system. */
export const WINDOWS_XP: DiscKind = {
  what: 'Windows XP',
  make: iso({ WIN51: '', WIN51IP: '', 'I386/TXTSETUP.SIF': '' }),
  heading: 'Windows XP Professional',
  verdict: 'May run here',
  codes: ['windows/older'],
  says: ['512 MiB, no ACPI, disc first'],
};

/** What goes into the tray. */
export const DISCS: readonly DiscKind[] = [
  {
    what: 'the house disc',
    make: async (path) => (copyFileSync(HOUSE_ISO, path), true),
    heading: 'The house disc',
    verdict: 'The right kind of disc',
    codes: ['system/house'],
    says: ['128 MiB, ACPI, disc first'],
  },
  {
    what: 'Windows 7 as on Microsoft’s discs',
    make: guest('win7-x86-udf.iso'),
    heading: 'Windows 7',
    verdict: 'The right kind of disc',
    codes: ['windows/made-for', 'windows/setup-not-shown'],
    says: ['6.1.7601.17514', '32-bit (x86)', 'English (United States)', '5 editions', 'Home Premium'],
  },
  WINDOWS_7,
  {
    what: 'Windows 7, 64-bit',
    make: windows({
      label: 'GSP1RMCULXFRER_EN_DVD',
      install: { images: windows7Images(7601, 9) },
      bootWim: null,
    }),
    heading: 'Windows 7',
    verdict: 'Cannot run here',
    codes: ['arch/x64', 'arch/look-for'],
    says: ['64-bit (x64)', 'GSP1RMCULFRER_EN_DVD', 'en_windows_7_ultimate_with_sp1_x86_dvd_u_677460.iso'],
  },
  {
    what: 'Windows 10',
    make: windows({
      label: 'CCCOMA_X86FRE_EN-US_DV9',
      install: {
        images: [{ name: 'Windows 10', editionId: 'Core', arch: 0, version: [10, 0, 19041, 1, 0] }],
      },
      bootWim: null,
    }),
    heading: 'Windows 10',
    verdict: 'Cannot run here',
    codes: ['windows/too-new'],
    says: ['NX bit'],
  },
  WINDOWS_XP,
  {
    what: 'a live Linux',
    make: guest('linux-live.iso'),
    heading: /^Linux/,
    verdict: 'May run here',
    codes: ['system/other'],
    says: ['512 MiB, ACPI, disc first'],
  },
  {
    what: 'a disc whose file is cut off',
    make: async (path) => {
      copyFileSync(HOUSE_ISO, path);
      truncateSync(path, 80_000);
      return true;
    },
    heading: 'The house disc',
    verdict: 'Cannot run here',
    codes: ['media/truncated', 'system/house'],
    says: ['are missing'],
  },
  {
    what: 'a data disc',
    make: iso({ 'PHOTOS/CAT.JPG': 'x' }, { boot: [], volumeId: 'HOLIDAY' }),
    heading: 'HOLIDAY',
    verdict: 'Cannot run here',
    codes: ['boot/none', 'system/unknown'],
    says: ['1024 MiB, ACPI, hard disk first'],
  },
  {
    what: 'a disc with a changed boot catalog',
    make: async (path) => {
      const bytes = await isoBytes({ 'A.TXT': 'x' });
      // The boot record is the second volume descriptor and points to the catalog (El Torito figure 7).
      const catalog = 2048 * new DataView(bytes.buffer).getUint32(17 * 2048 + 0x47, true);
      expect(bytes[catalog]).toBe(1);
      bytes[catalog + 6] ^= 0x20;
      writeFileSync(path, bytes);
      return true;
    },
    heading: 'TEST',
    verdict: 'May run here',
    codes: ['boot/catalog-checksum', 'system/unknown'],
  },
];

/** What is refused: the tray keeps what it has. */
export const NO_DISCS: readonly DiscKind[] = [
  {
    what: 'zeros',
    make: async (path) => (writeFileSync(path, Buffer.alloc(3_000_000)), true),
    heading: 'brought.iso',
    verdict: 'Not a disc',
    codes: ['media/zeros'],
    says: ['nothing but zeros', '3.00 MB (3,000,000 bytes)'],
  },
  {
    what: 'a text that is called .iso',
    make: async (path) => (writeFileSync(path, '<!doctype html><h1>404</h1>\n'.repeat(50)), true),
    heading: 'brought.iso',
    verdict: 'Not a disc',
    codes: ['media/text'],
    says: ['it holds text'],
  },
  {
    what: 'an empty file',
    make: async (path) => (writeFileSync(path, ''), true),
    heading: 'brought.iso',
    verdict: 'Not a disc',
    codes: ['media/empty'],
    says: ['an empty file', '0 bytes'],
  },
  {
    what: 'an archive',
    make: async (path) => (writeFileSync(path, Buffer.from('504b0304'.padEnd(80_000, '41'), 'hex')), true),
    heading: 'brought.iso',
    verdict: 'Not a disc',
    codes: ['media/archive'],
    says: ['Unpack it'],
  },
];

/** The paper label with all that stands on it. */
export const labelOf = (page: Page) => page.getByRole('complementary', { name: 'About this exhibit' });

/** The rules of axe on the label as it is now, without anything that fades: contrasts are the final ones. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const { violations } = await new AxeBuilder({ page })
    .include({ fromShadowDom: ['vitrine-exhibit', 'aside'] })
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual(
    [],
  );
}
