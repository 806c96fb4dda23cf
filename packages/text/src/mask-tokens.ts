/**
 * BERT's masked language modelling. Of each sequence 15 % of the positions are chosen; of these 80 % become [MASK], 10 %
 * a random piece, 10 % stay as they are; the model has to tell what stood there. https://arxiv.org/abs/1810.04805
 *
 * As in BERT the number is max(1, round(rate * tokens)), padding not counted, and [CLS], [SEP] and the other special tokens
 * are never chosen. Of whole words (BERT's later models) all pieces of a word are chosen or none. Unlike BERT, which draws the random piece from the whole vocabulary, it is drawn from all pieces that
 * are no special token. Nothing depends on the order of calls or on what else is in the batch: the same sequence, number and key
 * give the same masks.
 */
import { GmlpError, type HostArray, hostArray, type Key, randomWords, split } from '@gmlp/base';
import { continuingPieces } from './continuing-pieces.ts';
import { specialId, type Tokenizer } from './tokenizer.ts';

export interface MaskOptions {
  readonly vocabularySize: number;
  readonly maskId: number;
  readonly paddingId: number;
  /** Never chosen, never put in: the special tokens, [MASK] and padding among them. */
  readonly specialIds: ReadonlySet<number>;
  readonly rate?: number;
  /** By id, 1 for a piece that goes on with the word before it: given, whole words are chosen. */
  readonly continues?: Uint8Array;
}

export interface MaskedBatch {
  /** `[batch, tokens]`: what the model sees. */
  readonly ids: HostArray<'int32'>;
  /** `[batch, chosen]`: where it has to say what stood there, ascending. */
  readonly positions: HostArray<'int32'>;
  /** `[batch, chosen]`: what stood there. A row with fewer chosen positions ends in label -100 at position 0. */
  readonly labels: HostArray<'int32'>;
}

export const ignoredLabel = -100;
const maskedShare = 0.8 * 2 ** 32;
const randomShare = 0.9 * 2 ** 32; // from 0.8 to 0.9

/** The options of a tokenizer with the usual special tokens. */
export function maskOptions(
  tokenizer: Tokenizer,
  rate = 0.15,
  { wholeWords = false }: { readonly wholeWords?: boolean } = {},
): MaskOptions {
  return {
    ...(wholeWords && { continues: continuingPieces(tokenizer) }),
    vocabularySize: tokenizer.vocabularySize,
    maskId: specialId(tokenizer, '[MASK]'),
    paddingId: specialId(tokenizer, '[PAD]'),
    specialIds: new Set(tokenizer.specialIds.values()),
    rate,
  };
}

/** How many positions of `tokens` are chosen: the width of `positions` and `labels`. */
export function chosenCount(tokens: number, rate = 0.15): number {
  return Math.max(1, Math.round(rate * tokens));
}

