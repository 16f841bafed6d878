/** A file with the name that it goes by: read in place, never copied. */
export interface NamedFile {
  readonly file: Blob;
  readonly name: string;
}

/** The files of one image: the one that says what it is comes first, the others are found by their names. */
export type NamedFiles = readonly [NamedFile, ...NamedFile[]];
