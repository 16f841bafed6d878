import type { ShellFailure } from './protocol/shell-messages.ts';

/** What an installation needs of the browser. */
export interface Installation {
  /** Every file of this version, by its address relative to the exhibit. */
  readonly files: readonly string[];
  /** Where this version is kept. */
  readonly cache: Pick<Cache, 'put'>;
  /** The file as an older version on this device has it. */
  kept(file: string): Promise<Response | undefined>;
  fetch(file: string): Promise<Response>;
  /** Called after each file that is kept, and once before the first. */
  onProgress(done: number, total: number): void;
}

/** An installation that ended before every file was kept. */
export class ShellInstallError extends Error {
  readonly failure: ShellFailure;
  constructor(failure: ShellFailure, file: string, options: ErrorOptions = {}) {
    super(`${file} could not be kept: ${failure}`, options);
    this.failure = failure;
  }
}

/** As many as browsers ask one server for at a time. */
const AT_ONCE = 6;

/**
 * Keeps every file of a version. A file whose name holds a hash of its content is taken from an older version
 * where that has it; everything else comes from the server. Rejects with a `ShellInstallError` at the first file
 * that cannot be had or kept; what was kept until then is the caller's to remove.
 */
export async function installShell(installation: Installation): Promise<void> {
  const { files } = installation;
  let next = 0;
  let done = 0;
  installation.onProgress(0, files.length);
  const lane = async (): Promise<void> => {
    while (next < files.length) {
      await keep(files[next++], installation);
      installation.onProgress(++done, files.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  } catch (error) {
    // The other lanes stop after the file they are at.
    next = files.length;
    throw error;
  }
}

/** Like `assets/v86-Bq3x_0aZ.wasm`: another content has another name. */
export function isNamedByContent(file: string): boolean {
  return /(^|\/)assets\/[^/]+-[\w-]{8}\.\w+$/.test(file);
}

async function keep(file: string, installation: Installation): Promise<void> {
  const kept = isNamedByContent(file) ? await installation.kept(file) : undefined;
  const response = kept ?? (await load(file, installation));
  try {
    await installation.cache.put(file, response);
  } catch (cause) {
    const isFull = cause instanceof DOMException && cause.name === 'QuotaExceededError';
    // A body that breaks off half-way fails here too, as a TypeError.
    const isBroken = cause instanceof TypeError;
    throw new ShellInstallError(isFull ? 'storage-full' : isBroken ? 'server-lost' : 'unexpected', file, {
      cause,
    });
  }
}

async function load(file: string, installation: Installation): Promise<Response> {
  let response: Response;
  try {
    response = await installation.fetch(file);
  } catch (cause) {
    throw new ShellInstallError('server-lost', file, { cause });
  }
  if (!response.ok)
    throw new ShellInstallError('server-lost', file, { cause: new Error(String(response.status)) });
  return response;
}
