import { describe, expect, it } from 'vitest';
import type { DiscReport, WindowsOnDisc } from '../media/disc-report.ts';
import {
  architectureWords,
  bootWords,
  discTitle,
  editionNames,
  fileSystemWords,
  languageWords,
  versionWords,
} from './disc-words.ts';

const WINDOWS: WindowsOnDisc = {
  name: 'Windows 7',
  release: 'SP1',
  build: '6.1.7601.17514',
  servicePack: 1,
  architecture: 'x86',
  languages: ['en-US'],
  editions: [
    { index: 1, name: 'Windows 7 Starter', editionId: 'Starter' },
    { index: 2, name: 'Windows 7 Ultimate', editionId: 'Ultimate' },
    { index: 3, name: 'Windows 7 Ultimate', editionId: 'Ultimate' },
    { index: 4, name: 'Remade', editionId: 'Ultimate' },
  ],
  answerEdition: null,
  channel: null,
  buildLab: null,
};

const report = (part: Partial<DiscReport>): DiscReport => ({
  verdict: 'may-run',
  reasons: [],
  label: '',
  sizeBytes: 0,
  bootable: false,
  fileSystems: [],
  windows: null,
  system: null,
  bootEntries: [],
  publishedAs: null,
  bytesRead: 0,
  elapsedMs: 0,
  ...part,
});

describe('what a disc is called', () => {
  it('is its system, else its label, else its file, which keeps its own letters', () => {
    expect(discTitle(report({ windows: WINDOWS, label: 'L' }), 'f.iso')).toBe('Windows 7');
    const system = { id: 'memory-test', name: 'a memory test', architecture: 'x86' } as const;
    expect(discTitle(report({ system }), 'f.iso')).toBe('A memory test');
    expect(discTitle(report({ label: 'holiday' }), 'f.iso')).toBe('holiday');
    expect(discTitle(report({}), 'f.iso')).toBe('f.iso');
  });

  it('tells service packs and versions before the release', () => {
    expect(versionWords(WINDOWS)).toBe('Service Pack 1');
    expect(versionWords({ ...WINDOWS, servicePack: 0, release: 'RTM' })).toBe('First release (RTM)');
    expect(versionWords({ ...WINDOWS, servicePack: 0, release: 'RC' })).toBe('RC');
  });

  it('lists every edition once, without the name of the system', () => {
    expect(editionNames(WINDOWS)).toEqual(['Starter', 'Ultimate', 'Remade']);
  });

  it('names languages, and leaves alone what is none', () => {
    expect(languageWords('de-DE')).toBe('German (Germany)');
    expect(languageWords('not a tag!')).toBe('not a tag!');
    expect(languageWords('')).toBe('');
  });
});

describe('what a disc is made of', () => {
  it('has an architecture only where the disc says one', () => {
    expect(architectureWords(report({ windows: { ...WINDOWS, architecture: 'x64' } }))).toBe('64-bit (x64)');
    expect(architectureWords(report({}))).toBeNull();
  });

  it('has file systems and something to start from', () => {
    expect(fileSystemWords(report({ fileSystems: ['iso9660', 'rock-ridge'] }))).toBe('ISO 9660, Rock Ridge');
    const entry = { platform: 'x86', emulation: 'none', bootable: true, lba: 20 } as const;
    const bootEntries = [
      entry,
      { ...entry, platform: 'efi' as const },
      { ...entry, emulation: 'floppy-1440' as const },
      { ...entry, platform: 'mac' as const, bootable: false },
    ];
    expect(bootWords(report({ bootEntries }))).toBe('BIOS; EFI; BIOS, as a floppy of 1.44 MB');
    expect(bootWords(report({}))).toBe('');
  });
});
