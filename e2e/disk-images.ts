import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { sectorBytes } from '../guest/protocol.ts';
import type { Exhibit } from './exhibit.ts';
import { guestIso } from './exhibit.ts';

const MIB = 2 ** 20;
const MBR_CODE = '/usr/lib/syslinux/mbr/mbr.bin';
const LINUX = guestIso('linux-live.iso');

/** Where the file system of a made disk begins: where every partitioning program puts the first one. */
const PARTITION_OFFSET = MIB;

/** Why no Linux disk can be made here, '' when it can. */
export function linuxDiskMissing(): string {
  if (!LINUX) return 'skipped: linux-live.iso is not on this machine (see VITRINE_GUESTS)';
  const missing = missingTools('qemu-img', 'sfdisk', 'mformat', 'mcopy', 'syslinux', 'xorriso');
  if (!existsSync(MBR_CODE)) missing.push('syslinux-common');
  return missing.length > 0 ? `skipped: ${missing.join(', ')} not installed` : '';
}

export function missingTools(...programs: string[]): string[] {
  return programs.filter(
    (program) =>
      !`${process.env['PATH']}:/sbin:/usr/sbin`
        .split(':')
        .some((folder) => existsSync(join(folder, program))),
  );
}

/** Runs a program and gives what it printed; throws with its messages when it fails. */
export function run(
  program: string,
  args: string[],
  input?: string | Uint8Array,
  encoding: BufferEncoding = 'utf8',
): string {
  const env = { ...process.env, PATH: `${process.env['PATH']}:/sbin:/usr/sbin`, MTOOLS_SKIP_CHECK: '1' };
  const done = spawnSync(program, args, { env, maxBuffer: 2 ** 28, ...(input !== undefined && { input }) });
  if (done.status !== 0) {
    const said = `${String(done.error ?? '')}${String(done.stdout)}${String(done.stderr)}`;
    throw new Error(`${program} ${args.join(' ')}\n${said}`);
  }
  return done.stdout.toString(encoding);
}

/**
 * A disk that starts Linux as a prepared one starts Windows: MBR, an active FAT partition, a loader in it. The kernel
 * and its files are those of the live disc; it comes to a shell on COM1. `more` is put on the disk behind the partition.
 */
export function makeLinuxDisk(folder: string, more: Uint8Array = new Uint8Array(0)): string {
  const disk = join(folder, 'linux.img');
  const sectors = 20 * 2048;
  const end = PARTITION_OFFSET + sectors * 512;
  writeFileSync(disk, '');
  truncateSync(disk, end + Math.max(more.length, 3 * MIB));
  const second = more.length > 0 ? `start=${end / 512}, size=${more.length / 512}, type=7\n` : '';
  const table = `label: dos\nstart=${PARTITION_OFFSET / 512}, size=${sectors}, type=c, bootable\n${second}`;
  run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', disk], table);
  const live = (name: string) => {
    const path = join(folder, name);
    if (!existsSync(path))
      run('xorriso', ['-osirrox', 'on', '-indev', LINUX!, '-extract', `/isolinux/${name}`, path]);
    return path;
  };
  const volume = `${disk}@@${PARTITION_OFFSET}`;
  run('mformat', ['-i', volume, '-T', String(sectors), '-h', '64', '-s', '32', '-H', '2048', '::']);
  const config = join(folder, 'syslinux.cfg');
  // The shell is the first program: of the live disc's own tour nothing is needed here.
  const append = 'initrd=initrd.gz console=tty0 console=ttyS0,115200 tsc=reliable mitigations=off quiet';
  writeFileSync(
    config,
    `DEFAULT linux\nPROMPT 0\nLABEL linux\n KERNEL vmlinuz\n APPEND ${append} random.trust_cpu=on rdinit=/bin/sh\n`,
  );
  run('mcopy', ['-i', volume, live('vmlinuz'), live('initrd.gz'), config, '::/']);
  run('syslinux', ['--install', '-t', String(PARTITION_OFFSET), disk]);
  const bytes = readFileSync(disk);
  bytes.set(readFileSync(MBR_CODE).subarray(0, 440));
  bytes.set(more, end);
  writeFileSync(disk, bytes);
  return disk;
}

/** The same disk in another format, as `qemu-img convert` makes it. */
export function convert(disk: string, name: string, format: string, ...options: string[]): string {
  const path = join(disk, '..', name);
  run('qemu-img', ['convert', '-f', 'raw', '-O', format, ...options, disk, path]);
  return path;
}

/** An NTFS volume made and filled by ntfs-3g's own tools, and the files on it. */
export function makeNtfsVolume(folder: string): Uint8Array {
  const volume = join(folder, 'ntfs.img');
  writeFileSync(volume, '');
  truncateSync(volume, 8 * MIB);
  run('mkntfs', ['--force', '--quick', '--quiet', '--label', 'Data', volume]);
  for (const [name, sizeBytes] of [
    ['small.txt', 300],
    ['letters.bin', 1_000_000],
    ['more letters.bin', 2_500_000],
  ] as const) {
    const file = join(folder, 'content');
    const bytes = Buffer.alloc(sizeBytes);
    for (let at = 0; at + 4 <= sizeBytes; at += 4) bytes.writeUInt32LE((at * 2654435761) >>> 0, at);
    writeFileSync(file, bytes);
    run('ntfscp', ['--quiet', '--force', volume, file, name]);
    if (sha256(run('ntfscat', [volume, name], undefined, 'latin1')) !== sha256(bytes))
      throw new Error(`${name} is not on the volume as it was put there`);
  }
  return new Uint8Array(readFileSync(volume));
}

/** Attaches files of the disk through the contract, as an embedding page would. */
export async function attach(
  exhibit: Exhibit,
  path: string,
): Promise<{ verdict: string; format: string | null }> {
  await exhibit.page.evaluate(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.id = 'test-file';
    document.querySelector('#test-file')?.remove();
    document.body.append(input);
  });
  await exhibit.page.locator('#test-file').setInputFiles(path);
  return exhibit.call(async (machine) => {
    const [file] = document.querySelector<HTMLInputElement>('#test-file')!.files!;
    const { verdict, format, reasons } = await machine.attachDisk(file);
    return { verdict, format, reasons };
  });
}

/** What an export writes, in a file on this computer. */
export async function exportTo(
  exhibit: Exhibit,
  path: string,
  format: 'raw' | 'vhd' | 'qcow2',
  momentId?: string,
): Promise<void> {
  const download = exhibit.page.waitForEvent('download');
  await exhibit.machine.evaluate(
    async (machine, [format, momentId]) => {
      const options = momentId === null ? {} : { momentId };
      const stream = await (machine as import('../src/ui/vitrine-machine.ts').VitrineMachine).exportDisk(
        format,
        options,
      );
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await new Response(stream).blob());
      link.download = 'disk';
      link.click();
    },
    [format, momentId ?? null] as const,
  );
  await (await download).saveAs(path);
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256')
    .update(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
    .digest('hex');
}

/** A raw disk without a system, whose sectors from `lba` on hold what the house disc calls pattern `seed`. */
export function makePatternDisk(
  path: string,
  sizeBytes: number,
  parts: [lba: number, count: number, seed: number][],
): void {
  const bytes = new Uint8Array(sizeBytes);
  for (const [lba, count, seed] of parts)
    for (let sector = lba; sector < lba + count; sector++) bytes.set(sectorBytes(sector, seed), sector * 512);
  writeFileSync(path, bytes);
}
