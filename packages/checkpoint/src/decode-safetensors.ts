import { allocate, type GmlpError, type HostArray, hostArray, sizeOf } from '@gmlp/base';
import { type ElementType, elementTypes, putElements, type RefusedElement } from './element-types.ts';
import { quoted } from './quoted.ts';
import { type Fail, failIn, headerLengthOf, parseHeader, type TensorEntry } from './safetensors-header.ts';

export interface SafetensorsFile {
  readonly tensors: Map<string, HostArray>;
  readonly metadata: Map<string, string>;
}

/**
 * Reads the bytes of a safetensors file from anywhere: every length, range, type and name is checked before use. Floats of 8
 * (F8_E4M3, F8_E5M2), 16 and 64 bits become float32, other integers int32, both refused when a value does not fit. A tensor of a
 * type that has no like among ours (F4, C64, ...) is refused by name when it is asked for. With `only`, the tensors are those of
 * the names that it picks. `source` names the file in errors.
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  source = 'the file',
  only: (name: string) => boolean = () => true,
): SafetensorsFile {
  const fail = failIn('decodeSafetensors', source);
  const headerLength = headerLengthOf(bytes, bytes.length, fail);
  const start = 8 + headerLength;
  const { entries, metadata } = parseHeader(bytes.subarray(8, start), bytes.length - start, fail);
  const content = bytes.subarray(start);
  const tensors = new Map<string, HostArray>();
  for (const entry of entries) {
    if (!only(entry.name)) continue;
    const type = typeOf(entry, fail);
    const values = allocate(type.dtype, sizeOf(entry.shape));
    const refused = putElements(type, content.subarray(entry.begin, entry.end), values, 0);
    if (refused !== undefined) throw refusedElement(entry, refused, fail);
    tensors.set(entry.name, hostArray(type.dtype, entry.shape, values as never));
  }
  return { tensors, metadata };
}

/** How a tensor is read. */
export function typeOf({ name, dtype }: TensorEntry, fail: Fail): ElementType {
  const type = elementTypes.get(dtype);
  if (type !== undefined) return type;
  const known = [...elementTypes.keys()].join(', ');
  throw fail(
    `has tensor ${quoted(name)} of type ${quoted(dtype)}, which is not read; read the other tensors only, or convert it to one of ${known}`,
    { name, dtype },
  );
}

/** The error for a value that none of ours can hold. */
export function refusedElement({ name, dtype }: TensorEntry, { index, value }: RefusedElement, fail: Fail): GmlpError {
  const ours = elementTypes.get(dtype)!.dtype;
  return fail(`has tensor ${quoted(name)} of ${dtype} whose element ${index} is ${value}: not a ${ours}`, { name });
}
