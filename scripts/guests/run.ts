import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { guestPath } from '../../src/lib/testing/guests.ts';
import { BootFailure } from './guest-console.ts';
import { bootLinux, linuxDisk } from './linux.ts';
import { MACHINES, nameOf, type GuestMachine } from './machines.ts';
import { bootOpenbsd, installOpenbsd } from './openbsd.ts';

const USAGE = `Starts the guests that are at hand on every machine of the series and prints how many starts passed.

  npm run guests -- [--times N] [--only TEXT]... [--list]

  --times N     starts of each machine (1)
  --only TEXT   only machines whose name has TEXT in it; given twice, both must be there
  --list        print the names of the machines and start nothing

The guests lie in the folder VITRINE_GUESTS: linux-live.iso and openbsd51-floppy.img.`;

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '1' },
    only: { type: 'string', multiple: true, default: [] },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const times = Number(values.times);
if (values.help || !Number.isInteger(times) || times < 1) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 2);
}
const chosen = MACHINES.filter((machine) => values.only.every((text) => nameOf(machine).includes(text)));

if (values.list) for (const machine of chosen) console.log(nameOf(machine));
else process.exit(await run());

/** Prints a line for each start and a table of all at the end; 1 where a start failed. */
async function run(): Promise<number> {
  const boots = { OpenBSD: await prepareOpenbsd(), Linux: prepareLinux() };
  const rows: string[] = [];
  let failures = 0;
  for (const machine of chosen) {
    const boot = boots[machine.guest];
    if (!boot) continue;
    const seconds: number[] = [];
    for (let turn = 1; turn <= times; turn++) {
      try {
        seconds.push(await boot(machine));
        console.log(`${nameOf(machine)} · ${turn} of ${times}: ${seconds.at(-1)!.toFixed(1)} s`);
      } catch (error) {
        if (!(error instanceof BootFailure)) throw error;
        console.log(`${nameOf(machine)} · ${turn} of ${times}: FAILED: ${error.message}`);
      }
    }
    failures += times - seconds.length;
    rows.push(`| ${nameOf(machine)} | ${seconds.length} of ${times} | ${median(seconds)} |`);
  }
  console.log(['', '| machine | passed | processor, median |', '|---|---|---|', ...rows].join('\n'));
  return failures > 0 ? 1 : 0;
}

function median(seconds: readonly number[]): string {
  const middle = [...seconds].sort((a, b) => a - b)[seconds.length >> 1];
  return middle === undefined ? '' : `${middle.toFixed(1)} s`;
}

type Boot = (machine: GuestMachine) => Promise<number>;

function isAsked(guest: GuestMachine['guest'], from?: GuestMachine['from']): boolean {
  return chosen.some((machine) => machine.guest === guest && (from === undefined || machine.from === from));
}

/** Installs on a disk of each kind of machine that is to start from one, and nothing where none is. */
async function prepareOpenbsd(): Promise<Boot | null> {
  if (!isAsked('OpenBSD')) return null;
  const path = guestPath('openbsd51-floppy.img');
  if (!path) {
    console.log('openbsd51-floppy.img is not here: OpenBSD is skipped.');
    return null;
  }
  const floppy = new Uint8Array(readFileSync(path));
  const disks = new Map<string, Uint8Array>();
  return async (machine) => {
    const key = `${machine.acpi} ${machine.apic}`;
    if (machine.from === 'disk' && !disks.has(key)) disks.set(key, await installOpenbsd(path, machine));
    return bootOpenbsd(machine, { floppy, system: disks.get(key) ?? null });
  };
}

function prepareLinux(): Boot | null {
  if (!isAsked('Linux')) return null;
  const path = guestPath('linux-live.iso');
  if (!path) {
    console.log('linux-live.iso is not here: Linux is skipped.');
    return null;
  }
  const system = isAsked('Linux', 'disk') ? linuxDisk(path) : null;
  if (isAsked('Linux', 'disk') && !system)
    console.log('xorriso, mtools or syslinux is not installed: Linux is not started from a disk.');
  const iso = readFileSync(path);
  return async (machine) => {
    if (machine.from === 'disk' && !system) throw new BootFailure('there is no disk to start from');
    return bootLinux(machine, { iso, system });
  };
}
