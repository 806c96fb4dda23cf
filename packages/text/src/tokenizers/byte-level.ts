/** GPT-2's alphabet: a visible character for each byte, a space is Ġ. https://github.com/openai/gpt-2 (encoder.py) */
const visible = (byte: number): boolean => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

const byteOf = new Map<string, number>();
export const byteCharacters: readonly string[] = (() => {
  let others = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const character = String.fromCharCode(visible(byte) ? byte : others++);
    byteOf.set(character, byte);
    return character;
  });
})();

const utf8 = new TextEncoder();

export function toByteLevel(text: string): string {
  let result = '';
  for (const byte of utf8.encode(text)) result += byteCharacters[byte]!;
  return result;
}

/** A piece that is not of the alphabet stands for itself. */
export function bytesOfPiece(piece: string): Iterable<number> {
  const bytes: number[] = [];
  for (const character of piece) {
    const byte = byteOf.get(character);
    if (byte === undefined) return utf8.encode(piece);
    bytes.push(byte);
  }
  return bytes;
}
