/** The one way from a file to a tokenizer, whatever library made the file. */

import type { Tokenizer } from './tokenizer.ts';
import { isOwnTokenizer, parseJson, type TokenizerJson } from './tokenizer-json.ts';
import { addedFinder } from './tokenizers/added-tokens.ts';
import { growingIds } from './tokenizers/growing-ids.ts';
import { loadHuggingFace } from './tokenizers/load-hugging-face.ts';
import { loadOwn } from './tokenizers/load-own.ts';
import { loadSentencePiece } from './tokenizers/load-sentencepiece.ts';
import { sentencePieceBytes, sentencePieceJson } from './tokenizers/sentencepiece-json.ts';
import type { UnigramTokenizerJson } from './unigram/unigram-tokenizer-json.ts';
import { wellFormed } from './well-formed.ts';

/**
 * From the content of a file: a tokenizer.json, as bytes, text or parsed, of ours or of Hugging Face's common kinds (WordPiece,
 * byte-level BPE, BPE with byte fallback, unigram), or the bytes of a SentencePiece `.model`. Throws `invalid-data` that names
 * the part of the file that is wrong or not read.
 */
export function loadTokenizer(source: string | Uint8Array | TokenizerJson | UnigramTokenizerJson): Tokenizer {
  if (source instanceof Uint8Array) {
    return isJson(source) ? loadTokenizer(new TextDecoder().decode(source)) : loadSentencePiece(source);
  }
  const json = typeof source === 'string' ? parseJson(source) : source;
  const inside = sentencePieceBytes(json);
  if (inside !== undefined) return findingSpecials(loadSentencePiece(inside));
  return isOwnTokenizer(json) ? loadOwn(json) : loadHuggingFace(json);
}

/**
 * The text by which corpora, runs and models keep a tokenizer, from the bytes of its file: a tokenizer.json as it is, and a SentencePiece
 * `.model` inside JSON. `loadTokenizer` reads both; of one inside JSON it finds the special tokens in a text, which SentencePiece does not, so
 * that a model can be asked to fill masks.
 */
export function tokenizerText(bytes: Uint8Array): string {
  return bytes[0] === 0x0a && !isJson(bytes) ? sentencePieceJson(bytes) : new TextDecoder().decode(bytes);
}

/** A SentencePiece model starts with a line feed as well, but not with a brace behind it. */
function isJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  return first === 0x7b || first === 0x5b || bytes.length === 0 || (bytes[0] === 0xef && bytes[1] === 0xbb);
}

function findingSpecials(tokenizer: Tokenizer): Tokenizer {
  const specials = Array.from(tokenizer.specialIds, ([content, id]) => ({
    ...{ id, content, special: true, normalized: false, alone: false },
    ...{ takesBefore: content === '[MASK]', takesAfter: false },
  }));
  const find = addedFinder(specials, (text) => text);
  return {
    ...tokenizer,
    encode(text, { specialTokens = true } = {}) {
      if (!specialTokens) return tokenizer.encode(text);
      const ids = growingIds();
      for (const section of find(wellFormed(text))) {
        if (section.id !== undefined) ids.push(section.id);
        else ids.append(tokenizer.encode(section.text));
      }
      return ids.all();
    },
  };
}
