/**
 * The part of Hugging Face's tokenizer.json that we write and read: BPE with byte fallback over words marked with ▁, no
 * normalisation, special tokens. `tokenizers` (native) and `@huggingface/tokenizers` load it as it is.
 */
import { GmlpError } from '@gmlp/base';
import { metaspace } from './metaspace.ts';
import { isRecord } from './tokenizers/json-part.ts';
import type { BpeMerge } from './train-bpe.ts';

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly single_word: boolean;
  /** Takes the spaces before it with it. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
  readonly special: boolean;
}

interface Metaspace {
  readonly type: 'Metaspace';
  readonly replacement: string;
  readonly prepend_scheme: 'first';
  readonly split: boolean;
}

export interface TokenizerJson {
  readonly version: '1.0';
  readonly truncation: null;
  readonly padding: null;
  readonly added_tokens: readonly AddedToken[];
  readonly normalizer: null;
  readonly pre_tokenizer: Metaspace;
  readonly post_processor: null;
  readonly decoder: { readonly type: 'Sequence'; readonly decoders: readonly [{ readonly type: 'ByteFallback' }, Metaspace] };
  readonly model: {
    readonly type: 'BPE';
    readonly dropout: null;
    readonly unk_token: string | null;
    readonly continuing_subword_prefix: null;
    readonly end_of_word_suffix: null;
    readonly fuse_unk: false;
    readonly byte_fallback: true;
    readonly ignore_merges: false;
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly (readonly [string, string])[];
  };
}

/** The piece that stands for a byte which no piece of the vocabulary covers: `<0x0A>`. */
export function bytePiece(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
}

export const bytePieces: readonly string[] = Array.from({ length: 256 }, (_, byte) => bytePiece(byte));

/** Ids in this order: special tokens, the 256 bytes, the alphabet, the pieces of the merges. */
export function tokenizerJson(
  specialTokens: readonly string[],
  alphabet: readonly string[],
  merges: readonly BpeMerge[],
): TokenizerJson {
  const pieces = [...specialTokens, ...bytePieces, ...alphabet, ...merges.map(({ left, right }) => left + right)];
  return {
    ...tokenizerFrame(specialTokens),
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: specialTokens.includes('[UNK]') ? '[UNK]' : null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: true,
      ignore_merges: false,
      vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
      merges: merges.map(({ left, right }) => [left, right] as const),
    },
  };
}

/** All but the model: how a text is cut into words, and pieces are joined again. */
export function tokenizerFrame(specialTokens: readonly string[]): Omit<TokenizerJson, 'model'> {
  const spaces: Metaspace = { type: 'Metaspace', replacement: metaspace, prepend_scheme: 'first', split: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: content === '[MASK]', // "We [MASK] it": the mask stands for a piece that has its space inside
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: spaces,
    post_processor: null,
    decoder: { type: 'Sequence', decoders: [{ type: 'ByteFallback' }, spaces] },
  };
}

function refuse(what: string): never {
  throw new GmlpError(
    'invalid-data',
    `loadTokenizer: ${what}. Expected a tokenizer.json as trainTokenizer writes it: BPE with byte fallback, Metaspace, no normalizer, no post-processor`,
  );
}

function expectFields(where: string, value: unknown, expected: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (!isRecord(value)) refuse(`${where} is ${value === undefined ? 'missing' : 'not an object'}`);
  for (const [name, wanted] of Object.entries(expected)) {
    // A field that is null in our files may be absent in others.
    const actual = value[name] ?? null;
    if (actual !== wanted) refuse(`${where}.${name} is ${short(actual)}, expected ${short(wanted)}`);
  }
  return value;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new GmlpError('invalid-data', `loadTokenizer: the tokenizer is not JSON (${(cause as Error).message})`, {}, { cause });
  }
}

/** By its words and its bytes: what else is wrong with one is told in the words of ours. */
export function isOwnTokenizer(json: unknown): boolean {
  if (!isRecord(json)) return false;
  const { pre_tokenizer: words, model, normalizer = null, post_processor = null } = json;
  return (
    isRecord(model) &&
    (model['type'] ?? 'BPE') === 'BPE' &&
    model['byte_fallback'] === true &&
    normalizer === null &&
    post_processor === null &&
    isRecord(words) &&
    words['type'] === 'Metaspace' &&
    words['prepend_scheme'] === 'first'
  );
}

