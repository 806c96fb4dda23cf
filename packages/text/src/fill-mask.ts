/** What a masked language model puts in the place of [MASK]: its likeliest pieces with their probabilities. */
import { expectScores, GmlpError, type HostArray, hostArray, indicesOfLargest, probabilitiesOf } from '@gmlp/base';
import { specialId, type Tokenizer } from './tokenizer.ts';

export interface FilledMask {
  /** The sentence around the mask. */
  readonly before: string;
  readonly after: string;
  readonly guesses: readonly { readonly piece: string; readonly probability: number }[];
}

/** One row for each [MASK] of each sentence, in their order. */
export interface MaskedSentences {
  /** int32 [masks, tokens] */
  readonly ids: HostArray<'int32'>;
  /** int32 [masks, 1]: where the [MASK] that is asked about is. */
  readonly positions: HostArray<'int32'>;
}

/** With sentences of any length, each by itself. */
export interface PaddedSentences extends MaskedSentences {
  /** bool [masks, tokens]: false for padding. */
  readonly mask: HostArray<'bool'>;
}

/**
 * Sentences as the model knows text: [CLS], then a stream in which [SEP] ends each document. As it never saw padding, a
 * sentence shorter than the model's length is repeated until the length is full; asked about are the masks of the first copy.
 */
export function encodeSentences(sentences: readonly string[], tokenizer: Tokenizer, tokens: number): MaskedSentences {
  const separator = specialId(tokenizer, '[SEP]');
  const rows = sentences.flatMap((sentence) => {
    const document = [...tokenizer.encode(sentence), separator];
    const places = placesOfMasks(sentence, document, tokenizer);
    const pieces = document.length - 1;
    if (pieces > tokens - 2) throw tooLong(sentence, pieces, tokens - 2);
    const row = rowOfDocument(document, tokenizer, tokens);
    return places.map((place) => ({ row, position: 1 + place }));
  });
  return { ids: tableOf(rows, tokens, 0), positions: positionsOf(rows) };
}

/**
 * Sentences as a BERT knows text: each by itself, in the tokenizer's own frame ([CLS] and [SEP]), and behind it padding, which the
 * model does not see, up to the longest of them. `tokens`: the most that the model reads.
 */
export function encodePaddedSentences(sentences: readonly string[], tokenizer: Tokenizer, tokens: number): PaddedSentences {
  const frame = tokenizer.framed([]).length;
  const rows = sentences.flatMap((sentence) => {
    const pieces = tokenizer.encode(sentence);
    if (pieces.length > tokens - frame) throw tooLong(sentence, pieces.length, tokens - frame);
    const row = tokenizer.framed(pieces);
    return placesOfMasks(sentence, row, tokenizer).map((position) => ({ row, position }));
  });
  const longest = Math.max(...rows.map(({ row }) => row.length));
  const mask = Uint8Array.from({ length: rows.length * longest }, (_, i) =>
    i % longest < rows[Math.floor(i / longest)]!.row.length ? 1 : 0,
  );
  return {
    ids: tableOf(rows, longest, specialId(tokenizer, '[PAD]')),
    positions: positionsOf(rows),
    mask: hostArray('bool', [rows.length, longest], mask),
  };
}

interface AskedRow {
  readonly row: Int32Array;
  readonly position: number;
}

function tableOf(rows: readonly AskedRow[], width: number, padding: number): HostArray<'int32'> {
  const ids = new Int32Array(rows.length * width).fill(padding);
  for (const [index, { row }] of rows.entries()) ids.set(row, index * width);
  return hostArray('int32', [rows.length, width], ids);
}

function positionsOf(rows: readonly AskedRow[]): HostArray<'int32'> {
  const positions = Int32Array.from(rows, ({ position }) => position);
  return hostArray('int32', [rows.length, 1], positions);
}

function placesOfMasks(sentence: string, ids: ArrayLike<number>, tokenizer: Tokenizer): number[] {
  const mask = specialId(tokenizer, '[MASK]');
  const places = Array.from(ids, (id, index) => (id === mask ? index : -1)).filter((index) => index >= 0);
  if (places.length === 0) throw withoutMask(sentence);
  return places;
}

function tooLong(sentence: string, pieces: number, most: number): GmlpError {
  const problem = `this text has ${pieces} pieces, the model reads ${most} at once; shorten it: ${sentence}`;
  return new GmlpError('invalid-argument', `encodeSentences: ${problem}`, { sentence, pieces });
}

function withoutMask(sentence: string): GmlpError {
  const meant = /\[\s*mask\s*\]|<mask>/i.exec(sentence)?.[0];
  const advice = meant === undefined ? 'put it where the model is to fill in a word' : `write [MASK] in the place of ${meant}`;
  return new GmlpError('invalid-argument', `encodeSentences: there is no [MASK] in this text; ${advice}: ${sentence}`, {
    sentence,
    meant,
  });
}

/** [CLS], then the document again and again until the length is full. */
export function rowOfDocument(document: readonly number[], tokenizer: Tokenizer, tokens: number): Int32Array {
  const start = specialId(tokenizer, '[CLS]');
  return Int32Array.from({ length: tokens }, (_, i) => (i === 0 ? start : document[(i - 1) % document.length]!));
}

/** The `count` likeliest pieces for each [MASK], in the order of `encodeSentences`, from logits [masks, 1, vocabulary], which must be numbers. */
export function likeliest(logits: HostArray, tokenizer: Tokenizer, sentences: readonly string[], count = 5): FilledMask[] {
  const vocabulary = logits.shape.at(-1)!;
  return sentences.flatMap(aroundMasks).map(({ before, after }, row) => {
    const scores = logits.data.subarray(row * vocabulary, (row + 1) * vocabulary);
    expectScores('likeliest', scores);
    const probabilities = probabilitiesOf(scores);
    const guesses = indicesOfLargest(scores, count).map((id) => ({
      piece: tokenizer.pieceOf(id),
      probability: probabilities[id]!,
    }));
    return { before, after, guesses };
  });
}

/** The text before and after each mask of a sentence; other masks stay in it. */
function aroundMasks(sentence: string): { before: string; after: string }[] {
  return [...sentence.matchAll(/\[MASK\]/g)].map(({ index, 0: mask }) => ({
    before: sentence.slice(0, index),
    after: sentence.slice(index + mask.length),
  }));
}
