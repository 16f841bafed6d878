/** A file in a drive: read in place by the worker, never copied. */
export interface Medium {
  file: Blob;
  name: string;
}
