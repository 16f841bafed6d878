import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { guestPath } from '../src/lib/testing/guests.ts';
import { toolMissing } from '../src/media/disk-images/testing/tools.ts';
import { machineCommand } from './commands.ts';
import { parseOptions } from './options.ts';

const SCRIPT = fileURLToPath(new URL('windows7.sh', import.meta.url));
const LINUX = guestPath('linux-live.iso') ?? '';
const WINDOWS_LIKE = guestPath('win7-x86-udf.iso') ?? '';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prepare-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function runScript(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(SCRIPT, args, { cwd: folder, encoding: 'utf8' });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** Runs the script and interrupts it, as Ctrl+C does, once it has printed `text`. */
async function interruptAt(text: string, ...args: string[]): Promise<{ code: number | null; err: string }> {
  const script = spawn(SCRIPT, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  script.stderr.on('data', (chunk) => (err += String(chunk)));
  script.stdout.on('data', (chunk) => {
    const before = out.includes(text);
    out += String(chunk);
    if (!before && out.includes(text)) script.kill('SIGINT');
  });
  const code = await new Promise<number | null>((resolve) => script.on('close', resolve));
  expect(out).toContain(text);
  return { code, err };
}

/** A program in the place of QEMU: makes the disk, or does what `machine` says with the machine's arguments. */
function fakeQemu(machine: string): string[] {
  const make = (name: string, body: string): string => {
    const path = join(folder, name);
    writeFileSync(path, `#!/usr/bin/env node\n${body}`);
    chmodSync(path, 0o755);
    return path;
  };
  const img = make('qemu-img.cjs', `require('fs').writeFileSync(process.argv.at(-2), 'disk');`);
  const qemu = make(
    'qemu.cjs',
    `const fs = require('fs');
     const value = (name) => process.argv[process.argv.indexOf(name) + 1];
     const serial = value('-serial').slice(5);
     const floppy = process.argv.filter((word) => word.includes('if=floppy'))[0].split(',')[0].slice(5);
     const onQuit = (work) => process.stdin.on('data', (text) => String(text).includes('"quit"') && work());
     fs.writeFileSync(serial, '');
     ${machine}`,
  );
  return ['--qemu', qemu, '--qemu-img', img];
}

const stageOf = (disk: string): string =>
  JSON.parse(readFileSync(join(folder, `${disk}.state.json`), 'utf8')).stage;

describe.skipIf(WINDOWS_LIKE === '')('the command line', () => {
  test('a dry run prints the commands and writes nothing', () => {
    const { code, out } = runScript('--disc', WINDOWS_LIKE, '--disk', "old pc's disk.qcow2", '--dry-run');
    expect(code).toBe(0);
    const lines = out.trim().split('\n');
    expect(lines[1]).toBe(String.raw`qemu-img create -q -f qcow2 'old pc'\''s disk.qcow2' 20G`);
    for (const words of [
      '-smp 1 ',
      '-m 1024 ',
      '-vga std ',
      '-M pc ',
      '-nic none ',
      'if=ide,index=0',
      '-boot order=cd',
    ]) {
      expect(lines[2]).toContain(words);
    }
    expect(lines[2]).not.toMatch(/https?:|virtio|-netdev|-nic user/u);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    [['--smp', '2'], 'STOP 0x0000005C'],
    [['--processors', '4'], 'one processor'],
    [['--cpus', 'two'], 'one processor'],
    [['--memory', '4096'], '512 to 2047'],
    [['--size', '8G'], 'at least 16G'],
    [['--screen', 'large'], '1024x768'],
    [['--user', 'a/b'], 'user name'],
    [['--computer-name', 'visitor'], 'another name than the user'],
    [['--unknown'], '--unknown'],
    [['--floppy', 'missing.img'], 'missing.img'],
    [['--edition', 'enterprise'], 'does not hold Windows 7 ENTERPRISE'],
  ])('%s is refused with a sentence', (args, words) => {
    const { code, err, out } = runScript('--disc', WINDOWS_LIKE, ...args, '--dry-run');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(words);
    expect(err).not.toMatch(/^\s+at /mu); // no stack
  });

  test('without a disc, with a missing one, or with something else', () => {
    expect(runScript().err).toContain('--disc FILE.iso');
    expect(runScript('--disc', 'missing.iso').err).toContain('missing.iso');
    writeFileSync(join(folder, 'notes.iso'), 'not a disc at all\n'.repeat(5000));
    expect(runScript('--disc', 'notes.iso')).toMatchObject({
      code: 2,
      err: expect.stringContaining('not a disc'),
    });
    expect(runScript('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--restart') });
    expect(runScript('--smp', '1', '--disc', WINDOWS_LIKE, '--dry-run').code).toBe(0);
  });

  test('a disk that is there already is never overwritten by itself', () => {
    writeFileSync(join(folder, 'mine.qcow2'), 'precious');
    const { code, err } = runScript('--disc', WINDOWS_LIKE, '--disk', 'mine.qcow2');
    expect(code).toBe(2);
    expect(err).toContain('mine.qcow2 exists');
    expect(readFileSync(join(folder, 'mine.qcow2'), 'utf8')).toBe('precious');
  });

  test.skipIf(toolMissing('mtools'))('the answers follow the disc and the options', () => {
    const qemu = fakeQemu(`fs.writeFileSync(serial, 'VITRINE PREPARED'); process.stdin.destroy();`);
    const made = runScript('--disc', WINDOWS_LIKE, '--user', 'Museum', '--screen', '800x600', ...qemu);
    expect(made).toMatchObject({ code: 0, err: '' });
    const floppy = join(folder, 'windows7.qcow2.answers.img');
    const xml = spawnSync('mtype', ['-i', floppy, '::/Autounattend.xml'], { encoding: 'utf8' }).stdout;
    expect(xml).toContain('<Value>Windows 7 Professional</Value>');
    expect(xml).toContain('<UILanguage>en-US</UILanguage>');
    expect(xml).toContain('<Username>Museum</Username>');
    expect(xml).toContain('<HorizontalResolution>800</HorizontalResolution>');
    const last = spawnSync('mtype', ['-i', floppy, '::/FirstLogon.cmd'], { encoding: 'utf8' }).stdout;
    expect(last).toContain('shutdown /s');
  });
});

describe.skipIf(WINDOWS_LIKE === '')('the course of an installation', () => {
  test(
    'an interruption while files are copied begins again; a later one is continued',
    { timeout: 240_000 },
    async () => {
      const idle = fakeQemu(`process.stdin.resume();`);
      const first = await interruptAt('Leave it alone', '--disc', WINDOWS_LIKE, ...idle);
      expect(first).toMatchObject({ code: 1, err: expect.stringContaining('Run the same command again') });
      expect(stageOf('windows7.qcow2')).toBe('copying');
      writeFileSync(join(folder, 'windows7.qcow2'), 'half a copy');

      const second = await interruptAt(
        'Files are copied',
        '--disc',
        WINDOWS_LIKE,
        ...fakeQemu(`fs.writeFileSync(serial, 'VITRINE STAGE 2'); process.stdin.resume();`),
      );
      expect(second.code).toBe(1);
      expect(readFileSync(join(folder, 'windows7.qcow2'), 'utf8')).toBe('disk');
      expect(stageOf('windows7.qcow2')).toBe('configuring');
      writeFileSync(join(folder, 'windows7.qcow2'), 'copied files');

      const closed = runScript('--disc', WINDOWS_LIKE, ...fakeQemu(`process.stdin.destroy();`));
      expect(closed).toMatchObject({ code: 1, err: expect.stringContaining('switched off before') });
      expect(closed.out).toContain('Continuing');
      expect(readFileSync(join(folder, 'windows7.qcow2'), 'utf8')).toBe('copied files');

      // A guest without a serial port leaves its mark on the floppy; one that stays on is ended.
      const done = runScript(
        '--disc',
        WINDOWS_LIKE,
        '--grace',
        '0',
        ...fakeQemu(`fs.appendFileSync(floppy, 'VITRINE PREPARED'); onQuit(() => process.exit(0));`),
      );
      expect(done).toMatchObject({ code: 0, out: expect.stringContaining('Done. Attach windows7.qcow2') });
      expect(stageOf('windows7.qcow2')).toBe('done');
      const again = runScript('--disc', WINDOWS_LIKE, ...fakeQemu('process.exit(9)'));
      expect(again).toMatchObject({ code: 0, out: expect.stringContaining('prepared already') });
    },
  );

  test('a machine that an accelerator leaves stopped is ended, with advice', () => {
    const stopped = fakeQemu(`console.log('{"timestamp": {}, "event": "STOP"}'); process.stdin.resume();`);
    const { code, err } = runScript('--disc', WINDOWS_LIKE, ...stopped);
    expect(code).toBe(1);
    expect(err).toContain('--accel tcg');
  });

  test('what QEMU says when it fails is shown', () => {
    const failed = runScript(
      '--disc',
      WINDOWS_LIKE,
      ...fakeQemu(`console.error('no such accelerator'); process.exit(1);`),
    );
    expect(failed).toMatchObject({ code: 1, err: expect.stringContaining('no such accelerator') });
    const missing = runScript('--disc', WINDOWS_LIKE, '--restart', '--qemu-img', '/nowhere/qemu-img');
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('Install QEMU') });
    writeFileSync(join(folder, 'windows7.qcow2.state.json'), '{"stage":');
    writeFileSync(join(folder, 'windows7.qcow2'), '');
    expect(runScript('--disc', WINDOWS_LIKE)).toMatchObject({
      code: 1,
      err: expect.stringContaining('--restart'),
    });
  });
});

