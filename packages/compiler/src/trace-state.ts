/** The trace under way. TF.js is synchronous and global, so at most one runs at a time; `trace` sets and clears it. */
import { allocate, type DType, GmlpError, type HostArray, type Key, sizeOf } from '@gmlp/base';
import { type KeepMaskDraws, keepMaskDraws } from '@gmlp/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Attributes, Node, RandomInput, Value, ValueId } from './graph.ts';
import { kernelRules } from './kernel-rules.ts';

export interface TraceState {
  readonly values: Value[];
  readonly nodes: Node[];
  readonly constants: Map<ValueId, HostArray>;
  readonly randomInputs: RandomInput[];
  /** TF.js's data ids of the values of this trace. */
  readonly ids: WeakMap<object, ValueId>;
}

export function newTrace(): TraceState {
  return { values: [], nodes: [], constants: new Map(), randomInputs: [], ids: new WeakMap() };
}

export function newValue(state: TraceState, value: Value): ValueId {
  state.values.push({ shape: [...value.shape], dtype: value.dtype });
  return state.values.length - 1;
}

/** A TF.js data id for a value. */
export function dataIdOf(state: TraceState, id: ValueId): object {
  const dataId = {};
  state.ids.set(dataId, id);
  return dataId;
}

export function addConstant(
  state: TraceState,
  shape: readonly number[],
  dtype: DType,
  data: ArrayLike<number | boolean>,
): ValueId {
  const array = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < array.length; i++) array[i] = Number(data[i]);
  const id = newValue(state, { shape, dtype });
  state.constants.set(id, { dtype, shape: [...shape], data: array } as HostArray);
  return id;
}

/** The value of a tensor; one from outside of the trace becomes a constant. */
export function valueIdOf(state: TraceState, tensor: tf.TensorInfo): ValueId {
  const known = state.ids.get(tensor.dataId);
  if (known !== undefined) return known;
  const data = tf.engine().readSync(tensor.dataId) as unknown as ArrayLike<number>;
  const id = addConstant(state, tensor.shape, tensor.dtype as DType, data);
  state.ids.set(tensor.dataId, id);
  return id;
}

/** Records one kernel call and returns what TF.js takes for its results. */
export function record(
  state: TraceState,
  kernel: string,
  tensors: Readonly<Record<string, tf.TensorInfo | null | undefined>>,
  attrs: Attributes,
): tf.TensorInfo[] {
  const inputs: Record<string, ValueId> = {};
  for (const [name, tensor] of Object.entries(tensors)) if (tensor) inputs[name] = valueIdOf(state, tensor);
  if (kernel === 'GmlpKeepMask') return recordKeepMask(state, attrs);
  const rule = kernelRules[kernel]!;
  const known = Object.fromEntries(Object.entries(inputs).map(([name, id]) => [name, state.values[id]!]));
  const outputs = rule.infer(known, attrs).map((value) => newValue(state, value));
  state.nodes.push({ kernel, inputs, attrs, outputs });
  return outputs.map((id) => tensorInfo(state, id));
}

export function tensorInfo(state: TraceState, id: ValueId): tf.TensorInfo {
  const { shape, dtype } = state.values[id]!;
  return { dataId: dataIdOf(state, id), shape: [...shape], dtype: dtype as tf.DataType };
}

/** A draw: the host will compute one word a row and one a column, the graph combines them. */
function recordKeepMask(state: TraceState, attrs: Attributes): tf.TensorInfo[] {
  const shape = attrs['shape'] as readonly number[];
  const key = attrs['key'] as Key;
  const { rows, columns } = keepMaskDraws(key, shape);
  const words = (draw: KeepMaskDraws['rows'], extent: readonly number[]): ValueId => {
    const value = newValue(state, { shape: extent, dtype: 'uint32' });
    state.randomInputs.push({ value, key: draw.key });
    return value;
  };
  const inputs = { rows: words(rows, [rows.count, 1]), columns: words(columns, [1, columns.count]) };
  const output = newValue(state, { shape, dtype: 'float32' });
  state.nodes.push({ kernel: 'GmlpKeepMask', inputs, attrs: { keepProbability: attrs['keepProbability'] }, outputs: [output] });
  return [tensorInfo(state, output)];
}

let current: TraceState | undefined;

export function currentTrace(operation: string): TraceState {
  if (current === undefined) {
    throw new GmlpError(
      'trace-read',
      `${operation}: a tensor of a finished trace was used; results of a traced function live only in its graph`,
    );
  }
  return current;
}

export function withTrace<T>(state: TraceState, body: () => T): T {
  if (current !== undefined)
    throw new GmlpError('invalid-argument', 'trace: a trace is already running; traced functions cannot trace');
  current = state;
  try {
    return body();
  } finally {
    current = undefined;
  }
}