/** `numbers` are those of the sequences, a row each; they decide, with the key, what each draws. Counted from 0 by default. */
export function maskTokens(batch: HostArray<'int32'>, key: Key, options: MaskOptions, numbers?: ArrayLike<number>): MaskedBatch {
  const { vocabularySize, maskId, paddingId, specialIds, rate = 0.15, continues } = options;
  const [rows, tokens] = batch.shape;
  if (batch.shape.length !== 2 || rows === undefined || tokens === undefined || tokens === 0) {
    throw new GmlpError('shape-mismatch', `maskTokens: expected ids [batch, tokens], got [${batch.shape.join(', ')}]`);
  }
  if (numbers && numbers.length !== rows) {
    throw new GmlpError('invalid-argument', `maskTokens: expected a number a row, ${rows}, got ${numbers.length}`);
  }
  if (!(rate > 0 && rate <= 1))
    throw new GmlpError('invalid-argument', `maskTokens: expected a rate above 0 and at most 1, got ${rate}`);
  const ordinary = Int32Array.from(ordinaryIds(vocabularySize, specialIds));
  if (ordinary.length === 0) {
    throw new GmlpError('invalid-argument', `maskTokens: all ${vocabularySize} ids are special; there is nothing to mask`);
  }
  const width = chosenCount(tokens, rate);
  const ids = Int32Array.from(batch.data);
  const positions = new Int32Array(rows * width);
  const labels = new Int32Array(rows * width).fill(ignoredLabel);

  const candidates = new Int32Array(tokens);
  for (let row = 0; row < rows; row++) {
    const own = split(key, numbers?.[row] ?? row);
    const [choices, actions, replacements] = ['positions', 'actions', 'replacements'].map((what) =>
      randomWords(split(own, what), width),
    ) as [Uint32Array, Uint32Array, Uint32Array];
    let maskable = 0;
    let present = 0;
    for (let position = 0; position < tokens; position++) {
      const id = ids[row * tokens + position]!;
      if (id < 0 || id >= vocabularySize) {
        throw new GmlpError(
          'invalid-data',
          `maskTokens: id ${id} in row ${row}, position ${position} is outside the vocabulary of ${vocabularySize}; was the text packed with another tokenizer?`,
          { id, row, position },
        );
      }
      if (id !== paddingId) present++;
      if (!specialIds.has(id)) candidates[maskable++] = position;
    }
    const count = Math.min(maskable, present === 0 ? 0 : chosenCount(present, rate));
    const drawn =
      continues === undefined
        ? drawnPieces(candidates.subarray(0, maskable), count, choices)
        : drawnWords(
            candidates.subarray(0, maskable),
            count,
            split(own, 'words'),
            (at) => continues[ids[row * tokens + at]!] === 1,
          );
    const chosen = drawn.sort();
    for (let i = 0; i < chosen.length; i++) {
      const slot = row * width + i;
      const at = row * tokens + chosen[i]!;
      positions[slot] = chosen[i]!;
      labels[slot] = ids[at]!;
      const action = actions[i]!;
      if (action < maskedShare) ids[at] = maskId;
      else if (action < randomShare) ids[at] = ordinary[Math.floor((replacements[i]! / 2 ** 32) * ordinary.length)]!;
    }
  }
  return {
    ids: hostArray('int32', [rows, tokens], ids),
    positions: hostArray('int32', [rows, width], positions),
    labels: hostArray('int32', [rows, width], labels),
  };
}

/** A partial shuffle: the first `count` candidates are a fair draw without repetition. */
function drawnPieces(candidates: Int32Array, count: number, choices: Uint32Array): Int32Array {
  for (let i = 0; i < count; i++) {
    const other = i + Math.floor((choices[i]! / 2 ** 32) * (candidates.length - i));
    const position = candidates[other]!;
    candidates[other] = candidates[i]!;
    candidates[i] = position;
  }
  return candidates.subarray(0, count);
}

/**
 * Words in a random order, each that still fits, as BERT draws them; the first pieces of a word where none fits. A word is a piece
 * and the pieces behind it that go on with it.
 */
function drawnWords(candidates: Int32Array, count: number, key: Key, continuesAt: (position: number) => boolean): Int32Array {
  const starts: number[] = [];
  for (let i = 0; i < candidates.length; i++) {
    if (i === 0 || candidates[i - 1] !== candidates[i]! - 1 || !continuesAt(candidates[i]!)) starts.push(i);
  }
  const words = starts.map((start, word) => candidates.subarray(start, starts[word + 1] ?? candidates.length));
  const choices = randomWords(key, words.length);
  const chosen = new Int32Array(count);
  let filled = 0;
  for (let i = 0; i < words.length && filled < count; i++) {
    const other = i + Math.floor((choices[i]! / 2 ** 32) * (words.length - i));
    const word = words[other]!;
    words[other] = words[i]!;
    words[i] = word;
    if (filled + word.length > count) continue;
    chosen.set(word, filled);
    filled += word.length;
  }
  if (filled === 0 && words.length > 0) return words[0]!.slice(0, count);
  return chosen.subarray(0, filled);
}

function* ordinaryIds(vocabularySize: number, specialIds: ReadonlySet<number>): Generator<number> {
  for (let id = 0; id < vocabularySize; id++) if (!specialIds.has(id)) yield id;
}
