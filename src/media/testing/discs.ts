import { MemorySource } from '../../bytes/byte-source.ts';
import { writeIso, type IsoOptions } from '../iso-writer.ts';
import { SparseImage } from './sparse-image.ts';
import { buildUdfDisc, type UdfSpec } from './udf-builder.ts';
import { buildWim, windows7Images, type WimSpec } from './wim-builder.ts';

export const text = (value: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(new TextEncoder().encode(value));

/** A boot image that is not zeros. */
export const BOOT_IMAGE = new Uint8Array(2048).fill(0xeb);

/** The bytes of a disc written by our own writer. */
export async function isoBytes(
  files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>,
  options: Partial<IsoOptions> = {},
): Promise<Uint8Array> {
  const list = Object.entries(files).map(([path, contents]) => ({
    path,
    contents: typeof contents === 'string' ? text(contents) : contents,
  }));
  const date = new Date(Date.UTC(2009, 9, 22));
  const { parts } = writeIso(list, { volumeId: 'TEST', date, boot: [{ image: BOOT_IMAGE }], ...options });
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** The same, to be read. */
export async function isoSource(...args: Parameters<typeof isoBytes>): Promise<MemorySource> {
  return new MemorySource(await isoBytes(...args), 'test.iso');
}

export interface WindowsDiscSpec extends Partial<UdfSpec> {
  readonly install?: Partial<WimSpec> | null;
  readonly installName?: string;
  readonly bootWim?: Partial<WimSpec> | null;
  readonly eiCfg?: string;
  readonly idwbInfo?: string;
}

const PE = { name: 'Microsoft Windows PE', editionId: 'WindowsPE', installationType: 'WindowsPE' };

/** A disc as Microsoft's: Windows 7 SP1 x86 unless the spec says otherwise. */
export function windowsDisc(spec: WindowsDiscSpec = {}): SparseImage {
  const install = spec.install === null ? null : { images: windows7Images(), ...spec.install };
  const bootWim = spec.bootWim === null ? null : { images: [{ ...PE, arch: 0 }], ...spec.bootWim };
  return buildUdfDisc({
    label: 'GSP1RMCPRFRER_EN_DVD',
    ...spec,
    files: [
      { path: 'bootmgr', contents: new Uint8Array(3000).fill(1) },
      { path: 'setup.exe', contents: new Uint8Array(3000).fill(2) },
      { path: 'boot/bcd', contents: new Uint8Array(3000).fill(3) },
      { path: 'sources/setup.exe', contents: new Uint8Array(5000).fill(4) },
      {
        path: 'sources/ei.cfg',
        contents: text(spec.eiCfg ?? '[EditionID]\r\nProfessional\r\n[Channel]\r\nRetail\r\n'),
      },
      ...(spec.idwbInfo ? [{ path: 'sources/idwbinfo.txt', contents: text(spec.idwbInfo) }] : []),
      ...(bootWim ? [{ path: 'sources/boot.wim', contents: buildWim(bootWim) }] : []),
      ...(install
        ? [{ path: `sources/${spec.installName ?? 'install.wim'}`, contents: buildWim(install) }]
        : []),
      ...(spec.files ?? []),
    ],
  });
}
