/** A SentencePiece `.model` inside JSON, for places that hold a tokenizer as the text of a tokenizer.json: packed corpora, runs and models. */
import { GmlpError } from '@gmlp/base';
import { isRecord } from './json-part.ts';

const format = 'gmlp-sentencepiece';
const version = 1;

/** The text of a tokenizer.json of our own kind, which `loadTokenizer` reads as the bytes themselves. */
export function sentencePieceJson(bytes: Uint8Array): string {
  let binary = '';
  for (let from = 0; from < bytes.length; from += 2 ** 12) binary += String.fromCharCode(...bytes.subarray(from, from + 2 ** 12));
  return JSON.stringify({ format, version, model: btoa(binary) });
}

/** The bytes of the `.model`, or `undefined` where the JSON is of another kind. */
export function sentencePieceBytes(json: unknown): Uint8Array | undefined {
  if (!isRecord(json) || json['format'] !== format) return undefined;
  const { version: own, model } = json;
  if (own !== version) throw refused(`has version ${JSON.stringify(own)}; this release reads ${version}`);
  if (typeof model !== 'string') throw refused('has no model in base 64');
  try {
    return Uint8Array.from(atob(model), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw refused('has a model that is not in base 64', cause);
  }
}

const refused = (problem: string, cause?: unknown): GmlpError =>
  new GmlpError('invalid-data', `loadTokenizer: the tokenizer of SentencePiece ${problem}`, {}, { cause });
