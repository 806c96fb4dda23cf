/** Fills the masks of sentences with a saved model. */
import { GmlpError, type HostArray, hostArray } from '@gmlp/base';
import { type Device, disposeTree } from '@gmlp/devices';
import { inference } from '@gmlp/layers';
import { familyOf } from '@gmlp/models';
import { encodeSentences, type FilledMask, likeliest } from '@gmlp/text';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LanguageParameters } from '../tasks/text/language-objective.ts';
import type { LoadedLanguageModel } from './load-language-model.ts';

/** So many masks go through the model at once. */
const masksAtOnce = 16;

export interface MaskFiller {
  fill(sentences: readonly string[], options: { readonly count: number; readonly signal: AbortSignal }): Promise<FilledMask[]>;
  /** Frees the parameters on the device and what was compiled; a later `fill` is an error. */
  dispose(): Promise<void>;
}

/** Compiles once, and puts the parameters on the device once: for as many sentences as one likes. */
export function maskFiller(device: Device, { module, config, tokenizer, params: values }: LoadedLanguageModel): MaskFiller {
  if (familyOf(config).facts(config).causal) {
    throw new GmlpError(
      'invalid-argument',
      'maskFiller: expected a model that sees the tokens on both sides of a mask, got a causal one, which goes on with a text: gmlp generate',
    );
  }
  const scores = device.compile((params: LanguageParameters, rows: Tensor, places: Tensor) =>
    module.apply(params, { ids: rows, positions: places }, inference),
  );
  const params = device.put<LanguageParameters>(values);
  return {
    async fill(sentences, { count, signal }) {
      const { ids, positions } = encodeSentences(sentences, tokenizer, config.tokens);
      const masks = positions.data.length;
      const logits = new Float32Array(masks * config.vocabulary);
      for (let first = 0; first < masks; first += masksAtOnce) {
        if (signal.aborted) throw new GmlpError('aborted', `maskFiller: stopped after ${first} of ${masks} masks`);
        const last = Math.min(first + masksAtOnce, masks);
        const rows = device.put(rowsOf(ids, first, last));
        const places = device.put(rowsOf(positions, first, last));
        try {
          const result = await scores(params, rows, places);
          try {
            logits.set((await device.read(result)).data, first * config.vocabulary);
          } finally {
            disposeTree(result);
          }
        } finally {
          disposeTree([rows, places]);
        }
      }
      return likeliest(hostArray('float32', [masks, 1, config.vocabulary], logits), tokenizer, sentences, count);
    },
    async dispose() {
      disposeTree(params);
      await scores.dispose();
    },
  };
}

function rowsOf({ shape, data }: HostArray<'int32'>, first: number, last: number): HostArray<'int32'> {
  const width = shape[1]!;
  return hostArray('int32', [last - first, width], data.slice(first * width, last * width));
}
