/**
 * The row of a family that classifies images: a body with a head on its tokens.
 *
 *   image float32 [batch, height, width, inputChannels] -> logits [batch, classes]
 */
import { type DenseParameters, type Layer, type Module, patchTokens, type Spec } from '@gmlp/layers';
import type { Complete, Family, Forward, ModelFacts, Schema } from './family.ts';
import { imageClassificationHead } from './heads/image-classification.ts';
import type { ImageOptions } from './image-config.ts';
import type { WithHead } from './with-head.ts';

export type ImageClassifier<Body, Head = DenseParameters> = Module<WithHead<Body, Head>>;

/** Parameters and products are counted with the head. */
export function imageFamily<Config extends Complete<ImageOptions>, Options, Params>(
  schema: Schema<Options, Config>,
  create: (config: Config) => Module<Params>,
  /** What is not the same in all families. */
  facts: (config: Config) => Partial<ModelFacts> = () => ({}),
): Family<Options, Module<Params>, Config> {
  const forward = (config: Config): Forward => {
    const { spec, apply } = create(config);
    return { spec, apply: (params, { image }, context) => apply(params as Params, image!, context) };
  };
  return {
    schema,
    create,
    inputs: ({ imageSize, inputChannels }) => ({
      image: { dtype: 'float32', shape: ['batch', imageSize, imageSize, inputChannels] },
    }),
    facts: (config) => ({
      layers: config.layers,
      tokens: patchTokens(config),
      channels: config.channels,
      hiddenChannels: config.hiddenChannels,
      causal: false,
      attentionChannels: 0,
      grid: config.imageSize / config.patchSize,
      classes: config.head.classes,
      ...facts(config),
    }),
    forward,
    counted: forward,
  };
}

/** A body with a head on the mean of its tokens. */
export function meanClassifier<Body>(config: Complete<ImageOptions>, body: Module<Body>): ImageClassifier<Body> {
  return imageClassifier(body, imageClassificationHead({ ...config, ...config.head, pooling: 'mean' }));
}

export function imageClassifier<Body, Head>(body: Module<Body>, head: Layer<Head>): ImageClassifier<Body, Head> {
  return {
    spec: { ...body.spec, head: head.spec } as Spec<WithHead<Body, Head>>,
    apply: (params, image, context) => head.apply(params.head, body.apply(params, image, context)),
  };
}
