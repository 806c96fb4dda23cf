/** The `decoder` of a tokenizer.json: pieces to text again. */
import { bytesOfPiece } from './byte-level.ts';
import { byType, countOf, type JsonPart, partOf, partsOf, refusePart, shownPart, switchOf, textOf } from './json-part.ts';
import { patternOf } from './known-patterns.ts';
import { prependScheme, replacementOf } from './pre-tokenizers.ts';

/** Parts of text, which stand behind one another in the end. */
export type Decoding = (parts: readonly string[]) => readonly string[];

export function readDecoder(value: unknown, where = 'decoder'): Decoding {
  if (value === null || value === undefined) return (pieces) => [pieces.join(' ')];
  const part = partOf(where, value);
  return byType(part, kinds)(part);
}

const kinds: Readonly<Record<string, (part: JsonPart) => Decoding>> = {
  Sequence: (part) => {
    const steps = partsOf(part, 'decoders').map(({ where, fields }) => readDecoder(fields, where));
    return (parts) => steps.reduce((current, step) => step(current), parts);
  },
  ByteLevel: () => (parts) => [lossy.decode(Uint8Array.from(parts.flatMap((piece) => [...bytesOfPiece(piece)])))],
  ByteFallback: () => withBytes,
  Fuse: () => (parts) => [parts.join('')],
  Metaspace: (part) => {
    const mark = replacementOf(part);
    const bare = prependScheme(part) !== 'never';
    return (parts) => parts.map((piece, index) => piece.replaceAll(mark, index === 0 && bare ? '' : ' '));
  },
  WordPiece: (part) => {
    const prefix = textOf(part, 'prefix', '##');
    const tidy = switchOf(part, 'cleanup', true);
    return (parts) =>
      parts.map((piece, index) => {
        const joined = index === 0 ? piece : piece.startsWith(prefix) ? piece.slice(prefix.length) : ` ${piece}`;
        return tidy ? cleaned(joined) : joined;
      });
  },
  Replace: (part) => {
    const pattern = patternOf(part);
    const content = textOf(part, 'content');
    return (parts) => parts.map((piece) => piece.replace(pattern, () => content));
  },
  Strip: (part) => {
    const content = textOf(part, 'content');
    if ([...content].length !== 1) refusePart(`${part.where}.content`, `is ${shownPart(content)}, expected one character`);
    const start = countOf(part, 'start', 0);
    const stop = countOf(part, 'stop', 0);
    return (parts) => parts.map((piece) => stripped(piece, content, start, stop));
  },
};

const lossy = new TextDecoder('utf-8', { ignoreBOM: true });
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8, or one U+FFFD a byte when the bytes are none. */
export function decodeBytes(bytes: readonly number[]): string {
  try {
    return strict.decode(Uint8Array.from(bytes));
  } catch {
    return '\uFFFD'.repeat(bytes.length);
  }
}

function withBytes(parts: readonly string[]): string[] {
  const result: string[] = [];
  let bytes: number[] = [];
  const flush = (): void => {
    if (bytes.length > 0) result.push(decodeBytes(bytes));
    bytes = [];
  };
  for (const piece of parts) {
    const [, byte] = /^<0x([0-9A-Fa-f]{2})>$/.exec(piece) ?? [];
    if (byte !== undefined) bytes.push(Number.parseInt(byte, 16));
    else {
      flush();
      result.push(piece);
    }
  }
  flush();
  return result;
}

function stripped(piece: string, content: string, start: number, stop: number): string {
  let from = 0;
  for (let i = 0; i < start && piece.startsWith(content, from); i++) from += content.length;
  let to = piece.length;
  for (let i = 0; i < stop && to - content.length >= from && piece.startsWith(content, to - content.length); i++) {
    to -= content.length;
  }
  return piece.slice(from, to);
}

const tidied = [
  ...[' .', ' ?', ' !', ' ,'].map((mark) => [mark, mark.slice(1)] as const),
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
] as const;

const cleaned = (text: string): string => tidied.reduce((result, [from, to]) => result.replaceAll(from, to), text);