describe.skipIf(LINUX === '' || toolMissing('qemu-system-i386', 'qemu-img'))(
  'in QEMU, with a Linux disc standing in',
  () => {
    test('it is interrupted, continued, and finished', { timeout: 600_000 }, async () => {
      const args = '--disk stand-in.qcow2 --size 16G --display none --accel tcg --grace 0 --end-marker'.split(
        ' ',
      );
      args.push('GUEST END', '--stage-marker', 'GUEST READY', '--disc', LINUX);
      const first = await interruptAt('Files are copied', ...args);
      expect(first.code).toBe(1);
      expect(stageOf('stand-in.qcow2')).toBe('configuring');

      const second = runScript(...args);
      expect(second).toMatchObject({ code: 0, out: expect.stringContaining('Continuing') });
      expect(stageOf('stand-in.qcow2')).toBe('done');
      const log = readFileSync(join(folder, 'stand-in.qcow2.serial.log'), 'utf8');
      expect(log).toMatch(/^PCI 8086:7010/mu);
      expect(log).not.toMatch(/^NET (?!lo )|^PCI \S+ 02/mu);
      expect(log).toMatch(/^BLK sda /mu);
      expect(runScript(...args).out).toContain('prepared already');
    });
  },
);

test('the machine is the same on every kind of computer', () => {
  const options = parseOptions(['--disc', 'C:\\discs\\seven, sp1.iso'])!;
  for (const platform of ['linux', 'darwin', 'win32', 'freebsd'] as const) {
    const { args } = machineCommand(options, platform);
    expect(args.join(' ')).toContain('-M pc -smp 1 -m 1024 -vga std -nic none');
    expect(args.join(' ')).toContain('file=C:\\discs\\seven,, sp1.iso,format=raw');
    expect(args.filter((word) => word === '-accel').length).toBeGreaterThan(0);
    expect(args[args.lastIndexOf('-accel') + 1]).toBe('tcg');
  }
});
