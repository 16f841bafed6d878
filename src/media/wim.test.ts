import { describe, expect, it } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { buildWim, windows7Images } from './testing/wim-builder.ts';
import { readWimHeader } from './wim-header.ts';
import { readWimXml } from './wim-xml.ts';
import { childOf, parseXml, textAt } from './xml.ts';

describe('readWimHeader', () => {
  it('reads every field', async () => {
    const wim = buildWim({ images: windows7Images(), sizeBytes: 3_000_000_000 });
    const header = (await readWimHeader(wim))!;
    expect(header).toMatchObject({
      version: 0x10d00,
      isSolid: false,
      isSpanned: false,
      isBeingWritten: false,
      compression: 'lzx',
      chunkBytes: 32768,
      partNumber: 1,
      totalParts: 1,
      imageCount: 5,
      bootIndex: 0,
    });
    expect(header.xml.isCompressed).toBe(false);
    expect(header.xml.offsetBytes + header.xml.sizeInFileBytes).toBe(3_000_000_000n);
  });

  it('tells split, solid and unfinished files', async () => {
    expect(await readWimHeader(buildWim({ images: [], part: [2, 3], flags: 0x40088 }))).toMatchObject({
      isSpanned: true,
      partNumber: 2,
      totalParts: 3,
    });
    expect(await readWimHeader(buildWim({ images: [], version: 0xe00, flags: 0x80002 }))).toMatchObject({
      isSolid: true,
      compression: 'lzms',
    });
    expect((await readWimHeader(buildWim({ images: [], flags: 0x20042 })))?.isBeingWritten).toBe(true);
  });

  it('is null for anything else', async () => {
    expect(await readWimHeader(new MemorySource(new Uint8Array(100)))).toBeNull();
    expect(await readWimHeader(new MemorySource(new Uint8Array(1000)))).toBeNull();
    const bytes = buildWim({ images: [] }).bytes();
    bytes[8] = 200;
    expect(await readWimHeader(new MemorySource(bytes))).toBeNull();
  });
});

describe('readWimXml', () => {
  const read = async (...args: Parameters<typeof buildWim>) => {
    const wim = buildWim(...args);
    return readWimXml(wim, (await readWimHeader(wim))!);
  };

  it('reads what it says of each image', async () => {
    const good = await read({
      images: [
        { name: 'Windows 7 &amp; more', editionId: 'X', arch: 9, languages: ['en-US', 'de-DE'] },
        { name: 'no Windows' },
      ],
    });
    expect(good.images).toMatchObject([
      {
        index: 1,
        name: 'Windows 7 & more',
        architecture: 'x64',
        languages: ['en-US', 'de-DE'],
        totalBytes: 7936340784,
      },
      { index: 2, name: 'no Windows', architecture: 'unknown', major: 0, languages: [] },
    ]);
  });

  it('refuses a compressed description, one that lies outside, and one that is no text', async () => {
    await expect(read({ images: [], xmlFlags: 4 })).rejects.toMatchObject({ code: 'media/unsupported' });
    await expect(read({ images: [], xml: 'no elements' })).rejects.toMatchObject({ code: 'media/malformed' });
    const wim = buildWim({ images: windows7Images() });
    const header = (await readWimHeader(wim))!;
    const cut = new MemorySource(wim.bytes(0, wim.sizeBytes - 10));
    await expect(readWimXml(cut, header)).rejects.toMatchObject({ code: 'bytes/out-of-range' });
    const bytes = wim.bytes();
    bytes[Number(header.xml.offsetBytes)] = 0;
    await expect(readWimXml(new MemorySource(bytes), header)).rejects.toMatchObject({
      code: 'media/malformed',
    });
  });
});

describe('parseXml', () => {
  it('reads elements, attributes, entities, comments and declarations', () => {
    const root = parseXml(
      '<?xml version="1.0"?><!-- c --><a x="1" y=\'&lt;2\'> t <b/>&#65;&#x42;&nbsp;<c>d</c></a>',
      'f',
    );
    expect(root).toMatchObject({ name: 'a', attributes: { x: '1', y: '<2' }, text: 't AB&nbsp;' });
    expect(root.children.map(({ name }) => name)).toEqual(['b', 'c']);
    expect([textAt(root, 'c'), textAt(root, 'no', 'way'), childOf(root, 'z')]).toEqual(['d', '', null]);
  });

  it.each([
    '',
    'text',
    '<a>',
    '<a></b>',
    '</a>',
    '<a><b></a></b>',
    '<a',
    '<a>&</a><',
    `${'<a>'.repeat(40)}${'</a>'.repeat(40)}`,
  ])('refuses %s', (text) => {
    expect(() => parseXml(text, 'f')).toThrow(expect.objectContaining({ code: 'media/malformed' }));
  });
});
