import { BlobSource } from '../bytes/byte-source.ts';
import { toWireError } from '../lib/errors.ts';
import { hashDisc } from '../media/hash-disc.ts';
import type { HasherToPage, PageToHasher } from '../protocol/hash-messages.ts';

/** The worker's side of one summing, apart from where messages come from. Never rejects: a failure is an answer. */
export async function runHashTask(
  { file, name }: PageToHasher,
  post: (message: HasherToPage) => void,
): Promise<void> {
  try {
    const onProgress = (progress: Extract<HasherToPage, { type: 'hash-progress' }>['progress']): void =>
      post({ type: 'hash-progress', progress });
    post({ type: 'hash-done', sum: await hashDisc(new BlobSource(file, name), { onProgress }) });
  } catch (thrown) {
    post({ type: 'hash-failed', error: toWireError(thrown, 'media/hash-failed') });
  }
}
