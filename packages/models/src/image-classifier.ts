/**
 * A body for images with a head on its tokens.
 *
 *   image float32 [batch, height, width, inputChannels] -> logits [batch, classes]
 */
import type { Layer, Module, Spec } from '@gmlp/layers';
import type { WithHead } from './with-head.ts';

export function imageClassifier<Body, Head>(body: Module<Body>, head: Layer<Head>): Module<WithHead<Body, Head>> {
  return {
    spec: { ...body.spec, head: head.spec } as Spec<WithHead<Body, Head>>,
    apply: (params, image, context) => head.apply(params.head, body.apply(params, image, context)),
  };
}
