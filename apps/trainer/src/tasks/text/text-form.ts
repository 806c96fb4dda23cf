/** What a task makes of documents: rows of ids, and batches of rows. */
import type { PackedSequences, TextDocument, Tokenizer } from '@gmlp/text';
import type { Figures, HostBatch } from '@gmlp/training';

export interface TextForm<Data, B, About> {
  /** Of a form other than running text, its name in text.json. */
  readonly name?: string;
  /** What a row is to people: `sequences`, `pairs`. */
  readonly rows: string;
  /** The ids of a row, for a model that reads so many tokens. */
  rowLength(tokens: number): number;
  /** What a tokenizer is trained on, of a document or passage. */
  learnt(text: string): Iterable<string>;
  /** Documents as rows of ids. */
  pack(
    documents: AsyncIterable<TextDocument>,
    tokenizer: Tokenizer,
    rowLength: number,
  ): AsyncIterable<Int32Array> | Iterable<Int32Array>;
  /** Refuses a tokenizer that lacks what the task needs: before the text is packed, which may take long. */
  expectTokenizer(tokenizer: Tokenizer, data: Partial<Data>): void;
  /** Endless, from batch number `first` on. */
  training(rows: Rows<Data>, first: number): AsyncIterable<HostBatch<B, About>>;
  /** All that is held out, in its order. */
  validation(rows: Rows<Data>): AsyncIterable<HostBatch<B, About>>;
  validationBatches(rows: Pick<Rows<Data>, 'packed' | 'batchSize' | 'data'>): number;
  /** Bytes of text that a token stands for, of those that may be asked for: the mean over the rows. Absent where a loss is no code length. */
  bytesPerToken?(rows: Rows<Data>): Promise<number>;
  /** The figures of a model that knows nothing. */
  baseline(training: Rows<Data>, validation: Rows<Data>): Promise<Figures>;
}

/** Of a packed file, or of all shards of a corpus. */
export interface PackedRows extends PackedSequences {
  readonly sequenceLength: number;
  sequence(index: number): Promise<Int32Array>;
}

export interface Rows<Data> {
  readonly packed: PackedRows;
  readonly tokenizer: Tokenizer;
  readonly data: Partial<Data>;
  readonly batchSize: number;
  readonly seed: number;
}
