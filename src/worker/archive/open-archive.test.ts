import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { MemorySource } from '../../bytes/byte-source.ts';
import { nextTask } from '../../lib/next-task.ts';
import { aMachineFile } from '../testing/machine-file.ts';
import { OpenArchive } from './open-archive.ts';

test('a file of any length is gone through without holding what was read of it', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (const options of [{}, { signal: new AbortController().signal }]) {
    const archive = await OpenArchive.open(new MemorySource(await aMachineFile()), options);
    const read: WeakRef<Uint8Array>[] = [];
    for (const chunk of archive.manifest.chunks.keys()) read.push(new WeakRef(await archive.read(chunk)));
    expect(read.length).toBeGreaterThan(5);
    await nextTask();
    collect();
    expect(read.filter((one) => one.deref())).toEqual([]);
    archive.checkWanted();
  }
});
