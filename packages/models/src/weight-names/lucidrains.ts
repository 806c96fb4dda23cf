/**
 * Weights of lucidrains' g-mlp-pytorch 0.1.5 (`gMLP`, the language model, and aMLP), both ways. Reading, the config is read off
 * the shapes.
 *
 * What shapes cannot tell must be said: whether the model was causal. Not taken: several heads and circulant matrices (these
 * have weights of their own and are refused by name), and shifted tokens (which leave no trace).
 */
import { GmlpError, type HostArray } from '@gmlp/base';
import { loadStrict, toNamed } from '@gmlp/layers';
import { expectFamily } from '../expect-family.ts';
import { type GmlpLanguageWeights, gmlpLanguageFamily } from '../gmlp-language.ts';
import { parseConfig } from '../parse-config.ts';
import { type NameMap, toOurs, toTheirs } from './name-map.ts';

const map: NameMap = {
  source: 'g-mlp-pytorch',
  rules: [
    { theirs: 'to_embed.weight', ours: 'embedding.weight' },
    { theirs: 'layers.#.fn.norm.weight', ours: 'blocks.#.norm.scale' },
    { theirs: 'layers.#.fn.norm.bias', ours: 'blocks.#.norm.offset' },
    { theirs: 'layers.#.fn.fn.fn.proj_in.0.weight', ours: 'blocks.#.expand.weight', change: 'transpose' },
    { theirs: 'layers.#.fn.fn.fn.proj_in.0.bias', ours: 'blocks.#.expand.bias' },
    { theirs: 'layers.#.fn.fn.fn.sgu.norm.weight', ours: 'blocks.#.gate.norm.scale' },
    { theirs: 'layers.#.fn.fn.fn.sgu.norm.bias', ours: 'blocks.#.gate.norm.offset' },
    { theirs: 'layers.#.fn.fn.fn.sgu.weight', ours: 'blocks.#.gate.spatial.weight', change: { leadingOnes: 1 } },
    { theirs: 'layers.#.fn.fn.fn.sgu.bias', ours: 'blocks.#.gate.spatial.bias', change: { leadingOnes: 1 } },
    { theirs: 'layers.#.fn.fn.fn.attn.to_qkv.weight', ours: 'blocks.#.gate.attention.qkv.weight', change: 'transpose' },
    { theirs: 'layers.#.fn.fn.fn.attn.to_out.weight', ours: 'blocks.#.gate.attention.output.weight', change: 'transpose' },
    { theirs: 'layers.#.fn.fn.fn.attn.to_out.bias', ours: 'blocks.#.gate.attention.output.bias' },
    { theirs: 'layers.#.fn.fn.fn.proj_out.weight', ours: 'blocks.#.contract.weight', change: 'transpose' },
    { theirs: 'layers.#.fn.fn.fn.proj_out.bias', ours: 'blocks.#.contract.bias' },
    { theirs: 'to_logits.0.weight', ours: 'norm.scale' },
    { theirs: 'to_logits.0.bias', ours: 'norm.offset' },
    { theirs: 'to_logits.1.weight', ours: 'head.weight', change: 'transpose' },
    { theirs: 'to_logits.1.bias', ours: 'head.bias' },
  ],
};

/** Their `state_dict`, by name, as one of our models with its parameters. */
export function readLucidrains(
  weights: ReadonlyMap<string, HostArray>,
  { causal = false }: { readonly causal?: boolean } = {},
): GmlpLanguageWeights {
  const named = lucidrainsNames(weights);
  const extent = (name: string, axis: number): number => {
    const array = named.get(name);
    if (array === undefined)
      throw new GmlpError('name-mismatch', `readLucidrains: the weights lack what becomes ${name}`, { name });
    return array.shape[axis]!;
  };
  const layers = new Set([...named.keys()].flatMap((name) => /^blocks\.(\d+)\./.exec(name)?.[1] ?? [])).size;
  const config = parseConfig('readLucidrains', gmlpLanguageFamily.schema, {
    family: 'gmlp-language',
    vocabulary: extent('embedding.weight', 0),
    channels: extent('embedding.weight', 1),
    tokens: extent('blocks.0.gate.spatial.bias', 0),
    hiddenChannels: extent('blocks.0.expand.bias', 0),
    layers,
    spatialWeight: 'dense',
    causal,
    epsilon: 1e-5,
    attentionChannels: named.get('blocks.0.gate.attention.output.weight')?.shape[0] ?? 0,
    attentionBias: false,
    head: { tied: false, transform: false, bias: true },
  });
  return { config, params: loadStrict(gmlpLanguageFamily.create(config).spec, named) };
}

/** Their arrays (weights, or gradients of them) under our names. */
export function lucidrainsNames(named: ReadonlyMap<string, HostArray>): Map<string, HostArray> {
  return toOurs(map, named);
}

/**
 * A model as their `state_dict`: reading it gives the same back, bit for bit. Their `gMLP` must be made with the same sizes, and
 * with `causal` when the config is.
 *
 * Errors: `invalid-config` lists whatever of the config their model cannot be; `name-mismatch` and `shape-mismatch` name the
 * parameters that are not the config's.
 */
export function writeLucidrains({ config, params }: GmlpLanguageWeights): Map<string, HostArray> {
  expectFamily('writeLucidrains', config, ['gmlp-language']);
  const attention = config.attentionChannels > 0;
  const problems = [
    config.gate !== 'split' && `gate: expected "split", got "${config.gate}"`,
    config.spatialWeight !== 'dense' && `spatialWeight: expected "dense", got "${config.spatialWeight}"`,
    config.activation !== 'erf' && `activation: expected "erf", got "${config.activation}"`,
    config.epsilon !== 1e-5 && `epsilon: expected 1e-5, got ${config.epsilon}`,
    attention && config.attentionBias && 'attentionBias: expected false, got true',
    config.head.tied && 'head.tied: expected false, got true',
    config.head.transform && 'head.transform: expected false, got true',
    !config.head.bias && 'head.bias: expected true, got false',
  ].filter((problem) => problem !== false);
  if (problems.length > 0) {
    const message = `writeLucidrains: their model cannot be this one; train one whose config has\n  ${problems.join('\n  ')}`;
    throw new GmlpError('invalid-config', message, { problems });
  }
  return toTheirs(map, toNamed(loadStrict(gmlpLanguageFamily.create(config).spec, toNamed<HostArray>(params))));
}
