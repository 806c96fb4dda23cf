/**
 * The tracing backend. Its kernels stand in TF.js's registry: this package's one import side effect, idempotent.
 */
import type { DType } from '@gmlp/base';
import { GmlpError } from '@gmlp/base';
import * as tf from '@tensorflow/tfjs-core';
import { kernelRules } from './kernel-rules.ts';
import { addConstant, currentTrace, dataIdOf, record, tensorInfo, valueIdOf } from './trace-state.ts';
import { withBackend } from './with-backend.ts';

const traceBackendName = 'gmlp-trace';

function refuseReading(): never {
  const place = new Error().stack?.split('\n').find((line) => !/tfjs-core|trace-backend|Error|refuseReading/.test(line));
  throw new GmlpError(
    'trace-read',
    `a tensor's value was read inside of a traced function${place ? ` (${place.trim()})` : ''}; compute with tensors only, and read results after the call`,
  );
}

/** Elements from which a constant of one value becomes a kernel. */
const worthFilling = 1024;

function isUniform(numbers: ArrayLike<number>): boolean {
  for (let i = 1; i < numbers.length; i++) if (numbers[i] !== numbers[0]) return false;
  return true;
}

class TraceBackend extends tf.KernelBackend {
  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const state = currentTrace('write');
    const numbers = values as unknown as ArrayLike<number>;
    // TF.js's gradients make tensors of ones in the shape of activations: a kernel says it without their bytes.
    if (numbers.length > worthFilling && isUniform(numbers)) {
      return record(state, 'Fill', {}, { shape, value: Number(numbers[0]), dtype })[0]!.dataId;
    }
    return dataIdOf(state, addConstant(state, shape, dtype as DType, numbers));
  }
  override readSync(): never {
    return refuseReading();
  }
  override async read(): Promise<never> {
    return refuseReading();
  }
  override disposeData(): boolean {
    return true;
  }
  override incRef(): void {}
  override refCount(): number {
    return 1;
  }
  override numDataIds(): number {
    return 0;
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }
  override floatPrecision(): 16 | 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override dispose(): void {}
}

/** TF.js's kernels whose number of results depends on the call. */
const listKernels: ReadonlySet<string> = new Set(['Unpack', 'SplitV']);

function registerKernels(): void {
  for (const kernelName of Object.keys(kernelRules)) {
    tf.registerKernel({
      kernelName,
      backendName: traceBackendName,
      kernelFunc: ({ inputs, attrs }) => {
        const outputs = record(currentTrace(kernelName), kernelName, inputs, (attrs ?? {}) as Record<string, unknown>);
        // TF.js's kernels of one result give it bare, all others (and all of ours) a list, be it of one.
        const bare = outputs.length === 1 && !kernelName.startsWith('Gmlp') && !listKernels.has(kernelName);
        return bare ? outputs[0]! : outputs;
      },
    });
  }
  // TF.js clones what it saves for the backward pass: the same value under another data id, so that each has one owner.
  tf.registerKernel({
    kernelName: 'Identity',
    backendName: traceBackendName,
    kernelFunc: ({ inputs }) => {
      const state = currentTrace('Identity');
      return tensorInfo(state, valueIdOf(state, inputs['x']!));
    },
  });
}

if (!tf.getKernel('Identity', traceBackendName)) registerKernels();

/**
 * Runs a body on the tracing backend. The backend exists only meanwhile: a tensor made outside of a trace, by a program that
 * has no other backend yet, must not end up on it.
 */
export function onTraceBackend<T>(body: () => T): T {
  tf.registerBackend(traceBackendName, () => new TraceBackend(), -1);
  try {
    return withBackend(traceBackendName, body);
  } finally {
    tf.removeBackend(traceBackendName);
  }
}
