/** What is kept of the runs that say what pretraining is worth on SST-2. */
import type { StoredRun } from './stored-run.ts';

/** A model learns English from a folder of text. */
export interface TextRun extends StoredRun<TextFigures> {
  readonly of: 'text';
  /** The name of its recipe. */
  readonly recipe: string;
  readonly seed: number;
  readonly steps: number;
}

/** The model is trained further on the sentences, or begins with drawn weights. */
export interface SentenceRun extends StoredRun<SentenceFigures> {
  readonly of: 'sentences';
  /** The recipe of the model that it begins with. */
  readonly recipe: string;
  readonly untrained: boolean;
  readonly seed: number;
  readonly steps: number;
}

export type Sst2Run = TextRun | SentenceRun;

interface TextFigures {
  readonly valLoss: number;
  readonly valPerplexity: number;
  readonly unigramPerplexity: number;
}

interface SentenceFigures {
  readonly valAccuracy: number;
  readonly valLoss: number;
  readonly commonestAccuracy: number;
}
