/** Fills the masks of sentences with a saved model. */
import { GmlpError, type HostArray, hostArray, mapTree } from '@gmlp/base';
import { type Device, disposeTree } from '@gmlp/devices';
import { inference } from '@gmlp/layers';
import { familyOf, type MaskedLanguageInput } from '@gmlp/models';
import {
  encodePaddedSentences,
  encodeSentences,
  type FilledMask,
  likeliest,
  type MaskedSentences,
  type PaddedSentences,
} from '@gmlp/text';
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
  const scores = device.compile((params: LanguageParameters, rows: MaskedLanguageInput) => module.apply(params, rows, inference));
  // A tokenizer with a frame is of a BERT that read single texts and padding; ours read a stream of documents.
  const padded = config.family === 'bert' && tokenizer.framed([]).length > 0;
  const encode = padded ? encodePaddedSentences : encodeSentences;
  const params = device.put<LanguageParameters>(values);
  return {
    async fill(sentences, { count, signal }) {
      const encoded = encode(sentences, tokenizer, config.tokens);
      const masks = encoded.positions.data.length;
      const logits = new Float32Array(masks * config.vocabulary);
      for (let first = 0; first < masks; first += masksAtOnce) {
        if (signal.aborted) throw new GmlpError('aborted', `maskFiller: stopped after ${first} of ${masks} masks`);
        const last = Math.min(first + masksAtOnce, masks);
        const rows = device.put(someRows(encoded, first, last));
        try {
          const result = await scores(params, rows);
          try {
            logits.set((await device.read(result)).data, first * config.vocabulary);
          } finally {
            disposeTree(result);
          }
        } finally {
          disposeTree(rows);
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

/** The inputs of the model, of masks first, ..., last - 1. */
type Encoded = MaskedSentences | PaddedSentences;

function someRows(encoded: Encoded, first: number, last: number): Encoded {
  return mapTree(encoded, ({ dtype, shape, data }: HostArray) => {
    const width = shape[1]!;
    return hostArray(dtype, [last - first, width], data.slice(first * width, last * width));
  }) as Encoded;
}
