import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { run, toolMissing } from '../disk-images/testing/tools.ts';
import { FLOPPY_BYTES, makeFloppy, type FloppyFile } from './fat12.ts';

const options = { label: 'VITRINE', modifiedAt: new Date('2026-03-04T05:06:08Z') };
const text = (name: string, content: string): FloppyFile => ({
  name,
  bytes: new TextEncoder().encode(content),
});

/** Gives the floppy as a file to programs that read it. */
function onDisk<T>(image: Uint8Array, work: (path: string, folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'floppy-'));
  try {
    const path = join(folder, 'floppy.img');
    writeFileSync(path, image);
    return work(path, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(toolMissing('mdir', 'mcopy', 'fsck.fat'))('read back by mtools and fsck', () => {
  test('names, long and short, sizes, time and label', () => {
    const files = [
      text('Autounattend.xml', '<unattend/>'),
      text('Autounattend.xml.bak', 'old'),
      text('README.TXT', 'plain'),
      text('lower.txt', 'lower case has a long name too'),
      text('Grüße aus dem Museum.txt', 'ü'),
      text('EMPTY', ''),
    ];
    onDisk(makeFloppy(files, options), (path, folder) => {
      const listing = run('mdir', ['-b', '-i', path, '::']).trim().split('\n').sort();
      expect(listing).toEqual(files.map(({ name }) => `::/${name}`).sort());
      for (const { name, bytes } of files) {
        run('mcopy', ['-n', '-i', path, `::/${name}`, join(folder, 'copy')]);
        expect(Buffer.compare(readFileSync(join(folder, 'copy')), bytes)).toBe(0);
        rmSync(join(folder, 'copy'));
      }
      expect(run('mdir', ['-i', path, '::'])).toMatch(/README\s+TXT\s+5 2026-03-04\s+5:06/);
      expect(run('mlabel', ['-s', '-i', path, '::'])).toContain('VITRINE');
      run('fsck.fat', ['-n', path]);
    });
  });

  test('any set of files comes back whole', () => {
    // Characters that mtools can make file names of in any locale; a stem and an extension.
    const word = (maxLength: number) =>
      fc.string({
        unit: fc.constantFrom(...'a b z A B Z 0 5 9 _ - ~ ! + ä Ö ß é ø'.split(' '), ' '),
        minLength: 1,
        maxLength,
      });
    const names = fc
      .tuple(word(30), fc.option(word(6)))
      .map(([stem, extension]) => (extension === null ? `x${stem}y` : `x${stem}.${extension}z`));
    const files = fc.uniqueArray(fc.record({ name: names, bytes: fc.uint8Array({ maxLength: 3000 }) }), {
      maxLength: 12,
      selector: ({ name }) => name.toUpperCase(),
    });
    fc.assert(
      fc.property(files, (files) => {
        onDisk(makeFloppy(files, options), (path, folder) => {
          run('fsck.fat', ['-n', path]);
          if (files.length === 0) return;
          run('mcopy', ['-n', '-s', '-i', path, '::*', folder]);
          for (const { name, bytes } of files) {
            expect(Buffer.compare(readFileSync(join(folder, name)), bytes)).toBe(0);
          }
        });
      }),
      { numRuns: 25 },
    );
  });

  test('a full floppy is full to the last sector', () => {
    const room = 2847 * 512;
    const files = [{ name: 'BIG.BIN', bytes: new Uint8Array(room).fill(7) }];
    onDisk(makeFloppy(files, options), (path) => {
      run('fsck.fat', ['-n', path]);
      expect(run('mdir', ['-i', path, '::'])).toContain('0 bytes free');
    });
  });
});

test('the same input gives the same image, and it is a floppy', () => {
  const files = [text('A.TXT', 'a')];
  const image = makeFloppy(files, options);
  expect(image.length).toBe(FLOPPY_BYTES);
  expect(Buffer.compare(makeFloppy(files, options), image)).toBe(0);
});

test('what does not fit, and names that cannot be, are refused', () => {
  const make = (...files: FloppyFile[]) => makeFloppy(files, options);
  expect(() => make({ name: 'A', bytes: new Uint8Array(2847 * 512 + 1) })).toThrow(
    expect.objectContaining({ code: 'floppy/full' }),
  );
  const many = Array.from({ length: 224 }, (_, index) => text(`F${index}`, ''));
  expect(() => make(...many)).toThrow(expect.objectContaining({ code: 'floppy/full' }));
  for (const name of ['', 'a/b', 'a:b', 'a\u0001b', 'end.', 'end ', 'x'.repeat(256)]) {
    expect(() => make(text(name, '')), name).toThrow(expect.objectContaining({ code: 'floppy/bad-name' }));
  }
  expect(() => make(text('a', ''), text('A', ''))).toThrow(
    expect.objectContaining({ code: 'floppy/bad-name' }),
  );
  expect(() => makeFloppy([], { ...options, label: 'MUCH TOO LONG' })).toThrow(
    expect.objectContaining({ code: 'floppy/bad-name' }),
  );
});