/** Checks whatever JSON it is given, down to every merge; throws `invalid-data` that names the first thing wrong. */
export function parseTokenizerJson(json: unknown): TokenizerJson {
  const root = expectFields('the file', json, {
    version: '1.0',
    normalizer: null,
    post_processor: null,
    truncation: null,
    padding: null,
  });
  const spaces = { type: 'Metaspace', replacement: metaspace, prepend_scheme: 'first' };
  const { split } = expectFields('pre_tokenizer', root['pre_tokenizer'], spaces);
  if (split === false) refuse('pre_tokenizer.split is false, expected true');
  const { decoders } = expectFields('decoder', root['decoder'], { type: 'Sequence' });
  if (!Array.isArray(decoders) || decoders.length !== 2) refuse('decoder.decoders is not [ByteFallback, Metaspace]');
  expectFields('decoder.decoders[0]', decoders[0], { type: 'ByteFallback' });
  expectFields('decoder.decoders[1]', decoders[1], spaces);
  const model = expectFields('model', root['model'], { type: 'BPE', byte_fallback: true, dropout: null });
  for (const name of ['continuing_subword_prefix', 'end_of_word_suffix', 'ignore_merges']) {
    if (model[name]) refuse(`model.${name} is ${short(model[name])}, which is not supported`);
  }
  const vocabulary = checkVocabulary(model['vocab']);
  checkMerges(model['merges'], vocabulary);
  checkAddedTokens(root['added_tokens'], vocabulary);
  return json as TokenizerJson;
}

function checkVocabulary(vocab: unknown): Map<string, number> {
  if (!isRecord(vocab)) refuse('model.vocab is not an object');
  const entries = Object.entries(vocab);
  const seen = new Uint8Array(entries.length);
  for (const [piece, id] of entries) {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= entries.length) {
      refuse(`the id of ${short(piece)} is ${short(id)}, expected a whole number from 0 to ${entries.length - 1}`);
    }
    if (seen[id]) refuse(`two pieces have the id ${id}; the second is ${short(piece)}`);
    seen[id] = 1;
  }
  const vocabulary = new Map(entries as [string, number][]);
  const missing = bytePieces.find((piece) => !vocabulary.has(piece));
  if (missing !== undefined) refuse(`the vocabulary lacks the byte ${missing}`);
  return vocabulary;
}

function checkMerges(merges: unknown, vocabulary: ReadonlyMap<string, number>): void {
  if (!Array.isArray(merges)) refuse('model.merges is not an array');
  for (const [rank, merge] of (merges as unknown[]).entries()) {
    const [left, right] = Array.isArray(merge) && merge.length === 2 ? (merge as unknown[]) : [];
    if (typeof left !== 'string' || typeof right !== 'string') refuse(`merge ${rank} is ${short(merge)}, expected two pieces`);
    for (const piece of [left, right, left + right]) {
      if (!vocabulary.has(piece)) refuse(`merge ${rank} needs the piece ${short(piece)}, which the vocabulary lacks`);
    }
  }
}

function checkAddedTokens(tokens: unknown, vocabulary: ReadonlyMap<string, number>): void {
  if (!Array.isArray(tokens)) refuse('added_tokens is not an array');
  for (const [index, entry] of (tokens as unknown[]).entries()) {
    const where = `added_tokens[${index}]`;
    const token = expectFields(where, entry, { special: true, normalized: false, rstrip: false, single_word: false });
    const { content, id, lstrip = false } = token;
    if (typeof lstrip !== 'boolean') refuse(`${where}.lstrip is ${short(lstrip)}, expected true or false`);
    if (typeof content !== 'string' || content === '') refuse(`${where}.content is ${short(content)}, expected a text`);
    if (vocabulary.get(content) !== id) {
      refuse(`${where} gives ${short(content)} the id ${short(id)}, the vocabulary ${short(vocabulary.get(content) ?? null)}`);
    }
  }
}
