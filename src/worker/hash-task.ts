import { BlobSource } from '../bytes/byte-source.ts';
import { toWireError } from '../lib/errors.ts';
import { openDisc } from '../media/disc-source.ts';
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
    const disc = await openDisc(new BlobSource(file, name));
    post({ type: 'hash-done', sum: await hashDisc(disc, { onProgress }) });
  } catch (thrown) {
    post({ type: 'hash-failed', error: toWireError(thrown, 'media/hash-failed') });
  }
}
