import { expect, test } from 'vitest';
import type { PartitionOnDisk } from '../media/disk-report.ts';
import { diskWindowsWords, partitionList } from './disk-report-words.ts';

const partition: PartitionOnDisk = {
  offsetBytes: 2 ** 20,
  lengthBytes: 20 * 2 ** 30,
  type: '07',
  active: true,
  logical: false,
  fileSystem: 'ntfs',
  label: 'System',
};

test('partitions are listed one by one, of thousands the first', () => {
  expect(partitionList([partition])).toEqual(['NTFS “System”, 20 GB, marked to start']);
  const many = partitionList(Array.from({ length: 8192 }, () => partition));
  expect([many.length, many.at(-1)]).toEqual([25, 'and 8168 more']);
});

test('a Windows that does not tell its version has none', () => {
  const nine = {
    name: 'Windows 95, 98 / Me',
    version: '4',
    architecture: 'x86',
    partition: 0,
    hal: null,
    hibernated: false,
  } as const;
  expect(diskWindowsWords(nine)).toBe('Windows 95, 98 / Me, 32-bit');
  expect(diskWindowsWords({ ...nine, name: 'Windows 98', version: '4.10.2222.0' })).toBe(
    'Windows 98, 32-bit, 4.10.2222.0',
  );
});
