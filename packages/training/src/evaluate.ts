/** The mean loss of a model over a fixed stream of batches: (sum of all losses) / (count of all labels). */
import { GmlpError, type HostArray, type Key, type MapLeaves } from '@gmlp/base';
import type { Device } from '@gmlp/devices';
import type { Tensor } from '@tensorflow/tfjs-core';
import { perplexity } from './perplexity.ts';
import { disposeTree, type LossFunction, type LossSum } from './training-step.ts';

export interface Evaluation {
  /** Nats per label. */
  readonly loss: number;
  readonly perplexity: number;
  /** Labels that counted. */
  readonly count: number;
}

export interface EvaluateOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with the number of batches done. */
  readonly onBatch?: (done: number) => void;
}

export interface Evaluator<P, B> {
  (
    params: P,
    batches: AsyncIterable<MapLeaves<B, Tensor, HostArray>> | Iterable<MapLeaves<B, Tensor, HostArray>>,
    key: Key,
    options?: EvaluateOptions,
  ): Promise<Evaluation>;
  /** Frees what was compiled for it; a later call is an error. */
  dispose(): Promise<void>;
}

/** Compiles once; keep the evaluator and call it with many parameters. The loss must count something in the whole stream. */
export function evaluator<P, B>(device: Device, loss: LossFunction<P, B>): Evaluator<P, B> {
  const losses = device.compile((params: P, batch: B, key: Key): LossSum => loss(params, batch, key));
  const evaluate = async (
    ...[params, batches, key, { signal, onBatch } = {}]: Parameters<Evaluator<P, B>>
  ): Promise<Evaluation> => {
    let sum = 0;
    let count = 0;
    let done = 0;
    for await (const hostBatch of batches) {
      if (signal?.aborted)
        throw new GmlpError('aborted', `evaluate: stopped after ${done} batches`, {}, { cause: signal.reason });
      const batch = device.put(hostBatch) as B;
      try {
        const result = await losses(params, batch, key);
        const values = await device.read(result);
        disposeTree(result);
        sum += values.sum.data[0]!;
        count += values.count.data[0]!;
      } finally {
        disposeTree(batch);
      }
      onBatch?.(++done);
    }
    if (count === 0) throw new GmlpError('invalid-data', `evaluate: no label counted in ${done} batches; give a longer stream`);
    if (!Number.isFinite(sum))
      throw new GmlpError('numerical', `evaluate: the loss is ${sum}; the parameters hold NaN or infinity`);
    return { loss: sum / count, perplexity: perplexity(sum / count), count };
  };
  return Object.assign(evaluate, { dispose: () => losses.dispose() });
}
