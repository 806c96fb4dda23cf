/** What a masked language model puts in the place of [MASK]: its likeliest pieces with their probabilities. */
import { GmlpError, type HostArray, hostArray } from '@gmlp/base';
import { specialId, type Tokenizer } from '@gmlp/text';
import type { FilledMask } from '../report/report.ts';

export interface MaskedSentences {
  /** int32 [sentences, tokens] */
  readonly ids: HostArray<'int32'>;
  /** int32 [sentences, 1]: where [MASK] is. */
  readonly positions: HostArray<'int32'>;
}

/**
 * Sentences as the model knows text: [CLS], then a stream in which [SEP] ends each document. As it never saw padding, a
 * sentence shorter than the model's length is repeated until the length is full; the first [MASK] is the one asked about.
 */
export function encodeSentences(sentences: readonly string[], tokenizer: Tokenizer, tokens: number): MaskedSentences {
  const [start, separator, mask] = ['[CLS]', '[SEP]', '[MASK]'].map((token) => specialId(tokenizer, token)) as [
    number,
    number,
    number,
  ];
  const ids = new Int32Array(sentences.length * tokens);
  const positions = new Int32Array(sentences.length);
  sentences.forEach((sentence, row) => {
    const document = [...tokenizer.encode(sentence), separator];
    const masks = document.filter((id) => id === mask).length;
    if (masks !== 1 || document.length > tokens - 1) {
      throw new GmlpError(
        'invalid-argument',
        `encodeSentences: expected one [MASK] in at most ${tokens - 2} pieces, got ${masks} in ${document.length - 1}: ${sentence}`,
        { sentence, masks, pieces: document.length - 1 },
      );
    }
    for (let i = 0; i < tokens; i++) ids[row * tokens + i] = i === 0 ? start : document[(i - 1) % document.length]!;
    positions[row] = 1 + document.indexOf(mask);
  });
  return {
    ids: hostArray('int32', [sentences.length, tokens], ids),
    positions: hostArray('int32', [sentences.length, 1], positions),
  };
}

/** The `count` likeliest pieces for each sentence, from its logits [sentences, 1, vocabulary]. */
export function likeliest(logits: HostArray, tokenizer: Tokenizer, sentences: readonly string[], count = 5): FilledMask[] {
  const vocabulary = logits.shape.at(-1)!;
  return sentences.map((sentence, row) => {
    const scores = Float64Array.from(logits.data.subarray(row * vocabulary, (row + 1) * vocabulary));
    const largest = scores.reduce((max, score) => Math.max(max, score), Number.NEGATIVE_INFINITY);
    const total = scores.reduce((sum, score) => sum + Math.exp(score - largest), 0);
    const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
    const [before, after] = sentence.split('[MASK]') as [string, string];
    const guesses = order
      .slice(0, count)
      .map((id) => ({ piece: tokenizer.pieceOf(id), probability: Math.exp(scores[id]! - largest) / total }));
    return { before, after, guesses };
  });
}
