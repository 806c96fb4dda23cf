/** The wire format of protocol buffers, without a copy: https://protobuf.dev/programming-guides/encoding/ */
import { GmlpError } from '@gmlp/base';

export interface ProtoField {
  readonly number: number;
  /** A number of 64 bits at most, or bytes within the file's. */
  readonly value: number | Uint8Array;
}

/** Each field of a message. `where` names the message in errors. */
export function* protoFields(where: string, bytes: Uint8Array): Generator<ProtoField> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const fail = (problem: string): never => {
    throw new GmlpError('invalid-data', `loadTokenizer: ${where}: ${problem} at byte ${at} of ${bytes.length}`, { where });
  };
  const take = (count: number): number => {
    if (!(count <= bytes.length - at)) fail(`expected ${count} bytes more, the data ends`);
    at += count;
    return at - count;
  };
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[take(1)]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return fail('a number has no end');
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (number === 0) fail('there is a field of number 0');
    if (wire === 0) yield { number, value: varint() };
    else if (wire === 1) yield { number, value: view.getFloat64(take(8), true) };
    else if (wire === 5) yield { number, value: view.getFloat32(take(4), true) };
    else if (wire === 2) {
      const size = varint();
      const from = take(size);
      yield { number, value: bytes.subarray(from, from + size) };
    } else fail(`there is a field of the unknown wire type ${wire}`);
  }
}
