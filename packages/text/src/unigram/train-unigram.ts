/**
 * A unigram model of pieces, as SentencePiece trains it: begin with far more pieces than are wanted, and in turn fit their probabilities
 * to the words (EM, with a prior that makes rare pieces rarer) and take away those that are missed least. All sums have one order, so
 * that the same words give the same bits. https://arxiv.org/abs/1804.10959, section 3.2; https://github.com/google/sentencepiece
 */
import { digamma } from './digamma.ts';
import { expectedCounts, type PieceModel } from './expected-counts.ts';
import { largest } from './largest.ts';
import { losses } from './losses.ts';
import { numberedWords } from './numbered-words.ts';
import { keepPieces, type PiecePlaces, placePieces } from './piece-places.ts';
import { type SeedPieces, seedPieces } from './seed-pieces.ts';
import { sortedSuffixes } from './sorted-suffixes.ts';

export interface UnigramOptions {
  /** How many pieces are wanted, the characters of the alphabet among them; fewer come back when the words yield no more. */
  readonly pieces: number;
  /** How many strings training begins with at most, besides the alphabet. */
  readonly seedSentencepieceSize?: number;
  /** The part of the pieces that each pruning leaves, above 0 and below 1. */
  readonly shrinkingFactor?: number;
  /** Steps of EM between two prunings. */
  readonly numSubIterations?: number;
  /** In characters, the word mark included. */
  readonly maxSentencepieceLength?: number;
  /** Strings that no piece may become, as they already mean something else in the vocabulary. */
  readonly reserved?: ReadonlySet<string>;
}

export interface UnigramPiece {
  readonly piece: string;
  /** ln p. */
  readonly score: number;
}

/** How far it is: pieces that are left, and which part of the work is done, by an estimate from 0 to 1. */
export interface UnigramProgress {
  readonly pieces: number;
  readonly share: number;
}

/** Pieces beyond the wanted number with which pruning ends; the least likely of these go last. */
const surplus = 1.1;
/** A piece that is expected less often is none; a character of the alphabet counts as expected so often. */
const leastExpected = 0.5;
/** Of the work, what finding the first pieces takes. */
const shareOfSeeds = 0.2;

interface Model extends PieceModel {
  /** A place where each piece stands; of a character perhaps none. */
  readonly at: Int32Array;
}

/**
 * The pieces of `words` (each a list of characters of the alphabet with how often it occurs; gone through twice), the most likely first.
 * Every character of `alphabet` is one of them.
 */
