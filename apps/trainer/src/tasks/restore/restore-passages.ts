/** Passages as a model restores them, by greedy search or beam search, some at a time. */
import { GmlpError } from '@gmlp/base';
import type { Device } from '@gmlp/devices';
import { beamSearch, type ConfigOf, greedySearch, type ModelOf, type ParametersOf } from '@gmlp/models';
import type { Tokenizer } from '@gmlp/text';
import { searchesOf } from './next-of-transformer.ts';
import { filledUp, specialIds } from './pair-batch.ts';
import { restoredWords } from './pairs.ts';
import { type Passage, passagesAtOnce } from './pairs-form.ts';

export interface RestorerOptions {
  readonly device: Device;
  readonly model: ModelOf<'transformer'>;
  readonly config: ConfigOf<'transformer'>;
  readonly tokenizer: Tokenizer;
}

export interface RestorePassagesOptions {
  /** Of the beam; 1 for greedy search. */
  readonly width: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each group of passages, with how many are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface PassageRestorer {
  /** The words of each passage, in their order. */
  restore(
    params: ParametersOf<'transformer'>,
    passages: readonly Pick<Passage, 'source'>[],
    options: RestorePassagesOptions,
  ): Promise<string[][]>;
  dispose(): Promise<void>;
}

/** Compiles once. */
export function passageRestorer({ device, model, config, tokenizer }: RestorerOptions): PassageRestorer {
  const searches = searchesOf(device, model, config);
  const { begin, end, padding } = specialIds(tokenizer);
  return {
    async restore(params, passages, { width, signal, onProgress }) {
      const restored: string[][] = [];
      const group = Math.max(1, Math.floor(passagesAtOnce / width));
      for (let first = 0; first < passages.length; first += group) {
        if (signal?.aborted) {
          const problem = `restore: stopped after ${first} of ${passages.length} passages`;
          throw new GmlpError('aborted', problem, {}, { cause: signal.reason });
        }
        const sources = passages.slice(first, first + group).map(({ source }) => source);
        const { next, dispose } = await searches.open(params, filledUp(sources, config.tokens, padding), sources.length * width);
        try {
          const options = { next, sources: sources.length, begin, end, maximumTokens: config.tokens };
          const found =
            width === 1 ? await greedySearch(options) : (await beamSearch({ ...options, width })).map(([best]) => best!);
          restored.push(...found.map(({ ids }) => restoredWords(ids, tokenizer)));
        } finally {
          dispose();
        }
        onProgress?.(restored.length, passages.length);
      }
      return restored;
    },
    dispose: () => searches.dispose(),
  };
}
