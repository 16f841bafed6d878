import { VitrineError } from './errors.ts';

/**
 * The parts of a browser that it has only on a secure address (https, or localhost; W3C Secure Contexts), or not at all:
 * those that a page and a worker have; `page/secure-parts.ts` has those of a page. Nobody else names them
 * (`secure-parts.test.ts`), so it is decided in one place what is done without them. Each is null where it is missing, or
 * has the way of doing without it.
 */

/** Whether the browser takes the address of the page, or of the worker, for secure. */
export function isSecureAddress(): boolean {
  const scope: { readonly isSecureContext?: boolean } = globalThis;
  return scope.isSecureContext ?? true;
}

/** What is told of an address that is not secure: what is missing, and the two ways out. */
export function notSecure(cause?: unknown): VitrineError {
  const scope: { readonly location?: { readonly host: string; readonly port: string } } = globalThis;
  const { host = '', port = '' } = scope.location ?? {};
  return new VitrineError(
    'page/not-secure',
    { address: `http://${host}`, local: `http://localhost${port === '' ? '' : `:${port}`}` },
    { cause },
  );
}

/** Web Locks; throws 'page/not-secure' where there are none: without them two tabs could write on one disk. */
export function webLocks(): LockManager {
  const { locks } = navigator as { locks?: LockManager };
  if (!locks) throw notSecure();
  return locks;
}

/** Web Cryptography; throws 'page/not-secure' where there is none. */
export function webCrypto(): SubtleCrypto {
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  if (!subtle) throw notSecure();
  return subtle;
}

/** A random UUID (RFC 9562 §5.4), also where `crypto.randomUUID` is missing. */
export function randomId(): string {
  const source = crypto as { randomUUID?: () => string };
  if (source.randomUUID) return source.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Whether a value is a handle of a file of the visitor's, as a store gives it back. */
export function isFileHandle(value: unknown): value is FileSystemFileHandle {
  return typeof FileSystemFileHandle === 'function' && value instanceof FileSystemFileHandle;
}

export function storageManager(): StorageManager | null {
  return (navigator as { storage?: StorageManager }).storage ?? null;
}

export function cacheStorage(): CacheStorage | null {
  return (globalThis as { caches?: CacheStorage }).caches ?? null;
}
