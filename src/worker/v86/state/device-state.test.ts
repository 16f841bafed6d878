import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HOUSE_DISC, RealMachine } from '../testing/real-machine.ts';
import { readDevices, saveDevices } from './device-state.ts';
import { decodeState, encodeState } from './state-bytes.ts';

interface Saved {
  readonly extras: Record<string, unknown>;
  readonly cpu: unknown[];
}

describe('the state of devices from a file', () => {
  it('sets the fields that are saved, and none of an object’s other members', async () => {
    const machine = await RealMachine.build({
      disc: new Uint8Array(readFileSync(HOUSE_DISC)),
      memoryMiB: 16,
    });
    try {
      const { internals, repairs } = machine;
      const whole = saveDevices(internals, repairs!);
      const saved = decodeState(whole) as Saved;
      const forge = (extras: Record<string, unknown>) =>
        encodeState({ ...saved, extras: { ...saved.extras, ...extras } });
      const drives = saved.extras['ide'] as object[];
      // Members of the drive as JSON can name them.
      const evil = drives.map((drive) => ({
        ...drive,
        atapi_sense_key: 6,
        ata_command: 7,
        buffer: null,
        x: 1,
      }));
      const { secondary } = internals.cpu.devices.ide;
      const drive = secondary!.master;
      const { buffer } = drive;
      readDevices(forge({ ide: evil })).restore(internals, repairs!);
      expect(drive.atapi_sense_key).toBe(6);
      expect(drive.buffer).toBe(buffer);
      expect(typeof drive.ata_command).toBe('function');
      expect('x' in drive).toBe(false);
      readDevices(whole).restore(internals, repairs!);
      for (const extras of [
        { ide: [{ ...drives[0], medium_changed: {} }] },
        { ide: null },
        { keyboard: ['a'] },
        { keyboard: { length: 5 } },
        { mouse: Array.from({ length: 70_000 }, () => 1) },
        { ps2: { ready: 1, aux: 0 } },
        { serial: [[256]] },
        { floppies: ['text'] },
        { monotonicMs: 'now' },
        { repairs: null },
      ])
        expect(() => readDevices(forge(extras)), JSON.stringify(extras).slice(0, 60)).toThrow();
      expect(() => readDevices(encodeState({ extras: saved.extras }))).toThrow();
      expect(() => readDevices(encodeState(null))).toThrow();
      expect(() => readDevices(new Uint8Array(3))).toThrow();
    } finally {
      await machine.dispose();
    }
  });

  it('has no typed array of a kind or length that there is not', () => {
    for (const reference of [
      { typed: 'constructor', length: 4 },
      { typed: '__proto__', length: 4 },
      { typed: 'Uint8Array', length: -1 },
      { typed: 'Uint8Array', length: 1.5 },
      { typed: 'Uint8Array', length: 'long' },
    ])
      expect(decodeState(encodeState(reference))).toEqual(reference);
  });
});
