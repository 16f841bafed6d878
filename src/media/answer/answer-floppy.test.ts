import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run, toolMissing } from '../disk-images/testing/tools.ts';
import { makeAnswerFile } from './answer-file.ts';
import { makeAnswerFloppy } from './answer-floppy.ts';
import { EDITIONS, type AnswerOptions, type Edition } from './answer-options.ts';
import { END_MARKER, makeMachineScript, makeUserScript } from './setup-scripts.ts';

const OPTIONS: AnswerOptions = {
  edition: 'professional',
  language: 'de-DE',
  userName: 'Besucher & Söhne'.replace('& ', ''),
  computerName: 'VITRINE',
  timeZone: 'W. Europe Standard Time',
};

describe.skipIf(toolMissing('xmllint'))('the answer file, read by xmllint', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'answer-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The text at an XPath whose steps are plain names; `pass` and `component` are chosen by their attribute. */
  function read(xml: string, expression: string): string {
    const path = join(folder, 'answer.xml');
    writeFileSync(path, xml);
    return run('xmllint', ['--nonet', '--xpath', expression, path]).trim();
  }
  const steps = (path: string): string =>
    path
      .split('/')
      .map((name) => `*[local-name()="${name}"]`)
      .join('/');
  const value = (xml: string, pass: string, component: string, path: string): string => {
    const settings = `/*[local-name()="unattend"]/*[local-name()="settings"][@pass="${pass}"]`;
    const own = `*[local-name()="component"][@name="Microsoft-Windows-${component}"]`;
    return read(xml, `string(${settings}/${own}/${steps(path)})`);
  };

  test('every rule of the facts is kept', () => {
    const xml = makeAnswerFile(OPTIONS);
    const components = '//*[local-name()="component"]';
    expect(read(xml, 'namespace-uri(/*)')).toBe('urn:schemas-microsoft-com:unattend');
    expect(read(xml, `count(${components})`)).toBe('11');
    for (const attribute of [
      '@processorArchitecture="x86"',
      '@publicKeyToken="31bf3856ad364e35"',
      '@language="neutral"',
      '@versionScope="nonSxS"',
    ]) {
      expect(read(xml, `count(${components}[${attribute}])`), attribute).toBe('11');
    }
    expect(read(xml, 'count(//*[local-name()="ProductKey"])')).toBe('0');

    const rules: [pass: string, component: string, path: string, expected: string][] = [
      ['windowsPE', 'International-Core-WinPE', 'SetupUILanguage/UILanguage', 'de-DE'],
      ['windowsPE', 'International-Core-WinPE', 'InputLocale', 'de-DE'],
      ['windowsPE', 'International-Core-WinPE', 'SystemLocale', 'de-DE'],
      ['windowsPE', 'International-Core-WinPE', 'UILanguage', 'de-DE'],
      ['windowsPE', 'International-Core-WinPE', 'UserLocale', 'de-DE'],
      ['windowsPE', 'Setup', 'DiskConfiguration/WillShowUI', 'OnError'],
      ['windowsPE', 'Setup', 'DiskConfiguration/Disk/DiskID', '0'],
      ['windowsPE', 'Setup', 'DiskConfiguration/Disk/WillWipeDisk', 'true'],
      ['windowsPE', 'Setup', 'DiskConfiguration/Disk/CreatePartitions/CreatePartition/Type', 'Primary'],
      ['windowsPE', 'Setup', 'DiskConfiguration/Disk/CreatePartitions/CreatePartition/Extend', 'true'],
      ['windowsPE', 'Setup', 'DiskConfiguration/Disk/ModifyPartitions/ModifyPartition/Active', 'true'],
      ['windowsPE', 'Setup', 'DiskConfiguration/Disk/ModifyPartitions/ModifyPartition/Format', 'NTFS'],
      ['windowsPE', 'Setup', 'DiskConfiguration/Disk/ModifyPartitions/ModifyPartition/Letter', 'C'],
      ['windowsPE', 'Setup', 'ImageInstall/OSImage/InstallFrom/MetaData/Key', '/IMAGE/NAME'],
      ['windowsPE', 'Setup', 'ImageInstall/OSImage/InstallFrom/MetaData/Value', 'Windows 7 PROFESSIONAL'],
      ['windowsPE', 'Setup', 'ImageInstall/OSImage/InstallTo/DiskID', '0'],
      ['windowsPE', 'Setup', 'ImageInstall/OSImage/InstallTo/PartitionID', '1'],
      ['windowsPE', 'Setup', 'UserData/AcceptEula', 'true'],
      ['windowsPE', 'Setup', 'UserData/FullName', 'Besucher Söhne'],
      ['windowsPE', 'Setup', 'DynamicUpdate/Enable', 'false'],
      ['windowsPE', 'Setup', 'DynamicUpdate/WillShowUI', 'Never'],
      ['windowsPE', 'Setup', 'Diagnostics/OptIn', 'false'],
      ['specialize', 'Shell-Setup', 'ComputerName', 'VITRINE'],
      ['specialize', 'Shell-Setup', 'TimeZone', 'W. Europe Standard Time'],
      ['specialize', 'Security-SPP-UX', 'SkipAutoActivation', 'true'],
      ['specialize', 'SystemRestore-Main', 'DisableSR', '1'],
      ['specialize', 'ErrorReportingCore', 'DisableWER', '1'],
      ['specialize', 'SQMApi', 'CEIPEnabled', '0'],
      ['specialize', 'IE-InternetExplorer', 'DisableFirstRunWizard', 'true'],
      ['specialize', 'IE-InternetExplorer', 'Home_Page', 'about:blank'],
      ['oobeSystem', 'Shell-Setup', 'OOBE/HideEULAPage', 'true'],
      ['oobeSystem', 'Shell-Setup', 'OOBE/HideWirelessSetupInOOBE', 'true'],
      ['oobeSystem', 'Shell-Setup', 'OOBE/ProtectYourPC', '3'],
      ['oobeSystem', 'Shell-Setup', 'OOBE/SkipMachineOOBE', 'true'],
      ['oobeSystem', 'Shell-Setup', 'OOBE/SkipUserOOBE', 'true'],
      ['oobeSystem', 'Shell-Setup', 'UserAccounts/LocalAccounts/LocalAccount/Name', 'Besucher Söhne'],
      ['oobeSystem', 'Shell-Setup', 'UserAccounts/LocalAccounts/LocalAccount/Group', 'Administrators'],
      ['oobeSystem', 'Shell-Setup', 'AutoLogon/Enabled', 'true'],
      ['oobeSystem', 'Shell-Setup', 'AutoLogon/Username', 'Besucher Söhne'],
      ['oobeSystem', 'Shell-Setup', 'Display/ColorDepth', '32'],
      [
        'oobeSystem',
        'Shell-Setup',
        'FirstLogonCommands/SynchronousCommand/CommandLine',
        'cmd /c A:\\FirstLogon.cmd',
      ],
    ];
    for (const [pass, component, path, expected] of rules) {
      expect(value(xml, pass, component, path), `${pass} ${component} ${path}`).toBe(expected);
    }
    const lists = [
      'Disk',
      'CreatePartition',
      'ModifyPartition',
      'MetaData',
      'LocalAccount',
      'SynchronousCommand',
    ];
    for (const name of lists) {
      expect(read(xml, `string(//*[local-name()="${name}"]/@*[local-name()="action"])`), name).toBe('add');
    }
    expect(value(xml, 'specialize', 'Deployment', 'RunSynchronous')).toContain('SetupComplete.cmd');
  });

  test('every edition and setting has its place', () => {
    for (const edition of Object.keys(EDITIONS) as Edition[]) {
      const xml = makeAnswerFile({ ...OPTIONS, edition });
      expect(value(xml, 'windowsPE', 'Setup', 'ImageInstall/OSImage/InstallFrom/MetaData/Value')).toBe(
        EDITIONS[edition],
      );
    }
    const xml = makeAnswerFile({
      ...OPTIONS,
      edition: { imageName: 'Windows 7 <N> "&"' },
      language: 'en-US',
      screen: { width: 800, height: 600 },
    });
    expect(value(xml, 'windowsPE', 'Setup', 'ImageInstall/OSImage/InstallFrom/MetaData/Value')).toBe(
      'Windows 7 <N> "&"',
    );
    expect(value(xml, 'windowsPE', 'International-Core-WinPE', 'InputLocale')).toBe('0409:00000409');
    expect(value(xml, 'oobeSystem', 'Shell-Setup', 'Display/HorizontalResolution')).toBe('800');
    expect(value(xml, 'oobeSystem', 'Shell-Setup', 'Display/VerticalResolution')).toBe('600');
  });

  test('any user name that is accepted comes out as it went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 24 }), (userName) => {
        let xml = '';
        try {
          xml = makeAnswerFile({ ...OPTIONS, userName });
        } catch (error) {
          expect(error).toMatchObject({ code: 'answer/bad-option' });
          return;
        }
        expect(value(xml, 'windowsPE', 'Setup', 'UserData/FullName')).toBe(userName);
      }),
      { numRuns: 60 },
    );
  });
});

