/** What a prepared text is made of, and what its preparation needs of the command. */
import type { ProgressLine } from '@gmlp/training/node';
import type { TextSourceOptions } from './text-source.ts';

/** What a prepared text depends on besides the seed. */
export interface TextSettings extends TextSourceOptions {
  /** From 1 on: how many documents are held out; below 1: which part of the text. */
  readonly heldOut: number;
  /** How many pieces the tokenizer has. */
  readonly vocabulary: number;
  /** A tokenizer.json to use; one is trained on the text otherwise. */
  readonly tokenizer?: string | undefined;
  /** The length of a packed row. */
  readonly tokens: number;
  /** What its rows are; running text when absent. */
  readonly form?: string;
}

export interface TextWork {
  readonly progress: ProgressLine;
  readonly now: () => number;
  /** Called between two pieces of work; throws to stop. */
  readonly stopIfAborted: () => void;
}
