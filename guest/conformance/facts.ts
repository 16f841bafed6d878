/** What a PC answered one question of the probe disc. */
export type Answer =
  /** Two machines have it alike or not. */
  | { kind: 'fact'; value: string }
  /** A quantity that no two runs have alike, and what is due. */
  | { kind: 'measured'; value: number; due: number };

export type Facts = ReadonlyMap<string, Answer>;

/**
 * The answers in what the probe disc wrote to COM1 (`guest/probe/say.c`): `key = value` or `key ~ measured due`, a line
 * each; a key that comes again gets a number. The last question is a double fault, and a machine that stops at it has
 * answered it. Throws where the probe did not come that far, and says how far it came.
 */
export function parseFacts(serial: string): Facts {
  const facts = new Map<string, Answer>();
  let last = 'nothing';
  let asked = false;
  for (const line of serial.split(/\r?\n/)) {
    if (line === 'PROBE END') return facts;
    if (line === 'PROBE LAST') asked = true;
    if (line.startsWith('FAULT ')) throw new Error(`The probe met an exception after ${last}: ${line}`);
    const fact = /^(\S+) ([=~]) (.*)$/.exec(line) ?? /^(\S+) (=)()$/.exec(line);
    if (!fact) continue;
    const [, name, sign, text] = fact as unknown as [string, string, string, string];
    const key = freeKey(facts, name);
    facts.set(key, sign === '=' ? { kind: 'fact', value: text } : measured(text));
    last = key;
  }
  if (asked) return facts.set('fault.double-fault-task', { kind: 'fact', value: 'the machine stops' });
  throw new Error(`The probe did not come to its end; its last answer was ${last}.`);
}

function freeKey(facts: Facts, name: string): string {
  let key = name;
  for (let number = 2; facts.has(key); number++) key = `${name}#${number}`;
  return key;
}

function measured(text: string): Answer {
  const [value = Number.NaN, due = Number.NaN] = text.split(' ').map(Number);
  return { kind: 'measured', value, due };
}

/** The firmware's tables as they lie in memory, by signature; a second one of a name is `SSDT2`. */
export function firmwareTables(facts: Facts): Map<string, Uint8Array> {
  const texts = new Map<string, string>();
  for (const [key, answer] of facts) {
    const table = /^table\.(\w{4})\.([0-9a-f]{5})(?:#(\d+))?$/.exec(key);
    if (!table || answer.kind !== 'fact') continue;
    const name = `${table[1]}${table[3] ?? ''}`;
    texts.set(name, (texts.get(name) ?? '') + answer.value);
  }
  return new Map([...texts].map(([name, hex]) => [name, Buffer.from(hex, 'hex')]));
}
