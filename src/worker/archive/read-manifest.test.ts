import { expect, it } from 'vitest';
import { DEFAULT_PROFILE, type MachineProfile } from '../../machine/profile.ts';
import { readManifest } from './read-manifest.ts';

/** A file with one moment, whose machine was built as `hardware` says. */
function manifestWith(hardware: Partial<MachineProfile>): Uint8Array {
  const chunk = { length: 10, sha256: 'a'.repeat(64) };
  const value = {
    machine: {
      name: 'PC',
      sizeBytes: 4096,
      base: null,
      profile: { chosen: {}, built: hardware },
      createdAt: 1,
      top: 2,
      kept: [1],
    },
    committedAt: 1,
    generations: [
      { id: 1, parent: null, layer: 1, createdAt: 1 },
      { id: 2, parent: 1, layer: 2, createdAt: 1 },
    ],
    heads: [{ layer: 1, chunk: 0 }],
    segments: [{ id: 1, chunk: 1 }],
    moments: [
      {
        id: 'm1',
        label: '',
        kind: 'kept',
        parent: null,
        createdAt: 1,
        pausedMs: 1,
        generation: 1,
        isFirst: false,
        packs: [1],
        recordBytes: 1,
        identity: { ...hardware, engine: '1', diskBytes: null, disc: null },
        profile: { ...hardware, bootOrder: 'disk-first' },
      },
    ],
    current: 'm1',
    leaving: 'off',
    details: [{ moment: 'm1', chunk: 2 }],
    thumbnails: [],
    packs: [{ pack: 1, pages: 1, chunk: 3 }],
    chunks: [chunk, chunk, chunk, chunk],
  };
  return new TextEncoder().encode(JSON.stringify(value));
}

const { apic: _, bootOrder: __, machineId: ___, ...BEFORE } = DEFAULT_PROFILE;

it.each([
  ['before there was a choice, with ACPI', BEFORE, true],
  ['before there was a choice, without ACPI', { ...BEFORE, acpi: false }, false],
  ['today, with the 8259s alone', { ...BEFORE, apic: false }, false],
  ['today, with the APICs and no ACPI', { ...BEFORE, acpi: false, apic: true }, true],
])(
  'a file from %s keeps the interrupt controllers of its machine and of its moments',
  (_, hardware, apic) => {
    const { manifest, wrong } = readManifest(manifestWith(hardware));
    expect(wrong).toBeNull();
    expect(manifest!.machine.profile).toMatchObject({ built: { apic } });
    expect(manifest!.moments[0].identity).toMatchObject({ apic });
    expect(manifest!.moments[0].profile).toMatchObject({ apic });
  },
);
