import { expect, it } from 'vitest';
import type { SystemId } from '../media/disc-systems.ts';
import { planInstallRoom } from './install-room.ts';

const setup = (id: SystemId | null, verdict: 'runs' | 'cannot-run' = 'runs') => ({
  verdict,
  system: id && { id, name: 'It', architecture: 'x86' as const },
  windows: null,
});
const BLANK = { sizeBytes: 16 * 2 ** 30, holdsSystem: false };

it.each([
  [100e9, 'enough'],
  [9e9, 'tight'],
  [3e9, 'too-little'],
] as const)('with %d bytes free, Windows 7 finds %s', (free, verdict) => {
  expect(planInstallRoom(setup('windows-7'), BLANK, free)).toMatchObject({ name: 'It', verdict });
});

it('says so when the disk itself is too small, however much is free', () => {
  const small = { ...BLANK, sizeBytes: 4 * 2 ** 30 };
  expect(planInstallRoom(setup('windows-7'), small, 1e12)?.verdict).toBe('disk-too-small');
  expect(planInstallRoom(setup('windows-xp'), small, 1e12)?.verdict).toBe('enough');
});

it('says nothing of what installs nothing: another disc, one that cannot run, a disk with a system', () => {
  expect(planInstallRoom(setup('linux'), BLANK, 1e12)).toBeNull();
  expect(planInstallRoom(setup(null), BLANK, 1e12)).toBeNull();
  expect(planInstallRoom(setup('windows-7', 'cannot-run'), BLANK, 1e12)).toBeNull();
  expect(planInstallRoom(setup('windows-7'), { ...BLANK, holdsSystem: true }, 1e12)).toBeNull();
});
