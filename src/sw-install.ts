import type { ShellFailure } from './protocol/shell-messages.ts';

/** A file of a version: its address relative to the exhibit, and what it must hold. */
export interface ShellFile {
  readonly path: string;
  /** SHA-256 of its bytes, in hexadecimal; null for a file that a museum may edit. */
  readonly sha256: string | null;
}

/** What an installation needs of the browser. */
export interface Installation {
  /** Every file of this version. */
  readonly files: readonly ShellFile[];
  /**
   * The policy that the page has in itself. What is kept answers with it: a worker takes its policy from the response
   * that its script came in (HTML §10.2.6), and a server without settings sends none.
   */
  readonly policy: string;
  /** Where this version is kept. */
  readonly cache: Pick<Cache, 'put'>;
  /** The file as an older version on this device has it. */
  kept(path: string): Promise<Response | undefined>;
  fetch(path: string): Promise<Response>;
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

const POLICY_HEADER = 'Content-Security-Policy';

/** As many as browsers ask one server for at a time. */
const AT_ONCE = 6;

/**
 * Keeps every file of a version. A file whose name holds a hash of its content is taken from an older version
 * where that has it; everything else comes from the server. A version is of one piece: a file that is not what the
 * build made (a server whose files are being copied one after the other) is not kept. Rejects with a
 * `ShellInstallError` at the first file that cannot be had or kept; what was kept until then is the caller's to remove.
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

async function keep({ path, sha256 }: ShellFile, installation: Installation): Promise<void> {
  const kept = isNamedByContent(path) ? await installation.kept(path) : undefined;
  const response =
    (kept && (await asMade(kept, sha256))) ?? (await asMade(await load(path, installation), sha256));
  if (!response) throw new ShellInstallError('server-mixed', path);
  try {
    if (!response.headers.has(POLICY_HEADER)) response.headers.set(POLICY_HEADER, installation.policy);
    await installation.cache.put(path, response);
  } catch (cause) {
    const isFull = cause instanceof DOMException && cause.name === 'QuotaExceededError';
    throw new ShellInstallError(isFull ? 'storage-full' : 'unexpected', path, { cause });
  }
}

/** The same response when it holds what the build made; null when it does not. */
async function asMade(response: Response, sha256: string | null): Promise<Response | null> {
  const bytes = await response.arrayBuffer();
  if (sha256 !== null && (await hashOf(bytes)) !== sha256) return null;
  const { status, statusText, headers } = response;
  return new Response(bytes, { status, statusText, headers });
}

async function hashOf(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function load(path: string, installation: Installation): Promise<Response> {
  try {
    const response = await installation.fetch(path);
    if (!response.ok) throw new Error(String(response.status));
    // One that breaks off half-way fails here.
    const { status, statusText, headers } = response;
    return new Response(await response.arrayBuffer(), { status, statusText, headers });
  } catch (cause) {
    throw new ShellInstallError('server-lost', path, { cause });
  }
}
