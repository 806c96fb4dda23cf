import { allocate, type GmlpError, type HostArray, hostArray, sizeOf } from '@gmlp/base';
import { elementTypes, putElements, type RefusedElement } from './element-types.ts';
import { type Fail, failIn, headerLengthOf, parseHeader, type TensorEntry } from './safetensors-header.ts';

export interface SafetensorsFile {
  readonly tensors: Map<string, HostArray>;
  readonly metadata: Map<string, string>;
}

/**
 * Reads the bytes of a safetensors file from anywhere: every length, range, type and name is checked before use. Half, brain
 * and double floats become float32, other integers int32, both refused when a value does not fit. `source` names the file in errors.
 */
export function decodeSafetensors(bytes: Uint8Array, source = 'the file'): SafetensorsFile {
  const fail = failIn('decodeSafetensors', source);
  const headerLength = headerLengthOf(bytes, bytes.length, fail);
  const start = 8 + headerLength;
  const { entries, metadata } = parseHeader(bytes.subarray(8, start), bytes.length - start, fail);
  const content = bytes.subarray(start);
  const tensors = new Map<string, HostArray>();
  for (const entry of entries) {
    const type = elementTypes.get(entry.dtype)!;
    const values = allocate(type.dtype, sizeOf(entry.shape));
    const refused = putElements(type, content.subarray(entry.begin, entry.end), values, 0);
    if (refused !== undefined) throw refusedElement(entry, refused, fail);
    tensors.set(entry.name, hostArray(type.dtype, entry.shape, values as never));
  }
  return { tensors, metadata };
}

/** The error for a value that none of ours can hold. */
export function refusedElement({ name, dtype }: TensorEntry, { index, value }: RefusedElement, fail: Fail): GmlpError {
  const ours = elementTypes.get(dtype)!.dtype;
  return fail(`has tensor "${name}" of ${dtype} whose element ${index} is ${value}: not a ${ours}`, { name });
}
