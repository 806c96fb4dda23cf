/**
 * Text that goes on after a prompt, by a causal gMLP or aMLP: its scores at a position are for the token that comes next.
 *
 * The model reads sequences of one length, so what is there so far is filled up behind, with any id: no position sees a later
 * one. Only the scores at the last token are asked for. Prompt and text together are at most as long as the model's sequences: the
 * last position of a sequence has no next token to learn from. The model runs once a token.
 */
import { GmlpError, type HostArray, hostArray, type Key, type MapLeaves } from '@gmlp/base';
import { inference } from '@gmlp/layers';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { CreatedModel } from './create-model.ts';
import { greedySearch } from './decoding/greedy-search.ts';
import type { Decoded, Hypothesis, NextLogProbabilities } from './decoding/next-log-probabilities.ts';
import type { SampleOptions } from './decoding/sample-next-token.ts';
import { samplingSearch } from './decoding/sampling-search.ts';
import type { ConfigOf, ParametersOf } from './families.ts';
import { checkTokenIds } from './token-ids.ts';

/** Where the model runs: what a device of `@gmlp/devices` does, of which this package knows no more. */
export interface ModelDevice {
  compile<Arguments extends readonly unknown[], Result>(
    fn: (...args: Arguments) => Result,
  ): { (...args: Arguments): Promise<Result>; dispose(): Promise<void> };
  put<T>(tree: T): MapLeaves<T, HostArray, Tensor>;
  read<T>(tree: T): Promise<MapLeaves<T, Tensor, HostArray>>;
}

export interface GenerateOptions {
  /** The id that ends a text, as `[SEP]` ends a document. */
  readonly end: number;
  /** A text of so many tokens, its end counted, goes on no longer; as many as the model's sequences have room for by default. */
  readonly maximumTokens?: number | undefined;
  /** Draws each token by this key; when left out, each is the likeliest. */
  readonly sampling?: (SampleOptions & { readonly key: Key }) | undefined;
  /** Stops before the next token. */
  readonly signal?: AbortSignal | undefined;
}

/** What comes after the ids of a prompt: at least one, and fewer than the model's tokens. */
export interface TextGenerator {
  (params: ParametersOf<'gmlp-language'>, prompt: readonly number[], options: GenerateOptions): Promise<Decoded>;
  /** Frees what was compiled for it; a later call is an error. */
  dispose(): Promise<void>;
}

/** `model.config` must be causal. Compiles once: keep the generator. It may be called with many prompts and with any parameters that are on the device. */
export function textGenerator(device: ModelDevice, { config, module }: CreatedModel<'gmlp-language'>): TextGenerator {
  const { tokens, vocabulary } = config;
  if (!config.causal) {
    throw new GmlpError(
      'invalid-config',
      'textGenerator: expected a causal model, got one whose tokens see later ones; train one with causal: true, as gmlp_causal_base',
      { causal: config.causal },
    );
  }
  const scores = device.compile((params: ParametersOf<'gmlp-language'>, ids: Tensor, positions: Tensor): Tensor => {
    const logits = module.apply(params, { ids, positions }, inference);
    return tf.reshape(tf.logSoftmax(logits), [ids.shape[0]!, vocabulary]);
  });
  const lastScores = async (params: ParametersOf<'gmlp-language'>, rows: readonly (readonly number[])[]): Promise<HostArray> => {
    const ids = new Int32Array(rows.length * tokens);
    rows.forEach((row, index) => void ids.set(row, index * tokens));
    const positions = Int32Array.from(rows, ({ length }) => length - 1);
    const given = device.put({
      ids: hostArray('int32', [rows.length, tokens], ids),
      positions: hostArray('int32', [rows.length, 1], positions),
    });
    try {
      const result = await scores(params, given.ids, given.positions);
      try {
        return await device.read(result);
      } finally {
        result.dispose();
      }
    } finally {
      tf.dispose([given.ids, given.positions]);
    }
  };
  const generate = async (
    ...[params, prompt, { end, maximumTokens, sampling, signal }]: Parameters<TextGenerator>
  ): Promise<Decoded> => {
    expectPrompt(prompt, config);
    const next: NextLogProbabilities = (hypotheses: readonly Hypothesis[]) => {
      if (signal?.aborted) {
        const written = hypotheses[0]!.ids.length - 1;
        throw new GmlpError('aborted', `textGenerator: stopped after ${written} tokens`, { written }, { cause: signal.reason });
      }
      return lastScores(
        params,
        hypotheses.map(({ ids }) => [...prompt, ...ids.slice(1)]),
      );
    };
    const room = tokens - prompt.length;
    const search = { next, sources: 1, begin: prompt.at(-1)!, end, maximumTokens: Math.min(maximumTokens ?? room, room) };
    const found = await (sampling === undefined ? greedySearch(search) : samplingSearch({ ...search, ...sampling }));
    return found[0]!;
  };
  return Object.assign(generate, { dispose: () => scores.dispose() });
}

function expectPrompt(prompt: readonly number[], { tokens, vocabulary }: ConfigOf<'gmlp-language'>): void {
  if (prompt.length < 1 || prompt.length >= tokens) {
    throw new GmlpError(
      'invalid-argument',
      `textGenerator: expected a prompt of 1 to ${tokens - 1} tokens, as the model reads ${tokens} with the text, got ${prompt.length}`,
      { tokens: prompt.length, limit: tokens - 1 },
    );
  }
  checkTokenIds(hostArray('int32', [prompt.length], Int32Array.from(prompt)), vocabulary);
}
