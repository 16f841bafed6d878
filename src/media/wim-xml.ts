import { sentence } from '../lib/language.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { VitrineError } from '../lib/errors.ts';
import { malformed } from './disc-tree.ts';
import { trimEnd } from '../lib/trim.ts';
import type { WimHeader } from './wim-header.ts';
import { childOf, parseXml, textAt, type XmlElement } from './xml.ts';

export type Architecture = 'x86' | 'x64' | 'ia64' | 'arm' | 'arm64' | 'unknown';

/** What the XML of a WIM says of one of its images. Texts are '' and numbers 0 where it says nothing. */
export interface WimImage {
  readonly index: number;
  readonly name: string;
  readonly displayName: string;
  readonly editionId: string;
  /** `Client`, `Server`, `WindowsPE`. */
  readonly installationType: string;
  /** `WinNT` for clients, `ServerNT` for servers. */
  readonly productType: string;
  readonly hal: string;
  readonly architecture: Architecture;
  readonly major: number;
  readonly minor: number;
  readonly build: number;
  readonly servicePackBuild: number;
  readonly servicePack: number;
  readonly languages: readonly string[];
  readonly totalBytes: number;
}

export interface WimDescription {
  readonly images: readonly WimImage[];
  /** Keys in the description of an ESD: its contents are encrypted. */
  readonly isEncrypted: boolean;
}

/** A description of 24 images in 35 languages stays below 300 kB. */
const MAX_XML_BYTES = 2 * 1024 * 1024;

/** ARCH of the WIM XML: numbers of the processor architectures of Windows. */
const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  '0': 'x86',
  '5': 'arm',
  '6': 'ia64',
  '9': 'x64',
  '12': 'arm64',
};

/**
 * The description at the end of a WIM: one read, whatever the size of the file. Throws `bytes/out-of-range` where
 * the file ends before it, `media/unsupported` where it is compressed, `media/malformed` where it is no text.
 */
export async function readWimXml(source: ByteSource, header: WimHeader): Promise<WimDescription> {
  const { xml } = header;
  if (xml.isCompressed) {
    throw new VitrineError('media/unsupported', {
      name: source.name,
      what: sentence`a compressed description`,
    });
  }
  if (xml.sizeInFileBytes > BigInt(MAX_XML_BYTES))
    throw malformed(source.name, sentence`the size of its description`);
  const bytes = await source.read(Number(xml.offsetBytes), Number(xml.sizeInFileBytes));
  if (bytes[0] !== 0xff || bytes[1] !== 0xfe) throw malformed(source.name, sentence`its description`);
  const text = trimEnd(new TextDecoder('utf-16le').decode(bytes), '\0');
  const root = parseXml(text.trim(), source.name);
  return {
    images: root.children.filter(({ name }) => name === 'IMAGE').map(parseImage),
    isEncrypted: childOf(childOf(root, 'ESD'), 'ENCRYPTED') !== null,
  };
}

function parseImage(image: XmlElement): WimImage {
  const windows = childOf(image, 'WINDOWS');
  const version = childOf(windows, 'VERSION');
  const languages = childOf(windows, 'LANGUAGES');
  return {
    index: numberOf(image.attributes['INDEX'] ?? ''),
    name: textAt(image, 'NAME'),
    displayName: textAt(image, 'DISPLAYNAME'),
    editionId: textAt(windows, 'EDITIONID'),
    installationType: textAt(windows, 'INSTALLATIONTYPE'),
    productType: textAt(windows, 'PRODUCTTYPE'),
    hal: textAt(windows, 'HAL'),
    architecture: ARCHITECTURES[textAt(windows, 'ARCH')] ?? 'unknown',
    major: numberOf(textAt(version, 'MAJOR')),
    minor: numberOf(textAt(version, 'MINOR')),
    build: numberOf(textAt(version, 'BUILD')),
    servicePackBuild: numberOf(textAt(version, 'SPBUILD')),
    servicePack: numberOf(textAt(version, 'SPLEVEL')),
    languages: (languages?.children ?? []).filter(({ name }) => name === 'LANGUAGE').map(({ text }) => text),
    totalBytes: numberOf(textAt(image, 'TOTALBYTES')),
  };
}

function numberOf(text: string): number {
  return /^[0-9]{1,15}$/u.test(text) ? Number(text) : 0;
}