export function* trainUnigram(
  words: Iterable<readonly [characters: readonly string[], count: number]>,
  alphabet: readonly string[],
  {
    pieces: wanted,
    seedSentencepieceSize = 1_000_000,
    shrinkingFactor = 0.75,
    numSubIterations = 2,
    maxSentencepieceLength = 16,
    reserved = new Set(),
  }: UnigramOptions,
): Generator<UnigramProgress, UnigramPiece[]> {
  const numbered = numberedWords(words, alphabet);
  const { symbols } = numbered;
  const textAt = (at: number, length: number): string =>
    Array.from(symbols.subarray(at, at + length), (symbol) => alphabet[symbol - 1]).join('');
  const reservedLengths = new Set([...reserved].map((each) => [...each].length));

  yield { pieces: 0, share: 0 };
  const suffixes = yield* told(sortedSuffixes(symbols, alphabet.length, maxSentencepieceLength + 1), { pieces: 0, share: 0 });
  const seeding = seedPieces(numbered, suffixes, {
    most: seedSentencepieceSize,
    maxLength: maxSentencepieceLength,
    isReserved: (at, length) => reservedLengths.has(length) && reserved.has(textAt(at, length)),
  });
  const seeds = yield* told(seeding, { pieces: 0, share: shareOfSeeds / 2 });
  let places: PiecePlaces = placePieces(numbered, alphabet.length, suffixes, seeds);
  let model = firstModel(numbered, alphabet.length, suffixes, seeds);
  const size = (): number => model.length.length;

  const keep = (numberOf: Int32Array, kept: number, score: Float64Array): void => {
    places = keepPieces(places, numberOf);
    const next = { length: new Int32Array(kept), at: new Int32Array(kept), score: new Float64Array(kept) };
    for (let piece = 0; piece < numberOf.length; piece++) {
      const number = numberOf[piece]!;
      if (number < 0) continue;
      next.length[number] = model.length[piece]!;
      next.at[number] = model.at[piece]!;
      next.score[number] = score[piece]!;
    }
    model = next;
  };

  const enough = Math.max(Math.floor(wanted * surplus), alphabet.length);
  const begun = size();
  const progress = (): UnigramProgress => {
    const left = Math.max(0, size() - enough) / Math.max(1, begun - enough);
    return { pieces: size(), share: 1 - (1 - shareOfSeeds) * left };
  };
  for (;;) {
    for (let iteration = 0; iteration < numSubIterations; iteration++) {
      const expected = yield* told(expectedCounts(numbered, places, model), progress());
      for (let character = 0; character < alphabet.length; character++) {
        expected[character] = Math.max(expected[character]!, leastExpected);
      }
      let [all, kept] = [0, 0];
      const numberOf = new Int32Array(expected.length);
      for (let piece = 0; piece < expected.length; piece++) {
        const isKept = expected[piece]! >= leastExpected;
        numberOf[piece] = isKept ? kept++ : -1;
        if (isKept) all += expected[piece]!;
      }
      const logOfAll = digamma(all);
      keep(
        numberOf,
        kept,
        expected.map((count) => digamma(count) - logOfAll),
      );
    }
    if (size() <= enough) break;
    const most = Math.max(enough, Math.floor(shrinkingFactor * size())) - alphabet.length;
    const lost = yield* told(losses(numbered, places, model, alphabet.length), progress());
    const chosen = largest(lost, most).filter((seed) => lost[seed]! > Number.NEGATIVE_INFINITY);
    const numberOf = new Int32Array(size()).fill(-1);
    for (let character = 0; character < alphabet.length; character++) numberOf[character] = character;
    for (const [index, seed] of chosen.entries()) numberOf[alphabet.length + seed] = alphabet.length + index;
    keep(numberOf, alphabet.length + chosen.length, model.score);
  }

  const { length, at, score } = model;
  const named = (piece: number): UnigramPiece => ({
    piece: piece < alphabet.length ? alphabet[piece]! : textAt(at[piece]!, length[piece]!),
    score: score[piece]!,
  });
  const best = largest(score.subarray(alphabet.length), wanted - alphabet.length);
  const all = [...alphabet.keys(), ...Array.from(best, (seed) => alphabet.length + seed)].map(named);
  return all.sort((a, b) => b.score - a.score || (a.piece < b.piece ? -1 : 1));
}

/** Runs it to its end, and says the same of how far it is whenever it gives way. */
function* told<Result>(work: Generator<void, Result>, progress: UnigramProgress): Generator<UnigramProgress, Result> {
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return step.value;
    yield progress;
  }
}

/** Characters by how often they occur, other pieces by that times their length. */
function firstModel(
  { symbols, starts, counts }: ReturnType<typeof numberedWords>,
  alphabet: number,
  suffixes: Int32Array,
  seeds: SeedPieces,
): Model {
  const total = alphabet + seeds.length.length;
  const length = new Int32Array(total).fill(1);
  const at = new Int32Array(total);
  const weight = new Float64Array(total);
  for (let word = 0; word < counts.length; word++) {
    for (let place = starts[word]!; place < starts[word + 1]! - 1; place++) weight[symbols[place]! - 1]! += counts[word]!;
  }
  for (let character = 0; character < alphabet; character++) weight[character] = Math.max(weight[character]!, leastExpected);
  length.set(seeds.length, alphabet);
  weight.set(seeds.score, alphabet);
  for (let seed = 0; seed < seeds.first.length; seed++) at[alphabet + seed] = suffixes[seeds.first[seed]!]!;
  const logOfAll = Math.log(weight.reduce((sum, each) => sum + each, 0));
  return { length, at, score: weight.map((each) => Math.log(each) - logOfAll) };
}
