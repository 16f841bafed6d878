/** A file that an image is, or is in part, kept in. */
export interface ImageFile {
  readonly file: Blob;
  readonly name: string;
}

/** The files of one image: the one that says what the disk is comes first, the others are found by their names. */
export type ImageFiles = readonly [ImageFile, ...ImageFile[]];
