import { createHash } from 'node:crypto';
import type { Facts } from '../conformance/facts.ts';
import { Book } from './book.ts';
import { dumpedTables } from './tables.ts';

/**
 * What a Linux found (`init.sh`) as facts that two machines have alike or not. A function on the PCI bus goes by its
 * vendor and device, not by its place, which may be another; times, and what depends on how late the computer under the
 * machine is, are no facts. Throws where the guest did not come to its end, and says how far it came.
 */
export function linuxFacts(serial: string): Facts {
  if (!/^PROBE END\r?$/m.test(serial))
    throw new Error(`Linux did not come to its end; it last wrote: ${serial.slice(-300)}`);
  const sections = sectionsOf(serial);
  const name = functionNames(sections.get('lspci') ?? []);
  const book = new Book();
  for (const [title, lines] of sections) {
    const [section = '', ...rest] = title.split(' ');
    const reader = READERS[section] ?? plainText;
    reader(
      book,
      lines.map((line) => name(line)),
      [section, ...rest].join('-'),
    );
  }
  return book.facts;
}

function sectionsOf(serial: string): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of serial.slice(0, serial.indexOf('PROBE END')).split(/\r?\n/)) {
    const title = /^=== (.*)$/.exec(line)?.[1];
    if (title !== undefined) sections.set(title, (lines = []));
    else lines.push(line);
  }
  return sections;
}

const KERNEL_LINE = /^\[ *\d+\.\d{6}\] /;

/** Writes `pci_8086_7010` for `0000:00:01.1`: digits inside of a word are none of a sentence's numbers. */
function functionNames(lspci: readonly string[]): (line: string) => string {
  const names = new Map<string, string>();
  for (const line of lspci) {
    const found = /^(\w\w:\w\w\.\w) .*\[(\w{4}):(\w{4})\]/.exec(line);
    if (found) names.set(found[1], `pci_${found[2]}_${found[3]}`);
  }
  return (line) =>
    line
      .replaceAll(/\b0000:(\w\w:\w\w\.\w)\b/g, (whole, place: string) => names.get(place) ?? whole)
      .replaceAll(/\bpnp 00:\w\w\b/g, 'pnp');
}

type Reader = (book: Book, lines: readonly string[], section: string) => void;

const plainText: Reader = (book, lines, section) => {
  for (const line of lines) book.line(section, line);
};

