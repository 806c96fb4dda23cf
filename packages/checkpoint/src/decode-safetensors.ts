import { type HostArray, hostArray, sizeOf } from '@gmlp/base';
import { elementTypes } from './element-types.ts';
import { failIn, headerLengthOf, parseHeader } from './safetensors-header.ts';

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
  // A plain view: slice() of Node's Buffer, which is a Uint8Array too, would not copy.
  const content = new Uint8Array(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  const tensors = new Map<string, HostArray>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const type = elementTypes.get(dtype)!;
    // Copied: the bytes may lie at an odd address, and the caller may reuse them.
    const data = type.read(new DataView(content.slice(begin, end).buffer), sizeOf(shape));
    if (data.refused !== undefined) {
      throw fail(
        `has tensor "${name}" of ${dtype} whose element ${data.refused.index} is ${data.refused.value}: not a ${type.dtype}`,
        { name },
      );
    }
    tensors.set(name, hostArray(type.dtype, shape, data.values as never));
  }
  return { tensors, metadata };
}
