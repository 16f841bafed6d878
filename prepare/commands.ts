import type { PrepareOptions } from './options.ts';

export interface Command {
  program: string;
  args: string[];
}

/** Files that are kept beside the disk image. */
export const floppyPath = (options: PrepareOptions): string =>
  options.floppy ?? `${options.disk}.answers.img`;
export const serialPath = (options: PrepareOptions): string => `${options.disk}.serial.log`;
export const statePath = (options: PrepareOptions): string => `${options.disk}.state.json`;

export function createDiskCommand(options: PrepareOptions): Command {
  return { program: options.qemuImg, args: ['create', '-q', '-f', 'qcow2', options.disk, options.size] };
}

/**
 * The machine: as close to the one in the browser as QEMU goes. One processor, standard VGA, IDE, no network card.
 * Its ACPI tables always name an APIC, so it has one, unlike the machine that the disk is for (`docs/hardware.md`).
 * The disk comes first in the boot order: while it is blank the disc starts, later stages start from the disk.
 */
export function machineCommand(options: PrepareOptions, platform: NodeJS.Platform): Command {
  const drive = (file: string, rest: string): string => `file=${file.replaceAll(',', ',,')},${rest}`;
  const settings: [name: string, value: string][] = [
    ['-name', 'Vitrine: preparing Windows 7'],
    ['-M', 'pc'],
    ['-smp', '1'],
    ['-m', String(options.memoryMiB)],
    ['-vga', 'std'],
    ['-nic', 'none'],
    ...(options.accel === null ? accelerators(platform) : [options.accel]).map((name): [string, string] => [
      '-accel',
      name,
    ]),
    ['-rtc', 'base=localtime'],
    ['-drive', drive(options.disk, 'format=qcow2,if=ide,index=0,media=disk')],
    ['-drive', drive(options.disc, 'format=raw,if=ide,index=2,media=cdrom,readonly=on')],
    ['-drive', drive(floppyPath(options), 'format=raw,if=floppy,index=0')],
    ['-boot', 'order=cd'],
    ['-serial', `file:${serialPath(options)}`],
    // Over the monitor QEMU can be ended when the guest is done but does not power off.
    ['-qmp', 'stdio'],
  ];
  if (options.display !== null) settings.push(['-display', options.display]);
  return { program: options.qemu, args: settings.flat() };
}

/** What QEMU tries in turn; the last one works everywhere, slowly. */
function accelerators(platform: NodeJS.Platform): string[] {
  if (platform === 'linux') return ['kvm', 'tcg'];
  if (platform === 'darwin') return ['hvf', 'tcg'];
  if (platform === 'win32') return ['whpx', 'tcg'];
  return ['tcg'];
}

/** A command as one would type it. */
export function showCommand({ program, args }: Command): string {
  return [program, ...args]
    .map((word) => (/^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
