import { ByteWriter } from '../../bytes/byte-writer.ts';
import { SparseImage } from './sparse-image.ts';

export interface WimImageSpec {
  readonly name: string;
  readonly editionId?: string;
  /** 0 x86, 5 ARM, 6 ia64, 9 x64, 12 ARM64; left out: no WINDOWS element. */
  readonly arch?: number;
  readonly version?: readonly [major: number, minor: number, build: number, spBuild: number, spLevel: number];
  readonly languages?: readonly string[];
  readonly installationType?: string;
  readonly productType?: string;
}

export interface WimSpec {
  readonly images: readonly WimImageSpec[];
  readonly sizeBytes?: number;
  readonly version?: number;
  readonly flags?: number;
  readonly part?: readonly [number: number, total: number];
  /** Put in place of what the images give. */
  readonly xml?: string;
  /** Flags of the XML resource: 4 is compressed. */
  readonly xmlFlags?: number;
}

const HEADER_BYTES = 208;

/** A WIM with a real header and description and nothing between: what an inspector sees of one. */
export function buildWim(spec: WimSpec): SparseImage {
  const xml = utf16(spec.xml ?? `<WIM>${spec.images.map(imageXml).join('')}</WIM>`);
  const size = Math.max(spec.sizeBytes ?? 0, HEADER_BYTES + xml.length);
  const xmlAt = size - xml.length;
  const writer = new ByteWriter(HEADER_BYTES);
  const [part, parts] = spec.part ?? [1, 1];
  writer
    .ascii('MSWIM', 8)
    .u32(HEADER_BYTES)
    .u32(spec.version ?? 0x10d00)
    .u32(spec.flags ?? 0x40082);
  writer.u32(32768).at(0x28).u16(part).u16(parts).u32(spec.images.length);
  writer.at(0x48).u64(BigInt(xml.length) | (BigInt(spec.xmlFlags ?? 2) << 56n));
  writer.u64(xmlAt).u64(xml.length);
  return new SparseImage(size, 'install.wim').put(0, writer.bytes).put(xmlAt, xml);
}

/** The five 32-bit images of a retail disc. */
export function windows7Images(build: 7600 | 7601 = 7601, arch = 0): WimImageSpec[] {
  const version = build === 7601 ? ([6, 1, 7601, 17514, 1] as const) : ([6, 1, 7600, 16385, 0] as const);
  return ['Starter', 'HomeBasic', 'HomePremium', 'Professional', 'Ultimate'].map((editionId) => ({
    name: `Windows 7 ${editionId.toUpperCase()}`,
    editionId,
    arch,
    version,
  }));
}

function imageXml(image: WimImageSpec, index: number): string {
  const [major, minor, build, spBuild, spLevel] = image.version ?? [6, 1, 7601, 17514, 1];
  const languages = image.languages ?? ['en-US'];
  const windows =
    image.arch === undefined
      ? ''
      : `<WINDOWS><ARCH>${image.arch}</ARCH><EDITIONID>${image.editionId ?? ''}</EDITIONID>` +
        `<INSTALLATIONTYPE>${image.installationType ?? 'Client'}</INSTALLATIONTYPE>` +
        `<PRODUCTTYPE>${image.productType ?? 'WinNT'}</PRODUCTTYPE><LANGUAGES>` +
        languages.map((language) => `<LANGUAGE>${language}</LANGUAGE>`).join('') +
        `<DEFAULT>${languages[0]}</DEFAULT></LANGUAGES><VERSION><MAJOR>${major}</MAJOR><MINOR>${minor}</MINOR>` +
        `<BUILD>${build}</BUILD><SPBUILD>${spBuild}</SPBUILD><SPLEVEL>${spLevel}</SPLEVEL></VERSION></WINDOWS>`;
  return `<IMAGE INDEX="${index + 1}"><TOTALBYTES>7936340784</TOTALBYTES>${windows}<NAME>${image.name}</NAME></IMAGE>`;
}

function utf16(text: string): Uint8Array {
  const writer = new ByteWriter(2 + text.length * 2).u8(0xff).u8(0xfe);
  for (let i = 0; i < text.length; i++) writer.u16(text.charCodeAt(i));
  return writer.bytes;
}
