/**
 * A body for images with a head on its tokens. The body's weights keep their names whatever the head is.
 *
 *   image float32 [batch, height, width, inputChannels] -> logits [batch, classes]
 */
import type { Layer, Module, Spec } from '@gmlp/layers';

export type WithHead<Body, Head> = Body & { readonly head: Head };

export function imageClassifier<Body, Head>(body: Module<Body>, head: Layer<Head>): Module<WithHead<Body, Head>> {
  return {
    spec: { ...body.spec, head: head.spec } as Spec<WithHead<Body, Head>>,
    apply: (params, image, context) => head.apply(params.head, body.apply(params, image, context)),
  };
}
