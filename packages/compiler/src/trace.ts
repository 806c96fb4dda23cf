/**
 * Tracing: a function of tensors is called once with stand-ins that have a shape and a dtype but no values; TF.js kernels
 * that it calls, and those of TF.js's gradients, are recorded. As in `jax.jit`, the function must be synchronous and must
 * not read values; tensors that it closes over become constants.
 */
import { GmlpError, isKey, mapTree, pathName, tracedKey } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Graph, Value } from './graph.ts';
import { onTraceBackend } from './register-trace-backend.ts';
import { newTrace, newValue, tensorInfo, valueIdOf, withTrace } from './trace-state.ts';

export interface Traced {
  readonly graph: Graph;
  /** The function's result with the index of the graph's output in place of each tensor. */
  readonly result: unknown;
}

/** A stand-in for an argument: anything with a shape and a dtype (a tensor, a host array, a plain description). */
const isDescribed = (leaf: unknown): leaf is Value =>
  typeof leaf === 'object' && leaf !== null && 'shape' in leaf && 'dtype' in leaf;

/**
 * Traces `fn` called with `args`: trees whose leaves are tensors, host arrays (read for shape and dtype only) or keys.
 * A bare number is refused: it would be frozen into the graph, and a changing one would trace anew at each call.
 */
export function trace(fn: (...args: never[]) => unknown, args: readonly unknown[]): Traced {
  const state = newTrace();
  const inputs: number[] = [];
  let keys = 0;
  const run = (): unknown => {
    const standIns = args.map((argument, position) =>
      mapTree<unknown, unknown, unknown>(argument, (leaf, path) => {
        if (isKey(leaf)) return tracedKey(keys++);
        if (!isDescribed(leaf)) {
          throw new GmlpError(
            'invalid-argument',
            `trace: argument ${position}${path.length ? ` at ${pathName(path)}` : ''} must be a tensor or a key, got ${typeof leaf} ${String(leaf)}; pass a scalar tensor instead`,
          );
        }
        const id = newValue(state, { shape: leaf.shape, dtype: leaf.dtype });
        inputs.push(id);
        return tf.engine().makeTensorFromTensorInfo(tensorInfo(state, id));
      }),
    );
    const result = fn(...(standIns as never[]));
    if (result instanceof Promise) {
      result.catch(() => undefined); // refused below, whatever becomes of it
      throw new GmlpError('invalid-argument', 'trace: the function returned a promise; a traced function must be synchronous');
    }
    return result;
  };

  const outputs: number[] = [];
  let result: unknown;
  withTrace(state, () =>
    onTraceBackend(() =>
      tf.tidy(() => {
        const results = new Set<tf.Tensor>();
        result = mapTree<unknown, number, unknown>(run(), (leaf, path) => {
          if (!(leaf instanceof tf.Tensor)) {
            throw new GmlpError(
              'invalid-argument',
              `trace: the function must return tensors, got ${typeof leaf}${path.length ? ` at ${pathName(path)}` : ''}`,
            );
          }
          const id = valueIdOf(state, leaf);
          outputs.push(id);
          // A constant may be a tensor from outside, which stays its owner's.
          if (!state.constants.has(id)) results.add(leaf);
          return outputs.length - 1;
        });
        // What the function kept from TF.js's tidying is ours to free; nothing else of the trace outlives it.
        for (const tensor of results) tensor.dispose();
      }),
    ),
  );
  const { values, nodes, constants, randomInputs } = state;
  return { graph: { values, nodes, constants, randomInputs, inputs, outputs }, result };
}
