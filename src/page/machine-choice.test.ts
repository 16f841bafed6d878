import { expect, it } from 'vitest';
import { LocalMemory } from './local-memory.ts';
import { addressOfMachine, readMachineChoice } from './machine-choice.ts';

function remembering(text: string | null): LocalMemory {
  return new LocalMemory(() => ({ getItem: () => text, setItem: () => undefined }), 'machine');
}

it('takes the machine of the address before the one that was last chosen', () => {
  const memory = remembering('{"machineId":"room-2"}');
  expect(readMachineChoice('?machine=lab.1', memory)).toEqual({ machineId: 'lab.1', problem: null });
  expect(readMachineChoice('?kiosk', memory)).toEqual({ machineId: 'room-2', problem: null });
});

it.each([null, '{"machineId":"../x"}', '{"machineId":7}', '{'])(
  'begins with the first machine where %s is remembered',
  (text) => expect(readMachineChoice('', remembering(text)).machineId).toBe('default'),
);

it.each(['?machine=', '?machine=a%20b', `?machine=${'x'.repeat(64)}`])(
  'says why %s is no machine',
  (search) => {
    const { machineId, problem } = readMachineChoice(search, remembering(null));
    expect(machineId).toBe('default');
    expect(problem?.code).toBe('machine/impossible-profile');
    expect(problem?.message).toMatch(/no name for a machine/);
  },
);

it('changes an address only where it names a machine', () => {
  expect(addressOfMachine('http://x/?machine=a&kiosk=1', 'b')).toBe('http://x/?machine=b&kiosk=1');
  expect(addressOfMachine('http://x/?kiosk', 'b')).toBe('http://x/?kiosk');
});