const READERS: Record<string, Reader> = {
  interrupts(book, lines) {
    for (const line of lines) {
      const found = /^\s*(\w+):\s+\d+(.*)$/.exec(line);
      if (found) book.say(`interrupts.${found[1]}`, found[2]);
    }
  },
  ioports: ranges,
  iomem: ranges,
  cpuinfo(book, lines, section) {
    for (const line of lines) {
      const rate = /^cpu MHz\s*: (.*)$/.exec(line)?.[1];
      if (rate) book.measure('clock.tsc-mhz', Number(rate), TSC_MHZ);
      else if (!line.startsWith('bogomips')) book.line(section, line);
    }
  },
  /** Whether the kernel takes the PM timer is a matter of chance too: it measures it beside other work. */
  clocks(book, lines, section) {
    for (const line of lines) book.line(section, line.replace(/\bacpi_pm\b/, ''));
  },
  pnp(book, lines) {
    for (const device of paragraphs(lines, /^\S/)) {
      const [id = '', ...driver] = device[0].split(' ');
      book.say(`pnp.${id}`, [driver.join(' '), ...device.slice(1)].join('; '));
    }
  },
  /** Devices by what they are; those that have a place on the bus alone by their places. */
  acpi(book, lines) {
    const byId = new Map<string, string[]>();
    const places: string[] = [];
    for (const line of lines) {
      const found = /^\S+ ([A-Z]\w*)? ?(0x\w+)? ?status ?(\w*)$/.exec(line);
      if (found?.[1]) byId.set(found[1], [...(byId.get(found[1]) ?? []), found[3] || 'none']);
      else if (found?.[2]) places.push(found[2]);
    }
    for (const [id, states] of byId) book.say(`acpi.${id}.status`, states.sort().join(' '));
    book.say('acpi.places', places.sort().join(' '));
  },
  input(book, lines) {
    for (const device of paragraphs(lines, /^I:/)) {
      const label = /^N: Name="(.*)"$/.exec(device.find((line) => line.startsWith('N:')) ?? '')?.[1];
      for (const line of device) {
        const fact = /^(?:([IP]): |B: (\w+)=)(.*)$/.exec(line);
        if (fact) book.say(`input.${label}.${fact[1] ?? fact[2]}`, fact[3]);
      }
    }
  },
  lspci(book, lines) {
    for (const device of paragraphs(lines, /^\w\w:\w\w\.\w /)) {
      const [, place, kind = '', vendor, id, more = ''] =
        /^(\S+) (.*) \[(\w{4}):(\w{4})\](.*)$/.exec(device[0]) ?? [];
      if (!place) continue;
      const key = `lspci.pci_${vendor}_${id}`;
      book.say(`${key}.place`, place);
      book.say(`${key}.kind`, `${kind}${more}`);
      for (const line of device.slice(1)) {
        const row = /^([0-9a-f]0): (.*)$/.exec(line);
        if (row) book.say(`${key}.x${row[1]}`, row[2]);
        else if (line.startsWith('\t')) book.line(key, line);
      }
    }
  },
  dmidecode(book, lines) {
    for (const structure of paragraphs(lines, /^Handle /)) {
      const type = /DMI type (\d+), (\d+) bytes/.exec(structure[0]);
      if (!type) continue;
      book.say(`dmi.${type[1]}.bytes`, type[2]);
      // A list goes on in lines that are further in.
      for (const fact of paragraphs(structure.slice(2), /^\t\S/))
        book.line(`dmi.${type[1]}`, `${fact[0]} ${fact.slice(1).join(', ').trim()}`);
    }
  },
  identify(book, lines, section) {
    const words = lines.join(' ').match(/\b[0-9a-f]{4}\b/g) ?? [];
    for (const [index, word] of words.entries())
      book.say(`${section}.word${String(index).padStart(3, '0')}`, word);
  },
  acpidump(book, lines) {
    for (const [signature, bytes] of dumpedTables(lines)) {
      const sum = bytes.reduce((total, byte) => (total + byte) & 0xff, 0);
      const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
      const known =
        signature === 'FACS' ? '' : `, revision ${bytes[8]}, checksum ${sum === 0 ? 'right' : 'wrong'}`;
      book.say(`tables.${signature}`, `${bytes.length} bytes, sha256 ${hash}${known}`);
      book.say(`table.${signature}`, Buffer.from(bytes).toString('hex'));
    }
  },
  dmesg(book, lines) {
    const said = lines
      .map((line) => line.replace(KERNEL_LINE, ''))
      .map((line) => line.replace(/^(rtc_cmos|serial|parport_pc|system|pnp)? ?00:\w\w:/, '$1:'))
      .filter((line) => !CHANCE.some((pattern) => pattern.test(line)));
    book.sentences('dmesg', said);
  },
};

/** The clock that our processor counts with; the reference's is the same when it counts its own instructions. */
const TSC_MHZ = 1000;

function ranges(book: Book, lines: readonly string[], section: string): void {
  const found = new Map<string, string[]>();
  for (const line of lines) {
    const [, range, name] = /^\s*([0-9a-f]+-[0-9a-f]+) : (.*)$/.exec(line) ?? [];
    if (range && name) found.set(name, [...(found.get(name) ?? []), range]);
  }
  for (const [name, places] of found) book.say(`${section}.${name}`, places.join(' '));
}

/** Lines in groups, each beginning with one that matches; what is before the first belongs to none. */
function paragraphs(lines: readonly string[], first: RegExp): string[][] {
  const groups: string[][] = [];
  for (const line of lines) {
    if (first.test(line)) groups.push([line]);
    else if (line.trim() !== '') groups.at(-1)?.push(line);
  }
  return groups;
}

/** What a kernel says of time, of chance, and of how late the computer under the machine is. */
const CHANCE = [
  /BogoMIPS/,
  /MHz/,
  /^clocksource: tsc/,
  /^clocksource: Switched to/,
  /^sched_clock: Marking/,
  /^random: /,
  /^audit: type/,
  /setting system clock/,
  /watchdog/,
  /^hrtimer: interrupt took/,
  /^perf: interrupt took/,
  /^rcu: INFO/,
  /calibration/i,
  /^APIC delta adjusted/,
  /^PM-Timer running at invalid rate/,
  /^clocksource: acpi_pm/,
  /^input: .* as /,
  /took \d+ usecs/,
];
