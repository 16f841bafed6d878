import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { VitrineError } from '../../lib/errors.ts';
import { NO_RECORD } from '../../machine/milestones/milestones.ts';
import { DEFAULT_PROFILE } from '../../machine/profile.ts';
import type { DiscReport } from '../../media/disc-report.ts';
import { browserFacts } from './browser-facts.ts';
import { buildFacts } from './build-facts.ts';
import { composeReport, reportFileName, reportText, type ReportSources } from './compose-report.ts';

const WINDOWS_7: DiscReport = {
  verdict: 'runs',
  reasons: [{ code: 'windows/made-for', message: 'C:\\Users\\anna\\Windows 7.iso is made for it.' }],
  label: 'GSP1RMCPRFRER_DE_DVD',
  sizeBytes: 2_564_476_928,
  bootable: true,
  fileSystems: ['iso9660', 'udf'],
  windows: {
    name: 'Windows 7',
    release: 'Service Pack 1',
    build: '6.1.7601.17514',
    servicePack: 1,
    architecture: 'x86',
    languages: ['de-DE'],
    editions: [{ index: 1, name: 'Windows 7 PROFESSIONAL', editionId: 'Professional' }],
    answerEdition: 'Professional',
    channel: 'Retail',
    buildLab: '7601.win7sp1_rtm.101119-1850',
  },
  system: null,
  bootEntries: [],
  publishedAs: 'de_windows_7_professional_with_sp1_x86_dvd_u_677093.iso',
  bytesRead: 300_000,
  elapsedMs: 20,
};

const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';

const SOURCES: ReportSources = {
  at: new Date('2026-11-27T20:00:00Z'),
  build: buildFacts(),
  browser: browserFacts({ userAgent: USER_AGENT, hardwareConcurrency: 8, deviceMemory: 8 }),
  isSecure: true,
  profile: DEFAULT_PROFILE,
  power: { power: 'running' },
  disc: WINDOWS_7,
  disk: { sizeBytes: 2 ** 35, base: { name: 'annas-disk.vhd' } },
  hasFloppy: false,
  boot: NO_RECORD,
};

describe('composeReport', () => {
  it('holds what helps, in words that are known', () => {
    const report = composeReport(SOURCES);
    expect(report.disc).toMatchObject({
      label: 'GSP1RMCPRFRER_DE_DVD',
      sizeBytes: 2_564_476_928,
      reasons: ['windows/made-for'],
      published: true,
      windows: {
        name: 'Windows 7',
        build: '6.1.7601.17514',
        languages: ['de-DE'],
        editions: ['Professional'],
      },
    });
    expect(report.engine).toMatchObject({
      version: expect.stringMatching(/^0\.5\.462/),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(report.browser).toEqual({
      engine: 'Chromium',
      version: 141,
      system: 'Linux',
      cores: 8,
      memoryGiB: 8,
      secure: true,
    });
    expect(report.disk).toEqual({ sizeBytes: 2 ** 35, standsOnImage: true });
    expect(reportFileName(report)).toBe('vitrine-report-2026-11-27.json');
    expect(reportText(report)).not.toContain('anna');
  });

  it('names the code of what stopped the machine, and none of what it was about', () => {
    const error = new VitrineError('bytes/unreadable', { name: 'annas.iso' }, { detail: '/home/anna' });
    const report = composeReport({ ...SOURCES, power: { power: 'failed', error } });
    expect(report.machine.errorCode).toBe('bytes/unreadable');
    expect(reportText(report)).not.toContain('anna');
  });

  it('holds nothing of a text that a disc, a disk, a browser or a machine’s name brings, whatever it is', () => {
    // Long enough that it is not by chance a part of the report's own words.
    const secret = fc.oneof(
      fc.string({ minLength: 1, maxLength: 40 }),
      fc.constantFrom(
        'C:\\Users\\anna',
        '<script>',
        '../../etc',
        'GSP1RMCPRFRER_ANNA_DVD',
        'anna\n"label": "x"',
      ),
    );
    const marked = secret.map((text) => `§${text}§`);
    fc.assert(
      fc.property(fc.array(marked, { minLength: 16, maxLength: 16 }), (texts) => {
        const [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = texts;
        const disc: DiscReport = {
          ...WINDOWS_7,
          label: a,
          reasons: [
            { code: b, message: c },
            { code: 'boot/none', message: d },
          ],
          windows: {
            ...WINDOWS_7.windows!,
            name: e,
            release: f,
            build: g,
            languages: [h],
            editions: [{ index: 1, name: i, editionId: j }],
            answerEdition: k,
            channel: l,
            buildLab: m,
          },
          publishedAs: n,
        };
        const report = composeReport({
          ...SOURCES,
          browser: browserFacts({ userAgent: o }),
          profile: { ...DEFAULT_PROFILE, machineId: p },
          disk: { sizeBytes: 1, base: { name: a } },
          disc,
        });
        const text = reportText(report);
        expect(text).not.toContain('§');
        for (const each of texts) expect(text).not.toContain(JSON.stringify(each).slice(1, -1));
        expect(report.disc).toMatchObject({
          label: null,
          reasons: ['boot/none'],
          windows: { name: 'other', build: null, languages: ['other'], editions: ['other'] },
        });
      }),
    );
  });

  it('refuses to be written where a field holds what it may not', () => {
    const boot = { ...NO_RECORD, note: 'anna' };
    expect(() => composeReport({ ...SOURCES, boot })).toThrow();
    const disc = { ...WINDOWS_7, fileSystems: ['anna'] as unknown as DiscReport['fileSystems'] };
    expect(() => composeReport({ ...SOURCES, disc })).toThrow();
  });

  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox', 140, 'Windows'],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
      'Safari',
      18,
      'macOS',
    ],
    [USER_AGENT, 'Chromium', 141, 'Linux'],
    ['Anna’s own browser', 'other', null, 'other'],
  ])('knows the browser %s', (userAgent, engine, version, system) => {
    expect(browserFacts({ userAgent })).toMatchObject({ engine, version, system, cores: null });
  });
});
