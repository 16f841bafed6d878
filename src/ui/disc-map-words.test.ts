import { describe, expect, it } from 'vitest';
import type { DiscStretch } from '../media/disc-map.ts';
import { mapSummary, stretchFigures, stretchName, stretchNotes } from './disc-map-words.ts';

const install: DiscStretch = {
  kind: 'file',
  name: 'sources/install.wim',
  offsetBytes: 180_224,
  sizeBytes: 2_200_000_000,
  file: { sizeBytes: 2_200_000_000, alsoAs: [] },
};

describe('a stretch in words', () => {
  it('gives size, share and place', () => {
    expect(stretchName(install)).toBe('sources/install.wim');
    expect(stretchFigures(install, 2_400_000_000)).toBe('2.20 GB, 92 % of the disc, from byte 180,224');
    expect(stretchNotes(install)).toBe('');
  });

  it('does not round a sector of a DVD to nothing', () => {
    const sector = { ...install, kind: 'boot-catalog', sizeBytes: 2048 } as const;
    expect(stretchFigures(sector, 2_400_000_000)).toContain('less than 0.1 %');
  });

  it('tells pieces and other names', () => {
    const piece = { ...install, sizeBytes: 1000, file: { sizeBytes: 5000, alsoAs: ['a', 'b'] } };
    expect(stretchNotes(piece)).toBe('A piece of a file of 5.00 kB. Also as a, b.');
  });

  it('counts small files and names folders', () => {
    const small: DiscStretch = { kind: 'small-files', name: 'Small files', offsetBytes: 0, sizeBytes: 9 };
    expect(stretchName({ ...small, fileCount: 1 })).toBe('Small files: 1 file');
    expect(stretchName({ ...small, kind: 'directory', name: 'boot' })).toBe('Folder boot');
    expect(stretchName({ ...small, kind: 'directory', name: 'Directories' })).toBe('Folders');
  });

  it('sums the disc up', () => {
    const map = {
      sizeBytes: 7_000_000,
      volumeBytes: 7_000_000,
      stretches: [],
      fileSystem: 'udf' as const,
      fileCount: 1074,
      directoryCount: 1,
      biggestFiles: [],
      isComplete: true,
      bytesRead: 0,
    };
    expect(mapSummary(map)).toBe('UDF: 1,074 files in 1 folder on 7.00 MB.');
  });
});
