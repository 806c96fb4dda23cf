/** What a masked language model puts in the place of [MASK]: its likeliest pieces with their probabilities. */
import { expectScores, GmlpError, type HostArray, hostArray, indicesOfLargest, probabilitiesOf } from '@gmlp/base';
import { specialId, type Tokenizer } from './load-tokenizer.ts';

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

/**
 * Sentences as the model knows text: [CLS], then a stream in which [SEP] ends each document. As it never saw padding, a
 * sentence shorter than the model's length is repeated until the length is full; asked about are the masks of the first copy.
 */
export function encodeSentences(sentences: readonly string[], tokenizer: Tokenizer, tokens: number): MaskedSentences {
  const [separator, mask] = ['[SEP]', '[MASK]'].map((token) => specialId(tokenizer, token)) as [number, number];
  const rows = sentences.flatMap((sentence) => {
    const document = [...tokenizer.encode(sentence), separator];
    const places = [...document.keys()].filter((index) => document[index] === mask);
    if (places.length === 0) throw withoutMask(sentence);
    const pieces = document.length - 1;
    if (pieces > tokens - 2) {
      throw new GmlpError(
        'invalid-argument',
        `encodeSentences: this text has ${pieces} pieces, the model reads ${tokens - 2} at once; shorten it: ${sentence}`,
        { sentence, pieces },
      );
    }
    const row = rowOfDocument(document, tokenizer, tokens);
    return places.map((place) => ({ row, position: 1 + place }));
  });
  const ids = new Int32Array(rows.length * tokens);
  for (const [index, { row }] of rows.entries()) ids.set(row, index * tokens);
  return {
    ids: hostArray('int32', [rows.length, tokens], ids),
    positions: hostArray(
      'int32',
      [rows.length, 1],
      Int32Array.from(rows, ({ position }) => position),
    ),
  };
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
