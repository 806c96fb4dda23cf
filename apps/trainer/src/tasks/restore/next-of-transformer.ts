/**
 * A Transformer on a device as what greedy and beam search ask. The sources are encoded once. Every question has the same number
 * of rows, and its targets are filled up to a multiple of 16 tokens, so that few shapes are compiled.
 */
import { type HostArray, hostArray } from '@gmlp/base';
import { type Device, disposeTree } from '@gmlp/devices';
import { inference } from '@gmlp/layers';
import type { ConfigOf, ModelOf, NextLogProbabilities, ParametersOf } from '@gmlp/models';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { filledUp } from './pair-batch.ts';

const step = 16;

type Question = { readonly rows: Tensor; readonly target: Tensor; readonly positions: Tensor };

export interface OpenSearch {
  readonly next: NextLogProbabilities;
  dispose(): void;
}

/** Compiles once; then opens searches over sources, int32 [sources, tokens], with at most `rows` hypotheses at a time. */
export function searchesOf(device: Device, model: ModelOf<'transformer'>, { padding, tokens }: ConfigOf<'transformer'>) {
  const encode = device.compile((params: ParametersOf<'transformer'>, source: Tensor) => model.encode(params, source, inference));
  const answer = device.compile((params: ParametersOf<'transformer'>, memory: Tensor, source: Tensor, asked: Question) => {
    const logits = model.decode(
      params,
      {
        memory: tf.gather(memory, asked.rows),
        source: tf.gather(source, asked.rows),
        target: asked.target,
        positions: asked.positions,
      },
      inference,
    );
    return tf.logSoftmax(tf.squeeze(logits, [1]));
  });

  const open = async (params: ParametersOf<'transformer'>, hostSource: HostArray, rows: number): Promise<OpenSearch> => {
    const source = device.put(hostSource) as Tensor;
    const memory = await encode(params, source);
    const next: NextLogProbabilities = async (hypotheses) => {
      const length = hypotheses[0]!.ids.length;
      const filled = Math.min(Math.ceil(length / step) * step, tokens);
      const all = Array.from({ length: rows }, (_, row) => hypotheses[row] ?? hypotheses[0]!);
      const asked = device.put({
        rows: hostArray(
          'int32',
          [rows],
          Int32Array.from(all, ({ source }) => source),
        ),
        target: filledUp(
          all.map(({ ids }) => ids),
          filled,
          padding,
        ),
        positions: hostArray('int32', [rows, 1], new Int32Array(rows).fill(length - 1)),
      }) as Question;
      const result = await answer(params, memory, source, asked);
      const { shape, data } = (await device.read(result)) as HostArray<'float32'>;
      disposeTree([asked, result]);
      const vocabulary = shape[1]!;
      return hostArray('float32', [hypotheses.length, vocabulary], data.subarray(0, hypotheses.length * vocabulary));
    };
    return { next, dispose: () => disposeTree([source, memory]) };
  };

  return {
    open,
    async dispose(): Promise<void> {
      await Promise.all([encode.dispose(), answer.dispose()]);
    },
  };
}
