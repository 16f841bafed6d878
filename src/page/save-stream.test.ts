import { describe, expect, it } from 'vitest';
import { openMemorySink } from './save-memory.ts';
import { fileNameOf } from './save-stream.ts';

describe('fileNameOf', () => {
  it('makes a name that every system takes', () => {
    expect(fileNameOf('Windows 7.vitrine')).toBe('Windows 7.vitrine');
    expect(fileNameOf('a/b\\c:*?"<>|d\n.img')).toBe('a-b-c-d-.img');
    expect(fileNameOf('..')).toBe('machine');
    expect(fileNameOf('\ud800x.vhd')).toBe('-x.vhd');
    const long = fileNameOf(`${'💾'.repeat(300)}.qcow2`);
    expect(long).toMatch(/^(?:💾)+\.qcow2$/u);
    expect(encodeURIComponent(long)).toContain('qcow2');
  });
});

describe('a file that is gathered in the page', () => {
  it('is refused at its limit, beforehand where its size is known', async () => {
    expect(() => openMemorySink('a.img', 101, 100)).toThrow(/too large/);
    const sink = openMemorySink('a.img', null, 100);
    await sink.write(new Uint8Array(100));
    await expect(sink.write(new Uint8Array(1))).rejects.toMatchObject({ code: 'save/too-large-here' });
  });
});
