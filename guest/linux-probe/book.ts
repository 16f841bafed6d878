import type { Answer, Facts } from '../conformance/facts.ts';

/** Facts as they are found; a key that comes again gets a number. */
export class Book {
  readonly #facts = new Map<string, Answer>();

  get facts(): Facts {
    return this.#facts;
  }

  say(key: string, value: string): void {
    let free = key;
    for (let number = 2; this.#facts.has(free); number++) free = `${key}#${number}`;
    this.#facts.set(free, { kind: 'fact', value: value.trim().replaceAll(/\s+/g, ' ') });
  }

  measure(key: string, value: number, due: number): void {
    this.#facts.set(key, { kind: 'measured', value, due });
  }

  /** `label: value`, or a sentence with its numbers as the value. */
  line(section: string, text: string): void {
    const labelled = /^([^:]{1,60}?)\s*[:=]\s+(.*)$/.exec(text.trim());
    if (labelled) this.say(`${section}.${labelled[1]}`, labelled[2]);
    else {
      const { key, numbers } = template(text);
      if (key !== '') this.say(`${section}.${key}`, numbers);
    }
  }

  /** Sentences that come again and again are one fact: the numbers of all of them, in an order that is always the same. */
  sentences(section: string, lines: readonly string[]): void {
    const found = new Map<string, string[]>();
    for (const line of lines) {
      const { key, numbers } = template(line);
      if (key !== '') found.set(key, [...(found.get(key) ?? []), numbers]);
    }
    for (const [key, numbers] of found) this.say(`${section}.${key}`, numbers.sort().join('; '));
  }
}

const NUMBER = /\b(?:0x[0-9a-f]+|[0-9a-f]{8,}|\d+(?:\.\d+)*)(?=[KM]?\b)/gi;

/** A sentence without its numbers, and the numbers: two machines say the same sentence with other ones. */
function template(text: string): { key: string; numbers: string } {
  const numbers = text.match(NUMBER) ?? [];
  return {
    key: text.trim().replaceAll(NUMBER, 'N').replaceAll(/\s+/g, ' '),
    numbers: numbers.length > 0 ? numbers.join(' ') : 'said',
  };
}
