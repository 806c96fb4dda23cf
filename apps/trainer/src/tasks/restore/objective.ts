/** The smoothed loss of a Transformer on pairs (Vaswani and others, 2017, section 5.4), and how many words it restores. */
import { GmlpError } from '@gmlp/base';
import type { Context } from '@gmlp/layers';
import type { ConfigOf, ModelOf, ParametersOf } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { loadTokenizer, type Tokenizer } from '@gmlp/text';
import { type Figures, type LossSum, lossObjective, type Objective } from '@gmlp/training';
import { type PairBatch, specialIds } from './pair-batch.ts';
import type { Passages } from './pairs-form.ts';
import { passageRestorer } from './restore-passages.ts';
import { correctWords } from './word-accuracy.ts';

export interface RestoreModel {
  readonly config: ConfigOf<'transformer'>;
  readonly module: ModelOf<'transformer'>;
}

/** Measures the loss without smoothing and `wordAccuracy`, the share of the words that greedy search gives back. */
export function restoreObjective(
  { config, module }: RestoreModel,
  labelSmoothing: number,
  tokenizerFile: string | undefined,
): Objective<ParametersOf<'transformer'>, PairBatch, Passages> {
  const loss =
    (smoothing: number) =>
    (params: ParametersOf<'transformer'>, { labels, ...pair }: PairBatch, context: Context): LossSum =>
      softmaxCrossEntropy(module.apply(params, pair, context), labels, { labelSmoothing: smoothing });
  const plain = lossObjective<ParametersOf<'transformer'>, PairBatch>(loss(0));
  return {
    loss: loss(labelSmoothing),
    evaluator(device, exchange) {
      const losses = plain.evaluator(device, exchange);
      const tokenizer = tokenizerOf(config, tokenizerFile);
      const restorer = passageRestorer({ device, model: module, config, tokenizer });
      return {
        async measure(params, batches, { signal, onBatch } = {}): Promise<Figures> {
          const own: { readonly correct: number; readonly words: number }[] = [];
          const searched = async function* () {
            for await (const batch of batches) {
              const passages = batch.about;
              const restored = await restorer.restore(params, passages, { width: 1, signal });
              const correct = passages.reduce((sum, { words }, index) => sum + correctWords(words, restored[index]!), 0);
              own.push({ correct, words: passages.reduce((sum, { words }) => sum + words.length, 0) });
              yield batch;
            }
          };
          const { loss: mean } = await losses.measure(params, searched(), { signal, onBatch });
          const parts = (await exchange.gather(own)).flat();
          const total = (name: 'correct' | 'words'): number => parts.reduce((sum, part) => sum + part[name], 0);
          return { loss: mean!, wordAccuracy: total('correct') / total('words') };
        },
        async dispose() {
          await Promise.all([losses.dispose(), restorer.dispose()]);
        },
      };
    },
  };
}

/** Only what is measured needs it. */
function tokenizerOf({ padding }: ConfigOf<'transformer'>, file: string | undefined): Tokenizer {
  if (file === undefined)
    throw new GmlpError('not-found', 'restore: the model has no tokenizer.json, which its words are made by');
  const tokenizer = loadTokenizer(file);
  const { padding: actual } = specialIds(tokenizer);
  if (actual === padding) return tokenizer;
  throw new GmlpError(
    'invalid-config',
    `restore: the tokenizer's [PAD] has the id ${actual}, the model's padding is ${padding}; set it with --set model.padding=${actual}`,
    { padding, actual },
  );
}
