/** How SentencePiece normalises text (normalizer.cc): its table of replacements, then spaces, of which ▁ is the visible form. */
import { metaspace } from '../metaspace.ts';
import { precompiledCharsmap } from './precompiled-charsmap.ts';
import type { PrefixTrie } from './prefix-trie.ts';
import type { SentencePieceModel } from './sentencepiece-model.ts';

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** `protectedPieces`: those of the user, which nothing replaces. */
export function sentencePieceNormalizer(model: SentencePieceModel, protectedPieces: PrefixTrie): (text: string) => string {
  const { charsmap: blob, removeExtraSpaces, addDummyPrefix, escapeSpaces, spaceAsSuffix } = model;
  const charsmap = blob.length === 0 ? undefined : precompiledCharsmap(blob);
  const space = escapeSpaces ? metaspace : ' ';

  function* replaced(text: string): Generator<string> {
    const bytes = utf8.encode(text);
    for (let at = 0, byte = 0; at < text.length; ) {
      let end = 0;
      protectedPieces.visit(text, at, (to) => {
        end = to;
      });
      const found = end > 0 ? undefined : charsmap?.at(bytes, byte, bytes.length).longest;
      if (found !== undefined) {
        yield fromUtf8.decode(found.text);
        for (const stop = byte + found.length; byte < stop; ) {
          const size = sizeOf(bytes[byte]!);
          byte += size;
          at += size === 4 ? 2 : 1;
        }
        continue;
      }
      if (end === 0) end = at + (text.codePointAt(at)! > 0xffff ? 2 : 1);
      yield text.slice(at, end);
      while (at < end) {
        const size = sizeOf(bytes[byte]!);
        byte += size;
        at += size === 4 ? 2 : 1;
      }
    }
  }

  return (text) => {
    const parts: string[] = [];
    let begun = false;
    let afterSpace = removeExtraSpaces;
    for (const part of replaced(text)) {
      if (!begun && removeExtraSpaces && part === ' ') continue;
      begun = true;
      const kept = afterSpace ? part.replace(/^ +/, '') : part;
      if (kept !== '') {
        parts.push(escapeSpaces ? kept.replaceAll(' ', metaspace) : kept);
        afterSpace = kept.endsWith(' ');
      }
      if (!removeExtraSpaces) afterSpace = false;
    }
    if (!begun) return '';
    let result = parts.join('');
    if (!spaceAsSuffix && addDummyPrefix) result = space + result;
    if (removeExtraSpaces) {
      let end = result.length;
      while (end > 0 && result[end - 1] === space) end--;
      result = result.slice(0, end);
    }
    return spaceAsSuffix && addDummyPrefix ? result + space : result;
  };
}

/** Of the UTF-8 that starts with this byte. */
const sizeOf = (byte: number): number => (byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4);
