import { describe, expect, it } from 'vitest';
import type { PcDescription } from './pc-description.ts';
import { smbiosFiles } from './smbios.ts';

const PC: PcDescription = {
  memoryBytes: 512 * 1024 * 1024,
  apic: true,
  isaBridge: { device: 1, function: 0 },
  powerManagement: { device: 7, function: 0 },
  serialPorts: [],
  parallelPorts: [],
  machineId: 'default',
};

interface Structure {
  readonly type: number;
  readonly handle: number;
  readonly formatted: DataView;
  readonly strings: number;
}

/** The structures as a system walks them: by their length, and by the two zeros behind their strings. */
function structures(pc: PcDescription): Structure[] {
  const { tables } = smbiosFiles(pc);
  const view = new DataView(tables.buffer);
  const found: Structure[] = [];
  let at = 0;
  while (at < tables.length) {
    const length = tables[at + 1];
    let end = at + length;
    let strings = 0;
    while (tables[end] !== 0) {
      while (tables[end] !== 0) end++;
      end++;
      strings++;
    }
    found.push({
      type: tables[at],
      handle: view.getUint16(at + 2, true),
      formatted: new DataView(tables.buffer, at, length),
      strings,
    });
    at = end + (strings > 0 ? 1 : 2);
  }
  return found;
}

const of = (type: number, pc = PC) => structures(pc).find((structure) => structure.type === type)!.formatted;

describe('the SMBIOS structures', () => {
  it('have handles of their own, and name no other than there are', () => {
    const all = structures(PC);
    const handles = all.map(({ handle }) => handle);
    expect(new Set(handles).size).toBe(all.length);
    const array = all.find(({ type }) => type === 16)!.handle;
    expect(of(17).getUint16(4, true)).toBe(array);
    expect(of(19).getUint16(12, true)).toBe(array);
  });

  it('say of the processor what CPUID says, and nothing that version 2.4 does not know', () => {
    expect(of(4).byteLength).toBe(0x23);
    expect(of(4).getUint32(12, true) & (1 << 9)).toBe(1 << 9);
    expect(of(4, { ...PC, apic: false }).getUint32(12, true) & (1 << 9)).toBe(0);
  });

  it('end with the structure that ends them', () => {
    expect(structures(PC).at(-1)!.type).toBe(127);
    expect(structures(PC).map(({ type }) => type)).toEqual([0, 1, 3, 4, 16, 17, 19, 32, 127]);
  });
});
