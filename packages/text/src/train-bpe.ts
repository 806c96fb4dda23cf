/**
 * Byte-pair encoding: start from characters, then again and again join the pair of neighbours that occurs most often.
 * Of pairs that occur equally often the one with the smaller left, then smaller right id wins, so the result depends on the
 * counts alone. A merge only touches the words that hold its pair: counts are updated there, and a priority queue with
 * outdated entries finds the next pair. https://aclanthology.org/P16-1162
 */
import { heapPop, heapPush } from './binary-heap.ts';

export interface BpeOptions {
  /** How many merges to learn; fewer come back when no pair is left that occurs `minFrequency` times. */
  readonly merges: number;
  readonly minFrequency?: number;
  /** In characters, the word mark included. */
  readonly maxPieceLength?: number;
  /** Strings that no piece may become, as they already mean something else in the vocabulary. */
  readonly reserved?: ReadonlySet<string>;
}

export interface BpeMerge {
  readonly left: string;
  readonly right: string;
}

interface Candidate {
  readonly count: number;
  readonly left: number;
  readonly right: number;
}

const radix = 2 ** 25; // ids are below it, so a pair is one exact number
const sooner = (a: Candidate, b: Candidate): boolean =>
  a.count !== b.count ? a.count > b.count : a.left !== b.left ? a.left < b.left : a.right < b.right;

/**
 * The merges of `words` (each a list of characters with how often it occurs), in order. Characters get the ids 0, 1, … in
 * the order of `alphabet`, and the piece of merge i the id `alphabet.length + i`. Yields how many merges it has learnt: 0 now and then
 * while it prepares the words, then each number once.
 */
export function* trainBpe(
  words: Iterable<readonly [characters: readonly string[], count: number]>,
  alphabet: readonly string[],
  { merges: wanted, minFrequency = 2, maxPieceLength = 16, reserved = new Set() }: BpeOptions,
): Generator<number, BpeMerge[]> {
  const pieces = [...alphabet];
  const lengths = alphabet.map(() => 1);
  const taken = new Set([...alphabet, ...reserved]);
  const idOf = new Map(alphabet.map((character, id) => [character, id]));

  const symbolsOf: number[][] = [];
  const countOf: number[] = [];
  const pairCounts = new Map<number, number>();
  const wordsOf = new Map<number, number[]>(); // by pair; may name a word that has lost the pair since
  const change = (left: number, right: number, word: number, sign: 1 | -1): void => {
    const pair = left * radix + right;
    pairCounts.set(pair, (pairCounts.get(pair) ?? 0) + sign * countOf[word]!);
    if (sign < 0) return;
    const holders = wordsOf.get(pair);
    if (holders === undefined) wordsOf.set(pair, [word]);
    else if (holders.at(-1) !== word) holders.push(word);
  };
  for (const [characters, count] of words) {
    const word = symbolsOf.length;
    const symbols = characters.map((character) => idOf.get(character)!);
    symbolsOf.push(symbols);
    countOf.push(count);
    for (let i = 1; i < symbols.length; i++) change(symbols[i - 1]!, symbols[i]!, word, 1);
    if (word % 2 ** 14 === 0) yield 0;
  }

  const queue: Candidate[] = [];
  const offer = (pair: number): void => {
    const count = pairCounts.get(pair)!;
    const left = Math.floor(pair / radix);
    const right = pair % radix;
    if (count < minFrequency || lengths[left]! + lengths[right]! > maxPieceLength) return;
    heapPush(queue, { count, left, right }, sooner);
  };
  for (const pair of pairCounts.keys()) offer(pair);

  const merges: BpeMerge[] = [];
  while (merges.length < wanted) {
    const best = heapPop(queue, sooner);
    if (best === undefined) break;
    const { left, right } = best;
    const pair = left * radix + right;
    if (pairCounts.get(pair) !== best.count) {
      offer(pair); // it has become rarer since it was queued: a pair never becomes more frequent after its first merge
      continue;
    }
    const piece = pieces[left]! + pieces[right]!;
    if (taken.has(piece)) continue; // the same string by another way: one string, one piece
    taken.add(piece);
    const merged = pieces.length;
    pieces.push(piece);
    lengths.push(lengths[left]! + lengths[right]!);
    merges.push({ left: pieces[left]!, right: pieces[right]! });

    const fresh = new Set<number>();
    for (const word of wordsOf.get(pair)!) {
      const symbols = symbolsOf[word]!;
      const joined: number[] = [];
      for (let i = 0; i < symbols.length; i++) {
        if (symbols[i] !== left || symbols[i + 1] !== right) {
          joined.push(symbols[i]!);
          continue;
        }
        const previous = joined.at(-1);
        const next = symbols[i + 2];
        if (previous !== undefined) {
          change(previous, left, word, -1);
          change(previous, merged, word, 1);
          fresh.add(previous * radix + merged);
        }
        if (next !== undefined) {
          change(right, next, word, -1);
          change(merged, next, word, 1);
          fresh.add(merged * radix + next);
        }
        joined.push(merged);
        i++;
      }
      symbolsOf[word] = joined;
    }
    pairCounts.delete(pair);
    wordsOf.delete(pair);
    for (const candidate of fresh) offer(candidate);
    yield merges.length;
  }
  return merges;
}
