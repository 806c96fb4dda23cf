import { type DType, GmlpError, type HostArray, hostArray } from '@gmlp/base';
import { bytesOf } from './element-types.ts';
import { quoted } from './quoted.ts';
import { maximalHeaderBytes, metadataName } from './safetensors-header.ts';

// The order of the reference implementation: wider and floating types first, then by name, so equal content gives equal bytes.
const written: readonly { readonly dtype: DType; readonly name: string }[] = [
  { dtype: 'float32', name: 'F32' },
  { dtype: 'uint32', name: 'U32' },
  { dtype: 'int32', name: 'I32' },
  { dtype: 'bool', name: 'BOOL' },
];

/** What transformers asks of a file before it loads it: that its arrays lie as PyTorch's do. Ours lie so. */
const asPyTorch: ReadonlyMap<string, string> = new Map([['format', 'pt']]);

const member = (name: string, value: unknown): string => `${JSON.stringify(name)}:${JSON.stringify(value)}`;

/**
 * The bytes of a safetensors file. Unless other metadata is given it is `format: pt`, which Hugging Face's loaders ask for. The
 * same tensors and metadata give the same bytes, whatever the order of the map.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, HostArray>,
  metadata: ReadonlyMap<string, string> = asPyTorch,
): Uint8Array<ArrayBuffer> {
  const parts = safetensorsParts(tensors, metadata);
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

/** The same bytes in parts that follow each other: the head, then each array as it lies in memory, not copied. */
export function safetensorsParts(
  tensors: ReadonlyMap<string, HostArray>,
  metadata: ReadonlyMap<string, string> = asPyTorch,
): readonly Uint8Array[] {
  const rank = (array: HostArray): number => written.findIndex((entry) => entry.dtype === array.dtype);
  const sorted = [...tensors].sort(([a, x], [b, y]) => rank(x) - rank(y) || (a < b ? -1 : 1));
  const texts = [...metadata].sort(([a], [b]) => (a < b ? -1 : 1)).map(([field, text]) => member(field, text));
  const entries = texts.length > 0 ? [`${JSON.stringify(metadataName)}:{${texts.join(',')}}`] : [];
  let end = 0;
  for (const text of [...[...metadata].flat(), ...tensors.keys()]) {
    if (!/\p{Surrogate}/u.test(text)) continue;
    throw new GmlpError(
      'invalid-argument',
      `encodeSafetensors: ${quoted(text)} has half of a surrogate pair, which no UTF-8 file can hold; name it otherwise`,
      { name: text },
    );
  }
  for (const [name, array] of sorted) {
    if (name === metadataName) {
      throw new GmlpError(
        'invalid-argument',
        `encodeSafetensors: "${metadataName}" is reserved by the format, name the tensor otherwise`,
      );
    }
    hostArray(array.dtype, array.shape, array.data as never); // the data fills the shape
    const begin = end;
    end += array.data.byteLength;
    const entry = { dtype: written[rank(array)]!.name, shape: array.shape, data_offsets: [begin, end] };
    entries.push(member(name, entry));
  }
  // Joined entry by entry: an object would lose a tensor named __proto__ and reorder names such as "7".
  return [headOf(`{${entries.join(',')}}`), ...sorted.map(([, { data }]) => bytesOf(data))];
}

/** The header with its length before it, padded with spaces so that the arrays are aligned. */
function headOf(json: string): Uint8Array {
  const header = new TextEncoder().encode(json);
  const length = Math.ceil(header.length / 8) * 8;
  if (length > maximalHeaderBytes) {
    throw new GmlpError(
      'invalid-argument',
      `encodeSafetensors: names, shapes and metadata take ${length} bytes, the format allows ${maximalHeaderBytes}`,
    );
  }
  const head = new Uint8Array(8 + length).fill(0x20, 8);
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true);
  head.set(header, 8);
  return head;
}
