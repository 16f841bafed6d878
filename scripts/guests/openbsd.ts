import { readFileSync } from 'node:fs';
import { writeIso } from '../../src/media/iso-writer.ts';
import { RealMachine } from '../../src/worker/v86/testing/real-machine.ts';
import { GuestConsole } from './guest-console.ts';
import type { GuestMachine, Hardware } from './machines.ts';

export const QUESTION = /\(I\)nstall, \(U\)pgrade or \(S\)hell\?/;
/** What its kernel says where an interrupt is lost, comes uncalled, or it dies. */
export const TROUBLE = /panic|timeout|stray|lost interrupt|spurious|fatal|uvm_fault|Input\/output error/;
const PROMPT = /\n\r?# $/;
/** Names of the partitions are the installer's: `a` for the system; `d` holds the floppy's file system for a while. */
const DISK_BYTES = 64 << 20;

/** A disc with the floppy's image on it: what the installer's sets are to it elsewhere. */
export function openbsdDisc(floppy: Uint8Array<ArrayBuffer>): Uint8Array {
  const { parts } = writeIso([{ path: 'floppy.img', contents: floppy }], {
    volumeId: 'OPENBSD',
    joliet: false,
    date: new Date(0),
  });
  return Buffer.concat(parts.filter((part) => part instanceof Uint8Array));
}

/**
 * OpenBSD on a hard disk, put there by the tools of its own installation floppy as its installer uses them: fdisk,
 * disklabel, newfs, cp, installboot; the kernel is the floppy's own. There are no sets, so no system beyond it.
 */
export async function installOpenbsd(floppyPath: string, hardware: Hardware): Promise<Uint8Array> {
  const floppy = new Uint8Array(readFileSync(floppyPath));
  const disk = new Uint8Array(DISK_BYTES);
  const machine = await RealMachine.build({
    memoryMiB: 64,
    acpi: hardware.acpi,
    floppy: floppy.slice(),
    disc: openbsdDisc(floppy),
    disk,
    repairs: { apic: hardware.apic, jit: { enabled: true, maxPages: 1 } },
  });
  try {
    const guest = new GuestConsole(machine);
    const shell = await shellOnSerial(guest);
    await shell('fdisk -e wd0 <<E\nreinit\nupdate\nwrite\nquit\nE');
    await shell('disklabel -E wd0 <<E\na a\n\n30m\n\na d\n\n2m\n\nw\nq\nE');
    await shell('newfs -q wd0a && mount /dev/wd0a /mnt');
    await shell('mount -t cd9660 /dev/cd0a /mnt2');
    await shell('dd if=/mnt2/floppy.img of=/dev/rwd0d bs=32k');
    await shell('umount /mnt2 && mount -r /dev/wd0d /mnt2');
    await shell('cp /mnt2/bsd /mnt/bsd && cat /usr/mdec/boot >/mnt/boot');
    await shell('/usr/mdec/installboot /mnt/boot /usr/mdec/biosboot wd0');
    await shell('umount /mnt2 && umount /mnt');
    const checked = await shell('fsck_ffs -fn /dev/rwd0a');
    if (!/\d+ files, \d+ used/.test(checked) || /FIX|SALVAGE|UNREF|BAD/.test(checked))
      throw new Error(`fsck finds a fault in what was written:\n${checked}`);
    machine.emulator.serial0_send('halt\n');
    await guest.serial(/halted/, TROUBLE);
    return disk;
  } finally {
    await machine.dispose();
  }
}

/**
 * Starts the machine, with OpenBSD's console on the serial line, as far as the installer's shell. What it gives runs
 * a command there, and throws where the command does not end well.
 */
async function shellOnSerial(guest: GuestConsole): Promise<(command: string) => Promise<string>> {
  const { machine } = guest;
  await machine.emulator.run();
  await guest.screen(/boot>/, TROUBLE);
  await guest.type('set tty com0\n');
  await guest.serial(/boot>/, TROUBLE);
  machine.emulator.serial0_send('\n');
  await guest.serial(QUESTION, TROUBLE);
  machine.emulator.serial0_send('s\n');
  await guest.serial(PROMPT, TROUBLE);
  return async (command) => {
    const from = machine.serial.length;
    // By itself, for a command may end with what it reads.
    machine.emulator.serial0_send(`${command}\necho STA""TUS $?\n`);
    const said = await guest.serial(/STATUS \d+[\s\S]*# $/, TROUBLE, from);
    if (!said.includes('STATUS 0')) throw new Error(`${command}:\n${said}`);
    return said;
  };
}

/** As far as the installer's question; then reads from every drive, whose interrupts all have to come. */
export async function bootOpenbsd(
  { acpi, apic, from, disk, disc }: GuestMachine,
  media: { floppy: Uint8Array<ArrayBuffer>; system: Uint8Array | null },
): Promise<number> {
  const hard = from === 'disk' ? media.system!.slice() : new Uint8Array(DISK_BYTES);
  const machine = await RealMachine.build({
    memoryMiB: 64,
    acpi,
    ...(from === 'floppy' && { floppy: media.floppy.slice() }),
    ...(disk && { disk: hard }),
    ...(disc && { disc: openbsdDisc(media.floppy) }),
    bootFrom: from,
    repairs: { apic, jit: { enabled: true, maxPages: 1 } },
  });
  try {
    const guest = new GuestConsole(machine);
    await machine.emulator.run();
    await guest.screen(QUESTION, TROUBLE);
    const { seconds } = guest;
    await guest.type('s\n');
    await guest.screen(/\n# *\n*$/, TROUBLE);
    const drives = [...(disk ? ['wd0'] : []), ...(disc ? ['cd0'] : [])];
    for (const drive of drives) {
      await guest.type(`dd if=/dev/r${drive}c of=/dev/null bs=32k count=8; echo ${drive} d""one $?\n`);
      await guest.screen(new RegExp(`${drive} done 0`), TROUBLE);
    }
    return seconds;
  } finally {
    await machine.dispose();
  }
}
