import { afterAll, beforeAll, expect, it } from 'vitest';
import { missingMember, PARTS } from './internals-check.ts';
import { RealMachine } from './testing/real-machine.ts';

let machine: RealMachine;
beforeAll(async () => {
  machine = await RealMachine.build({ repairs: null });
});
afterAll(() => machine.dispose());

it('finds all that is used of this version of v86', () => {
  expect(missingMember(machine.internals)).toBeNull();
});

/** An object as it would be found without one of its members. */
function without(target: object, member: string): object {
  const shown = Object.create(target) as Record<string, unknown>;
  return new Proxy(shown, {
    has: (of, name) => name !== member && name in of,
    get: (_, name) => (name === member ? undefined : Reflect.get(target, name)),
  });
}

const OPTIONAL = new Set(['acpi', 'uart1', 'uart2', 'uart3']);

it.each(PARTS.map((part) => [part.object, part] as const))(
  'names each member of %s that an upgrade took',
  (_, part) => {
    const target = part.of(machine.internals)!;
    for (const member of Object.keys(part.members).filter((name) => !OPTIONAL.has(name))) {
      const missing = missingMember(machine.internals, (object) =>
        object === target ? without(object, member) : object,
      );
      expect(missing?.name).toMatch(new RegExp(`\\.${member}$`));
      expect(missing?.file).toMatch(/^src\//);
    }
  },
);
