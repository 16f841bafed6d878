import fc from 'fast-check';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { readArchiveNames } from './archive-names.ts';
import { run, toolMissing } from './disk-images/testing/tools.ts';
import { inspectDisc } from './inspect-disc.ts';
import { workFolder } from './testing/work-folder.ts';

const WORK = workFolder();
const inWork = (name: string): string => join(WORK, name);

function need(ctx: TestContext, ...programs: string[]): void {
  ctx.skip(toolMissing(...programs), `not installed: one of ${programs.join(', ')}`);
}

/** A tar archive as POSIX ustar has it: what a header holds of name, size and kind. */
function tar(...members: [name: string, sizeBytes: number, kind?: string][]): Uint8Array {
  const blocks = members.map(([name, sizeBytes, kind = '0']) => {
    const block = Buffer.alloc(512 + Math.ceil(sizeBytes / 512) * 512);
    block.write(name, 0, 'latin1');
    block.write(sizeBytes.toString(8).padStart(11, '0'), 124, 'latin1');
    block.write(kind, 156, 'latin1');
    block.write('ustar', 257, 'latin1');
    return block;
  });
  return new Uint8Array(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

const sentenceOf = async (bytes: Uint8Array, name: string): Promise<string> => {
  const report = await inspectDisc(new MemorySource(bytes, name));
  expect(report.verdict).toBe('not-a-disc');
  return report.reasons.map(({ message }) => message).join(' ');
};

describe('an appliance', () => {
  it('is told as a packed machine with the disk in it, under any name', async () => {
    const ova = tar(['win7.ovf', 700], ['win7-disk001.vmdk', 70_000], ['win7.mf', 10]);
    for (const name of ['win7.ova', 'win7.tar', 'win7.img', 'win7']) {
      const said = await sentenceOf(ova, name);
      expect(said).toContain('it holds a packed machine (an appliance)');
      expect(said).toContain('drop its hard disk, win7-disk001.vmdk.');
    }
    expect(await sentenceOf(tar(['win7.ovf', 700]), 'win7.ova')).toContain('no disk was found in it');
  });

  it('packed once more says so', async () => {
    const said = await sentenceOf(tar(['machines', 0, '5'], ['machines/IE8 - Win7.ova', 900]), 'a.tar');
    expect(said).toContain('IE8 - Win7.ova inside is packed as well');
  });
});

it.each([
  ['win7.vhd.gz', '1f8b0800', 'drop the hard disk inside: win7.vhd.'],
  ['win7.vmdk.xz', 'fd377a585a00', 'drop the hard disk inside: win7.vmdk.'],
  ['win7.qcow2.bz2', '425a6839', 'drop the hard disk inside: win7.qcow2.'],
  ['win7.vdi.zst', '28b52ffd', 'drop the hard disk inside: win7.vdi.'],
  ['win7.iso.7z', '377abcaf271c', 'pick what is inside: win7.iso.'],
  ['win7.ova.rar', '526172211a0700', 'win7.ova inside is packed as well'],
  ['win7.7z', '377abcaf271c', 'pick the disc image (.iso) or the disk image inside.'],
])('%s is told by its own name, as the format hides what is in it', async (name, hex, says) => {
  expect(await sentenceOf(new Uint8Array(Buffer.from(hex.padEnd(400, '81'), 'hex')), name)).toContain(says);
});

it('a gzip archive names what was packed, whatever it is called now', async () => {
  const named = Buffer.concat([
    Buffer.from('1f8b08080000000000ff', 'hex'),
    Buffer.from('old.vhd\0\x01\x02', 'latin1'),
  ]);
  expect(await sentenceOf(new Uint8Array(named), 'download.gz')).toContain('hard disk inside: old.vhd.');
});

it('names are read out of archives that the programs make', async (ctx) => {
  need(ctx, 'zip', 'tar', 'gzip', 'qemu-img');
  run('qemu-img', [
    'create',
    '-q',
    '-f',
    'vmdk',
    '-o',
    'subformat=streamOptimized',
    inWork('w-disk001.vmdk'),
    '8M',
  ]);
  writeFileSync(inWork('w.ovf'), '<Envelope/>');
  const pack = (program: string, ...args: string[]) =>
    run('sh', ['-c', `cd "$0" && ${program} "$@"`, WORK, ...args]);
  pack('tar', '--format=ustar', '-cf', 'w.ova', 'w.ovf', 'w-disk001.vmdk');
  pack('tar', '--format=gnu', '-cf', 'gnu.ova', 'w.ovf', 'w-disk001.vmdk');
  pack('tar', '--format=pax', '-cf', 'pax.ova', 'w.ovf', 'w-disk001.vmdk');
  pack('zip', '-q', 'w.zip', 'w.ova');
  pack('zip', '-q', '-0', 'disk.zip', 'w.ovf', 'w-disk001.vmdk');
  pack('gzip', '-k', 'w-disk001.vmdk');
  const said = (name: string) => sentenceOf(new Uint8Array(readFileSync(inWork(name))), 'brought.iso');
  for (const ova of ['w.ova', 'gnu.ova', 'pax.ova']) {
    expect(await said(ova), ova).toContain('drop its hard disk, w-disk001.vmdk.');
  }
  expect(await said('w.zip')).toContain('w.ova inside is packed as well');
  expect(await said('disk.zip')).toContain('drop the hard disk inside: w-disk001.vmdk.');
  expect(await said('w-disk001.vmdk.gz')).toContain('drop the hard disk inside: w-disk001.vmdk.');
});

it('costs a bounded number of reads, whatever an archive says of itself', async () => {
  const start = fc.constantFrom('PK\x03\x04', 'PK\x05\x06', '\x1f\x8b\x08\x0c', '');
  await fc.assert(
    fc.asyncProperty(start, fc.uint8Array({ maxLength: 1200 }), fc.boolean(), async (text, noise, ends) => {
      const bytes = new Uint8Array(4096);
      bytes.set(Uint8Array.from(text, (char) => char.charCodeAt(0)));
      bytes.set(noise, 4);
      if (ends) bytes.set([0x50, 0x4b, 5, 6], 4096 - 22);
      let reads = 0;
      const inner = new MemorySource(bytes, 'a.zip');
      const source = {
        name: inner.name,
        sizeBytes: inner.sizeBytes,
        read: (offset: number, length: number) => (reads++, inner.read(offset, length)),
      };
      for (const format of ['zip', 'tar', 'gzip', 'other'] as const) {
        expect((await readArchiveNames(source, format)).length).toBeGreaterThan(0);
      }
      expect(reads).toBeLessThan(300);
    }),
    { numRuns: 300 },
  );
  const headers = new MemorySource(
    tar(...Array.from({ length: 3000 }, () => ['folder', 0, '5'] as [string, number, string])),
    'x',
  );
  let reads = 0;
  const counted = {
    name: 'x',
    sizeBytes: headers.sizeBytes,
    read: (at: number, length: number) => (reads++, headers.read(at, length)),
  };
  await readArchiveNames(counted, 'tar');
  expect(reads).toBeLessThan(300);
});
