import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './tools.ts';

/** Runs `work` with a folder of its own, which is gone when it is done. */
export function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'images-'));
  let result: T | null = null;
  const remove = (): void => rmSync(folder, { recursive: true });
  try {
    result = work(folder);
    return result instanceof Promise ? (result.finally(remove) as T) : result;
  } finally {
    if (!(result instanceof Promise)) remove();
  }
}

/** The bytes of an image that qemu-img makes of `raw`. */
export function convert(raw: Uint8Array, ...args: string[]): Uint8Array {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'raw'), raw);
    run('qemu-img', ['convert', '-f', 'raw', ...args, join(folder, 'raw'), join(folder, 'image')]);
    return new Uint8Array(readFileSync(join(folder, 'image')));
  });
}

/** A copy of `bytes` with a few of them changed by `change`. */
export function altered(bytes: Uint8Array, change: (view: DataView, copy: Uint8Array) => void): Uint8Array {
  const copy = bytes.slice();
  change(new DataView(copy.buffer), copy);
  return copy;
}
