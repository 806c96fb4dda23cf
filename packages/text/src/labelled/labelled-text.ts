/** A text to classify, or two texts whose relation is. */
export interface LabelledText {
  readonly first: string;
  readonly second?: string;
  /** As the file has it: a word, or a number. */
  readonly label?: string;
  /** The number of its class, where labels are known and it has one. */
  readonly class?: number;
  /** Its number in the file, from 0 on; a line that names columns is none. */
  readonly record: number;
}

/** How such texts are stored. TSV is that of GLUE: a quotation mark is a character as any other. `text`: a line is a text without a label. */
export type LabelledFormat = 'tsv' | 'csv' | 'jsonl' | 'parquet' | 'text';

/** By which names each column may go, the first that is there counts. */
export interface LabelledColumns {
  readonly first: readonly string[];
  /** Absent: there is one text. */
  readonly second?: readonly string[];
  readonly label: readonly string[];
}

/** Where each column is in a file whose first line is a record. */
export interface NumberedColumns {
  /** How many there are. */
  readonly width: number;
  readonly first: number;
  readonly second?: number;
  readonly label?: number;
}
