import { ERROR_WORDS, type ErrorCode, type ErrorParams } from './error-words.ts';

export type { ErrorCode, ErrorParams };

/**
 * A promise the product could not keep, with a stable `code` and a sentence for the visitor that names the
 * thing, says what is wrong and what to do next. `detail` is for the curious (shown behind a disclosure) and
 * may be technical; `params` are what the sentence was made from, so that another language can make its own.
 */
export class VitrineError extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
  readonly detail: string;

  constructor(code: ErrorCode, params: ErrorParams = {}, options: { cause?: unknown; detail?: string } = {}) {
    super(ERROR_WORDS[code](params), { cause: options.cause });
    this.name = 'VitrineError';
    this.code = code;
    this.params = params;
    this.detail = options.detail ?? describeCause(options.cause);
  }

  /** Its sentence in the language that the page speaks now; `message` is in the one it was made in. */
  get words(): string {
    return ERROR_WORDS[this.code](this.params);
  }
}

/** What of a `VitrineError` crosses a worker boundary: structured clone drops the class and its fields. */
export interface WireError {
  code: ErrorCode;
  params: ErrorParams;
  detail: string;
}

/** Any thrown value as a `VitrineError`; what is not one already becomes `fallback` with the cause kept. */
export function toVitrineError(thrown: unknown, fallback: ErrorCode = 'internal/unexpected'): VitrineError {
  return thrown instanceof VitrineError ? thrown : new VitrineError(fallback, {}, { cause: thrown });
}

export function toWireError(thrown: unknown, fallback?: ErrorCode): WireError {
  const { code, params, detail } = toVitrineError(thrown, fallback);
  return { code, params, detail };
}

export function fromWireError({ code, params, detail }: WireError): VitrineError {
  return new VitrineError(code, params, { detail });
}

function describeCause(cause: unknown): string {
  if (cause === undefined) return '';
  if (cause instanceof Error) return cause.stack ?? `${cause.name}: ${cause.message}`;
  return typeof cause === 'string' ? cause : (JSON.stringify(cause) ?? typeof cause);
}
