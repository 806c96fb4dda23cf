/** Fills the masks of sentences with a saved model. */
import { GmlpError, type HostArray, hostArray } from '@gmlp/base';
import type { Device } from '@gmlp/devices';
import { inference } from '@gmlp/layers';
import { encodeSentences, type FilledMask, likeliest } from '@gmlp/text';
import { disposeTree } from '@gmlp/training';
import type { Tensor } from '@tensorflow/tfjs-core';
import { isCausal, type LanguageParameters, type LoadedLanguageModel } from './load-language-model.ts';

/** So many masks go through the model at once. */
const masksAtOnce = 16;

export async function fillMasks(
  device: Device,
  { module, config, tokenizer, params: values }: LoadedLanguageModel,
  sentences: readonly string[],
  { count, signal }: { readonly count: number; readonly signal: AbortSignal },
): Promise<FilledMask[]> {
  if (isCausal(config)) {
    throw new GmlpError(
      'invalid-argument',
      'fillMasks: expected a model that sees the tokens on both sides of a mask, got a causal one, which goes on with a text: gmlp generate',
    );
  }
  const { ids, positions } = encodeSentences(sentences, tokenizer, config.tokens);
  const scores = device.compile((params: LanguageParameters, rows: Tensor, places: Tensor) =>
    module.apply(params, { ids: rows, positions: places }, inference),
  );
  const masks = positions.data.length;
  const logits = new Float32Array(masks * config.vocabulary);
  const params = device.put(values) as unknown as LanguageParameters;
  try {
    for (let first = 0; first < masks; first += masksAtOnce) {
      if (signal.aborted) throw new GmlpError('aborted', `fillMasks: stopped after ${first} of ${masks} masks`);
      const last = Math.min(first + masksAtOnce, masks);
      const part = [rowsOf(ids, first, last), rowsOf(positions, first, last)];
      const [rows, places] = device.put(part) as unknown as [Tensor, Tensor];
      const result = await scores(params, rows, places);
      const { data } = (await device.read(result)) as HostArray;
      logits.set(data, first * config.vocabulary);
      disposeTree([rows, places, result]);
    }
  } finally {
    disposeTree(params);
  }
  return likeliest(hostArray('float32', [masks, 1, config.vocabulary], logits), tokenizer, sentences, count);
}

function rowsOf({ shape, data }: HostArray<'int32'>, first: number, last: number): HostArray<'int32'> {
  const width = shape[1]!;
  return hostArray('int32', [last - first, width], data.slice(first * width, last * width));
}
