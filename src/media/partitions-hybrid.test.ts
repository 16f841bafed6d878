import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MemorySource } from '../bytes/byte-source.ts';
import { inspectDiskImage } from './disk-images/inspect-disk-image.ts';
import { startsFromBlock } from './disk-images/judge-boot.ts';
import { inFolder } from './disk-images/testing/qemu-image.ts';
import { run, toolMissing } from './disk-images/testing/tools.ts';

const MIB = 1 << 20;

/** `sgdisk` on an empty disk of 12 MiB, then code that asks for an active partition in its first sector. */
function gptDisk(args: string[], change: (mbr: Uint8Array) => void = () => undefined): Uint8Array {
  const bytes = inFolder((folder) => {
    const path = join(folder, 'disk');
    writeFileSync(path, new Uint8Array(12 * MIB));
    run('sgdisk', ['-n1:2048:+4M', '-t1:EF00', '-n2:0:0', '-t2:0700', path]);
    if (args.length > 0) run('sgdisk', [...args, path]);
    return new Uint8Array(readFileSync(path));
  });
  bytes.set([0x33, 0xc0, 0x8e, 0xd0]);
  bytes.set(new TextEncoder().encode('Missing operating system'), 300);
  change(bytes);
  return bytes;
}

const ACTIVE = 0x80;
const entryOf = (type: number) => (bytes: Uint8Array) =>
  [446, 462, 478, 494].find((at) => bytes[at + 4] === type)!;
const activate = (type: number) => (bytes: Uint8Array) => {
  bytes[entryOf(type)(bytes)] = ACTIVE;
};

async function judge(bytes: Uint8Array) {
  const report = await inspectDiskImage(new MemorySource(bytes));
  const { verdict, bootable, partitionTable, profile, partitions } = report;
  const codes = report.reasons.map(({ code }) => code);
  expect(await startsFromBlock(bytes.slice(0, 4096))).toBe(bootable);
  return { verdict, bootable, partitionTable, bootOrder: profile.bootOrder, codes, count: partitions.length };
}

describe.skipIf(toolMissing('sgdisk'))('a disk with a GPT and an MBR that lists partitions', () => {
  test('starts from the active one', async () => {
    const disk = gptDisk(['-h', '2'], activate(7));
    expect(await judge(disk)).toEqual({
      verdict: 'may-run',
      bootable: true,
      partitionTable: 'mbr',
      bootOrder: 'disk-first',
      codes: ['system/unknown', 'disk/hybrid'],
      count: 1,
    });
  });

  test('starts in whatever place the protective entry stands', async () => {
    // With EE, sgdisk puts the protective entry at the end.
    const disk = gptDisk(['-h', '1:2:EE'], activate(7));
    expect(await judge(disk)).toMatchObject({ bootable: true, count: 2 });
  });

  test('does not start when none is active, or only the protective one', async () => {
    const none = { bootable: false, verdict: 'may-run', codes: ['boot/no-active', 'disk/hybrid'] };
    expect(await judge(gptDisk(['-h', '2']))).toMatchObject(none);
    expect(await judge(gptDisk(['-h', '2'], activate(0xee)))).toMatchObject(none);
  });

  test('does not start without code', async () => {
    const disk = gptDisk(['-h', '2'], (bytes) => {
      activate(7)(bytes);
      bytes.fill(0, 0, 440);
    });
    expect(await judge(disk)).toMatchObject({ bootable: false, codes: ['boot/none', 'disk/hybrid'] });
  });

  test('with nothing but a GPT is for EFI, its protective entry active or not', async () => {
    const efi = { verdict: 'cannot-run', bootable: false, partitionTable: 'gpt', codes: ['boot/needs-efi'] };
    expect(await judge(gptDisk([]))).toMatchObject(efi);
    expect(await judge(gptDisk([], activate(0xee)))).toMatchObject(efi);
  });
});
