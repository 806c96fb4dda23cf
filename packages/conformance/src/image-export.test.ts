/** The image models as ONNX files for others: any batch size, the scores of TF.js's cpu backend. */
import { hostArray } from '@gmlp/base';
import { exportOnnx } from '@gmlp/compiler';
import { inference } from '@gmlp/layers';
import { createModel, familyOf } from '@gmlp/models';
import { expectClose } from '@gmlp/testing';
import type { Tensor } from '@tensorflow/tfjs-core';
import ort from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { device, runOnce } from './on-every-device.ts';
import { images, randomWeights, smallImageModels } from './small-image-models.ts';

it.each(Object.entries(smallImageModels))('%s', async (_, options) => {
  const { config } = createModel(options);
  const { forward, inputs } = familyOf(config);
  const { spec, apply } = forward(config);
  const weights = randomWeights(spec);
  const { model } = exportOnnx(
    ((params: unknown, named: Record<string, Tensor>) => ({ logits: apply(params, named, inference) })) as never,
    { parameters: weights, inputs: inputs(config) },
  );
  const session = await ort.InferenceSession.create(model);
  const eager = await device('tfjs-cpu');
  const params = eager.put(weights);
  for (const batch of [1, 2, 5]) {
    const image = images(batch);
    const { logits } = await session.run({ image: new ort.Tensor('float32', image.data, [...image.shape]) });
    const scores = eager.compile((p: object, x: Tensor) => [apply(p, { image: x }, inference)]);
    const [expected] = await runOnce(eager, (x) => scores(params, x!), [image]);
    expect(logits!.dims).toEqual([batch, 7]);
    expectClose(hostArray('float32', [batch, 7], logits!.data as Float32Array), expected!, { name: `batch of ${batch}` });
  }
  await session.release();
});
