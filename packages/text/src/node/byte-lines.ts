/**
 * Bytes -> lines, without ever holding more than `maxBytes` of one: a longer line comes out as its length alone. A line feed
 * at the end of the stream ends the last line, it does not start another. At a gap `cut` drops the line that is open, `end` ends it.
 */
export type ByteLine = { readonly bytes: Uint8Array } | { readonly tooLong: number };

export async function* byteLines(
  chunks: AsyncIterable<Uint8Array | 'cut' | 'end'>,
  maxBytes: number,
): AsyncGenerator<ByteLine, void, undefined> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const add = (part: Uint8Array): void => {
    length += part.length;
    if (length > maxBytes) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  const take = (): ByteLine => {
    const line = length > maxBytes ? { tooLong: length } : { bytes: parts.length === 1 ? parts[0]! : Buffer.concat(parts) };
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    if (chunk === 'cut') {
      take();
      continue;
    }
    if (chunk === 'end') {
      if (length > 0) yield take();
      continue;
    }
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      add(chunk.subarray(from, end));
      from = end + 1;
      yield take();
    }
    add(chunk.subarray(from));
  }
  if (length > 0) yield take();
}
