/**
 * A gMLP, an aMLP or a BERT made to read sequences of another length, as for fine-tuning at 128 tokens what was trained at 512.
 * Of a gMLP and an aMLP only the spatial projections of the gates change; with m the new length and n the old:
 *
 *   toeplitz  the weight of each distance k stays, |k| < min(m, n); weights of distances that are new are 0
 *   dense     W[i, j] stays for i, j < min(m, n); rows and columns that are new are 0
 *   bias      b[i] stays for i < min(m, n); that of new tokens is 1, as the gates of new models start
 *
 * What follows for the outputs at the first min(m, n) tokens, those of the same text cut or continued:
 *
 *   - A causal model gives the same as before, whatever its weights and with tiny attention too.
 *   - Another model changes by what the tokens beyond contribute to them alone: a shorter one lacks it. In a longer one the new
 *     tokens contribute nothing where W is dense and there is no tiny attention; where it is Toeplitz they do, over the distances that
 *     are known, and tiny attention looks at every token.
 *
 * Longer and back is the identity, to the bit. Shorter and back is not: what was cut off is lost.
 *
 * A BERT keeps the vectors of its first places, and gives the same for every text that still fits. A longer one would have places for
 * which nothing was learned: it is refused where places have vectors, and all there is to change is the config where they do not.
 */
import { GmlpError, type HostArray, hostArray, mapTree, pathName, sizeOf } from '@gmlp/base';
import { expectParameters, toNamed } from '@gmlp/layers';
import { type BertWeights, bertFamily } from './bert.ts';
import { expectFamily } from './expect-family.ts';
import { type GmlpLanguageWeights, gmlpLanguageFamily } from './gmlp-language.ts';
import { parseConfig } from './parse-config.ts';

/**
 * The same model for sequences of `tokens`; what does not change is shared with the old one. For a head for fine-tuning, change the
 * pretrained model before `withTrainedBody`.
 *
 * Errors: `invalid-argument` for a model of another family, for `tokens` that is not a positive whole number, and for a BERT with
 * vectors of fewer places; `name-mismatch` and `shape-mismatch` list the parameters that are not the config's.
 */
export function changeSequenceLength(model: GmlpLanguageWeights, tokens: number): GmlpLanguageWeights;
export function changeSequenceLength(model: BertWeights, tokens: number): BertWeights;
export function changeSequenceLength(
  model: GmlpLanguageWeights | BertWeights,
  tokens: number,
): GmlpLanguageWeights | BertWeights {
  expectFamily('changeSequenceLength', model.config, ['gmlp-language', 'bert']);
  if (!Number.isSafeInteger(tokens) || tokens < 1) {
    throw new GmlpError(
      'invalid-argument',
      `changeSequenceLength: expected tokens of at least 1, a whole number, got ${tokens}`,
      {
        tokens,
      },
    );
  }
  return isBert(model) ? changedBert(model, tokens) : changedGmlp(model, tokens);
}

const isBert = (model: GmlpLanguageWeights | BertWeights): model is BertWeights => model.config.family === 'bert';

const strange = "changeSequenceLength: the parameters are not this config's";

function changedBert({ config: given, params }: BertWeights, tokens: number): BertWeights {
  const old = parseConfig('changeSequenceLength', bertFamily.schema, given);
  expectParameters(strange, bertFamily.create(old).spec, toNamed(params));
  const config = { ...old, tokens };
  const { positions } = params;
  if (positions === undefined) return { config, params };
  if (tokens > old.tokens) {
    throw new GmlpError(
      'invalid-argument',
      `changeSequenceLength: expected at most ${old.tokens} tokens, as this BERT has learned vectors of so many places, got ${tokens}`,
      { tokens, most: old.tokens },
    );
  }
  const weight = resized(positions.weight, [tokens, old.channels], { fill: 0 });
  return { config, params: { ...params, positions: { weight } } };
}

function changedGmlp(model: GmlpLanguageWeights, tokens: number): GmlpLanguageWeights {
  const old = parseConfig('changeSequenceLength', gmlpLanguageFamily.schema, model.config);
  expectParameters(strange, gmlpLanguageFamily.create(old).spec, toNamed(model.params));
  const config = { ...old, tokens };
  const params = mapTree<HostArray, HostArray, GmlpLanguageWeights['params']>(model.params, (array, path) => {
    const [, part] = /^blocks\.\d+\.gate\.spatial\.(weight|bias)$/.exec(pathName(path)) ?? [];
    if (part === 'bias') return resized(array, [tokens], { fill: 1 });
    if (part !== 'weight') return array;
    return old.spatialWeight === 'dense'
      ? resized(array, [tokens, tokens], { fill: 0 })
      : resized(array, [2 * tokens - 1], { fill: 0, first: old.tokens - tokens });
  });
  return { config, params: params as GmlpLanguageWeights['params'] };
}

/** An array of another shape: at each place what stood `first` places further along every axis, `fill` where nothing did. */
function resized(
  { data, shape: from }: HostArray,
  shape: readonly number[],
  { fill, first = 0 }: { readonly fill: number; readonly first?: number },
): HostArray {
  const result = new Float32Array(sizeOf(shape)).fill(fill);
  const columns = { old: from.at(-1)!, new: shape.at(-1)! };
  const rows = Math.min(sizeOf(from) / columns.old, result.length / columns.new);
  const [source, target] = [Math.max(first, 0), Math.max(-first, 0)];
  const kept = Math.min(columns.old - source, columns.new - target);
  for (let row = 0; row < rows; row++) {
    const begin = row * columns.old + source;
    result.set(data.subarray(begin, begin + kept), row * columns.new + target);
  }
  return hostArray('float32', shape, result);
}
