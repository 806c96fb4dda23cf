/** Passages as a model restores them, by greedy search or beam search, some at a time. */
import type { Device } from '@gmlp/devices';
import { beamSearch, greedySearch, type TransformerConfig, type TransformerModel } from '@gmlp/models';
import type { Tokenizer } from '@gmlp/text';
import { searchesOf } from './next-of-transformer.ts';
import { type Pair, restoredWords } from './pairs.ts';
import { filledUp, type Parameters, specialIds } from './restore-task.ts';

export interface RestorerOptions {
  readonly device: Device;
  readonly model: TransformerModel;
  readonly config: TransformerConfig;
  readonly tokenizer: Tokenizer;
}

export interface RestorePassagesOptions {
  /** Of the beam; 1 for greedy search. */
  readonly width: number;
  /** Called after each group of passages, with how many are done; may throw to stop. */
  readonly onProgress: (done: number, total: number) => void;
}

/** The words of each passage, in their order. */
export type RestorePassages = (
  params: Parameters,
  passages: readonly Pair[],
  options: RestorePassagesOptions,
) => Promise<string[][]>;

const hypothesesAtOnce = 128;

export function passageRestorer({ device, model, config, tokenizer }: RestorerOptions): RestorePassages {
  const open = searchesOf(device, model, config);
  const { begin, end, padding } = specialIds(tokenizer);
  return async (params, passages, { width, onProgress }) => {
    const restored: string[][] = [];
    const group = Math.max(1, Math.floor(hypothesesAtOnce / width));
    for (let first = 0; first < passages.length; first += group) {
      const sources = passages.slice(first, first + group).map(({ source }) => source);
      const { next, dispose } = await open(params, filledUp(sources, config.tokens, padding), sources.length * width);
      try {
        const options = { next, sources: sources.length, begin, end, maximumTokens: config.tokens };
        const found =
          width === 1 ? await greedySearch(options) : (await beamSearch({ ...options, width })).map(([best]) => best!);
        restored.push(...found.map(({ ids }) => restoredWords(ids, tokenizer)));
      } finally {
        dispose();
      }
      onProgress(restored.length, passages.length);
    }
    return restored;
  };
}