test('what Setup would stop at is refused beforehand', () => {
  const wrong: Partial<AnswerOptions>[] = [
    { userName: '' },
    { userName: 'x'.repeat(21) },
    { userName: 'a\\b' },
    { userName: 'Guest' },
    { userName: ' space' },
    { userName: '100% & more' },
    { computerName: '12345' },
    { computerName: 'with space' },
    { computerName: 'much-too-long-a-name' },
    { userName: 'Vitrine' },
    { language: 'german' },
    { keyboard: 'qwertz' },
    { screen: { width: 100, height: 100 } },
    { screen: { width: 1024.5, height: 768 } },
    { edition: { imageName: '' } },
    { timeZone: 'line\nbreak' },
  ];
  for (const change of wrong) {
    expect(() => makeAnswerFile({ ...OPTIONS, ...change }), JSON.stringify(change)).toThrow(
      expect.objectContaining({ code: 'answer/bad-option' }),
    );
  }
});

test('the scripts keep what the museum shows, and switch off the rest', () => {
  const script = makeMachineScript({});
  for (const service of [
    'WSearch',
    'SysMain',
    'wuauserv',
    'BITS',
    'WinDefend',
    'WerSvc',
    'DPS',
    'Audiosrv',
  ]) {
    expect(script).toContain(`sc config ${service} start= disabled`);
  }
  for (const kept of ['Themes', 'UxSms', 'ShellHWDetection', 'bootux']) expect(script).not.toContain(kept);
  expect(makeMachineScript({ sound: true })).not.toContain('Audiosrv');
  for (const line of [
    'powercfg -h off',
    'nx AlwaysOff',
    'pae ForceDisable',
    'pagefile.sys 256 256',
    'WinSAT',
  ]) {
    expect(script).toContain(line);
  }
  // Every group of commands says why, and every line ends as a command script's lines do.
  for (const group of script.split('\r\n\r\n').slice(1)) expect(group).toMatch(/^rem .+\r\n[a-z]/);
  expect(script.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);

  const user = makeUserScript({ finish: 'shut-down' });
  expect(user).toContain('shutdown /s');
  expect(makeUserScript({})).not.toContain('shutdown');
  // Or the host would find the marker on a floppy that nobody has written to yet.
  expect(user).not.toContain(END_MARKER);
});

test.skipIf(toolMissing('mtools'))('the floppy holds the three files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'answer-'));
  const path = join(folder, 'a.img');
  writeFileSync(path, makeAnswerFloppy(OPTIONS, new Date('2026-01-01T00:00:00Z')));
  const names = run('mdir', ['-b', '-i', path, '::']).trim().split('\n');
  expect(names).toEqual(['::/Autounattend.xml', '::/SetupComplete.cmd', '::/FirstLogon.cmd']);
  expect(run('mtype', ['-i', path, '::/Autounattend.xml'])).toBe(makeAnswerFile(OPTIONS));
  expect(run('mtype', ['-i', path, '::/FirstLogon.cmd'])).toBe(makeUserScript(OPTIONS));
  rmSync(folder, { recursive: true });
});
