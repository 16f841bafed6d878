import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { BlobSource } from '../../bytes/byte-source.ts';

/** A file on this computer as the page sees one: a Blob that is read in place. */
export async function openFile(path: string): Promise<BlobSource> {
  return new BlobSource(await openAsBlob(path), basename(path));
}
