import { BlobSource } from '../bytes/byte-source.ts';
import type { Progress } from '../lib/progress-meter.ts';
import { Answerer } from '../lib/rpc.ts';
import { openDisc } from '../media/disc-source.ts';
import { hashDisc } from '../media/hash-disc.ts';
import type { HashCalls, HasherToPage } from '../protocol/hash-messages.ts';

/** The worker's side of summing files, apart from where messages come from. */
export function hashHost(post: (message: HasherToPage) => void): Answerer<HashCalls, Progress> {
  return new Answerer(
    post,
    async (_name, args, { signal, tell }) => {
      const [file, name] = args as Parameters<HashCalls['hash']>;
      const disc = await openDisc(new BlobSource(file, name));
      return hashDisc(disc, { signal, onProgress: (progress) => tell(progress) });
    },
    'media/hash-failed',
  );
}
