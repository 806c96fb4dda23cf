/**
 * The portable form of whole training graphs of image models runs on ONNX Runtime's WebGPU without one node on the CPU, and
 * agrees with it; devices.test.ts has that of a language model.
 * Needs a Vulkan driver; without a GPU, Chromium's SwiftShader: VK_DRIVER_FILES=/usr/lib/chromium/vk_swiftshader_icd.json.
 */
import { type HostArray, hostArray, key, randomWords, resolveKey, sizeOf } from '@gmlp/base';
import { type Graph, optimise, placeholder, portName, toOnnx, trace } from '@gmlp/compiler';
import type { Module } from '@gmlp/layers';
import { createModel, type ModelOptions } from '@gmlp/models';
import { softmaxCrossEntropy } from '@gmlp/ops';
import { expectAllClose } from '@gmlp/testing';
import { lossAndGradients } from '@gmlp/training';
import type * as tf from '@tensorflow/tfjs-core';
import ort from 'onnxruntime-node';
import { it } from 'vitest';
import { ints, normal } from './on-every-device.ts';
import { smallImageModels } from './small-image-models.ts';

function imageGraph(options: ModelOptions): Graph {
  const image = createModel(options).module as unknown as Module<object>;
  const batch = { image: placeholder('float32', [3, 12, 12, 3]), labels: placeholder('int32', [3]) };
  const step = (params: object, given: { image: tf.Tensor; labels: tf.Tensor }, source: ReturnType<typeof key>) =>
    lossAndGradients(
      (p: object, { image: x, labels }: typeof given, k) =>
        softmaxCrossEntropy(image.apply(p, x, { key: k, training: true }), labels),
      params,
      given,
      source,
    );
  return optimise(trace(step as never, [image.spec, batch, key(0)]).graph);
}

const imageModels = ['ResMLP', 'ViT with a distillation token'] as const;

// Between them they have every op of the image models; shaders take ten seconds a graph to compile.
const graphs: Readonly<Record<string, () => Graph>> = Object.fromEntries(
  imageModels.map((name) => [name, () => imageGraph({ ...smallImageModels[name], layers: 1 })]),
);

function feedsOf(graph: Graph): Record<string, ort.Tensor> {
  const tensor = ({ dtype, data, shape }: HostArray) => new ort.Tensor(dtype, data as Float32Array, [...shape]);
  const feeds: Record<string, ort.Tensor> = {};
  for (const [index, id] of graph.inputs.entries()) {
    const { shape, dtype } = graph.values[id]!;
    const ids = Array.from({ length: sizeOf(shape) }, (_, i) => (i * 7) % 5);
    feeds[portName.input(index)] = tensor(dtype === 'int32' ? ints(shape, ids) : normal(`input ${index}`, shape, 0.5));
  }
  for (const [index, { value, key: source }] of graph.randomInputs.entries()) {
    const { shape } = graph.values[value]!;
    feeds[portName.random(index)] = tensor(hostArray('uint32', shape, randomWords(resolveKey(source, [key(4)]), sizeOf(shape))));
  }
  return feeds;
}

async function run(graph: Graph, options: ort.InferenceSession.SessionOptions): Promise<Map<string, HostArray>> {
  const session = await ort.InferenceSession.create(toOnnx(graph, 'portable'), { logSeverityLevel: 3, ...options });
  const results = await session.run(feedsOf(graph));
  await session.release();
  return new Map(
    graph.outputs.map((id, index) => {
      const name = portName.output(index);
      return [name, hostArray('float32', graph.values[id]!.shape, results[name]!.data as Float32Array)];
    }),
  );
}

it.skipIf(!process.env['VK_DRIVER_FILES']).each(Object.entries(graphs))(
  'the training graph of %s on WebGPU, every node of it (skipped unless VK_DRIVER_FILES names a Vulkan driver)',
  async (_, build) => {
    const graph = build();
    const expected = await run(graph, { executionProviders: ['cpu'] });
    const actual = await run(graph, { executionProviders: ['webgpu'], extra: { session: { disable_cpu_ep_fallback: '1' } } });
    expectAllClose(actual, expected, { kind: 'gradient' });
  },
  240_000,
);
