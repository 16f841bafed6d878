import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What of the kernel is loaded, in this order; others come with them where they need them. */
const WANTED = [
  'sd_mod',
  'sr_mod',
  'sg',
  'ata_piix',
  'button',
  'psmouse',
  'evdev',
  'msr',
  'cpuid',
  'floppy',
  'parport_pc',
  'pcspkr',
  'i2c-piix4',
];

export interface Module {
  readonly name: string;
  readonly data: Buffer;
}

/** The wanted modules under a folder of the kernel's package, each behind those that it needs. */
export function modulesIn(folder: string): Module[] {
  const paths = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (entry.endsWith('.ko')) paths.set(plain(basename(entry, '.ko')), join(folder, entry));
  const loaded = new Map<string, Module>();
  const load = (wanted: string) => {
    const name = plain(wanted);
    if (loaded.has(name)) return;
    const path = paths.get(name);
    if (!path) throw new Error(`The kernel's package has no module ${wanted}.`);
    const data = readFileSync(path);
    for (const needed of dependencies(data)) load(needed);
    loaded.set(name, { name, data });
  };
  for (const wanted of WANTED) load(wanted);
  return [...loaded.values()];
}

/** A dash in a file's name is an underscore in the kernel. */
const plain = (name: string) => name.replaceAll('-', '_');

/** A module says in its section `.modinfo` what it needs: texts that end with a zero. */
function dependencies(data: Buffer): string[] {
  const text = data.toString('latin1');
  const needs = /\0depends=([^\0]*)\0/.exec(text)?.[1] ?? '';
  return needs.split(',').filter((name) => name !== '');
}
