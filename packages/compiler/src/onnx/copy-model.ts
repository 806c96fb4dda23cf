import type { DType } from '@gmlp/base';
import { writeModel } from './model-writer.ts';
import { portName } from './to-onnx.ts';

/** A model that gives its input back, of any shape: devices move arrays between memories with it. */
export function copyModel(dtype: DType): Uint8Array {
  const [input, output] = [portName.input(0), portName.output(0)];
  return writeModel({
    nodes: [{ op: 'Identity', domain: '', inputs: [input], outputs: [output], attributes: {} }],
    initialisers: [],
    inputs: [{ name: input, dtype }],
    outputs: [{ name: output, dtype }],
  });
}
