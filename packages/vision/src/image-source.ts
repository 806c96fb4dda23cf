/** What a data set of labelled images is to whoever trains on it, whatever its files look like. */

export interface ImageClass {
  /** What the data set calls it: the name of its folder, a WordNet id, or its number. */
  readonly id: string;
  /** What people call it; the id where no names are known. */
  readonly name: string;
}

export type ImageFileKind = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'bmp';

/** A file's bytes, or rows of pixels with red, green and blue side by side. */
export type ImageEncoding =
  | { readonly kind: ImageFileKind }
  | { readonly kind: 'rgb'; readonly width: number; readonly height: number };

/** Where a sample lies, for people who look for it. */
export interface SampleOrigin {
  /** A path or an address. */
  readonly file: string;
  /** The first byte of the image in the file; of a parquet file, the row. */
  readonly offset: number;
  /** What the sample is called inside the file: the name of its entry, its key, its number. */
  readonly key: string;
}

/** An image that nobody has said the class of. */
export interface UnlabelledImage {
  readonly bytes: Uint8Array;
  readonly encoding: ImageEncoding;
  readonly from: SampleOrigin;
}

export interface EncodedImage extends UnlabelledImage {
  /** The place of its class in `classes`. */
  readonly label: number;
}

export interface ReadImageOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Images with labels, any of which can be read at any time. What says which image is which is small and in memory; the images
 * stay where they are. The same description of the same files gives the same samples in the same order, in every process.
 */
export interface ImageSource {
  readonly count: number;
  readonly classes: readonly ImageClass[];
  /**
   * Where samples are stored in blocks that are read as a whole, the index of the first sample of each block, from 0 up.
   * An order that stays within some blocks for a while reads each once.
   */
  readonly blocks?: readonly number[];
  /** SHA-256 of which samples there are, with their labels: of another data set, or another order of it, it is another. */
  readonly fingerprint: string;
  /** How many samples were left out because something is wrong with them, by reason. */
  readonly skipped: ReadonlyMap<string, number>;
  /** The label of a sample, without reading it. */
  label(index: number): number;
  /** A sample; a broken one is an error of code `invalid-data` that names the file, the byte and what is wrong. */
  read(index: number, options?: ReadImageOptions): Promise<EncodedImage>;
  close(): Promise<void>;
}
