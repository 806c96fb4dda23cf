/** What a model costs, from its config alone: nothing is allocated, so the largest takes no longer than the smallest. */
import { mapTree } from '@gmlp/base';
import { costOf, type Placeholder, placeholder } from '@gmlp/compiler';
import { countParameters, inference, type Parameter } from '@gmlp/layers';
import { familyOf, type ModelConfig } from '@gmlp/models';
import type { Tensor } from '@tensorflow/tfjs-core';

export interface ModelCost {
  readonly family: string;
  /** As the paper counts: of a language model the token embedding, blocks and final norm. */
  readonly params: number;
  /** Multiply-adds of the matrix products of the same, for one sample of the model's length or size. */
  readonly macs: number;
}

export function modelCost(config: ModelConfig): ModelCost {
  const { spec } = familyOf(config).counted(config);
  return { family: config.family, params: countParameters(spec), macs: multiplyAdds(config) };
}

/** The blocks of a model are alike: those of a deep one follow from what the second block adds to the first. */
function multiplyAdds(config: ModelConfig): number {
  if ('body' in config || config.layers <= 2) return tracedMultiplyAdds(config);
  const [one, two] = [1, 2].map((layers) => tracedMultiplyAdds({ ...config, layers })) as [number, number];
  return one + (config.layers - 1) * (two - one);
}

function tracedMultiplyAdds(config: ModelConfig): number {
  const family = familyOf(config);
  const { spec, apply } = family.counted(config);
  const parameters = mapTree<Parameter, Placeholder, unknown>(spec, ({ dtype, shape }) => placeholder(dtype, shape));
  const inputs = Object.fromEntries(
    Object.entries(family.inputs(config)).map(([name, { dtype, shape }]) => [
      name,
      placeholder(
        dtype,
        shape.map((extent) => (extent === 'batch' ? 1 : extent)),
      ),
    ]),
  );
  const forward = (params: unknown, given: Record<string, Tensor>): Tensor => apply(params, given, inference);
  return costOf(forward, parameters, inputs).multiplyAdds;
}
