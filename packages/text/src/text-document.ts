/** A text as a reader yields it, and where it came from: enough to name it in an error and to read on after it. */
export interface TextDocument {
  readonly text: string;
  /** When it was crawled and where, if the source says so (C4 does). */
  readonly timestamp: string | null;
  readonly url: string | null;
  readonly source: DocumentSource;
}

/** A record of a file, counted from 0. */
export interface DocumentSource {
  readonly file: string;
  readonly record: number;
}

/** Anything with a text: what the trainer of tokenizers and the packing take. */
export type Texts = AsyncIterable<{ readonly text: string }> | Iterable<{ readonly text: string }>;
