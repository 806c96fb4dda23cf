/** What a run trains on: its prepared text as batches of its task. Batch number b has the same content in every run of a recipe. */
import { GmlpError, key, split } from '@gmlp/base';
import {
  type Asked,
  countPieces,
  type MaskedBatch,
  maskOptions,
  specialId,
  type Tokenizer,
  trainingBatches,
  unigramPerplexity,
  validationBatches,
} from '@gmlp/text';
import { type HostBatch, hostBatches } from '@gmlp/training';
import type { Recipe } from '../recipes/recipe.ts';
import type { PreparedText } from '../tasks/text/prepare-text.ts';
import type { TextSettings } from '../tasks/text/text-settings.ts';

export interface RunData {
  /** From number `first` on, endless. */
  readonly training: (first: number) => AsyncIterable<HostBatch>;
  /** All of the held-out text, in its order. */
  readonly validation: () => AsyncIterable<HostBatch>;
  /** The same as trees of arrays. */
  readonly masked: () => AsyncIterable<MaskedBatch>;
  /** How many batches validation has. */
  readonly validationBatches: number;
  /** Of a model that knows only how often each piece occurs, on the tokens that validation asks for. */
  unigramPerplexity(): Promise<number>;
}

export function textSettings({ data }: Recipe, { tokens }: { readonly tokens: number }): TextSettings {
  const { source, path, onBad, heldOut, vocabulary, tokenizer } = data;
  return { source, path, onBad, heldOut, vocabulary, tokenizer, tokens };
}

export function runData({ task, seed, batchSize, data }: Recipe, text: PreparedText): RunData {
  expectBatch(text, batchSize);
  const root = key(seed);
  const { asked, never } = askedTokens({ task, data }, text.tokenizer);
  // Without gradients a batch needs far less memory than in training.
  const evaluationBatch = Math.min(4 * batchSize, 32);
  const validation = () => validationBatches(text.validation, evaluationBatch, split(root, 'validation'), asked);
  return {
    training: (first) => hostBatches(trainingBatches(text.training, batchSize, split(root, 'batches'), asked, first), tokensIn),
    validation: () => hostBatches(validation(), tokensIn),
    masked: validation,
    validationBatches: Math.ceil(text.validation.count / evaluationBatch),
    async unigramPerplexity() {
      const counts = await countPieces(text.training, never);
      const labels: number[] = [];
      for await (const batch of validation()) for (const label of batch.labels.data) labels.push(label);
      return unigramPerplexity(counts, labels);
    },
  };
}

/** What a task asks for, and the ids that it never asks for. Refuses a tokenizer that lacks a token which the task needs. */
export function askedTokens(
  { task, data }: Pick<Recipe, 'task' | 'data'>,
  tokenizer: Tokenizer,
): { readonly asked: Asked; readonly never: ReadonlySet<number> } {
  if (task === 'next-token') return { asked: task, never: new Set([specialId(tokenizer, '[CLS]')]) }; // begins a sequence: comes after nothing
  const mask = maskOptions(tokenizer, data.maskRate);
  return { asked: mask, never: mask.specialIds };
}

const tokensIn = ({ ids }: MaskedBatch): number => ids.data.length;

/** Before the first step, not at the first batch. */
function expectBatch({ training }: PreparedText, batchSize: number): void {
  if (training.count >= batchSize) return;
  throw new GmlpError(
    'invalid-data',
    `the training text has ${training.count} sequences of ${training.sequenceLength} tokens, a batch takes ${batchSize}; give more text, or take a smaller batch (batchSize)`,
    { sequences: training.count, batchSize },
  );
}
