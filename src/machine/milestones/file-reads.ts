import type { BootFile, BootFileId } from '../../media/boot-files.ts';
import type { FileProgress } from './milestones.ts';

/** Parts that a file is watched in. */
const PARTS = 64;

/** Which files of the disc the machine's reads fall on, and how much of each it has seen. */
export class FileReads {
  #files: readonly BootFile[] = [];
  readonly #progress = new Map<BootFileId, { sizeBytes: number; bytes: number; parts: boolean[] }>();

  /** Another disc, with these files; what was read of a file of the same size before counts on. */
  setFiles(files: readonly BootFile[]): void {
    this.#files = files;
    for (const { id, sizeBytes } of files) {
      if (this.#progress.get(id)?.sizeBytes === sizeBytes) continue;
      this.#progress.set(id, { sizeBytes, bytes: 0, parts: Array<boolean>(PARTS).fill(false) });
    }
  }

  /** Counts a read of the disc; gives the files it fell on. */
  read(offset: number, length: number): BootFileId[] {
    const hit: BootFileId[] = [];
    const end = offset + length;
    for (const { id, extents } of this.#files) {
      let before = 0;
      for (const { offsetBytes, lengthBytes } of extents) {
        const from = Math.max(offset, offsetBytes);
        const to = Math.min(end, offsetBytes + lengthBytes);
        if (from < to) {
          this.#note(id, before + from - offsetBytes, before + to - offsetBytes);
          if (!hit.includes(id)) hit.push(id);
        }
        before += lengthBytes;
      }
    }
    return hit;
  }

  bytes(id: BootFileId): number {
    return this.#progress.get(id)?.bytes ?? 0;
  }

  /** Whether every part of it was touched. */
  isRead(id: BootFileId): boolean {
    return this.#progress.get(id)?.parts.every((part) => part) ?? false;
  }

  get progress(): FileProgress[] {
    return [...this.#progress].map(([file, { sizeBytes, bytes, parts }]) => ({
      file,
      sizeBytes,
      bytes,
      parts: parts.map((part) => (part ? '1' : '0')).join(''),
    }));
  }

  /** What `progress` gave. */
  restore(saved: readonly FileProgress[]): void {
    this.#progress.clear();
    for (const { file, sizeBytes, bytes, parts } of saved) {
      const touched = Array.from({ length: PARTS }, (_, i) => parts[i] === '1');
      this.#progress.set(file, { sizeBytes, bytes, parts: touched });
    }
  }

  #note(id: BootFileId, from: number, to: number): void {
    const progress = this.#progress.get(id)!;
    progress.bytes += to - from;
    const part = Math.max(1, progress.sizeBytes / PARTS);
    const last = Math.min(PARTS - 1, Math.floor((to - 1) / part));
    for (let i = Math.floor(from / part); i <= last; i++) progress.parts[i] = true;
    // A file of fewer bytes than parts.
    if (to >= progress.sizeBytes) progress.parts.fill(true, last);
  }
}
