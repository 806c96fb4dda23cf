/**
 * Scores for the piece at each position, as BERT's masked language modelling:
 *
 *   hidden [..., channels] -> logits [..., vocabulary] = transform(hidden) E^T + bias
 *
 * E is the embedding's table when tied, a matrix of its own otherwise; transform is norm(gelu(dense(x))) or absent.
 */
import {
  type DenseParameters,
  dense,
  type EmbeddingParameters,
  type LayerNormParameters,
  layerNorm,
  parameter,
  type Spec,
  tiedLogits,
} from '@gmlp/layers';
import { dense as denseOp, type GeluForm, gelu } from '@gmlp/ops';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod/mini';
import type { Complete, Schema } from '../family.ts';

export interface MaskedLanguageHeadOptions {
  /** Whether the output's matrix is the embedding's table. */
  readonly tied?: boolean | undefined;
  /** Whether BERT's dense, GELU and norm come before the output. */
  readonly transform?: boolean | undefined;
  /** Whether each piece has a bias. */
  readonly bias?: boolean | undefined;
}

export const maskedLanguageHeadSchema: Schema<MaskedLanguageHeadOptions> = z.strictObject({
  tied: z._default(z.boolean(), true),
  transform: z._default(z.boolean(), false),
  bias: z._default(z.boolean(), true),
});

export type MaskedLanguageHeadParameters = {
  readonly transform?: { readonly dense: DenseParameters; readonly norm: LayerNormParameters };
  /** [channels, vocabulary]; absent when tied. */
  readonly weight?: Tensor;
  /** [vocabulary] */
  readonly bias?: Tensor;
};

interface MaskedLanguageHeadForm extends Complete<MaskedLanguageHeadOptions> {
  readonly vocabulary: number;
  readonly channels: number;
  readonly activation: GeluForm;
  readonly epsilon: number;
}

interface MaskedLanguageHead {
  readonly spec: Spec<MaskedLanguageHeadParameters>;
  apply(params: MaskedLanguageHeadParameters, hidden: Tensor, embedding: EmbeddingParameters): Tensor;
}

export function maskedLanguageHead(form: MaskedLanguageHeadForm): MaskedLanguageHead {
  const { vocabulary, channels, tied, transform, bias, activation, epsilon } = form;
  const project = dense({ inputs: channels, outputs: channels });
  const norm = layerNorm({ channels, epsilon });
  return {
    spec: {
      ...(transform && { transform: { dense: project.spec, norm: norm.spec } }),
      ...(!tied && { weight: parameter([channels, vocabulary], { kind: 'truncated-normal', deviation: 0.02 }, { decay: true }) }),
      ...(bias && { bias: parameter([vocabulary], { kind: 'constant', value: 0 }, { decay: false }) }),
    },
    apply(params, hidden, embedding) {
      const x = params.transform
        ? norm.apply(params.transform.norm, gelu(project.apply(params.transform.dense, hidden), activation))
        : hidden;
      if (params.weight) return denseOp(x, params.weight as Tensor2D, params.bias as Tensor1D | undefined);
      const logits = tiedLogits(x, embedding.weight as Tensor2D);
      return params.bias ? tf.add(logits, params.bias) : logits;
    },
  };
}
