import { describe, expect, it } from 'vitest';
import { decodeText, parseSetupTexts } from './setup-texts.ts';
import { parseWindows7Label } from './windows7-label.ts';

describe('parseSetupTexts', () => {
  it('reads ei.cfg of an Ultimate disc and idwbinfo.txt', () => {
    const texts = parseSetupTexts(
      '[EditionID]\r\nUltimate\r\n[Channel]\r\nRetail\r\n[VL]\r\n0\r\n',
      '[BUILDINFO]\r\nBuildLab=win7sp1_rtm.101119-1850\r\nBuildArch=x86\r\n',
    );
    expect(texts).toEqual({
      answerEdition: 'Ultimate',
      channel: 'Retail',
      buildLab: 'win7sp1_rtm.101119-1850',
      buildArch: 'x86',
    });
  });

  it('has nothing where nothing is said', () => {
    const nothing = { answerEdition: null, channel: null, buildLab: null, buildArch: null };
    expect(parseSetupTexts('', '')).toEqual(nothing);
    expect(parseSetupTexts('[EditionID]\n\n[Channel]\n', 'BuildArch=\n')).toEqual(nothing);
  });
});

describe('decodeText', () => {
  it('follows the byte order mark', () => {
    expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x41, 0, 0x42, 0))).toBe('AB');
    expect(decodeText(Uint8Array.of(0xfe, 0xff, 0, 0x41))).toBe('A');
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe('A');
  });
});

describe('parseWindows7Label', () => {
  it.each([
    [
      'GSP1RMCPRXFRER_EN_DVD',
      { servicePack: 1, edition: 'Professional', architecture: 'x64', channel: 'retail', language: 'EN' },
    ],
    [
      'GRMCPRFRER_EN_DVD',
      { servicePack: 0, edition: 'Professional', architecture: 'x86', channel: 'retail', language: 'EN' },
    ],
    [
      'GSP1RMCNULFRER_SRL_DVD',
      { servicePack: 1, edition: 'Ultimate N', architecture: 'x86', channel: 'retail', language: 'SRL' },
    ],
    [
      'GSP1RMCSTFREO_DE_DVD',
      { servicePack: 1, edition: 'Starter', architecture: 'x86', channel: 'oem', language: 'DE' },
    ],
    [
      'GRMCENXEVAL_EN_DVD',
      { servicePack: 0, edition: 'Enterprise', architecture: 'x64', channel: 'evaluation', language: 'EN' },
    ],
    [
      'GRMCXCHK_EN_DVD',
      { servicePack: 0, edition: '', architecture: 'x64', channel: 'checked', language: 'EN' },
    ],
  ])('%s', (label, facts) => {
    expect(parseWindows7Label(label)).toEqual(facts);
  });

  it.each(['', 'UBUNTU', 'GSP1RMCPRFRER_EN', 'GRMSXFRER_EN_DVD'])('is null for “%s”', (label) => {
    expect(parseWindows7Label(label)).toBeNull();
  });
});
