/** What the configs of all image models share. */
import type { SurvivalSpread } from '@gmlp/layers';
import type { GeluForm } from '@gmlp/ops';
import * as z from 'zod/mini';
import { activationField, count, type Defaulted, type Field, layersField, survivalField } from './config-fields.ts';
import { type ImageClassificationHeadOptions, imageClassificationHeadSchema } from './heads/image-classification.ts';

export interface ImageOptions {
  /** Height and width of the images, in pixels. */
  readonly imageSize: number;
  /** Height and width of a patch, which becomes a token. */
  readonly patchSize: number;
  /** Channels of a token: the paper's d_model. */
  readonly channels: number;
  /** Channels inside a block: the paper's d_ffn. */
  readonly hiddenChannels: number;
  /** How many blocks: the paper's L. */
  readonly layers: number;
  /** Channels of a pixel: 3 for red, green and blue. */
  readonly inputChannels?: number | undefined;
  /** GELU as it is defined, or its approximation by tanh. */
  readonly activation?: GeluForm | undefined;
  /** The chance of a block's branch to take part in a training step: stochastic depth when below 1. */
  readonly survivalProbability?: number | undefined;
  /** Whether all blocks survive alike, or the chance falls evenly from 1 at the first to that at the last. */
  readonly survivalSpread?: SurvivalSpread | undefined;
  /** `classes`: how many are told apart, 1000 unless given. */
  readonly head?: ImageClassificationHeadOptions | undefined;
}

export interface ImageFields {
  readonly imageSize: Field<number>;
  readonly patchSize: Field<number>;
  readonly channels: Field<number>;
  readonly hiddenChannels: Field<number>;
  readonly layers: Field<number>;
  readonly inputChannels: Defaulted<number>;
  readonly activation: Defaulted<GeluForm>;
  readonly survivalProbability: Defaulted<number>;
  readonly survivalSpread: Defaulted<SurvivalSpread>;
  readonly head: z.ZodMiniPrefault<typeof imageClassificationHeadSchema>;
}

/** The fields of a schema that are the same in every family. */
export function imageFields(spread: SurvivalSpread): ImageFields {
  return {
    imageSize: count,
    patchSize: count,
    channels: count,
    hiddenChannels: count,
    layers: layersField,
    inputChannels: z._default(count, 3),
    activation: activationField,
    survivalProbability: survivalField,
    survivalSpread: z._default(z.enum(['equal', 'falling']), spread),
    head: z.prefault(imageClassificationHeadSchema, {}),
  };
}

/** A check of a schema: patches must fill the image. */
export const patchesFillImage: z.core.$ZodCheck<Pick<ImageOptions, 'imageSize' | 'patchSize'>> = z.refine(
  ({ imageSize, patchSize }) => imageSize % patchSize === 0,
  { path: ['imageSize'], error: 'patches do not fill the image: a multiple of patchSize is needed' },
);
