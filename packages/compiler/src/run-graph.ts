/** For tests: runs a graph with ONNX Runtime and gives its outputs as host arrays. */
import { type HostArray, hostArray } from '@gmlp/base';
import ort from 'onnxruntime-node';
import type { Graph } from './graph.ts';
import { portName, toOnnx } from './onnx/to-onnx.ts';
import { anyProvider, type Target } from './target.ts';

export async function runGraph(graph: Graph, inputs: readonly HostArray[], target: Target = anyProvider): Promise<HostArray[]> {
  const session = await ort.InferenceSession.create(toOnnx(graph, target), { graphOptimizationLevel: 'disabled' });
  const feeds = Object.fromEntries(
    inputs.map(({ dtype, data, shape }, index) => [
      portName.input(index),
      new ort.Tensor(dtype, data as Float32Array, [...shape]),
    ]),
  );
  const results = await session.run(feeds);
  await session.release();
  return graph.outputs.map((id, index) => {
    const { dtype, shape } = graph.values[id]!;
    return hostArray(dtype as 'float32', shape, results[portName.output(index)]!.data as Float32Array);
  });
}
