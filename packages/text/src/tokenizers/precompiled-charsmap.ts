/**
 * The normalisation that a SentencePiece model carries: a double-array trie (of Darts-clone) from UTF-8 to the texts that
 * take its place. Its values and offsets are never trusted: whatever leads outside matches nothing.
 */
import { GmlpError } from '@gmlp/base';

export interface Replacement {
  /** How many bytes are replaced. */
  readonly length: number;
  readonly text: Uint8Array;
}

export interface Charsmap {
  /** Replacements of what stands at the start of these bytes, the shortest first. */
  at(bytes: Uint8Array, from: number, to: number): { readonly shortest?: Replacement; readonly longest?: Replacement };
}

export function precompiledCharsmap(blob: Uint8Array): Charsmap {
  const fail = (problem: string): never => {
    throw new GmlpError('invalid-data', `loadTokenizer: precompiled_charsmap ${problem}`);
  };
  if (blob.length < 8) fail(`has ${blob.length} bytes, expected a trie and its texts`);
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const size = view.getUint32(0, true);
  if (size % 4 !== 0 || size === 0 || size > blob.length - 4) {
    fail(`says that its trie has ${size} bytes, of ${blob.length} in all`);
  }
  const units = Uint32Array.from({ length: size / 4 }, (_, i) => view.getUint32(4 + 4 * i, true));
  const texts = blob.subarray(4 + size);

  const textAt = (start: number): Uint8Array | undefined => {
    if (start >= texts.length) return undefined;
    const end = texts.indexOf(0, start);
    return texts.subarray(start, end < 0 ? texts.length : end);
  };
  return {
    at(bytes, from, to) {
      let shortest: Replacement | undefined;
      let longest: Replacement | undefined;
      let node = offsetOf(units[0]!);
      for (let i = from; i < to; i++) {
        const byte = bytes[i]!;
        node ^= byte;
        const unit = units[node];
        if (unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) break;
        node ^= offsetOf(unit);
        if (((unit >>> 8) & 1) === 0) continue;
        const text = textAt((units[node] ?? 0xffffffff) & 0x7fffffff);
        if (text === undefined) continue;
        longest = { length: i + 1 - from, text };
        shortest ??= longest;
      }
      return shortest && longest ? { shortest, longest } : {};
    },
  };
}

const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6);
